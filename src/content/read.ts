/** A folder of files -> posts and problems. */
import { hash } from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { clearTemplates } from './templates.ts';
import { readFields } from './fields.ts';
import type { FieldOptions, Reading } from './fields.ts';
import { findFiles, loadFile, markOf } from './files.ts';
import type { Found, Place } from './files.ts';
import { isMdx } from './body.ts';
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
}

interface Known {
  onDisk: Buffer;
  /** What the file was when it was read; undefined if it may have changed without a trace since. */
  mark: string | undefined;
  reading: Reading | 'unread';
  problems: Problem[];
}

export function createReader(folder: string): Reader {
  let scanned: { found: Found; files: Map<string, Known>; optionsKey: string } | undefined;

  return {
    async read(options, changed) {
      const { timezone, maxFile = MAX_FILE } = options;
      const optionsKey = JSON.stringify([timezone, maxFile]);
      const before = scanned?.optionsKey === optionsKey ? scanned : undefined;
      // Anything but files that are still there may mean more than their names say.
      const isFew = before !== undefined && changed !== undefined && areKnown(changed, before.files);
      const found = isFew ? before.found : await findFiles(folder);
      const load = async ({ path, onDisk }: Place): Promise<Known> => {
        const known = before?.files.get(path);
        if (known?.mark !== undefined && known.mark === markOf(onDisk)?.text && known.onDisk.equals(onDisk))
          return known;
        const loaded = loadFile(path, onDisk, maxFile);
        const { mark } = loaded;
        const isSettled = mark !== undefined && mark.changed < Date.now() - UNSETTLED;
        const about = { onDisk, mark: isSettled ? mark.text : undefined };
        if ('problem' in loaded) {
          const problems = [loaded.problem];
          return { ...about, reading: loaded.unread ? 'unread' : { is: 'broken', problems }, problems };
        }
        const read = readPost(path, loaded.text, options);
        const reading = read.is === 'post' ? { ...read, post: await kept(read.post, onDisk) } : read;
        return { ...about, reading, problems: read.problems };
      };
      const kept = async (post: Post, onDisk: Buffer): Promise<Post> => {
        const { body: _, ...rest } = await measured(post, folder);
        // Copied, since pieces of a text keep the whole of it in memory.
        const copy = JSON.parse(JSON.stringify(rest)) as typeof rest;
        return { ...copy, body: () => readBodyAgain(copy, onDisk, maxFile) };
      };
      const places = isFew ? found.files.filter(({ path }) => changed.includes(path)) : found.files;
      const files = new Map(isFew ? before.files : []);
      let begun = performance.now();
      for (const [done, place] of places.entries()) {
        files.set(place.path, await load(place));
        options.progress?.(done + 1, places.length);
        if (performance.now() - begun < SLICE) continue;
        await breath();
        begun = performance.now();
      }
      scanned = { found, files, optionsKey };
      return toContent(found, files);
    },
  };
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
  for (const [path, { reading, problems }] of files) {
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
  return clearTemplates(findBlock(text)?.body ?? text, isMdx(path)).body;
}

/** By file, line, column and rule: the same problems in the same order. */
export function byPlace(a: Problem, b: Problem): number {
  const text = a.file === b.file ? [a.rule, b.rule] : [a.file, b.file];
  const place = a.file === b.file ? a.line - b.line || (a.column ?? 1) - (b.column ?? 1) : 0;
  return place || (text[0]! < text[1]! ? -1 : text[0]! > text[1]! ? 1 : 0);
}
