/** Which entries have gone from each feed: what Atom says of them (RFC 6721). Pure. */
import type { Moment } from '../content/post.ts';
import type { Tombstone } from '../publish/feed.ts';
import type { EntryRecord } from './ledger.ts';

/** More at once would make a feed of nothing else. */
const LIMIT = 50;

/** By folder: the entries that went within the last `period` milliseconds, the newest first. */
export function tombstones(
  entries: ReadonlyMap<string, EntryRecord>,
  now: Moment,
  period: number,
): ReadonlyMap<string, readonly Tombstone[]> {
  const byFolder = new Map<string, Tombstone[]>();
  for (const [id, { gone, feeds }] of entries) {
    if (gone === undefined || now - gone >= period) continue;
    for (const folder of feeds) {
      if (!byFolder.has(folder)) byFolder.set(folder, []);
      byFolder.get(folder)!.push({ id, when: gone });
    }
  }
  for (const [folder, all] of byFolder) {
    all.sort((a, b) => b.when - a.when || (a.id < b.id ? -1 : 1));
    byFolder.set(folder, all.slice(0, LIMIT));
  }
  return byFolder;
}
