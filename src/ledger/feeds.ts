/** What becomes of feeds: which id each has, which stay though they are empty, which have moved and which are gone. Pure. */
import type { Moment } from '../content/post.ts';
import { isLoopback } from './identity.ts';
import { settled } from './ledger.ts';
import type { EntryRecord, FeedRecord } from './ledger.ts';

/** A feed that has entries now: its folder ('' for the site's own), its title, and, if anybody asks, the ids of its entries, newest first. */
export interface Selected {
  folder: string;
  title: string;
  ids: () => readonly string[];
}

export interface FeedStep {
  feeds: ReadonlyMap<string, FeedRecord>;
  /** With the entries that go marked as gone, and the feeds that showed each before. */
  entries: ReadonlyMap<string, EntryRecord>;
  selected: readonly Selected[];
  /** Whether the settings still ask for the feed of this folder. */
  isAsked: (folder: string) => boolean;
  /** The URL of its Atom file, which is its id if it has none yet. */
  atomUrl: (folder: string) => string;
  now: Moment;
  /** How long a feed without entries stays, in milliseconds. */
  tombstones: number;
}

/** The next records of all feeds, by folder: those in `selected`, those that stay empty, and those that are no more. */
export function advanceFeeds(step: FeedStep): ReadonlyMap<string, FeedRecord> {
  const { feeds, selected, now } = step;
  const next = new Map<string, FeedRecord>();
  const selectedFolders = new Set(selected.map(({ folder }) => folder));
  const moves = movedFeeds(step, selectedFolders);
  const ids = new Set([...feeds.values()].map(({ id }) => id));

  for (const [folder, record] of feeds) {
    if (selectedFolders.has(folder)) continue;
    const moved = [...moves].find(([, from]) => from === folder)?.[0] ?? record.moved;
    const emptied = settled(record.emptied ?? now, now);
    // The site's own feed is its address for ever.
    const isOver =
      record.retired !== undefined ||
      (folder !== '' && (!step.isAsked(folder) || now - emptied >= step.tombstones));
    const retired = moved !== undefined || isOver ? settled(record.retired ?? now, now) : undefined;
    const { id, title } = record;
    next.set(folder, {
      id,
      title,
      ...(retired === undefined ? { emptied } : { retired }),
      ...(moved !== undefined && { moved }),
    });
  }
  for (const { folder, title } of selected) {
    const known = feeds.get(moves.get(folder) ?? folder);
    const isGivenAway = known?.moved !== undefined && !moves.has(folder);
    const url = step.atomUrl(folder);
    const isLasting = known && !isGivenAway && (known.id === url || isLocal(url) || !isLocal(known.id));
    const id = isLasting ? known.id : freshId(url, ids);
    ids.add(id);
    next.set(folder, { id, title });
  }
  return next;
}

/**
 * Which feeds are others under a new name, as new folder -> old folder: a label was renamed if all entries that the old feed
 * showed, and that are left, are now in one that was not there, and that has no others.
 */
function movedFeeds(
  { feeds, entries, selected, isAsked }: FeedStep,
  selectedFolders: ReadonlySet<string>,
): Map<string, string> {
  const moves = new Map<string, string>();
  const left = [...feeds].filter(
    ([folder, { retired }]) => retired === undefined && !selectedFolders.has(folder) && isAsked(folder),
  );
  const fresh = selected.filter(
    ({ folder }) => feeds.get(folder)?.retired !== undefined || !feeds.has(folder),
  );
  if (left.length === 0 || fresh.length === 0) return moves;
  const shown = new Map<string, Set<string>>(left.map(([folder]) => [folder, new Set()]));
  for (const [id, record] of entries)
    if (record.gone === undefined) for (const folder of record.feeds) shown.get(folder)?.add(id);

  const remaining = new Set(left.map(([folder]) => folder));
  for (const { folder, ids } of fresh) {
    const known = ids().filter((id) => (entries.get(id)?.feeds.length ?? 0) > 0);
    const from = [...remaining].find(
      (each) => groupOf(each) === groupOf(folder) && isWithin(shown.get(each)!, known),
    );
    if (from === undefined) continue;
    moves.set(folder, from);
    remaining.delete(from);
  }
  return moves;
}

/** Whether the feed's newest entries are exactly those, as far as it shows them. */
function isWithin(shown: ReadonlySet<string>, known: readonly string[]): boolean {
  return (
    shown.size > 0 && known.length >= shown.size && known.slice(0, shown.size).every((id) => shown.has(id))
  );
}

function groupOf(folder: string): string {
  return folder.slice(0, folder.indexOf('/') + 1);
}

/** An id that was made when the site had no address but a loopback one. */
function isLocal(id: string): boolean {
  return URL.canParse(id) && isLoopback(new URL(id).hostname);
}

/** A feed's own URL, unless another feed bears it as its id since it moved. */
function freshId(url: string, taken: ReadonlySet<string>): string {
  if (!taken.has(url)) return url;
  for (let number = 2; ; number++) if (!taken.has(`${url}#${number}`)) return `${url}#${number}`;
}
