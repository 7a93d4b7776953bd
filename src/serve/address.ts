/** What an address stands for where no file is called just so: another name of one, one that moved or ended, or nothing. */
import { folderPage, isFeed, nameOf, requestedPath } from './paths.ts';
import type { Shelf } from './shelf.ts';
import type { ShelfFile } from './slot.ts';

export type Meaning =
  | { file: ShelfFile }
  /** Where it is now: a path from `/`, a whole URL, or `gone`. */
  | { to: string }
  | 'malformed'
  /** The store is empty. */
  | 'nothing yet'
  | 'nothing';

/** What the target of a request means. */
export function meaningOf(target: string, shelf: Shelf): Meaning {
  const path = requestedPath(target);
  if (path === undefined) return 'malformed';
  const name = nameOf(path, (each) => shelf.find(each) !== undefined);
  const file = name === undefined ? undefined : shelf.find(name);
  // A redirect of that very path comes before a feed that has it as one of its other names.
  const to =
    name === path ? undefined : (shelf.redirect(path) ?? (file ? undefined : redirectOf(path, shelf)));
  if (to !== undefined) return { to };
  if (file) return { file };
  if (shelf.find(folderPage(path))) return { to: `/${encodeURI(path)}/` };
  // A store with nothing in it may be one that is not there yet, or again: readers would take 404 for the feed's end.
  const isEmpty = shelf.shown().length === 0;
  return isEmpty && nameOf(path, isFeed) !== undefined ? 'nothing yet' : 'nothing';
}

function redirectOf(path: string, shelf: Shelf): string | undefined {
  const name = nameOf(path, (each) => shelf.redirect(each) !== undefined);
  return shelf.redirect(name ?? `${path}/`);
}
