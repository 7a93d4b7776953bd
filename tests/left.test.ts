/** What a process leaves to the next, where something came between. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { LEDGER } from '../src/ledger/keep.ts';
import { readCatalogue } from '../src/store/catalogue.ts';
import type { Store } from '../src/store/store.ts';
import { leave, run } from '../src/worker/run.ts';
import type { Memory, RunInput } from '../src/worker/runs.ts';
import { HISTORY, OPTIONS, blogOf, markdown, write } from './blog.ts';

const posts = (count: number, body?: string, extra = ''): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `p${at}.md`,
      markdown(`P ${at}`, `tags: [t${at % 3}]\n${extra}`, body),
    ]),
  );
const options = { ...OPTIONS, limit: 0, per: ['tag' as const] };
afterEach(() => void jest.restoreAllMocks());

const history = { ...HISTORY, approved: true };

/** A store that takes what is put into the cache, and nothing else. */
function fullBut(store: Store): Pick<RunInput, 'store' | 'ledger'> {
  const full: Store = {
    ...store,
    put: (name, body) =>
      name.includes('/cache/') ? store.put(name, body) : Promise.reject(new Error('the disk is full')),
  };
  return { store: full, ledger: { store: full, name: LEDGER } };
}

test.each([
  ['a few posts', 1],
  ['many posts', 60],
])(
  '%s that were edited are published by the next run where one stopped after the cache',
  async (_, count) => {
    const blog = blogOf(posts(70));
    const input = { cache: true, options, history };
    await blog.once(input);
    write(blog.folder, posts(count, 'Other words.'));
    await expect(blog.once({ ...input, ...fullBut(blog.store) })).rejects.toThrow('the disk is full');
    await blog.once(input);
    const contents = (await blog.items()).map(({ content_html }) => content_html);
    expect(contents.filter((content) => content.includes('Other words.'))).toHaveLength(count);
  },
);

test('a feed that somebody changed while a worker went on is put in order by the next process', async () => {
  const blog = blogOf(posts(9));
  const input = { cache: true, options };
  const first = await run(blog.input({ ...input, memory: {} }));
  write(blog.folder, posts(1, 'Other words.'));
  const { memory } = await run(blog.input({ ...input, memory: first.memory, changed: ['p0.md'] }));
  const before = await blog.text('feed.xml');
  await blog.store.put('feed.xml', Buffer.from('<rss/>'));
  await leave(blog.input(input), memory);
  await blog.once(input);
  expect(await blog.text('feed.xml')).toBe(before);
});

test('feeds are in one order in the catalogue, also where the slug of one begins as that of another', async () => {
  const files = { 'a.md': markdown('A', 'tags: [web]\n'), 'b.md': markdown('B', 'tags: [web-dev]\n') };
  const blog = blogOf(files);
  await blog.once({ cache: true, options });
  const order = async (): Promise<string[]> =>
    (await readCatalogue(blog.store))!.feeds.map(({ folder }) => folder);
  const before = await order();
  write(blog.folder, { 'a.md': markdown('A', 'tags: [web]\n', 'Other words.') });
  await blog.once({ cache: true, options });
  expect(await order()).toEqual(before);
});

test('a broken post that was removed is spoken of no longer, though nobody told of it', async () => {
  const blog = blogOf({ ...posts(3), 'b.md': '---\ntitle: [broken\n---\n' });
  const input = { cache: true, options };
  let { outcome, memory } = await run(blog.input({ ...input, memory: {} }));
  const go = async (changed?: readonly string[]): Promise<string[]> => {
    ({ outcome, memory } = await run(blog.input({ ...input, memory, ...(changed && { changed }) })));
    return outcome.problems.map(({ file }) => file);
  };
  write(blog.folder, posts(1, 'Other words.'));
  expect(await go(['p0.md'])).toEqual(['b.md']);
  rmSync(join(blog.folder, 'b.md'));
  expect(await go()).toEqual([]);
});

test('a clock that was set back is waited for after a run that changed no feed, too', async () => {
  const MINUTE = 60_000;
  const moments = await Promise.all(
    [true, false].map(async (isGoingOn) => {
      const blog = blogOf(posts(3));
      const input = { options: { ...options, limit: 3 } };
      let memory: Memory = {};
      const go = async (): Promise<void> => {
        ({ memory } = await run(blog.input({ ...input, memory: isGoingOn ? memory : {} })));
      };
      await go();
      blog.clock.now += 10 * MINUTE;
      write(blog.folder, { 'old.md': '---\ntitle: Old\ndate: 2020-01-01\n---\nText of Old.\n' });
      await go();
      blog.clock.now -= 5 * MINUTE;
      write(blog.folder, posts(1, 'Other words.'));
      await go();
      return (await blog.items()).map(({ date_modified }) => date_modified);
    }),
  );
  expect(moments[0]).toEqual(moments[1]);
});

test.each([
  ['a few posts', 1],
  ['many posts', 60],
])('a run after %s that fails has stopped writing when it says so', async (_, count) => {
  const blog = blogOf(posts(70));
  const input = { cache: true, options, history };
  await blog.once(input);
  write(blog.folder, posts(count, 'Other words.'));
  let isOver = false;
  const late: string[] = [];
  const store: Store = {
    ...blog.store,
    put: async (name, body) => {
      if (name.endsWith('feed.xml')) throw new Error('the disk is full');
      await nextTurn();
      if (isOver) late.push(name);
      return blog.store.put(name, body);
    },
  };
  const run = blog.once({ ...input, store, ledger: { store, name: LEDGER } });
  await expect(run.finally(() => (isOver = true))).rejects.toThrow('the disk is full');
  await blog.once(input);
  expect(late).toEqual([]);
});

