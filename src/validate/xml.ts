/** Text -> a small tree, or the first reason why it is not XML. Strict, and the only home of saxes. */
import { SaxesParser } from 'saxes';
import type { Place } from './place.ts';
import { START } from './place.ts';
import { XmlError, faultAt, faultOf } from './xml-faults.ts';

export { XmlError };

/** Namespaces that feeds are made of. */
export const NS = {
  atom: 'http://www.w3.org/2005/Atom',
  tombstones: 'http://purl.org/atompub/tombstones/1.0',
  content: 'http://purl.org/rss/1.0/modules/content/',
  dc: 'http://purl.org/dc/elements/1.1/',
  dcterms: 'http://purl.org/dc/terms/',
  media: 'http://search.yahoo.com/mrss/',
  itunes: 'http://www.itunes.com/dtds/podcast-1.0.dtd',
  podcast: 'https://podcastindex.org/namespace/1.0',
  xhtml: 'http://www.w3.org/1999/xhtml',
} as const;

/** Its place is where its tag begins, with columns in characters. */
export interface XmlElement extends Place {
  /** Where its start tag ends, or not long before, as an index into the text. */
  offset: number;
  /** Without its prefix. */
  name: string;
  prefix: string;
  /** Its namespace, '' if it is in none. */
  uri: string;
  /** By the name that was written: `rel`, `xml:lang`. Has no prototype. */
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Its own character data, CDATA sections included, its children's not. */
  text: string;
}

/** libxml2, which half of all readers are built on, stops at 256; it also bounds what walks the tree. */
const MAX_DEPTH = 256;

/** The five entities of XML. Saxes' own table inherits from Object, so that `&constructor;` would pass. */
const ENTITIES = Object.assign(Object.create(null) as Record<string, string>, {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
});

/**
 * The root element of a document that is well-formed by XML 1.0 and its namespaces, whatever version it declares.
 * Throws XmlError at the first fault; a DOCTYPE is one, since with it come entities that grow or read files.
 */
export function parseXml(text: string): XmlElement {
  return parse(text, (data) => data);
}

const SECTION = '<![CDATA[';
const SECTION_END = ']]>';
const BEYOND_ASCII = /[^\t\n\u0020-\u007E]/;
/** What XML 1.0 forbids, and line ends that would be read as others. */
const UNPLAIN = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * The same tree of a fragment `within` a document, but for places. Most of a fragment is in CDATA sections, and saxes looks at each
 * of their characters, though all that can be wrong there is one that is forbidden. So it reads the numbers of sections, and has to
 * find just these in their order, else one was none; in doubt it reads all.
 */
export function parseFragment(text: string, within: (fragment: string) => string): XmlElement {
  const sections: string[] = [];
  let short = '';
  let from = 0;
  for (let at = text.indexOf(SECTION); at !== -1; at = text.indexOf(SECTION, from)) {
    const begin = at + SECTION.length;
    const end = text.indexOf(SECTION_END, begin);
    const section = text.slice(begin, end);
    if (end === -1 || (BEYOND_ASCII.test(section) && UNPLAIN.test(section))) return parseXml(within(text));
    short += text.slice(from, begin) + sections.length;
    sections.push(section);
    from = end;
  }
  let found = 0;
  try {
    const root = parse(within(short + text.slice(from)), (number) => {
      if (number !== String(found)) throw new Error('This is no section.');
      return sections[found++]!;
    });
    if (found === sections.length) return root;
  } catch {
    // What is wrong is told by reading the whole text.
  }
  return parseXml(within(text));
}

/** `sectionOf` gives what a CDATA section says. */
function parse(text: string, sectionOf: (data: string) => string): XmlElement {
  // Saxes takes a lone surrogate together with what follows it, whatever that is.
  const half = /[\uD800-\uDFFF]/.test(text) ? text.search(/\p{Surrogate}/u) : -1;
  if (half >= 0) throw faultAt(text, half, 'There is half of a character (a lone surrogate): remove it.');

  const parser = new SaxesParser({
    xmlns: true,
    position: false,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  });
  parser.ENTITIES = ENTITIES;
  let root: XmlElement | undefined;
  let closed: XmlElement | undefined;
  const open: XmlElement[] = [];
  let start = START;

  // Six handlers and no more: with a seventh V8 keeps the parser as a dictionary, and parsing takes ten times as long.
  parser.on('opentagstart', (tag) => {
    start = startOfTag(text, parser, tag.name);
  });
  parser.on('opentag', (tag) => {
    const element = toElement(tag, start, parser.position);
    const parent = open.at(-1);
    if (parent) parent.children.push(element);
    else root = element;
    if (open.push(element) > MAX_DEPTH) {
      throw new XmlError(
        start.line,
        start.column,
        `Elements are nested more than ${MAX_DEPTH} deep, where readers stop: close what was left open.`,
      );
    }
  });
  parser.on('closetag', () => {
    closed = open.pop();
  });
  const collect = (data: string): void => {
    const element = open.at(-1);
    if (element) element.text += data;
  };
  parser.on('text', collect);
  parser.on('cdata', (data) => collect(sectionOf(data)));
  parser.on('doctype', () => {
    const at = text.lastIndexOf('<!DOCTYPE', parser.position);
    throw faultAt(
      text,
      at,
      'The document has a DOCTYPE, which feeds must not have: remove it, and write characters in place of its entities.',
    );
  });

  try {
    parser.write(text).close();
  } catch (error) {
    throw error instanceof XmlError ? error : faultOf(error as Error, text, parser, closed);
  }
  return root!;
}

type Tag = Pick<XmlElement, 'prefix' | 'uri'> & {
  local: string;
  attributes: Record<string, { value: string }>;
};

function toElement(
  { local: name, prefix, uri, attributes: read }: Tag,
  { line, column }: Place,
  offset: number,
): XmlElement {
  const attributes = Object.create(null) as Record<string, string>;
  for (const key in read) attributes[key] = read[key]!.value;
  return { name, prefix, uri, attributes, children: [], text: '', line, column, offset };
}

/** Where the tag begins of which saxes has just read the name and one character more. */
function startOfTag(
  text: string,
  { line, column, position }: SaxesParser<{ xmlns: true }>,
  name: string,
): Place {
  if (column > 0) return { line, column: column - name.length - 1 };
  // That one character was the end of the line.
  const start = text.lastIndexOf('<', position - 1);
  return { line: line - 1, column: [...text.slice(text.lastIndexOf('\n', start) + 1, start)].length + 1 };
}

/** The first child of that name, in that namespace (none: in no namespace). */
export function child(element: XmlElement, name: string, uri = ''): XmlElement | undefined {
  return element.children.find((one) => one.name === name && one.uri === uri);
}

/** Every child of that name, in that namespace (none: in no namespace). */
export function children(element: XmlElement, name: string, uri = ''): XmlElement[] {
  return element.children.filter((one) => one.name === name && one.uri === uri);
}

/** The element and everything in it, in order. */
export function* within(element: XmlElement): Generator<XmlElement> {
  const rest = [element];
  for (let one = rest.pop(); one; one = rest.pop()) {
    yield one;
    for (let at = one.children.length - 1; at >= 0; at--) rest.push(one.children[at]!);
  }
}

/** The trimmed text of the first such child; undefined if it is missing or empty. */
export function childText(element: XmlElement, name: string, uri = ''): string | undefined {
  return child(element, name, uri)?.text.trim() || undefined;
}
