/** A folder of files -> posts and problems. */
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type { Reading } from './fields.ts';
import { fileAt, findFiles, markOf } from './files.ts';
import type { Found, Place } from './files.ts';
import { LazyMap } from './lazy-map.ts';
import type { Post, Problem } from './post.ts';
import { hear, loadPost } from './read-file.ts';
import type { FileOptions, Known, Told } from './read-file.ts';
import { byPlace } from './problems.ts';
import { turns } from './turns.ts';

export interface ReadOptions extends FileOptions {
  /** Hears how many files of how many were looked at. */
  progress?: (done: number, all: number) => void;
}

export interface Content {
  /** The content folder. */
  folder: string;
  /** Sorted by path. */
  posts: Post[];
  /** Files that should be posts and cannot be read as such: what was last published of them stays. */
  broken: string[];
  /** Drafts and what else the author keeps back. */
  hidden: string[];
  problems: Problem[];
  /** Whether every file and folder could be read: only then is what is not here gone. */
  complete: boolean;
}

/** Reads all posts below `folder`. Throws NoFolderError if there is no such folder. */
export function readContent(folder: string, options: ReadOptions): Promise<Content> {
  return createReader(folder).read(options);
}

/** Reads one folder again and again, and opens only the files that have changed. */
export interface Reader {
  /**
   * All posts, as `readContent` gives them. With `changed`, paths of the only files that may be other than before, the rest
   * is not looked at.
   */
  read(options: ReadOptions, changed?: readonly string[]): Promise<Content>;
  /**
   * Only what has become of these files since they were last read; undefined, with nothing done, if that cannot be told without
   * looking through the folder.
   */
  reread(options: ReadOptions, changed: readonly string[]): Promise<Reread[] | undefined>;
  /**
   * Looks at every file, but into none: which may be other than when they were last read, came or went. Undefined if that cannot be
   * told, or something else in the folder is wrong than was.
   */
  scan(options: ReadOptions): Promise<string[] | undefined>;
  /** What is worth remembering: of these files, or of all. */
  memories(paths?: Iterable<string>): Memories;
}

/** What a reader remembers of its folder. */
export interface Memories {
  /** By path; undefined for a file of which nothing could be said. */
  files: ReadonlyMap<string, Told | undefined>;
  /** What is wrong with the folder. */
  problems: readonly Problem[];
}

const NO_MEMORIES: Memories = { files: new Map(), problems: [] };

/** One file, before and now; undefined where there is none. */
export interface Reread {
  path: string;
  before?: Reading;
  after?: Reading;
}

interface Scanned {
  root: string;
  found: Found;
  files: Map<string, Known>;
  optionsKey: string;
}

