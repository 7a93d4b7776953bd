/**
 * The last published form of every entry that a feed shows: state, not a cache. With it an entry whose post is broken or held
 * is shown as it was, while everything around it goes on. Kept in 256 documents by a hash of the id, so that one changed entry
 * does not write them all.
 */
import { createHash } from 'node:crypto';
import type { Entry } from '../publish/feed.ts';
import { PRIVATE } from '../store/store.ts';

export const FORMS = `${PRIVATE}entries/`;

const HEADER = JSON.stringify({ version: 1, about: 'the last published form of entries, one a line' });

/** The name of the document that holds an entry's form. */
export function formsName(id: string): string {
  return `${FORMS}${createHash('sha256').update(id).digest('hex').slice(0, 2)}.jsonl`;
}

/** The bytes of all documents, by name: the same for the same entries. */
export function formsBytes(entries: Iterable<Entry>): Map<string, Buffer> {
  const lines = new Map<string, [id: string, line: string][]>();
  for (const entry of entries) {
    const { name, line } = formOf(entry);
    if (!lines.has(name)) lines.set(name, []);
    lines.get(name)!.push([entry.id, line]);
  }
  return new Map(
    [...lines].map(([name, forms]) => {
      forms.sort(([a], [b]) => (a < b ? -1 : 1));
      return [name, Buffer.from([HEADER, ...forms.map(([, line]) => line), ''].join('\n'))];
    }),
  );
}

/** Entries are never changed: what was written for one need not be written again. */
const written = new WeakMap<Entry, { name: string; line: string }>();

function formOf(entry: Entry): { name: string; line: string } {
  const known = written.get(entry);
  if (known) return known;
  const form = { name: formsName(entry.id), line: JSON.stringify(entry) };
  written.set(entry, form);
  return form;
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
