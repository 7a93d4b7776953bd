/** Atom 1.0 (RFC 4287): rules for links, texts and content. */
import type { AtomDocument } from './document.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';
import { isAbsolute, isMediaType } from './syntax.ts';
import { NS, child, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

export const ATOM_CONTENT_RULES: Rule<AtomDocument>[] = [
  {
    name: 'self-link',
    level: 'warning',
    section: 'RFC 4287, 4.1.1',
    *check({ self, tree: { feed } }) {
      if (!self)
        yield fault(
          feed,
          'The feed does not say where it lives: add <link rel="self" type="application/atom+xml" href="..."/>.',
        );
    },
  },
  {
    name: 'alternate-link',
    level: 'warning',
    section: 'RFC 4287, 4.1.1',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries.filter((entry) => child(entry, 'content', NS.atom))]) {
        if (!linksOf(element).some(isAlternate))
          yield fault(
            element,
            `The ${element.name} has no page that people could open: add <link rel="alternate" href="..."/>.`,
          );
      }
    },
  },
  {
    name: 'content-or-link',
    level: 'error',
    section: 'RFC 4287, 4.1.2',
    *check({ tree: { entries } }) {
      for (const entry of entries) {
        if (child(entry, 'content', NS.atom) || linksOf(entry).some(isAlternate)) continue;
        yield fault(
          entry,
          'The entry has neither content nor a page: add <content> or <link rel="alternate" href="..."/>.',
        );
      }
    },
  },
  {
    name: 'alternate-first',
    level: 'warning',
    section: 'custom of readers',
    *check({ tree: { entries } }) {
      for (const entry of entries) {
        const [first] = linksOf(entry);
        if (first && linksOf(entry).some(isAlternate) && first.attributes['rel'] !== 'alternate') {
          yield fault(
            first,
            'Some readers open the first link of an entry whatever it is: put the one with rel="alternate" written out first.',
          );
        }
      }
    },
  },
  {
    name: 'one-alternate',
    level: 'error',
    section: 'RFC 4287, 4.1.1 and 4.1.2',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries]) {
        const seen = new Set<string>();
        for (const link of linksOf(element).filter(isAlternate)) {
          const { type = '', hreflang = '' } = link.attributes;
          const kind = `${type} ${hreflang}`;
          if (seen.has(kind))
            yield fault(link, 'This is a second alternate link of the same type and language: leave one.');
          seen.add(kind);
        }
      }
    },
  },
  {
    name: 'link-href',
    level: 'error',
    section: 'RFC 4287, 4.2.7.1',
    *check({ tree: { feed, entries } }) {
      for (const link of [feed, ...entries].flatMap(linksOf)) {
        if (link.attributes['href'] === undefined)
          yield fault(link, 'The link has no href: add it, or remove the link.');
      }
    },
  },
  {
    name: 'absolute-link',
    level: 'warning',
    section: 'RFC 3986, 5.1; W3C feed validator, RelativeSelf',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries]) {
        for (const { place, url } of addressesIn(element)) {
          if (url === undefined || isAbsolute(url.trim()) || [feed, element, place].some(hasBase)) continue;
          yield fault(
            place,
            `The ${place.name} leads to ${quote(url)}, which readers may not find from where they are: begin with https://.`,
          );
        }
      }
    },
  },
  {
    name: 'link-type',
    level: 'error',
    section: 'RFC 4287, 4.2.7.3 and 4.2.7.6',
    *check({ tree: { feed, entries } }) {
      for (const link of [feed, ...entries].flatMap(linksOf)) {
        const { type, length } = link.attributes;
        if (type !== undefined && !isMediaType(type))
          yield fault(
            link,
            `The type ${quote(type)} of this link is no media type: write one like audio/mpeg.`,
          );
        if (length !== undefined && !/^\d+$/.test(length))
          yield fault(
            link,
            `The length ${quote(length)} of this link is no number of bytes: write it, or remove it.`,
          );
      }
    },
  },
  {
    name: 'text-type',
    level: 'error',
    section: 'RFC 4287, 3.1',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries]) {
        for (const text of ['title', 'subtitle', 'summary', 'rights'].flatMap((name) =>
          children(element, name, NS.atom),
        )) {
          const { type = 'text' } = text.attributes;
          if (!/^(?:text|html|xhtml)$/.test(type))
            yield fault(text, `The type of this ${text.name} is ${quote(type)}: write text, html or xhtml.`);
          else yield* markup(text, type);
        }
      }
    },
  },
  {
    name: 'content',
    level: 'error',
    section: 'RFC 4287, 4.1.3',
    *check({ tree: { entries } }) {
      for (const content of entries.flatMap((entry) => children(entry, 'content', NS.atom))) {
        const { type = 'text', src } = content.attributes;
        if (src !== undefined) {
          if (content.children.length > 0 || content.text.trim())
            yield fault(content, 'Content with a src must be empty: remove one or the other.');
        } else if (/^(?:text|html|xhtml)$/.test(type)) yield* markup(content, type);
        else if (!isMediaType(type))
          yield fault(content, `The type of this content is ${quote(type)}: write text, html or xhtml.`);
      }
    },
  },
  {
    name: 'summary-missing',
    level: 'error',
    section: 'RFC 4287, 4.1.2',
    *check({ tree: { entries } }) {
      for (const entry of entries) {
        const content = child(entry, 'content', NS.atom);
        if (!content || child(entry, 'summary', NS.atom)) continue;
        const { type = 'text', src } = content.attributes;
        if (src !== undefined || (type.includes('/') && !/^text\/|[+/]xml$/i.test(type)))
          yield fault(
            entry,
            'The content of this entry is a file, which readers cannot show in a list: add a <summary>.',
          );
      }
    },
  },
  {
    name: 'content-missing',
    level: 'warning',
    section: 'RFC 4287, 4.1.1.1',
    *check({ tree: { entries } }) {
      for (const entry of entries) {
        if (!child(entry, 'content', NS.atom) && !child(entry, 'summary', NS.atom))
          yield fault(entry, 'The entry has neither content nor summary: add one.');
      }
    },
  },
];

