/** What is in the store, as far as a process that has put it there knows. */
import type { FormsFile } from '../ledger/forms.ts';
import { FORMS } from '../ledger/forms.ts';
import { FORMAT_FILES, hashOf } from '../publish/feed.ts';
import { GROUPING_FOLDERS } from '../publish/select.ts';
import { CATALOGUE } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';

/** What one process knows of a store that nobody else writes to while it holds the lease. */
export interface Seen {
  /** Hash, and where it was looked up the version, of what was found or put under a name. */
  files: Map<string, { hash: string; version?: string }>;
  forms: Map<string, FormsFile>;
}

export const NOTHING_SEEN: Seen = { files: new Map(), forms: new Map() };

/** The versions of all feeds, forms and the catalogue in the store. */
export async function lookThrough(store: Store): Promise<ReadonlyMap<string, { version: string }>> {
  const lists = await Promise.all([store.list(), store.list(FORMS), store.list(CATALOGUE)]);
  return new Map(lists.flat().map(({ name, version }) => [name, { version }]));
}

/**
 * Whether all that was seen is there still, as it was, with what is not ours, and nothing that a run would remove. Files that were put and not looked at
 * since are read, and their versions known from then on.
 */
export async function isAsSeen(
  store: Store,
  { files }: Seen,
  foreign: ReadonlySet<string>,
): Promise<boolean> {
  const there = await lookThrough(store);
  if ([...foreign].some((name) => !there.has(name))) return false;
  for (const [name, { hash, version }] of files) {
    const found = there.get(name);
    if (version !== undefined ? found?.version !== version : !found) return false;
    if (version !== undefined) continue;
    const stored = await store.get(name);
    if (!stored || hashOf(stored.body) !== hash) return false;
    files.set(name, { hash, version: stored.version });
  }
  return [...there.keys()].every((name) => files.has(name) || !(isOrphan(name) || name.startsWith(FORMS)));
}

/** Looks a few names up one by one rather than all of them. */
const FEW = 50;

/** Every file that was seen, with its version; without those that are no longer there. */
export async function withVersions(
  store: Store,
  { files }: Seen,
): Promise<[name: string, hash: string, version: string][]> {
  const fresh = [...files].filter(([, { version }]) => version === undefined).map(([name]) => name);
  const there =
    fresh.length > FEW
      ? await lookThrough(store)
      : new Map(await Promise.all(fresh.map(async (name) => [name, await store.stat(name)] as const)));
  return [...files].flatMap(([name, { hash, version = there.get(name)?.version }]) =>
    version === undefined ? [] : [[name, hash, version]],
  );
}

const FILES = new Set(Object.values(FORMAT_FILES).map(({ file }) => file));

/** Whether only a run can have put a file there: a run that was killed may not have written the catalogue. */
export function isOwnFile(name: string): boolean {
  const at = name.lastIndexOf('/') + 1;
  const folder = name.slice(0, at);
  return (
    FILES.has(name.slice(at)) &&
    (folder === '' ||
      (GROUPING_FOLDERS.some((each) => folder.startsWith(each)) && folder.split('/').length === 3))
  );
}

/** A feed of a grouping that nobody remembers: at the root of the store others may have put theirs. */
export function isOrphan(name: string): boolean {
  return name.includes('/') && isOwnFile(name);
}
