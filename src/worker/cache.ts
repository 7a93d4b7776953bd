/**
 * What one process leaves to the next, so that it need not read and render everything again: what was read from each file, which
 * entries passed the gate, and what the store's files are. Only a saving of time: what is damaged, or was made by another
 * version or with other settings, is passed over, and all of it may be removed.
 */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import type { Told } from '../content/read-file.ts';
import { FORMS, parseForms } from '../ledger/forms.ts';
import type { FormsFile } from '../ledger/forms.ts';
import { hashOf } from '../publish/feed.ts';
import type { Entry } from '../publish/feed.ts';
import { sourceOf } from '../publish/publish.ts';
import { PRIVATE } from '../store/store.ts';
import type { Stat } from '../store/store.ts';
import type { Memory, RunInput, Saved } from './runs.ts';
import { AT_ONCE, lookThrough } from './write.ts';
import type { Seen } from './write.ts';

const CACHE = `${PRIVATE}cache/`;
const ENTRIES = `${CACHE}entries.jsonl`;
const FEEDS = `${CACHE}feeds.jsonl`;
const FILES = `${CACHE}files.jsonl`;
const LEDGERS = `${CACHE}ledger.jsonl`;
/** What was read is kept in so many documents, so that one changed file does not write all of it. */
const PARTS = 16;

/** What an earlier process left. */
export interface Cache extends Saved {
  passed: (key: string) => Entry | undefined;
  hashes: (source: string) => readonly string[] | undefined;
  /** Whether there are entries that have passed the gate. */
  hasPassed: boolean;
  seen: Seen;
  /** Hash of the ledger that was written last. */
  ledger?: string;
}

export const NOTHING_SAVED: Saved = { memories: new Map(), stored: new Map() };

/** What an earlier process left in the store; nothing of it is needed. */
export async function loadCache(input: RunInput): Promise<Cache> {
  const { store } = input;
  const key = keyOf(input);
  const stored = new Map<string, string>();
  const read = async <T>(name: string): Promise<T[]> => {
    const found = await store.get(name);
    const lines = found && parseDocument(found.body, key);
    if (!lines) return [];
    stored.set(name, hashOf(found.body));
    return lines as T[];
  };
  // All at once: a disk answers many questions in the time of a few.
  const [parts, known, keys, feeds, [ledger]] = await Promise.all([
    Promise.all(Array.from({ length: PARTS }, (_, part) => read<[string, Told]>(partName(part)))),
    read<[string, string, string]>(FILES),
    read<[string, string]>(ENTRIES).then((lines) => new Map(lines)),
    read<[string, string[]]>(FEEDS).then((lines) => new Map(lines)),
    read<string>(LEDGERS),
  ]);
  const files = new Map(known.map(([name, hash, version]) => [name, { hash, version }]));
  const forms = new Map<string, FormsFile>();
  const byId = new Map<string, Entry>();
  const limit = pLimit(AT_ONCE);
  const readForms = async ({ name }: Stat): Promise<void> => {
    const found = await store.get(name);
    const hash = found && hashOf(found.body);
    // Other forms than those that passed the gate are none of ours.
    if (!found || hash !== files.get(name)?.hash) return;
    const entries = parseForms(found.body);
    for (const entry of entries) byId.set(entry.id, entry);
    forms.set(name, { hash: hash!, body: () => found.body, entries });
  };
  if (keys.size > 0) await Promise.all((await store.list(FORMS)).map((stat) => limit(() => readForms(stat))));
  const passed = (key: string): Entry | undefined => byId.get(keys.get(shortHash(key)) ?? '');
  const hashes = (source: string): readonly string[] | undefined => feeds.get(shortHash(source));
  return {
    memories: new Map(parts.flat()),
    passed,
    hashes,
    hasPassed: byId.size > 0,
    seen: { files, forms },
    stored,
    ...(ledger !== undefined && { ledger }),
  };
}

/** Leaves what is known now. */
export async function saveCache(input: RunInput, memory: Memory, saved: Saved): Promise<Saved> {
  return saveFiles(input, memory, await saveMade(input, memory, saved));
}

