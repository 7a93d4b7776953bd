/** A folder of files -> posts and problems. This room's only I/O. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { join, sep } from 'node:path';
import pLimit from 'p-limit';
import { readFields } from './fields.ts';
import type { FieldOptions, Reading } from './fields.ts';
import { FrontMatterError } from './front-matter-block.ts';
import { readFrontMatter } from './front-matter.ts';
import type { Post, Problem } from './post.ts';
import { clean } from './text.ts';

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

/** The content folder itself is missing; as a sentence. */
export class NoFolderError extends Error {
  constructor(folder: string) {
    super(`there is no folder ${folder}; name the one with the posts by --content or content.dir`);
  }
}

const POST = /\.(?:md|markdown|mdown|mkdn?|mdx)$/i;
const SKIPPED = /^[.#~]|^node_modules$|^_index\.[^.]+$|~$|\.(?:swp|swo|bak|orig|tmp)$/i;
const FILE_LIMIT = 5 * 1024 * 1024;
const AT_ONCE = 32;

/** Reads all posts below `folder`. Throws NoFolderError if there is no such folder. */
export async function readContent(folder: string, options: FieldOptions): Promise<Content> {
  const root = await realpath(folder).catch(() => undefined);
  if (!root || !(await stat(root)).isDirectory()) throw new NoFolderError(folder);
  const found = await walk(root);
  const limit = pLimit(AT_ONCE);
  const readings = await Promise.all(
    found.files.map((file) => limit(() => readFile(join(root, file.onDisk), file.path, options))),
  );

  const content: Content = {
    posts: [],
    broken: [],
    hidden: [],
    problems: [...found.problems],
    complete: found.problems.every((each) => each.level !== 'error'),
  };
  readings.forEach((reading, at) => {
    content.problems.push(...reading.problems);
    if (reading.is === 'post') content.posts.push(reading.post);
    if (reading.is === 'hidden') content.hidden.push(found.files[at]!.path);
    if (reading.is === 'broken') content.broken.push(found.files[at]!.path);
    if (reading.is === 'unread') {
      content.broken.push(found.files[at]!.path);
      content.complete = false;
    }
  });
  content.problems.sort((a, b) => compare(a.file, b.file) || a.line - b.line || compare(a.rule, b.rule));
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

type FileReading = Reading | { is: 'unread'; problems: Problem[] };

async function readFile(file: string, path: string, options: FieldOptions): Promise<FileReading> {
  const problem = (rule: string, message: string): Problem[] => [
    { level: 'error', file: path, line: 1, rule, message },
  ];
  let bytes: Buffer;
  try {
    // Opened before it is looked at, so that what is read is what was looked at.
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > FILE_LIMIT)
        return {
          is: 'broken',
          problems: problem('file-size', `the file is larger than ${FILE_LIMIT / 1024 / 1024} MB`),
        };
      bytes = await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    return {
      is: 'unread',
      problems: problem('unreadable', `the file cannot be read: ${(error as Error).message}`),
    };
  }
  if (!isUtf8(bytes))
    return { is: 'broken', problems: problem('utf-8', 'the file is not UTF-8; save it in that encoding') };
  return readPost(path, bytes.toString('utf8'), options);
}

interface Found {
  files: { path: string; onDisk: string }[];
  problems: Problem[];
}

/** All post files below `root`, sorted by path. Only regular files, and only what lies inside `root`. */
async function walk(root: string): Promise<Found> {
  const found: Found = { files: [], problems: [] };
  const visited = new Set<string>([root]);
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    let entries;
    try {
      entries = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      found.problems.push({
        level: 'error',
        file: folder || '.',
        line: 1,
        rule: 'unreadable',
        message: `the folder cannot be read: ${(error as Error).message}`,
      });
      continue;
    }
    for (const entry of entries) {
      if (SKIPPED.test(entry.name)) continue;
      const onDisk = folder ? `${folder}/${entry.name}` : entry.name;
      let kind: 'file' | 'folder' | 'other' = entry.isFile()
        ? 'file'
        : entry.isDirectory()
          ? 'folder'
          : 'other';
      if (entry.isSymbolicLink()) kind = await followLink(root, onDisk, visited, found.problems);
      if (kind === 'folder') pending.push(onDisk);
      if (kind === 'file' && POST.test(entry.name))
        found.files.push({ path: onDisk.normalize('NFC'), onDisk });
    }
  }
  found.files.sort((a, b) => compare(a.path, b.path));
  return found;
}

/** What a symbolic link leads to; 'other' if that lies outside the folder or was visited before. */
async function followLink(
  root: string,
  link: string,
  visited: Set<string>,
  problems: Problem[],
): Promise<'file' | 'folder' | 'other'> {
  try {
    const target = await realpath(join(root, link));
    if (!`${target}${sep}`.startsWith(`${root}${sep}`)) {
      problems.push({
        level: 'warning',
        file: link,
        line: 1,
        rule: 'link-outside',
        message: 'the link leads out of the content folder and is not followed',
      });
      return 'other';
    }
    const what = await stat(target);
    if (what.isFile()) return 'file';
    if (
      !what.isDirectory() ||
      visited.has(target) ||
      `${join(root, link)}${sep}`.startsWith(`${target}${sep}`)
    )
      return 'other';
    visited.add(target);
    return 'folder';
  } catch (error) {
    problems.push({
      level: 'warning',
      file: link,
      line: 1,
      rule: 'link-broken',
      message: `the link cannot be followed: ${(error as Error).message}`,
    });
    return 'other';
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
