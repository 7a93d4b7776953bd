/** A store in a folder: what is published can be looked at, copied, and put on any static host. */
import { constants, lstatSync, readdirSync } from 'node:fs';
import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, open, realpath, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { turns } from '../content/turns.ts';
import { TEMPORARY, codeOf, makeFolder, replaceFile, syncFolder } from './durable.ts';
import { takeFileLease } from './file-lease.ts';
import { byName, checkName, isListed, isName } from './names.ts';
import { PRIVATE } from './store.ts';
import type { Stat, Store, Stored } from './store.ts';

/** `root` is an absolute path, made on first use; leases expire by `now`. Symbolic links below it are no part of it. */
export function fileStore(root: string, now: () => number = Date.now): Store {
  const at = (name: string): string => join(root, name);
  // Once a process is enough: it clears up behind itself.
  let isClear = false;

  return {
    async get(name) {
      checkName(name);
      return attempt(`read ${at(name)}`, () => ifThere(() => readWhole(root, name)));
    },

    async stat(name) {
      checkName(name);
      return attempt(`look at ${at(name)}`, () =>
        ifThere(async () => {
          const path = await realPath(root, name);
          const stat = path === undefined ? undefined : await lstat(path, { bigint: true });
          return stat?.isFile() ? toStat(name, stat) : undefined;
        }),
      );
    },

    async put(name, body) {
      checkName(name);
      await attempt(`write ${at(name)}`, () => putInFolder(root, name, body));
    },

    async list(prefix = '') {
      const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (folder !== '' && !isName(`${folder}any`)) return [];
      return attempt(`list ${at(folder)}`, async () => {
        if (folder !== '' && !(await ifThere(() => realPath(root, folder.slice(0, -1))))) return [];
        const stats: Stat[] = [];
        await visitFiles(root, folder, (name) => {
          if (!isName(name) || !isListed(name, prefix)) return;
          const stat = lstatSync(join(root, name), { bigint: true, throwIfNoEntry: false });
          if (stat) stats.push(toStat(name, stat));
        });
        return stats.sort(byName);
      });
    },

    async remove(name) {
      checkName(name);
      await attempt(`remove ${at(name)}`, () => ifThere(() => removeFile(root, name)));
    },

    async lease(name, ttl) {
      return attempt(`write to ${root}`, async () => {
        const taken = await takeFileLease(await makeFolder(root, [PRIVATE]), name, ttl, now);
        if (taken?.aloneSince === undefined || isClear) return taken?.lease;
        try {
          await clearLeftovers(root, taken.aloneSince);
          isClear = true;
        } catch (error) {
          await taken.lease.release();
          throw error;
        }
        return taken.lease;
      });
    },

    async close() {},
  };
}

async function putInFolder(root: string, name: string, body: Uint8Array): Promise<void> {
  const parts = name.split('/').slice(0, -1);
  for (let tries = 1; ; tries++) {
    try {
      await makeFolder(root, parts);
      return await replaceFile(join(root, name), body);
    } catch (error) {
      // A `remove` of a folder's last file may take the folder away at any point until ours is in it.
      if (codeOf(error) !== 'ENOENT' || tries === 10) throw error;
    }
  }
}

async function readWhole(root: string, name: string): Promise<Stored | undefined> {
  const path = await realPath(root, name);
  if (path === undefined) return undefined;
  // Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat({ bigint: true });
    return stat.isFile() ? { ...toStat(name, stat), body: await file.readFile() } : undefined;
  } finally {
    await file.close();
  }
}

async function removeFile(root: string, name: string): Promise<void> {
  const path = await realPath(root, name);
  if (path === undefined) return;
  await unlink(path);
  await syncFolder(dirname(path));
  const parts = name.split('/').slice(0, -1);
  for (; parts.length > 0; parts.pop()) {
    try {
      await rmdir(join(root, ...parts));
    } catch {
      return; // Not empty, or not ours to remove: a folder that stays does no harm.
    }
  }
}

/** The path of a file or folder, or undefined if a symbolic link is on the way to it from the root. */
async function realPath(root: string, name: string): Promise<string | undefined> {
  const [at, path] = await Promise.all([realpath(root), realpath(join(root, name))]);
  return path === join(at, name) ? path : undefined;
}

function toStat(name: string, { size, mtimeNs, ino }: BigIntStats): Stat {
  const modified = Number(mtimeNs / 1_000_000n);
  return { name, size: Number(size), modified, version: `${mtimeNs}-${size}-${ino}` };
}

/**
 * Names of the regular files below a folder of the store, temporary ones included; foreign folders are left out. Looked at in one go
 * but for others' turns: asking for each of thousands by itself takes ten times as long.
 */
async function visitFiles(root: string, folder: string, visit: (name: string) => void): Promise<void> {
  const folders = [folder];
  const turn = turns();
  for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
    for (const entry of entriesIn(join(root, at))) {
      const name = at + entry.name;
      // `lost+found` stands in the root of a mounted volume, and only the superuser may read it.
      if (entry.isDirectory() && isName(`${name}/any`) && name !== 'lost+found') folders.push(`${name}/`);
      else if (entry.isFile()) visit(name);
    }
    await turn();
  }
}

function entriesIn(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (MISSING.has(codeOf(error) ?? '')) return [];
    throw error;
  }
}

/** Removes what writers that were killed left behind: the temporary files older than the lease that is held now. */
async function clearLeftovers(root: string, since: bigint): Promise<void> {
  const left: string[] = [];
  await visitFiles(root, '', (name) => {
    if (TEMPORARY.test(name.slice(name.lastIndexOf('/') + 1))) left.push(name);
  });
  for (const name of left) {
    const stat = await ifThere(() => lstat(join(root, name), { bigint: true }));
    if (stat && stat.mtimeNs < since) await rm(join(root, name), { force: true });
  }
}

const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

async function ifThere<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (MISSING.has(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** Turns Node's error into a sentence that says what could not be done, with which file, and why. */
async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message } = error as Error;
    const [, code, reason] = /^([A-Z]+): (.+?), \w+(?: '|$)/s.exec(message) ?? [];
    throw new Error(`Cannot ${what}: ${reason ? `${reason} (${code})` : message}`, { cause: error });
  }
}
