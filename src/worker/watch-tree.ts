/** Watches a folder and those in it, one watch each, and says which posts were touched. */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { SKIPPED } from '../content/files.ts';
import { POST } from '../content/path.ts';
import { codeOf } from '../store/durable.ts';

/** The system's means: it watches a folder, or where it is `recursive`, a folder with all that is in it. */
export interface Watching {
  recursive: boolean;
  watch: (
    folder: string,
    options: { persistent: boolean; recursive: boolean },
    listener: (event: 'rename' | 'change', name: string | null) => void,
  ) => Watcher;
}

interface Watcher {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): void;
}

export interface TreeWatch {
  /** Which folder it is that is watched, by `folderId`. */
  id: string | undefined;
  close(): void;
}

export interface Watched {
  /** A post was touched, by its path; without one, anything may have changed. */
  touched: (path?: string) => void;
  /** Events were lost, or the folder itself went: all must be watched anew. */
  doubt: () => void;
  failed: (error: Error) => void;
}

/** The link that Kubernetes puts in another's place to change all files of a volume at once. */
const VOLUME = '..data';

/** Which folder this is, or undefined if it is none. Another that takes its place has another id, as a rule. */
export function folderId(about: BigIntStats): string | undefined {
  return about.isDirectory() ? `${about.dev}:${about.ino}` : undefined;
}

/** Whether the system says that there is no such folder. */
export function isGone(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');
}

/** A folder that is made where another was removed may get its number, though hardly its time of birth. */
function isSame(before: BigIntStats, now: BigIntStats): boolean {
  const born = now.birthtimeNs;
  return folderId(before) === folderId(now) && born === before.birthtimeNs && born !== 0n;
}

type Step = 'watch' | 'forget' | 'tell anything' | 'tell path' | 'nothing';

/** What follows from an event for a name: `now` is what has that name, `known` the folder that is watched under it. */
function stepFor(name: string, now: BigIntStats | undefined, known: BigIntStats | undefined): Step {
  if (SKIPPED.test(name)) return name === VOLUME ? 'tell anything' : 'nothing';
  if (now?.isDirectory()) return known && isSame(known, now) ? 'nothing' : 'watch';
  if (known) return 'forget';
  // It may lead to a folder.
  if (now?.isSymbolicLink()) return 'tell anything';
  return POST.test(name) ? 'tell path' : 'nothing';
}

interface Folder {
  path: string;
  about: BigIntStats;
  folders: Map<string, Folder>;
  watcher?: Watcher;
}

/**
 * The kernel keeps twice as many events for a program, and drops what comes then; Node does not tell. So whenever this many have
 * come, some may be lost.
 */
const MANY_EVENTS = 8192;

/** Watches from before it returns. Throws what the system says if it cannot, and then nothing is watched. */
export function watchTree(root: string, { watch, recursive }: Watching, tell: Watched): TreeWatch {
  const onDisk = (path: string): string => join(root, path);
  let events = 0;

  const enter = (folder: Folder): void => {
    if (!recursive || folder === top) {
      const listener = (_: string, name: string | null): void => seen(folder, name);
      folder.watcher = watch(onDisk(folder.path), { persistent: false, recursive }, listener);
      folder.watcher.on('error', tell.failed);
    }
    // Read after it is watched, so that no folder is missed that is made meanwhile.
    for (const entry of readdirSync(onDisk(folder.path), { withFileTypes: true })) {
      if (!entry.isDirectory() || SKIPPED.test(entry.name)) continue;
      const about = lookAt(onDisk(pathIn(folder, entry.name)));
      if (about?.isDirectory()) add(folder, entry.name, about);
    }
  };

  // Looked at before it is watched, so that if another takes its place meanwhile, the event for that finds it different.
  const add = (parent: Folder, name: string, about: BigIntStats): void => {
    const folder: Folder = { path: pathIn(parent, name), about, folders: new Map() };
    parent.folders.set(name, folder);
    try {
      enter(folder);
    } catch (error) {
      // What may not be read has no posts either; when it gets other rights, the event finds it unknown.
      if (!isGone(error) && codeOf(error) !== 'EACCES') throw error;
      remove(parent, name);
    }
  };

  const remove = (parent: Folder, name: string): void => {
    leave(parent.folders.get(name));
    parent.folders.delete(name);
  };

  const seen = (folder: Folder, name: string | null): void => {
    if (name === null || ++events % MANY_EVENTS === 0) return tell.doubt();
    try {
      // What happens to a watched folder itself comes under its own name.
      if (folder === top && name === basename(root) && !isSame(top.about, statSync(root, { bigint: true })))
        tell.doubt();
      else act(...placeOf(folder, recursive ? name.split(sep) : [name]));
    } catch (error) {
      if (isGone(error)) tell.doubt();
      else tell.failed(error as Error);
    }
  };

  const act = (folder: Folder, name: string): void => {
    const path = pathIn(folder, name);
    const now = lookAt(onDisk(path));
    const step = stepFor(name, now, folder.folders.get(name)?.about);
    if (step === 'watch' || step === 'forget') remove(folder, name);
    if (step === 'watch') add(folder, name, now!);
    if (step === 'tell path') tell.touched(path.normalize('NFC'));
    else if (step !== 'nothing') tell.touched();
  };

  const top: Folder = { path: '', about: statSync(root, { bigint: true }), folders: new Map() };
  try {
    enter(top);
  } catch (error) {
    leave(top);
    throw error;
  }
  return { id: folderId(top.about), close: () => leave(top) };
}

function leave(folder: Folder | undefined): void {
  folder?.watcher?.close();
  folder?.folders.forEach(leave);
}

function pathIn(folder: Folder, name: string): string {
  return folder.path ? `${folder.path}/${name}` : name;
}

/** The innermost known folder on a path, and what comes next. */
function placeOf(folder: Folder, [name = '', ...rest]: string[]): [Folder, string] {
  const next = rest.length > 0 && folder.folders.get(name);
  return next ? placeOf(next, rest) : [folder, name];
}

function lookAt(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** One value for all posts' names, sizes and times below a folder: where it differs, some post does. */
export async function signatureOf(root: string): Promise<string> {
  const hash = createHash('sha256');
  const visit = async (path: string): Promise<void> => {
    const entries = await readdir(join(root, path), { withFileTypes: true }).catch(codeOf);
    if (!Array.isArray(entries)) return void hash.update(`${path}\0${entries}\0`);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const inside = path ? `${path}/${entry.name}` : entry.name;
      if (SKIPPED.test(entry.name)) continue;
      if (entry.isDirectory()) await visit(inside);
      else if (POST.test(entry.name)) {
        // Where a link leads counts.
        const about = await stat(join(root, inside), { bigint: true }).catch(() => undefined);
        hash.update(`${inside}\0${about?.size}\0${about?.mtimeNs}\0`);
      }
    }
  };
  await visit('');
  return hash.digest('hex');
}
