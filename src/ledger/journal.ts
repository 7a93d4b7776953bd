/**
 * What has changed in the ledger since it was last written whole, in a document beside it: one changed post costs a few
 * kilobytes, not the whole ledger. It names the ledger that it belongs to, and says nothing of any other.
 */
import * as z from 'zod/mini';
import { iso, readable } from './bytes.ts';
import { LedgerError, WORDS, byKey, entry, feed, file, moment, readVersioned } from './document.ts';
import type { EntryRecord, FeedRecord, Ledger } from './ledger.ts';
import type { FileRecord } from '../store/catalogue.ts';

/** What is another than it was, by its key; undefined for what is no more. */
export interface LedgerChanges {
  entries: ReadonlyMap<string, EntryRecord | undefined>;
  feeds: ReadonlyMap<string, FeedRecord | undefined>;
  files: ReadonlyMap<string, FileRecord | undefined>;
  /** All that wait now. */
  waiting: Ledger['waiting'];
}

const VERSION = 1;
const document = z.strictObject({
  version: z.literal(VERSION),
  /** Hash of the ledger's bytes. */
  of: z.string(),
  entries: byKey(z.nullable(entry)),
  feeds: byKey(z.nullable(feed)),
  files: byKey(z.nullable(file)),
  waiting: byKey(moment),
});

/** The bytes of a journal: the same for the same content, sorted by key, one line for each thing. */
export function journalBytes(of: string, { entries, feeds, files, waiting }: LedgerChanges): Buffer {
  const section = <T>(values: ReadonlyMap<string, T>, write: (value: T & {}) => unknown): string => {
    const keys = [...values.keys()].sort();
    const lines = keys.map((key) => {
      const value = values.get(key) ?? undefined;
      return `  ${JSON.stringify(key)}: ${JSON.stringify(value === undefined ? null : write(value))}`;
    });
    return lines.length > 0 ? `{\n${lines.join(',\n')}\n }` : '{}';
  };
  const sections = [
    ['version', String(VERSION)],
    ['of', JSON.stringify(of)],
    ['entries', section(entries, readable)],
    ['feeds', section(feeds, readable)],
    ['files', section(files, readable)],
    ['waiting', section(waiting, iso)],
  ];
  return Buffer.from(`{\n${sections.map(([name, value]) => ` "${name}": ${value}`).join(',\n')}\n}\n`);
}

/** The changes, if the journal belongs to the ledger with that hash. Throws LedgerError if it is damaged or from a newer version. */
export function parseJournal(bytes: Uint8Array, of: string): LedgerChanges | undefined {
  const checked = document.safeParse(readVersioned(bytes, VERSION), WORDS);
  if (!checked.success) throw new LedgerError(`it is damaged: ${checked.error.issues[0]!.message}`);
  if (checked.data.of !== of) return undefined;
  const toChanges = (values: ReadonlyMap<string, unknown>): Map<string, undefined> =>
    new Map([...values].map(([key, value]) => [key, (value ?? undefined) as undefined]));
  const { entries, feeds, files, waiting } = checked.data;
  return {
    entries: toChanges(entries),
    feeds: toChanges(feeds),
    files: toChanges(files),
    waiting,
  };
}

/** Carries changes out in maps that belong to the caller. */
export function applyTo<T>(values: Map<string, T>, changes: ReadonlyMap<string, T | undefined>): void {
  for (const [key, value] of changes)
    if (value === undefined) values.delete(key);
    else values.set(key, value);
}

/** Both changes, one after the other. */
export function joined(before: LedgerChanges | undefined, next: LedgerChanges): LedgerChanges {
  if (!before) return next;
  const both = <T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...a, ...b]);
  return {
    entries: both(before.entries, next.entries),
    feeds: both(before.feeds, next.feeds),
    files: both(before.files, next.files),
    waiting: next.waiting,
  };
}
