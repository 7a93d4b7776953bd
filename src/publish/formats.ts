/** The formats: how each writes a feed's head and its entries. A new format is a new row. */
import type { Entry, Feed, FormatName, Site } from './feed.ts';
import { jsonFragment, jsonHead } from './json-feed.ts';
import { atomFragment, atomHead, rssFragment, rssHead } from './rss-atom.ts';
import type { Head } from './rss-atom.ts';

export interface Format {
  name: FormatName;
  head(feed: Feed, site: Site): Head;
  /** One entry, the same in every feed with the same `link`. */
  fragment(entry: Entry, link: Feed['link']): string;
  /** What stands between two fragments. */
  separator: string;
}

export const FORMATS: readonly Format[] = [
  { name: 'rss', head: rssHead, fragment: rssFragment, separator: '\n' },
  { name: 'atom', head: atomHead, fragment: atomFragment, separator: '\n' },
  { name: 'json', head: jsonHead, fragment: jsonFragment, separator: ',\n' },
];

/** A whole document: its head around its entries' fragments. */
export function assemble(format: Format, head: Head, fragments: string[]): Buffer {
  const entries = fragments.length > 0 ? `${fragments.join(format.separator)}\n` : '';
  return Buffer.from(head.open + entries + head.close);
}