/** `remembered` is what a reader of an earlier process gave, with the same options. */
export function createReader(folder: string, remembered = NO_MEMORIES): Reader {
  let scanned: Scanned | undefined;
  /** Files of which an earlier process could say nothing, as long as they have not been read. */
  const untold = new Set([...remembered.files].flatMap(([path, told]) => (told ? [] : path)));
  const scannedWith = ({ timezone, maxFile }: ReadOptions): { optionsKey: string; before?: Scanned } => {
    const optionsKey = JSON.stringify([timezone, maxFile]);
    return scanned?.optionsKey === optionsKey ? { optionsKey, before: scanned } : { optionsKey };
  };

  const load = (place: Place, options: ReadOptions, known?: Known): Promise<Known> => {
    const memory = known ? undefined : remembered.files.get(place.path);
    return loadPost(place, options, folder, known ?? (memory && hear(memory, options)));
  };
  const allHeard = (options: ReadOptions): Map<string, Known> => {
    const files = new LazyMap<Told, Known>((told) => hear(told, options));
    for (const [path, told] of remembered.files) if (told) files.lay(path, told);
    return files;
  };

  /** What is in the folder now, with what is known of it; undefined where not all can be seen, or something else is wrong than was. */
  const lookAgain = async (options: ReadOptions): Promise<Scanned | undefined> => {
    const { optionsKey, before } = scannedWith(options);
    const found = await findFiles(folder);
    const problems = before?.found.problems ?? remembered.problems;
    if (!found.complete || JSON.stringify(found.problems) !== JSON.stringify(problems)) return undefined;
    return { root: realpathSync(folder), found, files: before?.files ?? allHeard(options), optionsKey };
  };

  return {
    async read(options, changed) {
      const { optionsKey, before } = scannedWith(options);
      // Anything but files that are still there may mean more than their names say.
      const isFew = before !== undefined && changed !== undefined && areKnown(changed, before.files);
      const found = isFew ? before.found : await findFiles(folder);
      const places = isFew ? found.files.filter(({ path }) => changed.includes(path)) : found.files;
      const files = new Map(isFew ? before.files : []);
      const turn = turns();
      for (const [done, place] of places.entries()) {
        files.set(place.path, await load(place, options, before?.files.get(place.path)));
        options.progress?.(done + 1, places.length);
        await turn();
      }
      scanned = { root: realpathSync(folder), found, files, optionsKey };
      untold.clear();
      return toContent(folder, found, files);
    },

    async reread(options, changed) {
      const { before = remembered.files.size > 0 ? await lookAgain(options) : undefined } =
        scannedWith(options);
      if (!before) return undefined;
      scanned = before;
      const { root, found, files } = before;
      const now: { place: Place; known: Known | undefined }[] = [];
      for (const path of changed) {
        const place = fileAt(root, path);
        const known = files.get(path);
        const isElsewhere = known !== undefined && known.onDisk !== [root, ...path.split('/')].join(sep);
        // One that went may be there under a name that Unicode writes otherwise.
        const isWritten = /[^\0-\x7f]/.test(path);
        const isMissing = !place && (!known || isWritten || markOf(known.onDisk) !== undefined);
        if (isElsewhere || isMissing) return undefined;
        if (place) now.push({ place, known: await load(place, options, known) });
        else now.push({ place: { path, onDisk: known!.onDisk }, known: undefined });
      }
      const reread: Reread[] = [];
      for (const { place, known } of now) {
        const past = files.get(place.path)?.reading;
        if (known?.reading.is === 'unread' || past?.is === 'unread') return undefined;
        reread.push({
          path: place.path,
          ...(past && { before: past }),
          ...(known && { after: known.reading }),
        });
      }
      for (const { place, known } of now) {
        const at = positionOf(place.path, found.files);
        const isThere = found.files[at]?.path === place.path;
        untold.delete(place.path);
        if (known) files.set(place.path, known);
        else files.delete(place.path);
        if (isThere !== (known !== undefined))
          found.files.splice(at, isThere ? 1 : 0, ...(known ? [place] : []));
      }
      return reread;
    },

    async scan(options) {
      const next = await lookAgain(options);
      if (!next) return undefined;
      const known = scannedWith(options).before?.files ?? remembered.files;
      const changed: string[] = [];
      const isThere = new Set<string>();
      const turn = turns();
      for (const { path, onDisk } of next.found.files) {
        isThere.add(path);
        const was = known.get(path);
        const isSame = was?.mark !== undefined && was.onDisk === onDisk && was.mark === markOf(onDisk)?.text;
        if (!isSame) changed.push(path);
        await turn();
      }
      for (const path of new Set([...known.keys(), ...untold])) if (!isThere.has(path)) changed.push(path);
      scanned = next;
      return changed;
    },

    memories(paths = scanned?.files.keys() ?? []) {
      const files = new Map<string, Told | undefined>();
      for (const path of paths) {
        const known = scanned?.files.get(path);
        if (!known) continue;
        files.set(path, worthKeeping(known));
      }
      return { files, problems: scanned?.found.problems ?? [] };
    },
  };
}

/** What is remembered of a file; undefined where it must be read again. */
function worthKeeping({ onDisk, mark, version, reading }: Known): Told | undefined {
  if (version === undefined || reading.is === 'unread' || reading.is === 'broken') return undefined;
  return { onDisk, mark, version, reading };
}

/** Where a path is among files that are sorted by theirs, or would be. */
function positionOf(path: string, files: readonly Place[]): number {
  let [from, to] = [0, files.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (files[middle]!.path < path) from = middle + 1;
    else to = middle;
  }
  return from;
}

function areKnown(paths: readonly string[], files: ReadonlyMap<string, Known>): boolean {
  return paths.every((path) => {
    const known = files.get(path);
    return known !== undefined && markOf(known.onDisk) !== undefined;
  });
}

function toContent(folder: string, found: Found, files: ReadonlyMap<string, Known>): Content {
  const content: Content = {
    folder,
    posts: [],
    broken: [],
    hidden: [],
    problems: [...found.problems],
    complete: found.complete,
  };
  for (const { path } of found.files) {
    const { reading } = files.get(path)!;
    content.problems.push(...reading.problems);
    if (reading.is === 'unread') content.complete = false;
    if (reading.is === 'unread' || reading.is === 'broken') content.broken.push(path);
    else if (reading.is === 'hidden') content.hidden.push(path);
    else content.posts.push(reading.post);
  }
  content.problems.sort(byPlace);
  return content;
}
