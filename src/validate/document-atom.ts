/** Atom 1.0 as the rules see it. */
import type { AtomDocument, Html, Text } from './document.ts';
import { datesOf, html, linkIn, momentOf, placeOf, present } from './document.ts';
import { tagsIn } from './html.ts';
import { readRfc3339 } from './moments.ts';
import { NS, child, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

export function atomDocument(text: string, feed: XmlElement): AtomDocument {
  const entries = children(feed, 'entry', NS.atom);
  const self = children(feed, 'link', NS.atom).find(({ attributes }) => attributes['rel'] === 'self');
  return {
    format: 'atom',
    text,
    tree: { feed, entries },
    self: self && linkIn(self),
    title: atomText(child(feed, 'title', NS.atom)),
    summaries: present([
      ...['subtitle', 'rights'].map((name) => atomText(child(feed, name, NS.atom))),
      ...entries.flatMap((entry) =>
        ['summary', 'rights', 'content'].map((name) => atomText(child(entry, name, NS.atom))),
      ),
    ]).filter(({ type }) => type === 'text'),
    languages: [feed, ...entries]
      .flatMap((element) => [element, ...element.children])
      .filter(({ attributes }) => attributes['xml:lang'] !== undefined)
      .map((element) => ({ ...placeOf(element), tag: element.attributes['xml:lang']! })),
    dates: datesOf(readRfc3339, children(feed, 'updated', NS.atom)),
    entries: entries.map((entry) => ({
      ...placeOf(entry),
      id: child(entry, 'id', NS.atom)?.text,
      title: atomText(child(entry, 'title', NS.atom)),
      published: momentOf(readRfc3339, child(entry, 'published', NS.atom)),
      updated: momentOf(readRfc3339, child(entry, 'updated', NS.atom)),
      html: present([child(entry, 'summary', NS.atom), child(entry, 'content', NS.atom)])
        .filter((element) => textType(element) !== 'text')
        .map((element) => atomHtml(element, [feed, entry])),
    })),
  };
}

function atomText(element: XmlElement | undefined): Text | undefined {
  // A media type is for content that is neither text nor HTML.
  if (!element || element.attributes['type']?.includes('/')) return undefined;
  return { ...placeOf(element), name: element.name, text: element.text, type: textType(element) };
}

function atomHtml(element: XmlElement, around: XmlElement[]): Html {
  const based = [...around, element].some(({ attributes }) => attributes['xml:base'] !== undefined);
  if (textType(element) === 'html') return html(placeOf(element), element.text, based);
  return { ...placeOf(element), tags: () => tagsIn(element), marks: () => [], based };
}

/** What a text construct is written in (RFC 4287, section 3.1.1); media types are not looked into. */
function textType(element: XmlElement): 'text' | 'html' | 'xhtml' {
  const type = element.attributes['type'];
  return type === 'html' || type === 'xhtml' ? type : 'text';
}
