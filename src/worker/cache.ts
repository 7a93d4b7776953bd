/**
 * What one process leaves to the next, so that it need not read and render everything again: what was read from each file, what
 * each feed was made of, what was rendered, and what the store's files are. Only a saving of time: what is damaged, or was
 * made by another version or with other settings, is passed over, and all of it may be removed.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../content/post.ts';
import type { Memories } from '../content/read.ts';
import { FORMS, parseForms } from '../ledger/forms.ts';
import type { FormsFile } from '../ledger/forms.ts';
import type { Entry } from '../publish/feed.ts';
import { hashOf } from '../publish/feed.ts';
import type { PublishInput } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import { PRIVATE } from '../store/store.ts';
import type { Stat, Store } from '../store/store.ts';
import { filesOf, makingOf, toldOf } from './lines.ts';
import type { EntryLine, FeedLine, FileLine, Tables } from './lines.ts';
import type { RunInput } from './runs.ts';
import { emptyTable, readTable, restOf, sealed, sealOf, storeTable } from './table.ts';
import type { Seen } from './seen.ts';
import { settingsOf } from './settings.ts';
import type { Touched } from './state.ts';
import { together } from './together.ts';

const CACHE = `${PRIVATE}cache/`;
const INDEX = `${CACHE}index.json`;

/** What says something only together with the tables, of the same run. */
export interface Index {
  /** Hashes of the documents of all tables, by name. */
  documents: [string, string][];
  /** The files of the store. */
  seen: [name: string, hash: string, version: string][];
  /** Hash of the ledger that was written last. */
  ledger?: string;
  /** What is wrong with the content folder. */
  problems: readonly Problem[];
  /** What else a worker that goes on knows, if a run after a few changes can begin with it: as `restore.ts` writes it. */
  state?: unknown;
}

/** What an earlier process left. */
export interface Cache {
  tables: Tables;
  index: Index;
}

export function emptyTables(): Tables {
  return {
    files: emptyTable(`${CACHE}files`),
    feeds: emptyTable(`${CACHE}feeds`),
    entries: emptyTable(`${CACHE}entries`),
  };
}

/** What an earlier process left in the store; nothing of it is needed. */
export async function loadCache(input: RunInput): Promise<Cache> {
  const { store } = input;
  const maker = makerOf(input);
  // All at once: a disk answers many questions in the time of a few.
  const [files, feeds, entries, found] = await Promise.all([
    readTable<FileLine>(store, `${CACHE}files`, maker),
    readTable<FeedLine>(store, `${CACHE}feeds`, maker),
    readTable<EntryLine>(store, `${CACHE}entries`, maker),
    store.get(INDEX),
  ]);
  const isWhole = found !== undefined && sealOf(found.body, maker) !== undefined;
  const index = isWhole ? (JSON.parse(restOf(found.body).toString('utf8')) as Index) : NO_INDEX;
  return { tables: { files, feeds, entries }, index };
}

const NO_INDEX: Index = { documents: [], seen: [], problems: [] };

/** Whether the tables are those that the index was left with. */
export function areTogether({ tables, index }: Cache): boolean {
  return JSON.stringify(documentsOf(tables)) === JSON.stringify(index.documents);
}

function documentsOf({ files, feeds, entries }: Tables): [string, string][] {
  return [...files.stored, ...feeds.stored, ...entries.stored].sort(([a], [b]) => (a < b ? -1 : 1));
}

export function memoriesOf({ tables, index: { problems } }: Cache): Memories {
  return { files: new Map([...tables.files.lines].map(([path, line]) => [path, toldOf(line)])), problems };
}

/** What is known of the store's files. */
export function seenOf({ seen }: Index): Seen {
  return { files: new Map(seen.map(([name, hash, version]) => [name, { hash, version }])), forms: new Map() };
}

/** What a whole run makes use of. */
export interface Left {
  tables: Tables;
  memories: Memories;
  passed: NonNullable<PublishInput['passed']>;
  known: NonNullable<PublishInput['known']>;
  seen: Seen;
  /** Hash of the ledger that was written last. */
  ledger?: string;
}

export async function leftOf(cache: Cache, store: Store): Promise<Left> {
  const { tables, index } = cache;
  const { files } = seenOf(index);
  const forms = new Map<string, FormsFile>();
  const byId = new Map<string, Pick<Rendered, 'key' | 'lengths'> & { entry: Entry }>();
  const readForms = async ({ name }: Stat): Promise<void> => {
    const found = await store.get(name);
    const hash = found && hashOf(found.body);
    // Other forms than those that passed the gate are none of ours.
    if (!found || hash !== files.get(name)?.hash) return;
    const entries = parseForms(found.body);
    const keys = entries.flatMap((entry) => {
      const line = tables.entries.lines.get(entry.id);
      if (!line) return [];
      const { key, lengths } = makingOf(line);
      byId.set(entry.id, { entry, key, lengths });
      return key;
    });
    if (keys.length === entries.length) forms.set(name, { hash: hash!, keys });
  };
  // A run that was stopped has left lines of entries whose forms it has not stored.
  const documents = new Map(index.documents);
  const areStored = [...tables.entries.stored].every(([name, hash]) => documents.get(name) === hash);
  if (areStored && tables.entries.lines.size > 0) await together(await store.list(FORMS), readForms);
  return {
    tables,
    memories: memoriesOf(cache),
    passed: (id, key) => {
      const known = byId.get(id);
      return known?.key === key ? known : undefined;
    },
    known: (folder, source) => {
      const line = tables.feeds.lines.get(folder);
      return line && filesOf(line, source);
    },
    seen: { files, forms },
    ...(index.ledger !== undefined && { ledger: index.ledger }),
  };
}

/** Leaves the tables: what has changed in them, or all. */
export async function storeTables(input: RunInput, tables: Tables, touched?: Touched): Promise<void> {
  const maker = makerOf(input);
  await together(['files', 'feeds', 'entries'] as const, (each) =>
    storeTable(input.store, tables[each], maker, touched?.[each]),
  );
}

/** Leaves the index of tables that are stored. */
export async function storeIndex(
  input: RunInput,
  tables: Tables,
  about: Omit<Index, 'documents'>,
): Promise<void> {
  const index: Index = { documents: documentsOf(tables), ...about };
  const { bytes } = sealed(makerOf(input), [JSON.stringify(index)]);
  const known = await input.store.get(INDEX);
  if (!known?.body.equals(bytes)) await input.store.put(INDEX, bytes);
}

/** Everything but the posts that what is read and rendered depends on. */
function makerOf(input: RunInput): string {
  const said = JSON.stringify([codeHash(), process.version, settingsOf(input)]);
  return createHash('sha256').update(said).digest('base64url');
}

let code: string | undefined;

/**
 * Of the program itself, which is one folder when it is built, and of what it is installed with: what its files look like, since
 * reading them takes longer.
 */
function codeHash(): string {
  if (code !== undefined) return code;
  const root = import.meta.dirname;
  const names = readdirSync(root).filter((name) => /\.[jt]s$/.test(name));
  const hash = createHash('sha256');
  for (const name of [...names.sort(), '../package.json', '../node_modules/.package-lock.json']) {
    const about = statSync(join(root, name), { throwIfNoEntry: false });
    hash.update(`${name} ${about?.size} ${about?.mtimeMs}\n`);
  }
  return (code = hash.digest('base64url'));
}
