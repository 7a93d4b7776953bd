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

/** The bytes of a catalogue: the same for the same content. One line for each thing in it, since most are the same as before. */
export function catalogueBytes({ version, feeds, files, redirects }: Catalogue): Buffer {
  const names = Object.keys(files).sort();
  const sections = [
    `"version": ${version}`,
    `"feeds": [\n${feeds.map((feed) => JSON.stringify(feed)).join(',\n')}\n]`,
    `"files": {\n${names.map((name) => `${JSON.stringify(name)}: ${lineOf(files[name]!)}`).join(',\n')}\n}`,
    `"redirects": ${JSON.stringify(byKey(redirects))}`,
  ];
  return Buffer.from(`{\n${sections.join(',\n')}\n}\n`);
}

/** Records are never changed, only replaced. */
const lines = new WeakMap<FileRecord, string>();

function lineOf(record: FileRecord): string {
  const known = lines.get(record);
  if (known !== undefined) return known;
  const line = JSON.stringify(record);
  lines.set(record, line);
  return line;
}

function byKey<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
