/**
 * The bytes of a ledger, and the ledger in bytes that are known to be ours: entries of which nobody asks are neither read nor
 * written anew.
 */
import type { Moment } from '../content/post.ts';
import { rfc3339 } from '../publish/feed.ts';
import { LazyMap } from '../content/lazy-map.ts';
import type { EntryRecord, FeedRecord, Ledger, MediaRecord } from './ledger.ts';

/** Of the documents that this program writes. */
export const VERSION = 1;

/** What follows the entries in a document, as it is written. */
interface Written {
  feeds: Record<string, WithTexts<FeedRecord>>;
  files: Record<string, { hash: string; modified: string }>;
  waiting: Record<string, string>;
  media?: Record<string, MediaRecord>;
}
type WithTexts<T> = { [K in keyof T]: NonNullable<T[K]> extends Moment ? string : T[K] };

const at = (written: string): Moment => Date.parse(written);

/**
 * The ledger in bytes that are known to be those of `ledgerBytes`: nothing is checked, and what is said of an entry is read when it
 * is asked for.
 */
export function ownLedger(bytes: Buffer): Ledger {
  const entries = new LazyMap<Slice, EntryRecord>(readOwn);
  let from = bytes.indexOf(ENTRIES) + ENTRIES.length;
  for (; bytes[from + 1] === BLANK && bytes[from + 2] === BLANK; from++) {
    const key = bytes.indexOf(AFTER_KEY, from);
    const end = bytes.indexOf(AFTER_ENTRY, key) + AFTER_ENTRY.length;
    const id = JSON.parse(bytes.toString('utf8', from + 3, key + 1)) as string;
    entries.lay(id, { bytes, line: from + 1, from: key + 3, to: end });
    from = end;
  }
  const rest = JSON.parse(`{${bytes.toString('utf8', bytes.indexOf(AFTER_ENTRIES, from) + 1)}`) as Written;
  const mapOf = <T, R>(values: Record<string, T>, make: (value: T) => R): Map<string, R> =>
    new Map(Object.entries(values).map(([key, value]) => [key, make(value)]));
  return {
    entries,
    feeds: mapOf(rest.feeds, ({ emptied, retired, ...others }) => ({
      ...others,
      ...(emptied !== undefined && { emptied: at(emptied) }),
      ...(retired !== undefined && { retired: at(retired) }),
    })),
    files: mapOf(rest.files, ({ hash, modified }) => ({ hash, modified: at(modified) })),
    waiting: mapOf(rest.waiting, at),
    media: new Map(Object.entries(rest.media ?? {})),
  };
}

/** What stands in a ledger before, in and behind its entries: what is said of each is on lines of its own, indented more. */
const ENTRIES = '"entries": {';
const AFTER_KEY = '": {\n';
const AFTER_ENTRY = '\n  }';
const AFTER_ENTRIES = ',\n "feeds"';
const BLANK = 32;

/** A part of a document; `line` is where the line that it stands in begins. */
interface Slice {
  bytes: Buffer;
  line: number;
  from: number;
  to: number;
}

function readOwn({ bytes, from, to }: Slice): EntryRecord {
  const text = bytes.toString('utf8', from, to);
  const { published, updated, first, expires, gone, ...others } = JSON.parse(text) as WithTexts<EntryRecord>;
  const record: EntryRecord = {
    ...others,
    published: at(published),
    updated: at(updated),
    first: at(first),
    ...(expires !== undefined && { expires: at(expires) }),
    ...(gone !== undefined && { gone: at(gone) }),
  };
  written.set(record, text);
  return record;
}

/** The bytes of a ledger: the same for the same content, sorted by key, one line for each thing known of an entry. */
export function ledgerBytes({ entries, feeds, files, waiting, media }: Ledger): Buffer {
  const pieces = createPieces();
  pieces.add(`{\n "version": ${VERSION}`);
  section(pieces, 'entries', entries, entryLines);
  section(pieces, 'feeds', feeds, ({ id, title, emptied, retired, moved }) =>
    JSON.stringify({ emptied: iso(emptied), id, moved, retired: iso(retired), title }),
  );
  section(pieces, 'files', files, ({ hash, modified }) => JSON.stringify({ hash, modified: iso(modified) }));
  section(pieces, 'waiting', waiting, (seen) => JSON.stringify(iso(seen)));
  // Most blogs have none.
  if (media.size > 0) section(pieces, 'media', media, (known) => JSON.stringify(known));
  pieces.add('\n}\n');
  return pieces.together();
}

function section<T>(
  pieces: Pieces,
  name: string,
  values: ReadonlyMap<string, T>,
  write: (value: T) => string,
): void {
  pieces.add(`,\n "${name}": {`);
  let before = '\n';
  /** What stands one behind the other in another document, to be taken over as it is. */
  let run: Slice | undefined;
  for (const key of [...values.keys()].sort()) {
    const slice = values instanceof LazyMap ? (values as LazyMap<Slice, object>).sourceOf(key) : undefined;
    if (run && slice?.bytes === run.bytes && slice.line === run.to + before.length) run.to = slice.to;
    else {
      if (run) pieces.add(run.bytes.subarray(run.line, run.to));
      pieces.add(before);
      run = slice && { ...slice };
      if (!slice) pieces.add(`  ${JSON.stringify(key)}: ${write(values.get(key)!)}`);
    }
    before = ',\n';
  }
  if (run) pieces.add(run.bytes.subarray(run.line, run.to));
  pieces.add(values.size === 0 ? '}' : '\n }');
}

/** So many characters become bytes at a time: a ledger of a hundred megabytes is not in memory twice as text. */
const PIECE = 65_536;

interface Pieces {
  add(piece: string | Uint8Array): void;
  together(): Buffer;
}

function createPieces(): Pieces {
  const done: Uint8Array[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') done.push(Buffer.from(text));
    text = '';
  };
  return {
    add(piece) {
      if (typeof piece === 'string') text += piece;
      else {
        flush();
        done.push(piece);
      }
      if (text.length > PIECE) flush();
    },
    together() {
      flush();
      return Buffer.concat(done);
    },
  };
}

/** Records are never changed, only replaced: what was read of one need not be written anew. */
const written = new WeakMap<EntryRecord, string>();

/** What is known of an entry, in the order in which it is written. */
const FIELDS = [
  'expires', 'externalUrl', 'feeds', 'first', 'gone', 'path', 'permalinks', 'published', 'sketch', 'text', 'title', 'updated',
] as const satisfies (keyof EntryRecord)[]; // prettier-ignore

function entryLines(record: EntryRecord): string {
  const known = written.get(record);
  if (known !== undefined) return known;
  const lines: string[] = [];
  for (const field of FIELDS) {
    const value = record[field];
    if (value === undefined) continue;
    lines.push(`   "${field}": ${JSON.stringify(typeof value === 'number' ? iso(value) : value)}`);
  }
  return `{\n${lines.join(',\n')}\n  }`;
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
