/** What is remembered of entries, feeds and files: identity and history. Values only; nothing here changes a ledger. */
import type { Moment } from '../content/post.ts';
import type { FileRecord } from '../store/catalogue.ts';

/** One entry, for ever: also when it is no longer published. */
export interface EntryRecord {
  /** The file of its post, relative to the content folder; empty if it is not known (in a ledger that was rebuilt). */
  path: string;
  title: string;
  externalUrl?: string;
  /** Every permalink it was published under, the newest last. */
  permalinks: readonly string[];
  /** What its text was, by `textHash`; empty if it is not known. */
  text: string;
  /** What its text was like, by `sketchOf`. */
  sketch: string;
  published: Moment;
  updated: Moment;
  expires?: Moment;
  /** When a run first published it. */
  first: Moment;
  /** Folders of the feeds that show it, or that showed it when it went. */
  feeds: readonly string[];
  /** When it went; undefined as long as it is published. */
  gone?: Moment;
}

/** One feed, whatever its format. */
export interface FeedRecord {
  /** Its Atom id. */
  id: string;
  title: string;
  /** Since when it has no entry; it stays, empty, for a while. */
  emptied?: Moment;
  /** Since when it is no longer published. */
  retired?: Moment;
  /** The folder of the feed that took its place, when its label was renamed. */
  moved?: string;
}

/** What a server once said of a media file that posts attach. */
export interface MediaRecord {
  /** Bytes. */
  length: number;
  type?: string;
}

export interface Ledger {
  /** By id. */
  entries: ReadonlyMap<string, EntryRecord>;
  /** By folder. */
  feeds: ReadonlyMap<string, FeedRecord>;
  /** By name. */
  files: ReadonlyMap<string, FileRecord>;
  /** When posts that are held back because they are new were first seen, by path. */
  waiting: ReadonlyMap<string, Moment>;
  /** By URL. */
  media: ReadonlyMap<string, MediaRecord>;
}

export const EMPTY_LEDGER: Ledger = {
  entries: new Map(),
  feeds: new Map(),
  files: new Map(),
  waiting: new Map(),
  media: new Map(),
};

/** Of a ledger, or of what has changed in one: undefined for what is no more. */
interface Remembered {
  entries: ReadonlyMap<string, EntryRecord | undefined>;
  feeds: ReadonlyMap<string, FeedRecord | undefined>;
  files: ReadonlyMap<string, FileRecord | undefined>;
  waiting: Ledger['waiting'];
}

/** The last moment that a ledger knows of; 0 if it knows none. */
export function latestMoment({ entries, feeds, files, waiting }: Remembered): Moment {
  let latest = 0;
  for (const each of entries.values()) latest = Math.max(latest, each?.first ?? 0, each?.gone ?? 0);
  for (const each of feeds.values()) latest = Math.max(latest, each?.emptied ?? 0, each?.retired ?? 0);
  for (const each of files.values()) latest = Math.max(latest, each?.modified ?? 0);
  for (const seen of waiting.values()) latest = Math.max(latest, seen);
  return latest;
}

/** A clock that was set back by less than this stands still until it has caught up. */
const PATIENCE_WITH_CLOCKS = 3_600_000;

/** What happened already may be ahead of a clock that was set back, by this: more than a clock is waited for. */
export const GRACE = 2 * PATIENCE_WITH_CLOCKS;

/** A moment that was seen when the clock was wrong by far is taken back. */
export function settled(moment: Moment, now: Moment): Moment {
  return moment - now < GRACE ? moment : now;
}

/**
 * The moment that a run takes for now, in whole seconds: the clock's, but not before what the ledger knows already. A clock
 * that goes back further than an hour was wrong before, and is believed now.
 */
export function steadyNow(ledger: Ledger, clock: Moment): Moment {
  return steadyAfter(latestMoment(ledger), clock);
}

/** The same, where the last moment that the ledger knows of is known. */
export function steadyAfter(latest: Moment, clock: Moment): Moment {
  const now = Math.floor(clock / 1000) * 1000;
  return latest > now && latest - now <= PATIENCE_WITH_CLOCKS ? latest : now;
}
