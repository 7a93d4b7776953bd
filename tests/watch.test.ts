import {
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { basename, join, sep } from 'node:path';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Watching } from '../src/worker/watch-tree.ts';
import { watchFolder } from '../src/worker/watch.ts';
import type { FolderWatch, WatchOptions } from '../src/worker/watch.ts';
import { temporaryFolder, write } from './blog.ts';

type Paths = readonly string[] | undefined;

const opened: FolderWatch[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

/** A watch, all its calls, and the next of them that nobody has awaited. */
function watched(folder: string, options: Partial<WatchOptions> = {}, watching?: Watching) {
  const calls: Paths[] = [];
  const reasons: string[] = [];
  let awaited = 0;
  let wake = (): void => undefined;
  const it = watchFolder(
    folder,
    {
      changed: (paths) => {
        calls.push(paths);
        wake();
      },
      polling: (reason) => reasons.push(reason),
      settle: 30,
      rootEvery: 10,
      pollEvery: 10,
      ...options,
    },
    watching,
  );
  opened.push(it);
  const next = async (): Promise<Paths> => {
    while (calls.length <= awaited) await new Promise<void>((resolve) => (wake = resolve));
    return calls[awaited++];
  };
  return { calls, reasons, next, close: () => it.close() };
}

/** An empty folder below one of one's own, so that it can be moved away. */
function movable(): string {
  const folder = join(temporaryFolder(), 'posts');
  mkdirSync(folder);
  return folder;
}

/** Removes a folder and makes it again, with the same inode number if the file system gives it away again. */
function makeAgain(folder: string): void {
  const { ino } = statSync(folder);
  const spare = temporaryFolder();
  rmSync(folder, { recursive: true });
  for (let at = 0; at < 500; at++) {
    const made = join(spare, String(at));
    mkdirSync(made);
    if (statSync(made).ino === ino || at === 499) return renameSync(made, folder);
  }
}

/** The system's watches, some of which fail, and those that are open. */
function failing(fails: (folder: string, open: number) => string | undefined) {
  const open = new Set<string>();
  const fail: ((error: Error) => void)[] = [];
  const watching: Watching = {
    recursive: false,
    watch: (folder, options, listener) => {
      const code = fails(folder, open.size);
      if (code) throw Object.assign(new Error(`${code}: no`), { code });
      const watcher = watch(folder, options, listener);
      open.add(folder);
      return {
        on: (_, tell) => fail.push(tell),
        close: () => {
          open.delete(folder);
          watcher.close();
        },
      };
    },
  };
  return { watching, open, fail };
}

describe('a folder that is watched', () => {
  test('tells a thousand posts that change at once in one call', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1', 'b/one.md': '1' });
    const { calls, next } = watched(folder);
    const names = Array.from({ length: 500 }, (_, at) => [`a/${at}.md`, `b/${at}.md`]).flat();
    write(folder, Object.fromEntries(names.map((name) => [name, 'text'])));
    expect(await next()).toEqual(names.sort());
    write(folder, { 'last.md': 'text' });
    expect(await next()).toEqual(['last.md']);
    expect(calls).toHaveLength(2);
  });

  test('tells the post that an editor saves by way of other files, and nothing else', async () => {
    const folder = write(temporaryFolder(), { 'post.md': 'old' });
    const { next } = watched(folder);
    write(folder, { '.post.md.swp': 'x', '4913': '' });
    unlinkSync(join(folder, '4913'));
    renameSync(join(folder, 'post.md'), join(folder, 'post.md~'));
    write(folder, { 'post.md.tmp': 'new' });
    renameSync(join(folder, 'post.md.tmp'), join(folder, 'post.md'));
    unlinkSync(join(folder, 'post.md~'));
    unlinkSync(join(folder, '.post.md.swp'));
    expect(await next()).toEqual(['post.md']);
  });

  test('tells nothing of files that are no posts, nor of what is in skipped folders', async () => {
    const folder = write(temporaryFolder(), {
      '.git/README.md': '1',
      'node_modules/it/README.md': '1',
      'a/post.md': '1',
    });
    const { next } = watched(folder);
    write(folder, {
      '.git/README.md': '2',
      'node_modules/it/README.md': '2',
      '.obsidian/note.md': '1',
      '#drafts/note.md': '1',
      '~/note.md': '1',
      'a/_index.md': '1',
      'a/.#post.md': '1',
      'a/post.md.bak': '1',
      'a/picture.png': '1',
      'a/POST.MDX': '1',
    });
    expect(await next()).toEqual(['a/POST.MDX']);
  });

  test('tells posts that are removed and renamed, by both names', async () => {
    const folder = write(temporaryFolder(), { 'gone.md': '1', 'a/old.md': '1', 'b/x.md': '1' });
    const { next } = watched(folder);
    rmSync(join(folder, 'gone.md'));
    renameSync(join(folder, 'a/old.md'), join(folder, 'b/new.markdown'));
    expect(await next()).toEqual(['a/old.md', 'b/new.markdown', 'gone.md']);
  });

  test('gives paths in Unicode’s composed form', async () => {
    const folder = write(temporaryFolder(), { ['e\u0301te\u0301/x.md']: '1' });
    const { next } = watched(folder);
    write(folder, { ['e\u0301te\u0301/ou\u0300.md']: '1' });
    expect(await next()).toEqual(['\u00e9t\u00e9/o\u00f9.md']);
  });

  test('keeps no process alive', () => {
    const before = process.getActiveResourcesInfo();
    const folder = write(temporaryFolder(), { 'a/post.md': '1' });
    watched(folder);
    watched(join(folder, 'nowhere'));
    expect(process.getActiveResourcesInfo()).toEqual(before);
  });

  test('tells nothing once it is closed, not even what it has gathered', async () => {
    const folder = write(temporaryFolder(), { 'a/post.md': '1' });
    const [first, quick, slow] = [
      watched(folder),
      watched(folder, { settle: 0 }),
      watched(folder, { settle: 90 }),
    ];
    write(folder, { 'a/post.md': '2' });
    expect(await quick.next()).toEqual(['a/post.md']);
    first.close();
    first.close();
    write(folder, { 'a/post.md': '3' });
    quick.close();
    expect(await slow.next()).toEqual(['a/post.md']);
    expect([first.calls.length, quick.calls.length]).toEqual([0, 1]);
  });
});

