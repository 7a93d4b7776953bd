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

/** What an entry is, as far as somebody asks. */
export interface Form {
  id: string;
  /** Says all that it was made of. */
  key: string;
  whole: () => Entry;
}

/** One document: its hash, and the keys of the forms in it. */
export interface FormsFile {
  hash: string;
  keys: readonly string[];
}

/** The forms in each document, by its name: in the order of their ids. */
export function formsByName(forms: Iterable<Form>): Map<string, Form[]> {
  const byName = new Map<string, Form[]>();
  for (const form of forms) {
    const name = formsName(form.id);
    const known = byName.get(name);
    if (known) known.push(form);
    else byName.set(name, [form]);
  }
  for (const each of byName.values()) each.sort((a, b) => (a.id < b.id ? -1 : 1));
  return byName;
}

/** One document: the same for the same forms. */
export function formsBytes(forms: readonly Form[]): Buffer {
  return Buffer.from([HEADER, ...forms.map(({ whole }) => JSON.stringify(whole())), ''].join('\n'));
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
