/** Where the ledger is kept: as one file in the store, or beside the posts for those who commit it. */
import { PRIVATE } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { LedgerError, ledgerBytes, parseLedger } from './document.ts';
import type { Ledger } from './ledger.ts';

export interface LedgerPlace {
  store: Store;
  name: string;
}

/** Its name in the store of the feeds. */
export const LEDGER = `${PRIVATE}ledger.json`;

/** A ledger as it is stored: the same `version` means the same bytes. */
export interface StoredLedger {
  ledger: Ledger;
  version: string;
}

/** The ledger, or undefined if there is none; `known` is given back if it is still what is stored. Throws LedgerError. */
export async function readLedger(
  { store, name }: LedgerPlace,
  known?: StoredLedger,
): Promise<StoredLedger | undefined> {
  if (known) {
    const stat = (await store.list(name)).find((each) => each.name === name);
    if (stat?.version === known.version) return known;
  }
  const stored = await store.get(name);
  if (!stored) return undefined;
  try {
    return { ledger: parseLedger(stored.body), version: stored.version };
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw new LedgerError(
      `the ledger ${name} cannot be used, ${error.message}; put a good copy in its place, or remove it to have it made anew from what is published`,
    );
  }
}

/** Stores the ledger if its bytes are others than those that are stored. */
export async function writeLedger({ store, name }: LedgerPlace, next: Ledger): Promise<StoredLedger> {
  // What is sorted already is sorted again in no time.
  const ledger = sorted(next);
  const body = ledgerBytes(ledger);
  const stored = await store.get(name);
  if (stored?.body.equals(body)) return { ledger, version: stored.version };
  await store.put(name, body);
  const stat = (await store.list(name)).find((each) => each.name === name);
  return { ledger, version: stat?.version ?? '' };
}

function sorted(ledger: Ledger): Ledger {
  const byKey = <T>(values: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
    new Map([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
  const { entries, feeds, files, waiting, media } = ledger;
  return {
    entries: byKey(entries),
    feeds: byKey(feeds),
    files: byKey(files),
    waiting: byKey(waiting),
    media: byKey(media),
  };
}
