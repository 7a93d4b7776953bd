/** Writing files so that neither a crash nor a reader ever meets half of one. */
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync } from 'node:fs';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names that `replaceFile` uses while it writes; hidden, so that web servers and lists pass them over. */
export const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** Puts the whole body in the file's place, durably, or leaves everything as it was. The folder must be there. */
export async function replaceFile(path: string, body: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(folder);
}

/** Makes the folder `parts` below `root`, durably; throws if a symbolic link or a file stands in the way. */
export async function makeFolder(root: string, parts: readonly string[]): Promise<string> {
  if (!existsSync(root)) await makeRoot(root);
  let folder = root;
  for (const part of parts) {
    const parent = folder;
    folder = join(parent, part);
    // Most are there already.
    let found = lstatSync(folder, { throwIfNoEntry: false });
    if (!found) {
      try {
        await mkdir(folder);
        await syncFolder(parent);
        continue;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        found = await lstat(folder);
      }
    }
    if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
  }
  return folder;
}

/**
 * Makes an absolute folder and those above it. One by one: Node's own way to make them all goes on for ever where the system
 * says of a folder that is there that it is not, as below /proc or where a volume would be mounted.
 */
async function makeRoot(root: string): Promise<void> {
  const missing: string[] = [];
  for (let folder = root; !existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  for (const folder of missing) {
    try {
      await mkdir(folder);
    } catch (error) {
      // Another process may have been at it.
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    await syncFolder(dirname(folder));
  }
}

/** Where a platform cannot sync a folder it says so with one of these, and keeps renames safe by itself or not at all. */
const CANNOT_SYNC = new Set(['EINVAL', 'EPERM', 'EACCES', 'EISDIR', 'EBADF', 'ENOTSUP', 'ENOSYS']);

/** Syncs that have not begun, and the last that has, by folder. */
const waiting = new Map<string, Promise<void>>();
const running = new Map<string, Promise<void>>();

/**
 * Makes what was made, renamed or removed in the folder survive a crash. While one sync is under way, all that ask share the next:
 * many files of one folder are written at the same time, and a sync takes longer than all else.
 */
export function syncFolder(folder: string): Promise<void> {
  const shared = waiting.get(folder);
  if (shared) return shared;
  const next = (async () => {
    // If that one fails, its own callers hear of it.
    await running.get(folder)?.catch(() => {});
    waiting.delete(folder);
    const sync = syncNow(folder);
    running.set(folder, sync);
    try {
      await sync;
    } finally {
      if (running.get(folder) === sync) running.delete(folder);
    }
  })();
  waiting.set(folder, next);
  return next;
}

async function syncNow(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!CANNOT_SYNC.has(codeOf(error) ?? '')) throw error;
  }
}

/** Node's code of the error, like `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