/** Leaves what was read, rendered and made: that is so whether or not it is written, and can be left meanwhile. */
export async function saveMade(input: RunInput, memory: Memory, saved: Saved): Promise<Saved> {
  const { reader, rendered, made } = memory;
  if (!reader || !rendered || !made) return saved;
  const stored = new Map(saved.stored);
  const put = putter(input, stored);
  const memories = reader.memories();
  const changed = new Set<number>();
  for (const [path, each] of memories) if (saved.memories.get(path) !== each) changed.add(partOf(path));
  for (const path of saved.memories.keys()) if (!memories.has(path)) changed.add(partOf(path));
  for (const part of changed)
    await put(
      partName(part),
      [...memories].filter(([path]) => partOf(path) === part),
    );

  const whole = [...made.values()].filter(({ files, failed }) => files.length > 0 && failed.length === 0);
  const shown = new Set(whole.flatMap(({ entries }) => entries));
  await put(
    ENTRIES,
    [...rendered].flatMap(([id, each]) => (shown.has(each) ? [[shortHash(each.key), id]] : [])),
  );
  await put(
    FEEDS,
    whole.map((each) => [shortHash(sourceOf(each)), each.files.map(({ hash }) => hash)]),
  );
  return { memories, stored };
}

/** Leaves what is in the store. */
export async function saveFiles(input: RunInput, { seen, ledger }: Memory, saved: Saved): Promise<Saved> {
  if (!seen) return saved;
  const stored = new Map(saved.stored);
  const put = putter(input, stored);
  const there = await lookThrough(input.store);
  await put(
    FILES,
    [...seen.files].flatMap(([name, { hash }]) => {
      const version = there.get(name)?.version;
      return version === undefined ? [] : [[name, hash, version]];
    }),
  );
  if (ledger?.whole.isOwn) await put(LEDGERS, [ledger.whole.hash]);
  return { ...saved, stored };
}

/** Puts a document if it is another than the one that is `stored`. */
function putter(
  input: RunInput,
  stored: Map<string, string>,
): (name: string, lines: readonly unknown[]) => Promise<void> {
  const key = keyOf(input);
  return async (name, lines) => {
    const body = documentBytes(key, lines);
    const hash = hashOf(body);
    if (stored.get(name) === hash) return;
    await input.store.put(name, body);
    stored.set(name, hash);
  };
}

function partOf(path: string): number {
  let sum = 0;
  for (let at = 0; at < path.length; at++) sum = (sum * 31 + path.charCodeAt(at)) % 65_521;
  return sum % PARTS;
}

function partName(part: number): string {
  return `${CACHE}posts-${part}.jsonl`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** One value a line; the first line says by what it was made, and what the others are. */
function documentBytes(key: string, values: readonly unknown[]): Buffer {
  const text = values.map((value) => `${JSON.stringify(value)}\n`).join('');
  return Buffer.from(`${JSON.stringify([key, hashOf(Buffer.from(text))])}\n${text}`);
}

function parseDocument(bytes: Buffer, key: string): unknown[] | undefined {
  const end = bytes.indexOf(10) + 1;
  const rest = bytes.subarray(end);
  const header = JSON.stringify([key, hashOf(rest)]);
  if (bytes.toString('utf8', 0, end) !== `${header}\n`) return undefined;
  return rest
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** Everything but the posts that what is read and rendered depends on. */
function keyOf({ contentFolder, maxFile, site, options }: RunInput): string {
  const { media: _, sources, ...others } = options;
  const settings = [contentFolder, maxFile, site, others, [...sources]];
  return shortHash(JSON.stringify([codeHash(), process.version, settings]));
}

let code: string | undefined;

/** Of the program itself, and of what it is installed with: what its files look like, since reading them takes longer. */
function codeHash(): string {
  if (code !== undefined) return code;
  const root = join(import.meta.dirname, '..');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.[jt]s$/.test(name),
  );
  const hash = createHash('sha256');
  for (const name of [...names.sort(), '../package.json', '../node_modules/.package-lock.json']) {
    const about = statSync(join(root, name), { throwIfNoEntry: false });
    hash.update(`${name} ${about?.size} ${about?.mtimeMs}\n`);
  }
  return (code = hash.digest('base64url'));
}
