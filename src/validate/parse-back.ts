/** A second opinion: another parser must read the same entries. It misses most faults, so it is never the only check. */
import Parser from 'rss-parser';
import type { AnyDocument, EntryReading } from './document.ts';
import { START } from './place.ts';
import { fault, quote } from './rule.ts';
import type { Fault } from './rule.ts';

/** What is not compared is emptied on the way: rss-parser cuts snippets from it, in time that grows with its square. */
const UNREAD = new Set(['description', 'content:encoded', 'content', 'summary']);

const OPTIONS = {
  xml2js: { valueProcessors: [(value: string, name: string) => (UNREAD.has(name) ? '' : value)] },
};

/** Where rss-parser and we read RSS or Atom differently. It reads no JSON Feed. */
export async function parseBack(document: AnyDocument): Promise<Fault[]> {
  if (document.format === 'json') return [];
  let items: OtherEntry[];
  try {
    items = (await new Parser<object, OtherEntry>(OPTIONS).parseString(document.text)).items;
  } catch (error) {
    return [fault(START, `Another reader (rss-parser) cannot read this feed: ${(error as Error).message}`)];
  }
  const { entries } = document;
  if (items.length !== entries.length) {
    return [
      fault(
        START,
        `Another reader (rss-parser) sees ${items.length} entries where there are ${entries.length}: look for entries in the wrong place.`,
      ),
    ];
  }
  return entries.flatMap((entry, index) => differences(entry, items[index]!));
}

interface OtherEntry {
  id?: unknown;
  guid?: unknown;
  title?: unknown;
}

function differences(entry: EntryReading, other: OtherEntry): Fault[] {
  const faults: Fault[] = [];
  const compare = (name: string, ours: string | undefined, theirs: unknown): void => {
    if (plain(ours) === plain(theirs)) return;
    faults.push(
      fault(
        entry,
        `Another reader (rss-parser) takes ${quote(plain(theirs))} for the ${name} of this entry, which is ${quote(plain(ours))}: write it more simply.`,
      ),
    );
  };
  compare('id', entry.id, other.guid ?? other.id);
  // It does not put together the text of an XHTML title.
  if (entry.title?.type !== 'xhtml') compare('title', entry.title?.text, other.title);
  return faults;
}

/** White space is not a difference: XML parsers may keep the ends of lines as they find them. */
function plain(value: unknown): string {
  return typeof value === 'string' ? value.trim().replace(/\s+/g, ' ') : '';
}