describe('a burst', () => {
  /** Time that only passes when it is told to; events come as they do. */
  function frozen() {
    jest.useFakeTimers({
      doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance'],
    });
    const folder = write(temporaryFolder(), { 'one.md': '1' });
    const { calls } = watched(folder, { settle: 200, patience: 1000, rootEvery: 1e9 });
    let seen = (): void => undefined;
    const raw = watch(folder, () => seen());
    opened.push(raw);
    const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
    const save = async (name: string): Promise<void> => {
      const event = new Promise<void>((resolve) => (seen = resolve));
      write(folder, { [name]: 'text' });
      await event;
      await turn();
    };
    const pass = async (milliseconds: number): Promise<void> => {
      jest.advanceTimersByTime(milliseconds);
      await turn();
      await turn();
    };
    return { folder, calls, save, pass };
  }
  afterEach(() => {
    jest.useRealTimers();
  });

  test('is over when nothing has come for a while, since the last', async () => {
    const { calls, save, pass } = frozen();
    for (const name of ['one.md', 'two.md', 'three.md']) {
      await save(name);
      await pass(199);
      expect(calls).toEqual([]);
    }
    await pass(1);
    expect(calls).toEqual([['one.md', 'three.md', 'two.md']]);
    await save('one.md');
    await pass(200);
    expect(calls.slice(1)).toEqual([['one.md']]);
    await pass(10_000);
    expect(calls).toHaveLength(2);
  });

  test('that does not end is told of all the same', async () => {
    const { calls, save, pass } = frozen();
    for (let at = 0; at < 10; at++) {
      expect(calls).toEqual([]);
      await save('one.md');
      await pass(100);
    }
    expect(calls).toEqual([['one.md']]);
  });

  test('is one where the process was too busy to hear its end', async () => {
    const { folder, calls, save, pass } = frozen();
    await save('one.md');
    write(folder, { 'two.md': 'text' });
    await pass(200);
    expect(calls).toEqual([]);
    await pass(200);
    expect(calls).toEqual([['one.md', 'two.md']]);
  });
});

