/** The formats: how each writes a feed's head and its entries. A new format is a new row. */
import type { Entry, Feed, FormatName, Site } from './feed.ts';
import { jsonFragment, jsonHead } from './json-feed.ts';
import { atomHead, rssHead } from './rss-atom.ts';
import type { Head } from './rss-atom.ts';
import { atomFragment, rssFragment } from './rss-atom-entry.ts';

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

/** The fragments in a document that was put together so, by the bytes before the first and those of each. */
export function takeApart(
  format: Format,
  document: Uint8Array,
  start: number,
  lengths: readonly number[],
): Uint8Array[] {
  const between = Buffer.byteLength(format.separator);
  let from = start;
  return lengths.map((length) => {
    const fragment = document.subarray(from, from + length);
    from += length + between;
    return fragment;
  });
}

/** A whole document: its head around its entries' fragments. */
export function assemble(format: Format, head: Head, fragments: readonly Uint8Array[]): Buffer {
  const separator = Buffer.from(format.separator);
  const entries = fragments.flatMap((each, at) => (at === 0 ? [each] : [separator, each]));
  const end = Buffer.from(fragments.length > 0 ? `\n${head.close}` : head.close);
  return Buffer.concat([Buffer.from(head.open), ...entries, end]);
}
