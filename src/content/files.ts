/** The files of a content folder: which there are, and their text. This room's only I/O. */
import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { POST } from './path.ts';
import type { Problem } from './post.ts';

/** The content folder itself is missing; as a sentence. */
export class NoFolderError extends Error {
  constructor(folder: string) {
    super(`there is no folder ${folder}; name the one with the posts by --content or content.dir`);
  }
}

/** Names of files and folders that are passed over, even where they end as posts do. */
export const SKIPPED =
  /^[.#~]|^node_modules$|^_index(?:\.[a-z]{2,3}(?:[-_][a-z\d]+)*)?\.[^.]+$|~$|\.(?:swp|swo|bak|orig|tmp)$/i;

export interface Found {
  /** Sorted by path. */
  files: Place[];
  problems: Problem[];
  /** Whether every folder could be read. */
  complete: boolean;
}

/**
 * All post files below `folder`, sorted by path: only regular files that lie inside, each once, whatever links lead to it.
 * Nothing is opened.
 */
export async function findFiles(folder: string): Promise<Found> {
  const root = await realpath(folder).catch(() => undefined);
  if (!root || !(await stat(root)).isDirectory()) throw new NoFolderError(folder);
  const found: Found = { files: [], problems: [], complete: true };
  const tell = (level: Problem['level'], file: string, rule: string, message: string): void => {
    found.problems.push({ level, file, line: 1, rule, message });
  };
  const seen = new Set<string>();
  const paths = new Set<string>();
  const folders: Place[] = [{ path: '', onDisk: root }];
  const links: Link[] = [];

  const take = (place: Place, kind: Kind): void => {
    if (kind === 'other' || seen.has(place.onDisk) || (kind === 'file' && !POST.test(place.path))) return;
    seen.add(place.onDisk);
    if (kind === 'folder') folders.push(place);
    else if (paths.has(place.path)) {
      tell(
        'error',
        place.path,
        'file-name',
        'another file here has this name in another Unicode form; remove one',
      );
    } else {
      paths.add(place.path);
      found.files.push(place);
    }
  };

  // Links come after everything that is really there, so that each post has its own path.
  for (let at = folders.pop() ?? links.shift(); at; at = folders.pop() ?? links.shift()) {
    if ('isLink' in at) {
      const [place, kind] = await followLink(root, at, tell);
      if (kind === 'unread') found.complete = false;
      else take(place, kind);
      continue;
    }
    let entries: Dirent[];
    let isOther: (name: string) => boolean;
    try {
      entries = await readdir(at.onDisk, { withFileTypes: true });
      isOther = await otherNames(at.onDisk, entries);
    } catch (error) {
      found.complete = false;
      tell('error', at.path || '.', 'unreadable', `the folder cannot be read: ${(error as Error).message}`);
      continue;
    }
    // One order on every machine, so that of two names for one path the same is taken.
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const { name } = entry;
      const path = `${at.path ? `${at.path}/` : ''}${name}`.normalize('NFC');
      const place = { path, onDisk: `${at.onDisk}${sep}${name}` };
      const kind = kindOf(entry);
      if (SKIPPED.test(name)) continue;
      if (isOther(name)) {
        if (kind === 'folder' || POST.test(name))
          tell('error', path, 'file-name', 'the name is not UTF-8; rename it');
      } else if (entry.isSymbolicLink()) links.push({ ...place, isLink: true });
      else take(place, kind);
    }
  }
  found.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return found;
}

/** Stands in a name for what is no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** Which names in a folder are not what is on the disk, since that is no UTF-8. */
async function otherNames(folder: string, entries: readonly Dirent[]): Promise<(name: string) => boolean> {
  if (!entries.some(({ name }) => name.includes(REPLACEMENT))) return () => false;
  const names = await readdir(folder, { encoding: 'buffer' });
  const others = new Set(names.flatMap((name) => (isUtf8(name) ? [] : name.toString('utf8'))));
  return (name) => others.has(name);
}

/** A file: its path, relative, in Unicode's composed form, with `/` between its parts; and where it is, as the disk writes its name. */
export interface Place {
  path: string;
  onDisk: string;
}

interface Link extends Place {
  isLink: true;
}

type Kind = 'file' | 'folder' | 'other' | 'unread';

function kindOf(what: { isFile(): boolean; isDirectory(): boolean }): Kind {
  return what.isFile() ? 'file' : what.isDirectory() ? 'folder' : 'other';
}