test('which of two labels was renamed does not depend on how long the worker has been there', async () => {
  const redirects = await Promise.all(
    [true, false].map(async (isGoingOn) => {
      const blog = blogOf({ 'a.md': markdown('A', 'tags: [c, c++]\n'), 'b.md': markdown('B') });
      const pages = { feeds: true, entries: true };
      let memory: Memory = {};
      const go = async (): Promise<void> => {
        const known = isGoingOn ? memory : {};
        ({ memory } = await run(blog.input({ options: { ...options, pages }, memory: known })));
      };
      await go();
      await go();
      write(blog.folder, { 'a.md': markdown('A', 'tags: [rust]\n') });
      await go();
      return (await readCatalogue(blog.store))!.redirects;
    }),
  );
  expect(redirects[0]).toEqual(redirects[1]);
});

test.each([true, false])(
  'a worker sees that an attached file came or is another (cache: %s)',
  async (cache) => {
    // What was written just now is looked at again anyway.
    const later = Date.now() + 3_600_000;
    jest.spyOn(Date, 'now').mockImplementation(() => later);
    const blog = blogOf({ 'a.md': markdown('A', 'enclosure: a.mp3\n'), 'b.md': markdown('B') });
    let memory: Memory = {};
    const length = async (): Promise<string | undefined> => {
      ({ memory } = await run(blog.input({ cache, options, memory })));
      return / length="(\d+)"/.exec((await blog.text('feed.xml'))!)?.[1];
    };
    expect(await length()).toBe('0');
    expect(await length()).toBe('0');
    write(blog.folder, { 'a.mp3': 'longer' });
    expect(await length()).toBe('6');
  },
);

test('posts that are gone stay gone for a worker that held it back that none was left', async () => {
  const blog = blogOf(posts(3));
  let memory: Memory = {};
  const go = async (changed: readonly string[]): Promise<string> => {
    const result = await run(blog.input({ cache: true, options, memory, changed }));
    memory = result.memory;
    return result.outcome.outcome;
  };
  await go([]);
  const names = Object.keys(posts(3));
  for (const name of names) rmSync(join(blog.folder, name));
  expect(await go(names)).toBe('held');
  write(blog.folder, { 'new.md': markdown('New') });
  expect(await go(['new.md'])).toBe('published');
  expect(await blog.titles()).toEqual(['New']);
});

test('what could not be left for want of room is not taken for what was left before', async () => {
  const dated = (body?: string): Record<string, string> => posts(60, body, 'updated: 2026-05-18\n');
  const blog = blogOf(dated());
  const input = { cache: true, options, history };
  await blog.once(input);
  const store: Store = {
    ...blog.store,
    put: (name, body) =>
      name.endsWith('.jsonl') && name.includes('/cache/')
        ? Promise.reject(new Error('the disk is full'))
        : blog.store.put(name, body),
  };
  write(blog.folder, dated('Other words.'));
  await blog.once({ ...input, store, ledger: { store, name: LEDGER } });
  expect(await blog.text('feed.json')).toContain('Other words.');
  write(blog.folder, dated());
  await blog.once(input);
  expect(await blog.text('feed.json')).not.toContain('Other words.');
});

test('ids that are numbers come in one order, whoever reads the ledger', async () => {
  const ids = await Promise.all(
    [true, false].map(async (cache) => {
      const blog = blogOf({ 'a.md': markdown('A', 'guid: 10\n'), 'b.md': markdown('B') });
      const go = (): Promise<unknown> => blog.once({ cache, options, history });
      await go();
      write(blog.folder, { 'a.md': markdown('A', 'guid: 9\n') });
      await go();
      rmSync(join(blog.folder, 'a.md'));
      await go();
      write(blog.folder, { 'a.md': markdown('A') });
      await go();
      return (await blog.items()).map(({ id }) => id);
    }),
  );
  expect(ids[0]).toEqual(ids[1]);
});

test('last forms that somebody removed while a worker went on are there again after the next change', async () => {
  const blog = blogOf(posts(70));
  const input = { cache: true, options };
  const first = await run(blog.input({ ...input, memory: {} }));
  const names = (await blog.store.list('.feedwright/entries/')).map(({ name }) => name);
  const texts = await Promise.all(names.map(async (name) => [name, (await blog.text(name))!] as const));
  const linesOf = (text: string): string[] => text.trim().split('\n');
  const [name, text] = texts.find(([, each]) => linesOf(each).length > 2)!;
  const { path } = JSON.parse(linesOf(text)[1]!) as { path: string };
  await blog.store.remove(name);
  write(blog.folder, { [path]: markdown('Another') });
  await run(blog.input({ ...input, memory: first.memory, changed: [path] }));
  expect(linesOf((await blog.text(name))!)).toHaveLength(linesOf(text).length);
});

test('what another process said in the catalogue of a broken post is said no longer when that is mended', async () => {
  const post = markdown('A', 'expires: 2026-11-24\n');
  const blog = blogOf({ 'a.md': post, 'b.md': markdown('B') });
  const input = { cache: true, options };
  const { memory } = await run(blog.input({ ...input, memory: {} }));
  const before = await readCatalogue(blog.store);
  write(blog.folder, { 'a.md': '---\ntitle: [broken\n---\n' });
  await blog.once(input);
  write(blog.folder, { 'a.md': post });
  await run(blog.input({ ...input, memory, changed: ['a.md'] }));
  expect(await readCatalogue(blog.store)).toEqual(before);
});