describe('folders inside', () => {
  test('that are new are watched, with all that is in them, before anything is told', async () => {
    const folder = temporaryFolder();
    const { next } = watched(folder);
    write(folder, { 'a/b/c/one.md': '1' });
    expect(await next()).toBeUndefined();
    write(folder, { 'a/b/c/one.md': '2', 'a/b/two.md': '1' });
    expect(await next()).toEqual(['a/b/c/one.md', 'a/b/two.md']);
  });

  test('that are renamed are watched under their new name', async () => {
    const folder = write(temporaryFolder(), { 'a/b/one.md': '1' });
    const { next } = watched(folder);
    renameSync(join(folder, 'a'), join(folder, 'z'));
    expect(await next()).toBeUndefined();
    write(folder, { 'z/b/one.md': '2' });
    expect(await next()).toEqual(['z/b/one.md']);
  });

  test('that change places are watched where they are', async () => {
    const folder = write(temporaryFolder(), { 'a/x/one.md': '1', 'b/y/one.md': '1' });
    const { next } = watched(folder);
    renameSync(join(folder, 'a'), join(folder, 'c'));
    renameSync(join(folder, 'b'), join(folder, 'a'));
    renameSync(join(folder, 'c'), join(folder, 'b'));
    expect(await next()).toBeUndefined();
    write(folder, { 'a/y/one.md': '2', 'b/x/one.md': '2' });
    expect(await next()).toEqual(['a/y/one.md', 'b/x/one.md']);
  });

  test('that are removed and made again are watched again', async () => {
    const folder = write(temporaryFolder(), { 'a/b/one.md': '1' });
    const { next } = watched(folder);
    makeAgain(join(folder, 'a'));
    write(folder, { 'a/b/one.md': '2' });
    expect(await next()).toBeUndefined();
    write(folder, { 'a/b/one.md': '3' });
    expect(await next()).toEqual(['a/b/one.md']);
  });

  test('that are moved out are not watched any more', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1' });
    const elsewhere = temporaryFolder();
    const { next } = watched(folder);
    renameSync(join(folder, 'a'), join(elsewhere, 'a'));
    expect(await next()).toBeUndefined();
    write(elsewhere, { 'a/one.md': '2' });
    write(folder, { 'last.md': '1' });
    expect(await next()).toEqual(['last.md']);
  });

  test('that may not be watched leave the others watched', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1', 'b/one.md': '1' });
    const { watching } = failing((each) => (basename(each) === 'a' ? 'EACCES' : undefined));
    const { next, reasons } = watched(folder, {}, watching);
    write(folder, { 'a/one.md': '2', 'b/one.md': '2' });
    expect(await next()).toEqual(['b/one.md']);
    expect(reasons).toEqual([]);
  });

  test('are not followed where they are links, but a new link may change anything', async () => {
    const elsewhere = write(temporaryFolder(), { 'one.md': '1' });
    const folder = temporaryFolder();
    symlinkSync(elsewhere, join(folder, 'link'));
    const { next } = watched(folder);
    write(elsewhere, { 'one.md': '2' });
    write(folder, { 'two.md': '1' });
    expect(await next()).toEqual(['two.md']);
    symlinkSync(elsewhere, join(folder, 'other'));
    expect(await next()).toBeUndefined();
  });

  test('are found when the system has dropped the event for them', async () => {
    const folder = write(temporaryFolder(), { 'one.txt': '1' });
    const { next } = watched(folder);
    // Each renaming is two events, and the system keeps 16,384 while nobody reads them.
    for (let at = 0; at < 4200; at++) {
      renameSync(join(folder, 'one.txt'), join(folder, 'two.txt'));
      renameSync(join(folder, 'two.txt'), join(folder, 'one.txt'));
    }
    write(folder, { 'late/post.md': '1' });
    expect(await next()).toBeUndefined();
    write(folder, { 'late/post.md': '2' });
    expect(await next()).toEqual(['late/post.md']);
  });

  test('with a Kubernetes volume: all its files change by one link', async () => {
    const folder = write(temporaryFolder(), { '..1/post.md': '1', '..2/post.md': '2' });
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync('..data/post.md', join(folder, 'post.md'));
    const { next } = watched(folder);
    symlinkSync('..2', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    expect(await next()).toBeUndefined();
  });
});

