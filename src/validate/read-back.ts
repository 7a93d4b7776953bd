/** What the parse-backs of all formats share. */
import type { Entry, Feed, Site } from '../publish/feed.ts';
import { NS, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What a fragment or a head says: by name, in an order that does not matter. */
export type Saying = Record<string, unknown>;

/** How one format is read back, and what should be found. */
export interface ReadBack {
  readEntry(fragment: string): Saying;
  entry(entry: Entry, link: Feed['link']): Saying;
  readHead(document: string): Saying;
  head(feed: Feed, site: Site): Saying;
}

/** The one element that a document is about; a second one would be somebody's text that broke out of its own. */
export function only(parent: XmlElement, name: string, uri = ''): XmlElement {
  const [element, ...others] = parent.children;
  if (!element || others.length > 0 || element.name !== name || element.uri !== uri)
    throw new Error(`it is not one <${name}>`);
  return element;
}

export function text(parent: XmlElement, name: string, uri = ''): string | undefined {
  const found = children(parent, name, uri);
  if (found.length > 1) throw new Error(`it has ${found.length} <${name}> elements`);
  return found[0]?.text;
}

export function texts(parent: XmlElement, name: string, uri = ''): string[] {
  return children(parent, name, uri).map((element) => element.text);
}

export function linkOf(parent: XmlElement, rel: string): string | undefined {
  return children(parent, 'link', NS.atom).find(({ attributes }) => attributes['rel'] === rel)?.attributes[
    'href'
  ];
}

export function moment(written: string | undefined): number | undefined {
  return written === undefined ? undefined : Date.parse(written);
}