/** Where a symbolic link leads, under the link's own path; 'other' if that is not inside the folder. */
async function followLink(
  root: string,
  { path, onDisk }: Place,
  tell: (level: Problem['level'], file: string, rule: string, message: string) => void,
): Promise<[Place, Kind]> {
  try {
    const bytes = await realpath(onDisk, { encoding: 'buffer' });
    const target = bytes.toString('utf8');
    if (!isUtf8(bytes))
      tell('error', path, 'file-name', 'the link leads to a name that is not UTF-8; rename it');
    else if (target.startsWith(`${root}${sep}`))
      return [{ path, onDisk: target }, kindOf(await stat(target))];
    // The folder itself is inside, and has been read.
    else if (target !== root)
      tell('warning', path, 'link-outside', 'the link leads out of the content folder and is not followed');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    tell('warning', path, 'link-broken', `the link cannot be followed: ${message}`);
    // Where it leads nowhere there is nothing; anything else may pass.
    if (code !== 'ENOENT' && code !== 'ELOOP') return [{ path, onDisk }, 'unread'];
  }
  return [{ path, onDisk }, 'other'];
}

/**
 * The post's file at a path below `root`, if it is there beyond doubt: a regular file in real folders, under exactly this name.
 * What else may be meant only `findFiles` can tell.
 */
export function fileAt(root: string, path: string): Place | undefined {
  const parts = path.split('/');
  if (!POST.test(path) || parts.some((part) => SKIPPED.test(part))) return undefined;
  const whole = [root, ...parts].join(sep);
  const isReal = lstatSync(whole, { throwIfNoEntry: false })?.isFile() && realpathSync(whole) === whole;
  return isReal ? { path, onDisk: whole } : undefined;
}

/** What tells one state of a file from another, and when it last changed (milliseconds since 1970). */
export interface Mark {
  text: string;
  changed: number;
}

/** Undefined if the file is gone. */
export function markOf(onDisk: string): Mark | undefined {
  const about = statSync(onDisk, { bigint: true, throwIfNoEntry: false });
  return about && toMark(about);
}

function toMark({ mtimeNs, ctimeNs, size, ino, dev }: BigIntStats): Mark {
  return { text: `${mtimeNs} ${ctimeNs} ${size} ${ino} ${dev}`, changed: Number(ctimeNs / 1_000_000n) };
}

/** A file's text and what the file was when it was read, or why there is none; `unread` if that may pass, so that nothing follows from it. */
export type Loaded = { text: string; mark: Mark } | { problem: Problem; unread: boolean; mark?: Mark };

/** Reads one file as UTF-8, or as UTF-16 if it begins with that byte order mark. */
export function loadFile(path: string, onDisk: string, maxBytes: number): Loaded {
  let mark: Mark | undefined;
  const failed = (rule: string, message: string, unread = false): Loaded => ({
    problem: { level: 'error', file: path, line: 1, rule, message },
    unread,
    ...(mark && { mark }),
  });
  let file: number | undefined;
  try {
    // Opened before it is looked at, so that what is read is what was looked at; a pipe that took its place would block.
    file = openSync(onDisk, constants.O_RDONLY | constants.O_NONBLOCK);
    const about = fstatSync(file, { bigint: true });
    if (!about.isFile()) return failed('unreadable', 'this is no regular file', true);
    mark = toMark(about);
    if (about.size > maxBytes)
      return failed(
        'file-size',
        `the file is larger than ${Math.floor(maxBytes / 1024)} KB; split it, or raise content.max_file`,
      );
    const text = decode(readAll(file, Number(about.size)));
    return text === undefined
      ? failed('utf-8', 'the file is not UTF-8; save it in that encoding')
      : { text, mark };
  } catch (error) {
    return failed('unreadable', `the file cannot be read: ${(error as Error).message}`, true);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Where most files are read to, one after the other. */
const SPACE = Buffer.allocUnsafeSlow(65_536);

/** Up to so many bytes of an open file, which the next call may overwrite. */
function readAll(file: number, size: number): Buffer {
  const space = size > SPACE.length ? Buffer.allocUnsafeSlow(size) : SPACE;
  let length = 0;
  for (let read = -1; read !== 0 && length < size; length += read)
    read = readSync(file, space, length, size - length, null);
  return space.subarray(0, length);
}

function decode(bytes: Buffer): string | undefined {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark !== 0xfffe && mark !== 0xfeff) return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  if (bytes.length % 2 !== 0) return undefined;
  // What stood first is the mark; UTF-16BE is the same with its bytes swapped.
  const little = mark === 0xfffe ? bytes : Buffer.from(bytes).swap16();
  return little.toString('utf16le', 2);
}
