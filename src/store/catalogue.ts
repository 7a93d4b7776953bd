/**
 * The store's index: which feeds are published and the hash of each of their files. The worker writes it last in a run;
 * a server that sees it change knows what to read again.
 */
import { createHash } from 'node:crypto';
import type { Store } from './store.ts';
import { PRIVATE } from './store.ts';

export const CATALOGUE = `${PRIVATE}index.json`;

export interface Catalogue {
  version: 1;
  /** In the order they should be shown to people: the site's own first. */
  feeds: { folder: string; title: string; entries: number }[];
  /** Hash of each file by its name. */
  files: Record<string, string>;
}

/** SHA-256 of the bytes in base64url, 43 characters. */
export function hashOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url');
}

/** The catalogue, or undefined if there is none or it is not readable as one. */
export async function readCatalogue(store: Store): Promise<Catalogue | undefined> {
  const stored = await store.get(CATALOGUE);
  if (!stored) return undefined;
  try {
    const read = JSON.parse(stored.body.toString('utf8')) as Partial<Catalogue> | null;
    return read?.version === 1 && Array.isArray(read.feeds) && read.files ? (read as Catalogue) : undefined;
  } catch {
    return undefined; // Damaged from outside: the next run writes it anew.
  }
}

/** The bytes of a catalogue: the same for the same content. */
export function catalogueBytes(catalogue: Catalogue): Buffer {
  const names = Object.keys(catalogue.files).sort();
  const files = Object.fromEntries(names.map((name) => [name, catalogue.files[name]]));
  return Buffer.from(JSON.stringify({ ...catalogue, files }, null, 1) + '\n');
}
