/** Where the ledger is kept: as one file in the store, or beside the posts for those who commit it; and its journal beside it. */
import { hashOf } from '../publish/feed.ts';
import { PRIVATE } from '../store/store.ts';
import type { Store, Stored } from '../store/store.ts';
import { ledgerBytes, ownLedger } from './bytes.ts';
import { LedgerError, NewerError, parseLedger } from './document.ts';
import { applyTo, joined, journalBytes, parseJournal } from './journal.ts';
import type { LedgerChanges } from './journal.ts';
import type { EntryRecord, FeedRecord, Ledger } from './ledger.ts';
import type { FileRecord } from '../store/catalogue.ts';

export interface LedgerPlace {
  store: Store;
  name: string;
}

/** Its name in the store of the feeds. */
export const LEDGER = `${PRIVATE}ledger.json`;

/** The journal of a ledger: `ledger.json` has `ledger.changes.json`. */
function journalOf(name: string): string {
  return name.replace(/(?:\.json)?$/, '.changes.json');
}

/** A ledger as it is stored: the same `version` means the same bytes. */
export interface StoredLedger {
  ledger: Ledger;
  version: string;
  /** Of the ledger that was last written whole: its hash, its length in bytes, and whether it is known to be of our own writing. */
  whole: { hash: string; size: number; isOwn: boolean };
  /** What has changed since then. */
  since?: LedgerChanges;
}

/** Whether the ledger that is known is still what is stored. */
export async function isCurrent({ store, name }: LedgerPlace, known: StoredLedger): Promise<boolean> {
  return (await versionOf(store, name)) === known.version;
}

/**
 * The ledger, or undefined if there is none; `known` is it if it is still what is stored. Bytes of the hash `own` are known to be
 * what `writeLedger` wrote. Throws LedgerError.
 */
export async function readLedger(
  { store, name }: LedgerPlace,
  known?: StoredLedger,
  own?: string,
): Promise<StoredLedger | undefined> {
  if (known && (await isCurrent({ store, name }, known)))
    return known.since ? { ...known, ledger: sorted(known.ledger) } : known;
  const stored = await store.get(name);
  if (!stored) return undefined;
  const journal = await store.get(journalOf(name));
  const parsed = <T>(what: string, parse: () => T, remedy: string): T => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      const then = error instanceof NewerError ? '' : `; ${remedy}`;
      throw new LedgerError(`the ledger ${what} cannot be used, ${error.message}${then}`);
    }
  };
  const hash = hashOf(stored.body);
  const ledger = parsed(
    name,
    // JSON gives keys that are numbers first, wherever they stand.
    () => (hash === own ? ownLedger(stored.body) : sorted(parseLedger(stored.body))),
    'put a good copy in its place, or remove it to have it made anew from what is published',
  );
  const whole = { hash, size: stored.size, isOwn: hash === own };
  const since =
    journal &&
    parsed(
      journal.name,
      () => parseJournal(journal.body, whole.hash),
      'put a good copy in its place, or remove it to go on from what the ledger was before',
    );
  const version = toVersion(stored, journal);
  if (!since) return { ledger, version, whole };
  return { ledger: changed(ledger, since), version, whole, since };
}

/** Stores the ledger whole if its bytes are others than those that are stored; `before` is what that is, if it is known. */
export async function writeLedger(
  { store, name }: LedgerPlace,
  next: Ledger,
  before?: StoredLedger,
): Promise<StoredLedger> {
  const isStored = before?.whole.isOwn && !before.since && isSameLedger(before.ledger, next);
  // Not `next`, which says the same in another order: what depends on that must be as it is for who reads it anew.
  if (isStored) return before;
  const ledger = sorted(next);
  const body = ledgerBytes(ledger);
  const hash = hashOf(body);
  if (hash !== before?.whole.hash) await store.put(name, body);
  // It belongs to what was there before: whoever stops here leaves one that nobody listens to.
  await store.remove(journalOf(name));
  const whole = { hash, size: body.length, isOwn: true };
  return { ledger, version: await versionOf(store, name), whole };
}

/** Whether nothing has changed, as far as that is seen at once: records are never changed, only replaced. */
function isSameLedger(a: Ledger, b: Ledger): boolean {
  const isSame = <T>(left: ReadonlyMap<string, T>, right: ReadonlyMap<string, T>): boolean =>
    left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
  const isSameFeed = ([folder, { id, title, emptied, retired, moved }]: [string, FeedRecord]): boolean => {
    const known = b.feeds.get(folder);
    return (
      known?.id === id && known.title === title && known.emptied === emptied && known.retired === retired &&
      known.moved === moved
    ); // prettier-ignore
  };
  return (
    isSame(a.entries, b.entries) && isSame(a.files, b.files) && isSame(a.waiting, b.waiting) &&
    isSame(a.media, b.media) && a.feeds.size === b.feeds.size && [...a.feeds].every(isSameFeed)
  ); // prettier-ignore
}

/** A journal may be so long, or a part of its ledger. */
const LONGEST = 65_536;
const PART = 16;

/**
 * Stores the ledger with some changes, which are carried out in it: beside it as long as they are little, else, or if they are the
 * `last` for now, whole.
 */
export async function changeLedger(
  { store, name }: LedgerPlace,
  before: StoredLedger,
  changes: LedgerChanges,
  last = false,
): Promise<StoredLedger> {
  const since = joined(before.since, changes);
  const body = journalBytes(before.whole.hash, since);
  const { entries, feeds, files, media } = before.ledger;
  applyTo(entries as Map<string, EntryRecord>, changes.entries);
  applyTo(feeds as Map<string, FeedRecord>, changes.feeds);
  applyTo(files as Map<string, FileRecord>, changes.files);
  const ledger = { entries, feeds, files, media, waiting: changes.waiting };
  if (last || body.length > Math.max(LONGEST, before.whole.size / PART))
    return writeLedger({ store, name }, ledger);
  await store.put(journalOf(name), body);
  return { ...before, ledger, since, version: await versionOf(store, name) };
}

/** Versions of both documents. */
async function versionOf(store: Store, name: string): Promise<string> {
  const [whole, journal] = await Promise.all([store.stat(name), store.stat(journalOf(name))]);
  return toVersion(whole, journal);
}

function toVersion(
  whole: Pick<Stored, 'version'> | undefined,
  journal: Pick<Stored, 'version'> | undefined,
): string {
  return `${whole?.version ?? ''} ${journal?.version ?? ''}`;
}

function changed(ledger: Ledger, { entries, feeds, files, waiting }: LedgerChanges): Ledger {
  const next = {
    entries: new Map(ledger.entries),
    feeds: new Map(ledger.feeds),
    files: new Map(ledger.files),
    waiting,
    media: ledger.media,
  };
  applyTo(next.entries, entries);
  applyTo(next.feeds, feeds);
  applyTo(next.files, files);
  return sorted(next);
}

function sorted(ledger: Ledger): Ledger {
  const byKey = <T>(values: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    isSorted(values.keys()) ? values : new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
  const { entries, feeds, files, waiting, media } = ledger;
  return {
    entries: byKey(entries),
    feeds: byKey(feeds),
    files: byKey(files),
    waiting: byKey(waiting),
    media: byKey(media),
  };
}

function isSorted(keys: Iterable<string>): boolean {
  let before = '';
  for (const key of keys) {
    if (key < before) return false;
    before = key;
  }
  return true;
}
