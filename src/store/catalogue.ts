/**
 * The store's index: which feeds are published and the hash of each of their files. The worker writes it last in a run;
 * a server that sees it change knows what to read again.
 */
import type { Store } from './store.ts';
import { PRIVATE } from './store.ts';

export const CATALOGUE = `${PRIVATE}index.json`;

/** One published file. */
export interface FileRecord {
  /** SHA-256 of its bytes in base64url. */
  hash: string;
  /** When its bytes last changed, in milliseconds since 1970: what Last-Modified says. */
  modified: number;
}

/** One published feed. */
export interface CatalogueFeed {
  /** '' or like `tags/rust/`. */
  folder: string;
  title: string;
  entries: number;
  /** Milliseconds that usually pass between two entries. */
  every?: number;
  /** When it will be another by itself, since a post is due or expires: milliseconds since 1970. */
  next?: number;
}

export interface Catalogue {
  version: 1;
  /** In the order they should be shown to people: the site's own first. */
  feeds: CatalogueFeed[];
  /** By name. */
  files: Record<string, FileRecord>;
  /** Where readers of files that are no more are sent: a path from `/`, a whole URL, or `gone`. By name. */
  redirects: Record<string, string>;
}

/** The catalogue, or undefined if there is none or it is not readable as one. */
export async function readCatalogue(store: Store): Promise<Catalogue | undefined> {
  const stored = await store.get(CATALOGUE);
  if (!stored) return undefined;
  try {
    const read = JSON.parse(stored.body.toString('utf8')) as Partial<Catalogue> | null;
    return read?.version === 1 && Array.isArray(read.feeds) && read.files && read.redirects
      ? (read as Catalogue)
      : undefined;
  } catch {
    return undefined; // Damaged from outside: the next run writes it anew.
  }
}

/**
 * The bytes of a catalogue: the same for the same content. One line for each thing in it, since most are the same as before.
 * `feeds` and the records of `files` are never changed, only replaced.
 */
export function catalogueBytes({
  version,
  feeds,
  files,
  redirects,
}: Omit<Catalogue, 'files'> & { files: ReadonlyMap<string, FileRecord> }): Buffer {
  const names = [...files.keys()].sort();
  const sections = [
    `{\n"version": ${version},\n"feeds": [\n`,
    feeds.map((feed) => lineOf(feed)).join(',\n'),
    '\n],\n"files": {\n',
    names.map((name) => lineOf(files.get(name)!, name)).join(',\n'),
    `\n},\n"redirects": ${JSON.stringify(byKey(redirects))}\n}\n`,
  ];
  // Each by itself: one letter that is not in Latin-1 makes a text of megabytes slow to encode.
  return Buffer.concat(sections.map((section) => Buffer.from(section)));
}

const lines = new WeakMap<object, { name: string | undefined; line: string }>();

function lineOf(value: FileRecord | CatalogueFeed, name?: string): string {
  const known = lines.get(value);
  if (known && known.name === name) return known.line;
  const line = (name === undefined ? '' : `${JSON.stringify(name)}: `) + JSON.stringify(value);
  lines.set(value, { name, line });
  return line;
}

function byKey<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
