/** The tags in the HTML of entries, as a browser would see them. A scan from front to back: no input makes it slow. */
import type { XmlElement } from './xml.ts';

export interface Tag {
  /** In small letters, like the names of its attributes. */
  name: string;
  attributes: Map<string, string>;
}

/** An opening tag, or a closing one. */
export interface Mark extends Tag {
  closing: boolean;
}

const MARK = /<!--|<(\/?)([a-z][^\s/>]*)/gi;
const ATTRIBUTE = /[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/y;

/** What is in these is their own, and no HTML to readers. */
const OPAQUE = /^(?:script|style|textarea|title|xmp|svg|math)$/;

/** Every tag of a piece of HTML, in order. */
export function* marksOf(html: string): Generator<Mark> {
  const mark = new RegExp(MARK);
  const attribute = new RegExp(ATTRIBUTE);
  for (let match = mark.exec(html); match; match = mark.exec(html)) {
    if (match[2] === undefined) {
      const end = html.indexOf('-->', mark.lastIndex);
      if (end < 0) return;
      mark.lastIndex = end;
      continue;
    }
    const attributes = new Map<string, string>();
    attribute.lastIndex = mark.lastIndex;
    for (let part = attribute.exec(html); part; part = attribute.exec(html)) {
      mark.lastIndex = attribute.lastIndex;
      const name = part[1]!.toLowerCase();
      // Of two attributes with one name the first counts.
      if (!attributes.has(name)) attributes.set(name, unescapeHtml(part[2] ?? part[3] ?? part[4] ?? ''));
    }
    const name = match[2].toLowerCase();
    const closing = match[1] === '/';
    yield { name, attributes, closing };
    if (closing || !OPAQUE.test(name)) continue;
    const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
    end.lastIndex = mark.lastIndex;
    const found = end.exec(html);
    if (!found) return;
    mark.lastIndex = found.index;
  }
}

export function* openings(marks: Iterable<Mark>): Generator<Tag> {
  for (const mark of marks) if (!mark.closing) yield mark;
}

/** The same for XHTML, which is part of the document's own tree. */
export function* tagsIn(element: XmlElement): Generator<Tag> {
  const rest = element.children.toReversed();
  for (let one = rest.pop(); one; one = rest.pop()) {
    const attributes = new Map(
      Object.entries(one.attributes).map(([name, value]) => [name.toLowerCase(), value]),
    );
    yield { name: one.name.toLowerCase(), attributes };
    rest.push(...one.children.toReversed());
  }
}

/** The URLs that a tag makes readers fetch or offer, with the attribute each stands in. */
export function* urlsOf(tag: Tag): Generator<{ attribute: string; url: string }> {
  for (const attribute of ['href', 'src', 'poster', 'cite', 'action', 'formaction', 'background', 'data']) {
    const url = tag.attributes.get(attribute);
    // Browsers drop these characters wherever they stand in an address.
    if (url !== undefined) yield { attribute, url: url.replace(/[\p{Cc}]/gu, '').trim() };
  }
  const candidates = tag.attributes.get('srcset')?.split(/,\s+|(?<=\s[\d.]+[wxh]),/) ?? [];
  for (const candidate of candidates) {
    const url = candidate.trim().split(/\s/)[0]!.replace(/,$/, '');
    if (url) yield { attribute: 'srcset', url };
  }
}

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  colon: ':',
  tab: '\t',
  newline: '\n',
  sol: '/',
};

/** Only what can hide the scheme of a URL; other references stay. */
function unescapeHtml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7});?|#x([\da-f]{1,6});?|(\w+);)/gi,
    (whole, decimal?: string, hex?: string, name = '') => {
      const code = decimal ? Number(decimal) : hex ? parseInt(hex, 16) : undefined;
      if (code === undefined) return NAMED[(name as string).toLowerCase()] ?? whole;
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
