/** The ledger as a document: JSON that can be read, compared line by line, and committed. */
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';
import type { Moment } from '../content/post.ts';
import { VERSION } from './bytes.ts';
import type { EntryRecord, FeedRecord, Ledger, MediaRecord } from './ledger.ts';

/** The document cannot be taken for a ledger: the message says why, and that nothing may be put in its place. */
export class LedgerError extends Error {}

/** It is from a newer version: nothing is wrong with it. */
export class NewerError extends LedgerError {}

export const moment = z.pipe(
  z.iso.datetime(),
  z.transform((written): Moment => Date.parse(written)),
);
export const entry = z.strictObject({
  path: z.string(),
  title: z.string(),
  externalUrl: z.optional(z.string()),
  permalinks: z.array(z.string()),
  text: z.string(),
  sketch: z.string(),
  published: moment,
  updated: moment,
  expires: z.optional(moment),
  first: moment,
  feeds: z.array(z.string()),
  gone: z.optional(moment),
});
export const feed = z.strictObject({
  id: z.string().check(z.minLength(1)),
  title: z.string(),
  emptied: z.optional(moment),
  retired: z.optional(moment),
  moved: z.optional(z.string()),
});
export const file = z.strictObject({ hash: z.string(), modified: moment });
const media = z.strictObject({
  length: z.number().check(z.int(), z.minimum(0)),
  type: z.optional(z.string()),
});
/** In whose words it is said what is wrong: zod/mini has none of its own. */
export const WORDS = { error: en().localeError };
const document = z.strictObject({
  version: z.literal(VERSION),
  entries: byKey(entry),
  feeds: byKey(feed),
  files: byKey(file),
  waiting: byKey(moment),
  media: z._default(byKey(media), () => new Map()),
});

/** An object as a map. Not `z.record`, which leaves out `__proto__`: that may be the id that an author wrote. */
export function byKey<T extends z.ZodMiniType>(value: T): z.ZodMiniType<Map<string, z.output<T>>> {
  const toMap = (given: unknown): unknown =>
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? new Map(Object.entries(given))
      : given;
  return z.pipe(z.transform(toMap), z.map(z.string(), value));
}

/** What JSON says, in the `known` version at most. Throws LedgerError. */
export function readVersioned(bytes: Uint8Array, known: number): unknown {
  let read: unknown;
  try {
    // What is no UTF-8 would be read as other text, and written so.
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new LedgerError(`it is damaged: ${(error as Error).message}`);
  }
  const version = (read as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > known)
    throw new NewerError(
      `it is of version ${version}, and this Feedwright knows ${known}: install a newer Feedwright`,
    );
  return read;
}

/** Throws LedgerError if the bytes are damaged or from a newer version. */
export function parseLedger(bytes: Uint8Array): Ledger {
  const read = readVersioned(bytes, VERSION);
  const checked = document.safeParse(read, WORDS);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new LedgerError(`it is damaged: ${issue!.path.join(' > ') || 'all of it'}: ${issue!.message}`);
  }
  const { entries, feeds, files, waiting, media } = checked.data;
  return {
    entries: entries as Map<string, EntryRecord>,
    feeds: feeds as Map<string, FeedRecord>,
    files,
    waiting,
    media: media as Map<string, MediaRecord>,
  };
}
