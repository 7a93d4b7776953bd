/**
 * A table of the cache: lines by key, spread over so many documents that one line that changes does not write all of them. A line is
 * its head, of which the first is the key and which is read at once, and a body, which is read when somebody asks for it.
 */
import { hashOf } from '../publish/feed.ts';
import type { Store } from '../store/store.ts';
import { together } from './together.ts';

/** What is read of a line at once: strings and numbers, 0 for what there is not. */
export type Head = readonly [key: string, ...others: (string | number)[]];

export interface Line<H extends Head = Head> {
  head: H;
  /** What stands in its body; the caller knows what that is, since a table of another program is never read. */
  body(): unknown;
  text(): string | Uint8Array;
}

export interface Table<L extends Line = Line> {
  /** What its documents are called, but for their numbers. */
  name: string;
  lines: Map<string, L>;
  /** Hashes of the documents that are stored, by name. */
  stored: Map<string, string>;
}

const DOCUMENTS = 8;
/** So many are in memory, and written, at the same time. */
const AT_ONCE = 4;
const TAB = 9;
const NEWLINE = 10;

export function emptyTable<L extends Line>(name: string): Table<L> {
  return { name, lines: new Map(), stored: new Map() };
}

export function lineOf<H extends Head>(head: H, body: unknown): Line<H> {
  return { head, body: () => body, text: () => `${JSON.stringify(head)}\t${JSON.stringify(body)}\n` };
}

/** The documents that were made by `maker` and are whole. */
export async function readTable<L extends Line>(
  store: Store,
  name: string,
  maker: string,
): Promise<Table<L>> {
  const table = emptyTable<L>(name);
  const names = Array.from({ length: DOCUMENTS }, (_, at) => documentName(name, at));
  const read = async (document: string): Promise<void> => {
    const found = await store.get(document);
    const hash = found && sealOf(found.body, maker);
    if (hash === undefined) return;
    table.stored.set(document, hash);
    for (const line of linesIn(found!.body)) table.lines.set(line.head[0], line as L);
  };
  await Promise.all(names.map(read));
  return table;
}

/** Stores what has become of the lines with the keys in `changed`, or, without, of all. */
export async function storeTable(
  store: Store,
  { name, lines, stored }: Table,
  maker: string,
  changed?: Iterable<string>,
): Promise<void> {
  const documents = new Map<string, Line[]>();
  const all = Array.from({ length: DOCUMENTS }, (_, at) => documentName(name, at));
  for (const document of changed ? [...changed].map((key) => documentOf(name, key)) : all)
    documents.set(document, []);
  for (const [key, line] of lines) documents.get(documentOf(name, key))?.push(line);
  const put = async ([document, content]: [string, Line[]]): Promise<void> => {
    const sorted = content.sort((a, b) => (a.head[0] < b.head[0] ? -1 : 1));
    const texts = sorted.map((line) => line.text());
    const { bytes, hash } = sealed(maker, texts);
    if (stored.get(document) === hash) return;
    await store.put(document, bytes);
    stored.set(document, hash);
  };
  await together(documents, put, AT_ONCE);
}

/** A document: its first line says by what it was made, and what the rest is. */
export function sealed(
  maker: string,
  texts: readonly (string | Uint8Array)[],
): { bytes: Buffer; hash: string } {
  const rest = Buffer.concat(texts.map((text) => (typeof text === 'string' ? Buffer.from(text) : text)));
  const hash = hashOf(rest);
  return { bytes: Buffer.concat([Buffer.from(headerOf(maker, hash)), rest]), hash };
}

/** The hash of what stands in a document, if it was made by `maker` and is whole. */
export function sealOf(bytes: Buffer, maker: string): string | undefined {
  const hash = hashOf(restOf(bytes));
  const header = headerOf(maker, hash);
  return bytes.toString('utf8', 0, Buffer.byteLength(header)) === header ? hash : undefined;
}

/** What stands in a document, without its first line. */
export function restOf(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf(NEWLINE) + 1);
}

function headerOf(maker: string, hash: string): string {
  return `${JSON.stringify([maker, hash])}\n`;
}

function* linesIn(bytes: Buffer): Generator<Line> {
  for (let from = bytes.indexOf(NEWLINE) + 1; from < bytes.length;) {
    const tab = bytes.indexOf(TAB, from);
    const end = bytes.indexOf(NEWLINE, tab) + 1;
    yield new StoredLine(bytes, from, tab, end);
    from = end;
  }
}

/** A line of a document. */
class StoredLine implements Line {
  readonly head: Head;
  readonly #bytes: Buffer;
  readonly #from: number;
  readonly #tab: number;
  readonly #end: number;

  constructor(bytes: Buffer, from: number, tab: number, end: number) {
    this.head = JSON.parse(bytes.toString('utf8', from, tab)) as Head;
    this.#bytes = bytes;
    this.#from = from;
    this.#tab = tab;
    this.#end = end;
  }

  body(): unknown {
    return JSON.parse(this.#bytes.toString('utf8', this.#tab + 1, this.#end));
  }

  text(): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#end);
  }
}

function documentOf(name: string, key: string): string {
  let sum = 0;
  for (let at = 0; at < key.length; at++) sum = (sum * 31 + key.charCodeAt(at)) % 65_521;
  return documentName(name, sum % DOCUMENTS);
}

function documentName(name: string, at: number): string {
  return `${name}-${at}.jsonl`;
}
