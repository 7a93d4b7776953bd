/** A folder of files -> posts and problems. */
import { hash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { setImmediate as breath } from 'node:timers/promises';
import { clearTemplates } from './templates.ts';
import { readFields } from './fields.ts';
import type { FieldOptions, Reading } from './fields.ts';
import { fileAt, findFiles, loadFile, markOf } from './files.ts';
import type { Found, Place } from './files.ts';
import { FrontMatterError, findBlock } from './front-matter-block.ts';
import { readFrontMatter } from './front-matter.ts';
import { measured } from './media.ts';
import type { Post, Problem } from './post.ts';
import { clean } from './text.ts';

export interface ReadOptions extends FieldOptions {
  /** Bytes; a larger file is a problem. */
  maxFile?: number;
  /** Hears how many files of how many were looked at. */
  progress?: (done: number, all: number) => void;
}

export interface Content {
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

const MAX_FILE = 5 * 1024 * 1024;
/** Milliseconds after which others get their turn: a server may run in the same process. */
const SLICE = 10;
/** A file that changed within so many milliseconds may change again, and look the same. */
const UNSETTLED = 2000;

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
}

/** One file, before and now; undefined where there is none. */
export interface Reread {
  path: string;
  before?: Reading;
  after?: Reading;
}

interface Known {
  onDisk: Buffer;
  /** What the file was when it was read; undefined if it may have changed without a trace since. */
  mark: string | undefined;
  reading: Reading | 'unread';
  problems: Problem[];
}

interface Scanned {
  root: string;
  found: Found;
  files: Map<string, Known>;
  optionsKey: string;
}

export function createReader(folder: string): Reader {
  let scanned: Scanned | undefined;
  const scannedWith = ({
    timezone,
    maxFile = MAX_FILE,
  }: ReadOptions): { optionsKey: string; before?: Scanned } => {
    const optionsKey = JSON.stringify([timezone, maxFile]);
    return scanned?.optionsKey === optionsKey ? { optionsKey, before: scanned } : { optionsKey };
  };

  const load = async ({ path, onDisk }: Place, options: ReadOptions, known?: Known): Promise<Known> => {
    if (known?.mark !== undefined && known.mark === markOf(onDisk)?.text && known.onDisk.equals(onDisk))
      return known;
    const { maxFile = MAX_FILE } = options;
    const loaded = loadFile(path, onDisk, maxFile);
    const { mark } = loaded;
    const isSettled = mark !== undefined && mark.changed < Date.now() - UNSETTLED;
    const about = { onDisk, mark: isSettled ? mark.text : undefined };
    if ('problem' in loaded) {
      const problems = [loaded.problem];
      return { ...about, reading: loaded.unread ? 'unread' : { is: 'broken', problems }, problems };
    }
    const read = readPost(path, loaded.text, { ...options, folder });
    const reading =
      read.is === 'post' ? { ...read, post: await kept(read.post, folder, onDisk, maxFile) } : read;
    return { ...about, reading, problems: read.problems };
  };

  return {
    async read(options, changed) {
      const { optionsKey, before } = scannedWith(options);
      // Anything but files that are still there may mean more than their names say.
      const isFew = before !== undefined && changed !== undefined && areKnown(changed, before.files);
      const found = isFew ? before.found : await findFiles(folder);
      const places = isFew ? found.files.filter(({ path }) => changed.includes(path)) : found.files;
      const files = new Map(isFew ? before.files : []);
      let begun = performance.now();
      for (const [done, place] of places.entries()) {
        files.set(place.path, await load(place, options, before?.files.get(place.path)));
        options.progress?.(done + 1, places.length);
        if (performance.now() - begun < SLICE) continue;
        await breath();
        begun = performance.now();
      }
      scanned = { root: realpathSync(folder), found, files, optionsKey };
      return toContent(found, files);
    },

    async reread(options, changed) {
      const { before } = scannedWith(options);
      if (!before) return undefined;
      const { root, found, files } = before;
      const now: { place: Place; known: Known | undefined }[] = [];
      for (const path of changed) {
        const place = fileAt(root, path);
        const known = files.get(path);
        const isElsewhere =
          known !== undefined && known.onDisk.toString() !== [root, ...path.split('/')].join(sep);
        const isMissing = !place && (!known || markOf(known.onDisk) !== undefined);
        if (isElsewhere || isMissing) return undefined;
        if (place) now.push({ place, known: await load(place, options, known) });
        else now.push({ place: { path, onDisk: known!.onDisk }, known: undefined });
      }
      const reread: Reread[] = [];
      for (const { place, known } of now) {
        const past = files.get(place.path)?.reading;
        if (known?.reading === 'unread' || past === 'unread') return undefined;
        reread.push({
          path: place.path,
          ...(past && { before: past }),
          ...(known && { after: known.reading }),
        });
      }
      for (const { place, known } of now) {
        const at = positionOf(place.path, found.files);
        const isThere = found.files[at]?.path === place.path;
        if (known) files.set(place.path, known);
        else files.delete(place.path);
        if (isThere !== (known !== undefined))
          found.files.splice(at, isThere ? 1 : 0, ...(known ? [place] : []));
      }
      return reread;
    },
  };
}

/** A post as it is remembered: copied, since pieces of a text keep the whole of it in memory, and without its body. */
async function kept(post: Post, folder: string, onDisk: Buffer, maxFile: number): Promise<Post> {
  const { body: _, ...rest } = await measured(post, folder);
  const copy = JSON.parse(JSON.stringify(rest)) as typeof rest;
  return { ...copy, body: () => readBodyAgain(copy, onDisk, maxFile) };
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

function toContent(found: Found, files: ReadonlyMap<string, Known>): Content {
  const content: Content = {
    posts: [],
    broken: [],
    hidden: [],
    problems: [...found.problems],
    complete: found.complete,
  };
  for (const { path } of found.files) {
    const { reading, problems } = files.get(path)!;
    content.problems.push(...problems);
    if (reading === 'unread') content.complete = false;
    if (reading === 'unread' || reading.is === 'broken') content.broken.push(path);
    else if (reading.is === 'hidden') content.hidden.push(path);
    else content.posts.push(reading.post);
  }
  content.problems.sort(byPlace);
  return content;
}

/** One file's text -> what it is. Pure; `path` is relative to the content folder. */
export function readPost(path: string, text: string, options: FieldOptions): Reading {
  try {
    return readFields(path, versionOf(text), readFrontMatter(clean(text)), options);
  } catch (error) {
    if (!(error instanceof FrontMatterError)) throw error;
    const { line, column, rule, message } = error;
    return {
      is: 'broken',
      problems: [{ level: 'error', file: path, line, ...(column && { column }), rule, message }],
    };
  }
}

function versionOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** The body of a post that was read before. Throws if its file is another by now. */
function readBodyAgain(
  { path, version }: Pick<Post, 'path' | 'version'>,
  onDisk: Buffer,
  maxFile: number,
): string {
  const loaded = loadFile(path, onDisk, maxFile);
  if ('problem' in loaded) throw new Error(loaded.problem.message);
  if (versionOf(loaded.text) !== version)
    throw new Error('its file was changed while it was being published; the next run takes it as it is then');
  const text = clean(loaded.text);
  return clearTemplates(findBlock(text)?.body ?? text, path).body;
}

/** By file, line, column and rule: the same problems in the same order. */
export function byPlace(a: Problem, b: Problem): number {
  const text = a.file === b.file ? [a.rule, b.rule] : [a.file, b.file];
  const place = a.file === b.file ? a.line - b.line || (a.column ?? 1) - (b.column ?? 1) : 0;
  return place || (text[0]! < text[1]! ? -1 : text[0]! > text[1]! ? 1 : 0);
}
