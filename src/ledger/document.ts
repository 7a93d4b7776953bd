/** The ledger as a document: JSON that can be read, compared line by line, and committed. */
import { z } from 'zod';
import type { Moment } from '../content/post.ts';
import { rfc3339 } from '../publish/feed.ts';
import type { EntryRecord, FeedRecord, Ledger, MediaRecord } from './ledger.ts';

const VERSION = 1;

/** The document cannot be taken for a ledger: the message says why, and that nothing may be put in its place. */
export class LedgerError extends Error {}

/** It is from a newer version: nothing is wrong with it. */
export class NewerError extends LedgerError {}

export const moment = z.iso.datetime().transform((written): Moment => Date.parse(written));
export const entry = z.strictObject({
  path: z.string(),
  title: z.string(),
  externalUrl: z.string().optional(),
  permalinks: z.array(z.string()),
  text: z.string(),
  sketch: z.string(),
  published: moment,
  updated: moment,
  expires: moment.optional(),
  first: moment,
  feeds: z.array(z.string()),
  gone: moment.optional(),
});
export const feed = z.strictObject({
  id: z.string().min(1),
  title: z.string(),
  emptied: moment.optional(),
  retired: moment.optional(),
  moved: z.string().optional(),
});
export const file = z.strictObject({ hash: z.string(), modified: moment });
const media = z.strictObject({ length: z.number().int().min(0), type: z.string().optional() });
const document = z.strictObject({
  version: z.literal(VERSION),
  entries: byKey(entry),
  feeds: byKey(feed),
  files: byKey(file),
  waiting: byKey(moment),
  media: byKey(media).default(() => new Map()),
});

/** An object as a map. Not `z.record`, which leaves out `__proto__`: that may be the id that an author wrote. */
export function byKey<T extends z.ZodType>(value: T): z.ZodType<Map<string, z.output<T>>> {
  const toMap = (given: unknown): unknown =>
    typeof given === 'object' && given !== null && !Array.isArray(given)
      ? new Map(Object.entries(given))
      : given;
  return z.preprocess(toMap, z.map(z.string(), value));
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
  const checked = document.safeParse(read);
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

/** A document as it is written. */
interface Written {
  entries: Record<string, WithTexts<EntryRecord>>;
  feeds: Record<string, WithTexts<FeedRecord>>;
  files: Record<string, { hash: string; modified: string }>;
  waiting: Record<string, string>;
  media?: Record<string, MediaRecord>;
}
type WithTexts<T> = { [K in keyof T]: NonNullable<T[K]> extends Moment ? string : T[K] };

/** The ledger in bytes that are known to be those of `ledgerBytes`: nothing is checked, and what is said of an entry is known to be said so. */
export function ownLedger(bytes: Buffer): Ledger {
  const text = bytes.toString('utf8');
  const read = JSON.parse(text) as Written;
  const at = (written: string): Moment => Date.parse(written);
  const mapOf = <T, R>(values: Record<string, T>, make: (value: T) => R): Map<string, R> =>
    new Map(Object.entries(values).map(([key, value]) => [key, make(value)]));
  const entries = mapOf(
    read.entries,
    ({ published, updated, first, expires, gone, ...others }): EntryRecord => ({
      ...others,
      published: at(published),
      updated: at(updated),
      first: at(first),
      ...(expires !== undefined && { expires: at(expires) }),
      ...(gone !== undefined && { gone: at(gone) }),
    }),
  );
  for (const [id, lines] of entryTexts(text)) written.set(entries.get(id)!, lines);
  return {
    entries,
    feeds: mapOf(read.feeds, ({ emptied, retired, ...others }) => ({
      ...others,
      ...(emptied !== undefined && { emptied: at(emptied) }),
      ...(retired !== undefined && { retired: at(retired) }),
    })),
    files: mapOf(read.files, ({ hash, modified }) => ({ hash, modified: at(modified) })),
    waiting: mapOf(read.waiting, at),
    media: new Map(Object.entries(read.media ?? {})),
  };
}

/** What `ledgerBytes` wrote of each entry, by id: what is said of it stands on lines of its own, indented more. */
function* entryTexts(text: string): Generator<[id: string, lines: string]> {
  const section = '"entries": {';
  let at = text.indexOf(section) + section.length;
  while (text.startsWith('\n  "', at)) {
    const key = text.indexOf('": {\n', at);
    const end = text.indexOf('\n  }', key) + '\n  }'.length;
    yield [JSON.parse(text.slice(at + 3, key + 1)) as string, text.slice(key + 3, end)];
    at = text[end] === ',' ? end + 1 : end;
  }
}

/** The bytes of a ledger: the same for the same content, sorted by key, one line for each thing known of an entry. */
export function ledgerBytes({ entries, feeds, files, waiting, media }: Ledger): Buffer {
  const sections = [
    ['version', String(VERSION)],
    ['entries', section(entries, entryLines)],
    ['feeds', section(feeds, ({ id, title, emptied, retired, moved }) => line({ emptied: iso(emptied), id, moved, retired: iso(retired), title }))],
    ['files', section(files, ({ hash, modified }) => line({ hash, modified: iso(modified) }))],
    ['waiting', section(waiting, (seen) => JSON.stringify(iso(seen)))],
    // Most blogs have none.
    ...(media.size > 0 ? [['media', section(media, (known) => JSON.stringify(known))]] : []),
  ]; // prettier-ignore
  return Buffer.from(`{\n${sections.map(([name, value]) => ` "${name}": ${value}`).join(',\n')}\n}\n`);
}

function section<T>(values: ReadonlyMap<string, T>, write: (value: T) => string): string {
  if (values.size === 0) return '{}';
  const keys = [...values.keys()].sort();
  return `{\n${keys.map((key) => `  ${JSON.stringify(key)}: ${write(values.get(key)!)}`).join(',\n')}\n }`;
}

/** Records are never changed, only replaced: what was written for one need not be written again. */
const written = new WeakMap<EntryRecord, string>();

function entryLines(record: EntryRecord): string {
  const known = written.get(record);
  if (known !== undefined) return known;
  const { published, updated, expires, first, gone, ...others } = record;
  const fields = {
    ...others,
    published: iso(published),
    updated: iso(updated),
    expires: iso(expires),
    first: iso(first),
    gone: iso(gone),
  };
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `   "${key}": ${JSON.stringify(value)}`);
  const text = `{\n${lines.join(',\n')}\n  }`;
  written.set(record, text);
  return text;
}

function line(fields: Record<string, string | undefined>): string {
  return JSON.stringify(fields);
}

/** A record with its moments as texts. */
export function readable(record: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [
      key,
      typeof value === 'number' ? iso(value) : (value as unknown),
    ]),
  );
}

export function iso(moment: Moment | undefined): string | undefined {
  return moment === undefined ? undefined : rfc3339(moment);
}
