/** A folder of files -> posts and problems. */
import pLimit from 'p-limit';
import { readFields } from './fields.ts';
import type { FieldOptions, Reading } from './fields.ts';
import { findFiles, loadFile } from './files.ts';
import { FrontMatterError } from './front-matter-block.ts';
import { readFrontMatter } from './front-matter.ts';
import type { Post, Problem } from './post.ts';
import { clean } from './text.ts';

export interface ReadOptions extends FieldOptions {
  /** Bytes; a larger file is a problem. */
  maxFile?: number;
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

/** Reads all posts below `folder`. Throws NoFolderError if there is no such folder. */
export async function readContent(folder: string, options: ReadOptions): Promise<Content> {
  const found = await findFiles(folder);
  const limit = pLimit(AT_ONCE);
  const readings = await Promise.all(
    found.files.map(({ path, onDisk }) =>
      limit(async (): Promise<[string, Reading | 'unread', Problem[]]> => {
        const loaded = await loadFile(path, onDisk, options.maxFile ?? MAX_FILE);
        if ('text' in loaded) {
          const reading = readPost(path, loaded.text, options);
          return [path, reading, reading.problems];
        }
        const broken: Reading = { is: 'broken', problems: [loaded.problem] };
        return [path, loaded.unread ? 'unread' : broken, [loaded.problem]];
      }),
    ),
  );

  const content: Content = {
    posts: [],
    broken: [],
    hidden: [],
    problems: [...found.problems],
    complete: found.complete,
  };
  for (const [path, reading, problems] of readings) {
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
