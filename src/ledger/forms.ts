/**
 * The last published form of every entry that a feed shows: state, not a cache. With it an entry whose post is broken or held
 * is shown as it was, while everything around it goes on. Kept in 256 documents by a hash of the id, so that one changed entry
 * does not write them all.
 */
import { createHash } from 'node:crypto';
import { hashOf } from '../publish/feed.ts';
import type { Entry } from '../publish/feed.ts';
import { PRIVATE } from '../store/store.ts';

export const FORMS = `${PRIVATE}entries/`;

const HEADER = JSON.stringify({ version: 1, about: 'the last published form of entries, one a line' });

/** The name of the document that holds an entry's form. */
export function formsName(id: string): string {
  return `${FORMS}${createHash('sha256').update(id).digest('hex').slice(0, 2)}.jsonl`;
}

/** One document: its hash, its bytes, and the entries in it. */
export interface FormsFile {
  hash: string;
  body: () => Buffer;
  entries: readonly Entry[];
}

/** All documents, by name: the same for the same entries. What is the same as `before` is taken from there. */
export function formsFiles(
  entries: Iterable<Entry>,
  before: ReadonlyMap<string, FormsFile> = new Map(),
): Map<string, FormsFile> {
  const byName = new Map<string, Entry[]>();
  for (const entry of entries) {
    const name = formsName(entry.id);
    if (!byName.has(name)) byName.set(name, []);
    byName.get(name)!.push(entry);
  }
  return new Map(
    [...byName].map(([name, forms]) => {
      forms.sort((a, b) => (a.id < b.id ? -1 : 1));
      const known = before.get(name);
      const same =
        known?.entries.length === forms.length && known.entries.every((each, at) => each === forms[at]);
      return [name, same ? known : formsFile(forms)];
    }),
  );
}

/** One document; `entries` are sorted by id. */
export function formsFile(entries: readonly Entry[]): FormsFile {
  const body = (): Buffer =>
    Buffer.from([HEADER, ...entries.map((entry) => JSON.stringify(entry)), ''].join('\n'));
  return { hash: hashOf(body()), body, entries };
}

/** The entries in one document; lines that are damaged are left out. */
export function parseForms(bytes: Buffer): Entry[] {
  const [header, ...lines] = bytes.toString('utf8').split('\n');
  return header === HEADER ? lines.flatMap((line) => parse(line) ?? []) : [];
}

function parse(line: string): Entry | undefined {
  try {
    const read = JSON.parse(line) as Partial<Entry>;
    const texts = [read.path, read.id, read.title, read.url, read.description, read.content];
    const whole =
      texts.every((text) => typeof text === 'string') &&
      [read.published, read.updated].every(Number.isSafeInteger) &&
      [read.tags, read.authors, read.enclosures].every(Array.isArray);
    return whole ? (read as Entry) : undefined;
  } catch {
    return undefined;
  }
}