function* addressesIn(element: XmlElement): Generator<{ place: XmlElement; url: string | undefined }> {
  for (const link of linksOf(element)) yield { place: link, url: link.attributes['href'] };
  for (const content of children(element, 'content', NS.atom))
    yield { place: content, url: content.attributes['src'] };
  for (const name of ['icon', 'logo']) {
    const image = child(element, name, NS.atom);
    if (image) yield { place: image, url: image.text };
  }
  for (const person of ['author', 'contributor'].flatMap((name) => children(element, name, NS.atom)))
    for (const uri of children(person, 'uri', NS.atom)) yield { place: uri, url: uri.text };
  for (const generator of children(element, 'generator', NS.atom))
    yield { place: generator, url: generator.attributes['uri'] };
}

function hasBase({ attributes }: XmlElement): boolean {
  return attributes['xml:base'] !== undefined;
}

function linksOf(element: XmlElement): XmlElement[] {
  return children(element, 'link', NS.atom);
}

function isAlternate(link: XmlElement): boolean {
  return (link.attributes['rel'] ?? 'alternate') === 'alternate';
}

/** Markup stands as elements in one <div> if the type is xhtml, and escaped if it is any other. */
function* markup(element: XmlElement, type: string): Generator<ReturnType<typeof fault>> {
  const [first, ...others] = element.children;
  if (type === 'xhtml') {
    if (first?.name !== 'div' || first.uri !== NS.xhtml || others.length > 0)
      yield fault(
        element,
        `XHTML in ${element.name} must stand in one <div xmlns="${NS.xhtml}">: put it there.`,
      );
  } else if (first)
    yield fault(
      first,
      `There is a <${first.name}> in a ${element.name} of type ${type}: escape it as &lt;${first.name}&gt; and say type="html".`,
    );
}
