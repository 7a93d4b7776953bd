/** Rules for the entries of every format: each its own, the newest first. */
import type { EntryReading, FeedDocument } from './document.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';

/** Atom allows it, for versions of one entry; readers show one all the same. */
export const DUPLICATE_ID: Rule<FeedDocument> = {
  name: 'duplicate-id',
  level: 'error',
  section: 'RSS 2.0 guid; RFC 4287, 4.1.1; JSON Feed 1.1 id',
  *check({ entries }) {
    const lines = new Map<string, number>();
    for (const entry of entries) {
      if (entry.id === undefined) continue;
      const line = lines.get(entry.id);
      if (line === undefined) lines.set(entry.id, entry.line);
      else
        yield fault(
          entry,
          `This entry has the id ${quote(entry.id)} of the one on line ${line}, so readers show only one of them: give each its own.`,
        );
    }
  },
};

export const ENTRY_RULES: Rule<FeedDocument>[] = [
  {
    name: 'entry-order',
    level: 'warning',
    section: 'custom of readers',
    *check({ entries }) {
      const published = firstRise(entries, ({ published }) => published);
      const updated = firstRise(entries, ({ updated }) => updated);
      const hasDates = (of: 'published' | 'updated'): boolean =>
        entries.some((entry) => entry[of] !== undefined);
      if (hasDates('published') ? !published || (hasDates('updated') && !updated) : !updated) return;
      yield fault(
        (published ?? updated)!,
        'This entry is newer than the one before it: put the newest first, since readers may show only the top.',
      );
    },
  },
];

/** The first entry whose moment is later than that of the one before it. */
function firstRise(
  entries: EntryReading[],
  momentOf: (entry: EntryReading) => number | undefined,
): EntryReading | undefined {
  const dated = entries.filter((entry) => momentOf(entry) !== undefined);
  return dated.find((entry, index) => index > 0 && momentOf(entry)! > momentOf(dated[index - 1]!)!);
}
