/** A store by its URL. A new kind of store is a row in the table. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileStore } from './files.ts';
import { memoryStore } from './memory.ts';
import type { Store } from './store.ts';

type Opener = (url: string, baseFolder: string) => Store;

const OPENERS: ReadonlyMap<string, Opener> = new Map<string, Opener>([
  ['file:', (url, baseFolder) => fileStore(resolve(baseFolder, pathOf(url)))],
  ['memory:', () => memoryStore()],
]);

/**
 * Opens `file:feeds` (relative to `baseFolder`), `file:/srv/feeds`, `file:///srv/feeds`, `memory:`, or a plain path.
 * Nothing is touched before the first use.
 */
export function openStore(url: string, baseFolder: string): Store {
  // Two letters at least: `C:\feeds` is a path.
  const scheme = /^[a-z][a-z0-9+.-]+:/i.exec(url)?.[0].toLowerCase();
  if (!scheme) return openStore(`file:${url}`, baseFolder);
  const open = OPENERS.get(scheme);
  if (open) return open(url, baseFolder);
  const known = [...OPENERS.keys()].join(' and ');
  throw new Error(`The store ${url} cannot be opened: ${scheme} is not a known kind of store, ${known} are`);
}

function pathOf(url: string): string {
  const path = url.slice('file:'.length);
  if (path === '') throw new Error('The store file: names no folder; write it like file:feeds');
  if (!path.startsWith('//')) return path;
  try {
    return fileURLToPath(url);
  } catch {
    throw new Error(
      `The store ${url} names a host; write file:feeds, or file:///srv/feeds for an absolute path`,
    );
  }
}
