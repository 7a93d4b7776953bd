import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileStore } from '../src/store/files.ts';
import { memoryStore } from '../src/store/memory.ts';
import { openStore } from '../src/store/open.ts';
import type { Store } from '../src/store/store.ts';

let folder: string;
let root: string;
/** Leases expire by this clock. */
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'feedwright-store-'));
  root = join(folder, 'feeds');
  now = Date.now();
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const text = async (store: Store, name: string): Promise<string | undefined> =>
  (await store.get(name))?.body.toString('utf8');
const put = (store: Store, name: string, body: string): Promise<void> => store.put(name, Buffer.from(body));
const names = async (store: Store, prefix?: string): Promise<string[]> =>
  (await store.list(prefix)).map(({ name }) => name);
const versionOf = async (store: Store, name: string): Promise<string | undefined> =>
  (await store.get(name))?.version;

describe.each<[string, () => Store]>([
  ['memory', () => memoryStore(() => now)],
  ['files', () => fileStore(root, () => now)],
])('a store: %s', (_, open) => {
  let store: Store;
  beforeEach(() => {
    store = open();
  });
  afterEach(() => store.close());

  test('a new store is empty', async () => {
    expect(await store.get('feed.xml')).toBeUndefined();
    expect(await store.stat('feed.xml')).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await store.remove('tags/rust/feed.xml');
  });

  test('gives back the bytes that were put', async () => {
    const body = Buffer.from([0, 255, 10, 13, 0xc3, 0xa9]);
    await store.put('tags/日本 語/feed.xml', body);
    const stored = await store.get('tags/日本 語/feed.xml');
    expect(stored?.body.equals(body)).toBe(true);
    expect(stored).toMatchObject({ name: 'tags/日本 語/feed.xml', size: 6 });
    expect(Math.abs((stored?.modified ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('what the caller does to its bytes afterwards changes nothing', async () => {
    const body = Buffer.from('good');
    await store.put('feed.xml', body);
    body.fill('x');
    (await store.get('feed.xml'))?.body.fill('y');
    expect(await text(store, 'feed.xml')).toBe('good');
  });

  test('a second put replaces the file and its version, in get, stat and list alike', async () => {
    await put(store, 'feed.xml', 'one');
    const first = await versionOf(store, 'feed.xml');
    await put(store, 'feed.xml', 'two');
    const second = await versionOf(store, 'feed.xml');
    expect(await text(store, 'feed.xml')).toBe('two');
    expect(second).not.toBe(first);
    expect((await store.list())[0]?.version).toBe(second);
    expect(await store.stat('feed.xml')).toEqual((await store.list())[0]);
  });

  test('lists by prefix in the order of names, private files only when asked for', async () => {
    for (const name of [
      'tags/b/feed.xml',
      'feed.xml',
      'tags/a/feed.xml',
      '.feedwright/index.json',
      'tags.txt',
    ])
      await put(store, name, 'x');
    expect(await names(store)).toEqual(['feed.xml', 'tags.txt', 'tags/a/feed.xml', 'tags/b/feed.xml']);
    expect(await names(store, 'tags')).toEqual(['tags.txt', 'tags/a/feed.xml', 'tags/b/feed.xml']);
    expect(await names(store, 'tags/b')).toEqual(['tags/b/feed.xml']);
    expect(await names(store, 'nothing/here')).toEqual([]);
    expect(await names(store, '.feedwright/')).toEqual(['.feedwright/index.json']);
    expect(await names(store, '.feedwright/index.json')).toEqual(['.feedwright/index.json']);
    expect(await names(store, '../')).toEqual([]);
  });

  test('a removed file is gone, and removing it again is no error', async () => {
    await put(store, 'tags/rust/feed.xml', 'x');
    await put(store, 'tags/go/feed.xml', 'x');
    await store.remove('tags/rust/feed.xml');
    await store.remove('tags/rust/feed.xml');
    expect(await names(store)).toEqual(['tags/go/feed.xml']);
  });

  test.each([
    '',
    '/etc/passwd',
    '../feed.xml',
    'a/../b',
    'a//b',
    'a/',
    './a',
    'a\0b',
    'a\\b',
    '.hidden',
    'a/.b',
  ])('refuses the name %j', async (name) => {
    await expect(store.get(name)).rejects.toThrow('cannot be the name of a stored file');
    await expect(put(store, name, 'x')).rejects.toThrow('cannot be the name of a stored file');
    await expect(store.remove(name)).rejects.toThrow('cannot be the name of a stored file');
  });

  test('a lease has one holder at a time', async () => {
    const first = await store.lease('publish', 1000);
    expect(first).toBeDefined();
    expect(await store.lease('publish', 1000)).toBeUndefined();
    expect(await store.lease('another', 1000)).toBeDefined();
    await first?.release();
    expect(await store.lease('publish', 1000)).toBeDefined();
  });

  test('a lease ends with its time, and renewing it gives it as much again', async () => {
    const lease = await store.lease('publish', 1000);
    now += 900;
    expect(await lease?.renew()).toBe(true);
    now += 900;
    expect(await store.lease('publish', 1000)).toBeUndefined();
    now += 101;
    expect(await store.lease('publish', 1000)).toBeDefined();
  });

  test('who lost a lease is told so, and cannot release the lease of the next holder', async () => {
    const late = await store.lease('publish', 1000);
    now += 1001;
    const next = await store.lease('publish', 1000);
    expect(await late?.renew()).toBe(false);
    await late?.release();
    expect(await store.lease('publish', 1000)).toBeUndefined();
    expect(await next?.renew()).toBe(true);
  });

  test('a lease that was released stays so, also with a renewal under way', async () => {
    const lease = await store.lease('publish', 1000);
    await Promise.all([lease?.renew(), lease?.release(), lease?.renew()]);
    expect(await lease?.renew()).toBe(false);
    expect(await store.lease('publish', 1000)).toBeDefined();
  });

  test('of many who ask at once, for a free lease or an expired one, one gets it', async () => {
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(Array.from({ length: 10 }, () => store.lease('publish', 1000)));
      expect(answers.filter((lease) => lease !== undefined)).toHaveLength(1);
      now += 1001;
    }
  });
});

describe('a store in a folder', () => {
  test('makes its folder and those above it, and says when it cannot', async () => {
    const deep = fileStore(join(root, 'a/b'));
    await put(deep, 'feed.xml', 'x');
    expect(await names(deep)).toEqual(['feed.xml']);
    writeFileSync(join(folder, 'file'), '');
    const inFile = fileStore(join(folder, 'file/feeds'));
    await expect(inFile.lease('publish', 1000)).rejects.toThrow(
      `Cannot write to ${join(folder, 'file/feeds')}: not a directory (ENOTDIR)`,
    );
    // Nothing can be made below /proc, and it says that it is not there.
    if (process.platform === 'linux')
      await expect(fileStore('/proc/feedwright/feeds').lease('publish', 1000)).rejects.toThrow(
        /^Cannot write to/,
      );
  });

  let store: Store;
  beforeEach(() => {
    store = fileStore(root, () => now);
  });

  const onDisk = (path: string, body = 'x'): string => {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, body);
    return full;
  };

  test('holds plain files, with nothing beside them', async () => {
    await put(store, 'tags/rust/feed.xml', 'bytes');
    expect(readFileSync(join(root, 'tags/rust/feed.xml'), 'utf8')).toBe('bytes');
    expect(readdirSync(join(root, 'tags/rust'))).toEqual(['feed.xml']);
  });

  test('a reader that has the old file open reads it to its end', async () => {
    await put(store, 'feed.xml', 'old');
    const reader = openSync(join(root, 'feed.xml'), 'r');
    await put(store, 'feed.xml', 'new');
    expect(readFileSync(reader, 'utf8')).toBe('old');
    closeSync(reader);
  });

  test('hidden files and what is no regular file are not listed', async () => {
    onDisk('.git/config');
    onDisk('.feed.xml.0123456789ab.tmp');
    onDisk('tags/.DS_Store');
    onDisk('back\\slash.xml');
    mkdirSync(join(root, 'feed.json'));
    await put(store, 'feed.xml', 'x');
    expect(await names(store)).toEqual(['feed.xml']);
    expect(await store.get('feed.json')).toBeUndefined();
    expect(await store.get('feed.xml/feed.xml')).toBeUndefined();
    expect(await store.get(`${'long'.repeat(100)}/feed.xml`)).toBeUndefined();
  });

  test('a named pipe is passed over', async () => {
    mkdirSync(root);
    expect(spawnSync('mkfifo', [join(root, 'feed.xml')]).status).toBe(0);
    expect(await store.get('feed.xml')).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });

  test('symbolic links lead nowhere: not to read, list, write or remove', async () => {
    mkdirSync(root);
    mkdirSync(join(folder, 'outside'));
    writeFileSync(join(folder, 'outside/feed.xml'), 'secret');
    symlinkSync(join(folder, 'outside'), join(root, 'tags'));
    symlinkSync(join(folder, 'outside/feed.xml'), join(root, 'feed.xml'));
    expect(await store.get('tags/feed.xml')).toBeUndefined();
    expect(await store.get('feed.xml')).toBeUndefined();
    expect(await store.stat('tags/feed.xml')).toBeUndefined();
    expect(await store.stat('feed.xml')).toBeUndefined();
    expect(await store.list()).toEqual([]);
    expect(await store.list('tags/')).toEqual([]);
    await store.remove('tags/feed.xml');
    await expect(put(store, 'tags/new/feed.xml', 'x')).rejects.toThrow('is not a folder');
    await put(store, 'feed.xml', 'ours');
    expect(await text(store, 'feed.xml')).toBe('ours');
    expect(readdirSync(join(folder, 'outside'))).toEqual(['feed.xml']);
    expect(readFileSync(join(folder, 'outside/feed.xml'), 'utf8')).toBe('secret');
  });

  test('the root itself may be a symbolic link', async () => {
    mkdirSync(join(folder, 'volume'));
    symlinkSync(join(folder, 'volume'), root);
    await put(store, 'tags/rust/feed.xml', 'x');
    expect(await names(store)).toEqual(['tags/rust/feed.xml']);
    expect(await text(store, 'tags/rust/feed.xml')).toBe('x');
  });

  test('folders go with their last file, the root stays', async () => {
    await put(store, 'tags/rust/feed.xml', 'x');
    await put(store, 'tags/rust/atom.xml', 'x');
    await store.remove('tags/rust/feed.xml');
    expect(readdirSync(join(root, 'tags/rust'))).toEqual(['atom.xml']);
    await store.remove('tags/rust/atom.xml');
    expect(readdirSync(root)).toEqual([]);
  });

  test('puts and removes in the same folder do not disturb each other', async () => {
    for (let round = 0; round < 60; round++) {
      await put(store, 'tags/a/feed.xml', 'x');
      await Promise.all([
        store.remove('tags/a/feed.xml'),
        put(store, 'tags/a/atom.xml', 'x'),
        put(store, 'tags/b/feed.xml', 'x'),
      ]);
      expect(await names(store)).toEqual(['tags/a/atom.xml', 'tags/b/feed.xml']);
      await Promise.all([store.remove('tags/a/atom.xml'), store.remove('tags/b/feed.xml')]);
    }
  });

  test('a put that fails says which file and why, and leaves nothing behind', async () => {
    onDisk('tags', 'a file where a folder should be');
    await expect(put(store, 'tags/rust/feed.xml', 'x')).rejects.toThrow(
      `Cannot write ${join(root, 'tags/rust/feed.xml')}: ${join(root, 'tags')} is not a folder`,
    );
    onDisk('feed.xml/in-the-way');
    await expect(put(store, 'feed.xml', 'x')).rejects.toThrow(
      `Cannot write ${join(root, 'feed.xml')}: illegal operation on a directory (EISDIR)`,
    );
    expect(readdirSync(root).sort()).toEqual(['feed.xml', 'tags']);
  });

  test('bytes and version always belong together', async () => {
    const versions = new Map<string, string>();
    let writing = true;
    const read = async (): Promise<void> => {
      while (writing) {
        const stored = await store.get('feed.xml');
        if (!stored) continue;
        const body = stored.body.toString('utf8');
        expect(body).toMatch(/^(\d+)( \1)*$/);
        expect(versions.get(stored.version) ?? body).toBe(body);
        versions.set(stored.version, body);
      }
    };
    const readers = [read(), read()];
    for (let i = 1; i <= 60; i++)
      await put(
        store,
        'feed.xml',
        Array<number>(i % 9 ? 2000 : 9)
          .fill(i)
          .join(' '),
      );
    writing = false;
    await Promise.all(readers);
  });

  describe('leases', () => {
    const holder = { host: hostname(), pid: process.ppid, started: 1, until: Number.MAX_SAFE_INTEGER };
    const leaseFile = (generation: number, body: object | string): string =>
      onDisk(
        `.feedwright/lease-publish.${generation}`,
        typeof body === 'string' ? body : JSON.stringify(body),
      );

    test('two stores in one folder share their leases', async () => {
      const other = fileStore(root, () => now);
      const lease = await store.lease('publish', 1000);
      expect(await other.lease('publish', 1000)).toBeUndefined();
      await lease?.release();
      expect(await other.lease('publish', 1000)).toBeDefined();
      expect(await store.lease('publish', 1000)).toBeUndefined();
    });

    test('a living process keeps its lease, a process on another host too', async () => {
      leaseFile(1, holder);
      expect(await store.lease('publish', 1000)).toBeUndefined();
      leaseFile(2, { ...holder, host: 'elsewhere.example', pid: 1 });
      expect(await store.lease('publish', 1000)).toBeUndefined();
    });

    test('the lease of a process that was killed is free at once', async () => {
      const { pid } = spawnSync(process.execPath, ['--version']);
      leaseFile(1, { ...holder, pid });
      expect(await store.lease('publish', 1000)).toBeDefined();
    });

    test('so is that of an earlier process with the same pid, as in a container that was restarted', async () => {
      leaseFile(1, { ...holder, pid: process.pid, started: performance.timeOrigin - 1 });
      expect(await store.lease('publish', 1000)).toBeDefined();
    });

    test.each(['', '{"host":', 'null', '[]'])(
      'a damaged lease (%j) counts until it is old',
      async (damaged) => {
        const path = leaseFile(7, damaged);
        expect(await store.lease('publish', 1000)).toBeUndefined();
        utimesSync(path, new Date(now - 1001), new Date(now - 1001));
        expect(await store.lease('publish', 1000)).toBeDefined();
      },
    );

    test('what a killed writer left is cleared when a lease is taken', async () => {
      onDisk('.feed.xml.0123456789ab.tmp');
      onDisk('tags/rust/.atom.xml.0123456789ab.tmp');
      onDisk('.feedwright/.index.json.0123456789ab.tmp');
      onDisk('.nojekyll');
      await put(store, 'feed.xml', 'x');
      await store.lease('publish', 1000);
      expect(readdirSync(root).sort()).toEqual(['.feedwright', '.nojekyll', 'feed.xml', 'tags']);
      expect(readdirSync(join(root, 'tags/rust'))).toEqual([]);
      expect(readdirSync(join(root, '.feedwright'))).toEqual(['lease-publish.1']);
    });

    test('but not while somebody else may be writing', async () => {
      await store.lease('publish', 1000);
      onDisk('.feed.xml.0123456789ab.tmp');
      await store.lease('another', 1000);
      expect(readdirSync(root)).toContain('.feed.xml.0123456789ab.tmp');
    });

    test('any text can name a lease', async () => {
      const lease = await store.lease('../a/b: c', 1000);
      expect(lease).toBeDefined();
      expect(await store.lease('../a/b: c', 1000)).toBeUndefined();
      expect(readdirSync(folder)).toEqual(['feeds']);
    });
  });
});

describe('openStore', () => {
  test.each([
    ['file:feeds', 'feeds/feed.xml'],
    ['feeds', 'feeds/feed.xml'],
    ['./a feed%20s', 'a feed%20s/feed.xml'],
  ])('%s is a folder in the base folder', async (url, path) => {
    await put(openStore(url, folder), 'feed.xml', 'x');
    expect(readFileSync(join(folder, path), 'utf8')).toBe('x');
  });

  test.each(['', 'file:', 'FILE:', 'file://'])('%sPATH is that folder', async (scheme) => {
    await put(openStore(scheme + join(folder, 'there'), '/nowhere'), 'feed.xml', 'x');
    expect(readFileSync(join(folder, 'there/feed.xml'), 'utf8')).toBe('x');
  });

  test('memory: is empty and leaves no trace', async () => {
    const store = openStore('memory:', folder);
    await put(store, 'feed.xml', 'x');
    expect(await text(store, 'feed.xml')).toBe('x');
    expect(readdirSync(folder)).toEqual([]);
  });

  test.each([
    ['redis://localhost', 'redis: is not a known kind of store, file: and memory: are'],
    ['file://feeds/here', 'write file:feeds'],
    ['file:', 'names no folder'],
    ['', 'names no folder'],
  ])('%j is refused with a reason', (url, reason) => {
    expect(() => openStore(url, folder)).toThrow(reason);
  });
});
