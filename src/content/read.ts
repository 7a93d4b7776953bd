/** A folder of files -> posts and problems. */
import pLimit from 'p-limit';
import { readFields } from './fields.ts';
import type { FieldOptions, Reading } from './fields.ts';
import { findFiles, loadFile, markOf } from './files.ts';
import type { Found, Place } from './files.ts';
import { FrontMatterError } from './front-matter-block.ts';
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
const AT_ONCE = 32;
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
      const isFew = before !== undefined && changed !== undefined && (await areKnown(changed, before.files));
      const found = isFew ? before.found : await findFiles(folder);
      const limit = pLimit(AT_ONCE);
      const load = async ({ path, onDisk }: Place): Promise<[string, Known]> => {
        const known = before?.files.get(path);
        const mark = await markOf(onDisk);
        if (known?.mark !== undefined && known.mark === mark?.text && known.onDisk.equals(onDisk))
          return [path, known];
        const loaded = await loadFile(path, onDisk, maxFile);
        const read = 'text' in loaded ? readPost(path, loaded.text, options) : undefined;
        const reading = read?.is === 'post' ? { ...read, post: await measured(read.post, folder) } : read;
        const problems = 'problem' in loaded ? [loaded.problem] : reading!.problems;
        const isSettled = mark !== undefined && mark.changed < Date.now() - UNSETTLED;
        return [
          path,
          {
            onDisk,
            mark: isSettled ? mark.text : undefined,
            reading: reading ?? ('unread' in loaded && loaded.unread ? 'unread' : { is: 'broken', problems }),
            problems,
          },
        ];
      };
      const places = isFew ? found.files.filter(({ path }) => changed.includes(path)) : found.files;
      let done = 0;
      const tell = (): void => options.progress?.((done += 1), places.length);
      const loaded = await Promise.all(places.map((place) => limit(() => load(place).finally(tell))));
      const files = isFew ? new Map([...before.files, ...loaded]) : new Map(loaded);
      scanned = { found, files, optionsKey };
      return toContent(found, files);
    },
  };
}

async function areKnown(paths: readonly string[], files: ReadonlyMap<string, Known>): Promise<boolean> {
  for (const path of paths) {
    const known = files.get(path);
    if (!known || !(await markOf(known.onDisk))) return false;
  }
  return true;
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
    return readFields(path, readFrontMatter(clean(text)), options);
  } catch (error) {
    if (!(error instanceof FrontMatterError)) throw error;
    const { line, column, rule, message } = error;
    return {
      is: 'broken',
      problems: [{ level: 'error', file: path, line, ...(column && { column }), rule, message }],
    };
  }
}

/** By file, line, column and rule: the same problems in the same order. */
export function byPlace(a: Problem, b: Problem): number {
  const text = a.file === b.file ? [a.rule, b.rule] : [a.file, b.file];
  const place = a.file === b.file ? a.line - b.line || (a.column ?? 1) - (b.column ?? 1) : 0;
  return place || (text[0]! < text[1]! ? -1 : text[0]! > text[1]! ? 1 : 0);
}