describe('the folder itself', () => {
  test('when it is removed is told of once, and watched again when it is there', async () => {
    const folder = write(movable(), { 'one.md': '1' });
    const { calls, next } = watched(folder);
    rmSync(folder, { recursive: true });
    expect(await next()).toBeUndefined();
    // Its settling takes longer than many looks of the first one.
    expect(await watched(folder, { settle: 100 }).next()).toBeUndefined();
    expect(calls).toHaveLength(1);
    mkdirSync(folder);
    expect(await next()).toBeUndefined();
    write(folder, { 'one.md': '2' });
    expect(await next()).toEqual(['one.md']);
  });

  test('may come later', async () => {
    const folder = join(temporaryFolder(), 'not/yet');
    const { next } = watched(folder);
    expect(await next()).toBeUndefined();
    mkdirSync(folder, { recursive: true });
    expect(await next()).toBeUndefined();
    write(folder, { 'one.md': '1' });
    expect(await next()).toEqual(['one.md']);
  });

  test('may be a file for a while', async () => {
    const folder = movable();
    const { next } = watched(folder);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no folder');
    expect(await next()).toBeUndefined();
    rmSync(folder);
    mkdirSync(folder);
    expect(await next()).toBeUndefined();
    write(folder, { 'one.md': '1' });
    expect(await next()).toEqual(['one.md']);
  });

  test.each([
    ['removed and made again', makeAgain],
    ['moved away and replaced', (folder: string) => renameSync(folder, `${folder}-old`)],
  ])('when it is %s is watched anew', async (_, clear) => {
    const folder = write(movable(), { 'a/one.md': '1' });
    const { next } = watched(folder);
    clear(folder);
    write(folder, { 'a/one.md': '1' });
    expect(await next()).toBeUndefined();
    write(folder, { 'a/one.md': '2', 'two.md': '1' });
    expect(await next()).toEqual(['a/one.md', 'two.md']);
  });

  test('is watched anew when a folder above it is replaced, of which no event tells', async () => {
    const above = movable();
    const folder = write(join(above, 'deep'), { 'one.md': '1' });
    const { next } = watched(folder);
    renameSync(above, `${above}-old`);
    write(folder, { 'one.md': '1' });
    expect(await next()).toBeUndefined();
    write(folder, { 'one.md': '2' });
    expect(await next()).toEqual(['one.md']);
  });

  test('may be a link, which is followed to where it leads now', async () => {
    const place = write(temporaryFolder(), { '1/one.md': '1', '2/one.md': '1' });
    const folder = join(place, 'current');
    symlinkSync('1', folder);
    const { next } = watched(folder);
    write(place, { '1/one.md': '2' });
    expect(await next()).toEqual(['one.md']);
    symlinkSync('2', join(place, 'next'));
    renameSync(join(place, 'next'), folder);
    expect(await next()).toBeUndefined();
    write(place, { '1/one.md': '3', '2/one.md': '2' });
    expect(await next()).toEqual(['one.md']);
  });

  test('may have a folder of its own name in it', async () => {
    const folder = write(movable(), { 'posts/one.md': '1' });
    const { next } = watched(folder);
    rmSync(join(folder, 'posts'), { recursive: true });
    expect(await next()).toBeUndefined();
    write(folder, { 'posts/one.md': '1' });
    expect(await next()).toBeUndefined();
    write(folder, { 'posts/one.md': '2' });
    expect(await next()).toEqual(['posts/one.md']);
  });
});

