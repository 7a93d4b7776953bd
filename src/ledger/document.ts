/** The ledger as a document: JSON that can be read, compared line by line, and committed. */
import { z } from 'zod';
import type { Moment } from '../content/post.ts';
import { rfc3339 } from '../publish/feed.ts';
import type { EntryRecord, FeedRecord, Ledger, MediaRecord } from './ledger.ts';

const VERSION = 1;

/** The document cannot be taken for a ledger: the message says why, and that nothing may be put in its place. */
export class LedgerError extends Error {}

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
  entries: z.record(z.string(), entry),
  feeds: z.record(z.string(), feed),
  files: z.record(z.string(), file),
  waiting: z.record(z.string(), moment),
  media: z.record(z.string(), media).default({}),
});

/** Throws LedgerError if the bytes are damaged or from a newer version. */
export function parseLedger(bytes: Uint8Array): Ledger {
  const text = new TextDecoder().decode(bytes);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (error) {
    throw new LedgerError(`it is damaged: ${(error as Error).message}`);
  }
  const version = (read as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > VERSION)
    throw new LedgerError(
      `it is of version ${version}, and this Feedwright knows ${VERSION}: install a newer one`,
    );
  const checked = document.safeParse(read);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new LedgerError(`it is damaged: ${issue!.path.join(' > ') || 'all of it'}: ${issue!.message}`);
  }
  const { entries, feeds, files, waiting, media } = checked.data;
  return {
    entries: new Map(Object.entries(entries)) as Map<string, EntryRecord>,
    feeds: new Map(Object.entries(feeds)) as Map<string, FeedRecord>,
    files: new Map(Object.entries(files)),
    waiting: new Map(Object.entries(waiting)),
    media: new Map(Object.entries(media)) as Map<string, MediaRecord>,
  };
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
