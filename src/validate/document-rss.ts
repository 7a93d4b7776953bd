/** RSS 2.0 as the rules see it. */
import type { RssDocument, Text } from './document.ts';
import { datesOf, html, linkIn, momentOf, placeOf, present } from './document.ts';
import { readRfc822 } from './moments.ts';
import { NS, child, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

export function rssDocument(text: string, root: XmlElement, channel: XmlElement): RssDocument {
  const items = children(channel, 'item');
  const self = children(channel, 'link', NS.atom).find(({ attributes }) => attributes['rel'] === 'self');
  return {
    format: 'rss',
    text,
    tree: { root, channel, items },
    self: self && linkIn(self),
    title: rssText(text, child(channel, 'title')),
    summaries: present([rssText(text, child(channel, 'description'))]),
    languages: [
      ...children(channel, 'language'),
      ...items.flatMap((item) => children(item, 'language', NS.dc)),
    ].map((element) => ({
      ...placeOf(element),
      tag: element.text.trim(),
    })),
    dates: datesOf(readRfc822, [...children(channel, 'lastBuildDate'), ...children(channel, 'pubDate')]),
    entries: items.map((item) => ({
      ...placeOf(item),
      id: child(item, 'guid')?.text,
      title: rssText(text, child(item, 'title')),
      published: momentOf(readRfc822, child(item, 'pubDate')),
      updated: undefined,
      html: present([child(item, 'description'), child(item, 'encoded', NS.content)]).map((element) =>
        html(placeOf(element), element.text),
      ),
    })),
  };
}

function rssText(document: string, element: XmlElement | undefined): Text | undefined {
  if (!element) return undefined;
  const { name, text, offset } = element;
  return {
    ...placeOf(element),
    name,
    text,
    type: 'text',
    source: document.slice(offset, document.indexOf('</', offset)),
  };
}