describe('where watching fails', () => {
  test('at the start, the reason is told once, nothing stays watched, and looking finds what changes', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1', 'b/c/one.md': '1', 'd/one.md': '1' });
    const { watching, open } = failing((_, count) => (count === 3 ? 'ENOSPC' : undefined));
    const { next, reasons } = watched(folder, {}, watching);
    expect(reasons).toEqual([expect.stringMatching(/limit .*fs\.inotify\.max_user_watches/)]);
    expect(open.size).toBe(0);
    expect(await next()).toBeUndefined();
    write(folder, { 'b/c/one.md': 'longer' });
    expect(await next()).toBeUndefined();
    rmSync(join(folder, 'b'), { recursive: true });
    expect(await next()).toBeUndefined();
    rmSync(folder, { recursive: true });
    expect(await next()).toBeUndefined();
    expect(reasons).toHaveLength(1);
  });

  test('at a new folder, the same', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1' });
    const { watching, open } = failing((_, count) => (count === 2 ? 'EMFILE' : undefined));
    const { next, reasons } = watched(folder, {}, watching);
    write(folder, { 'b/c/one.md': '1' });
    expect(await next()).toBeUndefined();
    expect(reasons).toEqual([expect.stringContaining('fs.inotify.max_user_instances')]);
    expect(open.size).toBe(0);
  });

  test('by an event, the same', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1' });
    const { watching, open, fail } = failing(() => undefined);
    const { next, reasons } = watched(folder, {}, watching);
    for (const tell of fail) tell(new Error('EIO: broken'));
    expect(await next()).toBeUndefined();
    expect(reasons).toEqual([expect.stringContaining('EIO: broken')]);
    expect(open.size).toBe(0);
    write(folder, { 'a/one.md': 'longer' });
    expect(await next()).toBeUndefined();
  });

  test('by an event because the folder was removed, it is watched when it is there again', async () => {
    const folder = write(movable(), { 'one.md': '1' });
    const { watching, fail } = failing(() => undefined);
    const { next, reasons } = watched(folder, {}, watching);
    rmSync(folder, { recursive: true });
    fail[0]!(new Error('EPERM: gone'));
    expect(await next()).toBeUndefined();
    mkdirSync(folder);
    expect(await next()).toBeUndefined();
    write(folder, { 'one.md': '2' });
    expect(await next()).toEqual(['one.md']);
    expect(reasons).toEqual([]);
  });

  test('files that are no posts change nothing, and it can be closed', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1' });
    const { watching } = failing(() => 'ENOSYS');
    const { calls, next, close } = watched(folder, {}, watching);
    expect(await next()).toBeUndefined();
    write(folder, { 'a/one.txt': '1', '.git/one.md': '1' });
    const other = watched(folder, { settle: 100 }, watching);
    expect(await other.next()).toBeUndefined();
    expect(calls).toHaveLength(1);
    const another = watched(folder, {}, watching);
    another.close();
    close();
    write(folder, { 'a/one.md': 'longer' });
    expect(await other.next()).toBeUndefined();
    expect([calls.length, another.calls.length]).toEqual([1, 0]);
  });
});

describe('a system that watches a folder with all that is in it', () => {
  /** Events as macOS and Windows give them, by hand. */
  function byHand() {
    let listen: Parameters<Watching['watch']>[2];
    let watches = 0;
    const watching: Watching = {
      recursive: true,
      watch: (_folder, _options, listener) => {
        watches++;
        listen = listener;
        return { on: () => undefined, close: () => undefined };
      },
    };
    const emit = (event: 'rename' | 'change', ...path: string[]): void => listen(event, path.join(sep));
    return { watching, emit, lose: () => listen('change', null), watches: () => watches };
  }

  test('tells posts by their paths, and what happens to folders', async () => {
    const folder = write(temporaryFolder(), { 'a/b/one.md': '1', '.git/a/one.md': '1' });
    const { watching, emit, watches } = byHand();
    const { next } = watched(folder, {}, watching);
    emit('change', 'a');
    emit('change', 'a', 'b', 'one.md');
    emit('change', 'a', 'b', 'one.png');
    emit('rename', 'a', 'b', '4913');
    emit('rename', '.git', 'a', 'one.md');
    expect(await next()).toEqual(['a/b/one.md']);

    write(folder, { 'new/deep/two.md': '1' });
    emit('rename', 'new', 'deep', 'two.md');
    expect(await next()).toBeUndefined();
    emit('change', 'new', 'deep', 'two.md');
    expect(await next()).toEqual(['new/deep/two.md']);
    rmSync(join(folder, 'new'), { recursive: true });
    emit('rename', 'new');
    expect(await next()).toBeUndefined();
    expect(watches()).toBe(1);
  });

  test('is watched anew when it lost events', async () => {
    const folder = write(temporaryFolder(), { 'a/one.md': '1' });
    const { watching, lose, watches } = byHand();
    const { next, reasons } = watched(folder, {}, watching);
    lose();
    expect(await next()).toBeUndefined();
    expect(watches()).toBe(2);
    expect(reasons).toEqual([]);
  });
});
