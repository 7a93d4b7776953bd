/** A run after a few changes, or with a cache, gives what a run of everything gives. */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { LEDGER, readLedger } from '../src/ledger/keep.ts';
import { hashOf } from '../src/publish/feed.ts';
import { createHolder } from '../src/worker/hold.ts';
import { run } from '../src/worker/run.ts';
import type { Memory } from '../src/worker/runs.ts';
import { HISTORY, OPTIONS, SITE, blogOf, markdown, write } from './blog.ts';
import { checkIncremental } from './incremental-model.ts';

test('a worker that goes on publishes the same bytes as one that begins anew', async () => {
  const { runs, partial, restored, restarted } = await checkIncremental(25, 12);
  expect(partial).toBeGreaterThan(runs / 5);
  expect(restored).toBeGreaterThan(runs / 10);
  expect(restarted).toBeGreaterThan(runs / 10);
}, 120_000);

test('a post that no feed shows is the same entry after it was broken and mended', async () => {
  const post = (title: string, day: number): string =>
    `---\ntitle: ${title}\ndate: 2026-05-${day}\n---\nText of ${title}.\n`;
  const blog = blogOf({ 'a.md': post('Old', 10), 'b.md': post('New', 11) });
  let memory: Memory = {};
  const go = async (changed?: readonly string[]): Promise<string[]> => {
    const options = { ...OPTIONS, limit: 1, per: [] };
    ({ memory } = await run(blog.input({ options, memory, ...(changed && { changed }) })));
    const { ledger } = (await readLedger({ store: blog.store, name: LEDGER }))!;
    return [...ledger.entries.keys()];
  };
  const before = await go();
  for (const [name, text] of [
    ['a.md', '---\ntitle: [broken\n---\n'],
    ['b.md', post('Newer', 11)],
    ['a.md', post('Old again', 10)],
  ] as const) {
    write(blog.folder, { [name]: text });
    expect(await go([name])).toEqual(before);
  }
});

test('a name that Unicode writes otherwise is the same post', async () => {
  const blog = blogOf({ 'caf\u00e9.md': markdown('Café'), 'b.md': markdown('B') });
  const { memory } = await run(blog.input({ memory: {} }));
  renameSync(join(blog.folder, 'caf\u00e9.md'), join(blog.folder, 'cafe\u0301.md'));
  await run(blog.input({ memory, changed: ['caf\u00e9.md'] }));
  expect((await blog.titles()).sort()).toEqual(['B', 'Café']);
});

test('a store that went from under a worker is filled again, with the ids that it knows', async () => {
  const blog = blogOf({ 'a.md': markdown('A'), 'b.md': markdown('B', 'tags: [t]\n') });
  const options = { ...OPTIONS, pages: { feeds: true, entries: false } };
  await run(blog.input({ options }));
  renameSync(join(blog.folder, 'a.md'), join(blog.folder, 'z.md'));
  const { memory } = await run(blog.input({ options, memory: {} }));
  const before = await blog.items();
  const names = (await blog.store.list()).map(({ name }) => name);
  for (const { name } of [...(await blog.store.list()), ...(await blog.store.list('.feedwright/'))])
    await blog.store.remove(name);
  write(blog.folder, { 'c.md': markdown('C') });
  await run(blog.input({ options, memory, changed: ['c.md'] }));
  expect((await blog.items()).filter(({ title }) => title !== 'C')).toEqual(before);
  expect((await blog.store.list()).map(({ name }) => name)).toEqual(names);
});

test('what another process published meanwhile is not taken for one’s own', async () => {
  const blog = blogOf({ 'a.md': markdown('A'), 'b.md': markdown('B') });
  const first = await run(blog.input({ memory: {} }));
  write(blog.folder, { 'a.md': markdown('A', '', 'Other words.') });
  blog.clock.now += 60_000;
  await run(blog.input());
  write(blog.folder, { 'a.md': markdown('A', 'updated: 2026-05-17\n') });
  blog.clock.now += 60_000;
  await run(blog.input({ memory: first.memory, changed: ['a.md'] }));
  expect(await blog.text('feed.json')).not.toContain('Other words.');
});

test('with other settings than the last run had every feed is made anew', async () => {
  const blog = blogOf({ 'a.md': markdown('A', 'tags: [t]\n'), 'b.md': markdown('B') });
  const { memory } = await run(blog.input({ memory: {} }));
  write(blog.folder, { 'b.md': markdown('B', '', 'Other words.') });
  await run(blog.input({ site: { ...SITE, title: 'Another name' }, memory, changed: ['b.md'] }));
  expect(await blog.text('tags/t/feed.xml')).toContain('Another name');
});

describe('the cache', () => {
  const POSTS = {
    'a.md': markdown('Alpha'),
    'b.md': markdown('Beta'),
    'c.md': markdown('Gamma', 'draft: true\n'),
  };
  const documents = async ({ store }: ReturnType<typeof blogOf>): Promise<string[]> =>
    (await store.list('.feedwright/cache/')).map(({ name }) => name);

  /** Changes the text of every document; `sealed`: so that it says of itself that it is whole. */
  async function tamper(blog: ReturnType<typeof blogOf>, by: (text: string) => string, sealed = false) {
    for (const name of await documents(blog)) {
      const [header = '', ...rest] = (await blog.text(name))!.split('\n');
      const body = by(rest.join('\n'));
      const [key] = JSON.parse(header) as [string, string];
      const first = sealed ? JSON.stringify([key, hashOf(Buffer.from(body))]) : header;
      await blog.store.put(name, Buffer.from(`${first}\n${body}`));
    }
  }

  test('is used: what it says of a file that is the same is believed', async () => {
    const blog = blogOf(POSTS);
    await blog.once({ cache: true });
    await tamper(blog, (text) => text.replaceAll('"title":"Beta"', '"title":"Delta"'), true);
    await blog.once({ cache: true });
    expect((await blog.titles()).sort()).toEqual(['Alpha', 'Delta']);
  });

  test.each<[string, (text: string) => string]>([
    ['changed', (text) => text.replaceAll('Beta', 'Delta')],
    ['cut off', (text) => text.slice(0, text.length / 2)],
    ['emptied', () => ''],
    ['nonsense', () => '[]\n{\n'],
  ])('is not believed when it is %s', async (_, by) => {
    const blog = blogOf(POSTS);
    await blog.once({ cache: true });
    const before = await blog.text('feed.xml');
    await tamper(blog, by);
    expect(await blog.once({ cache: true })).toMatchObject({
      outcome: 'unchanged',
      problems: [],
      failures: [],
    });
    expect(await blog.text('feed.xml')).toBe(before);
  });

  test('can be removed, as a whole or in part, and comes back', async () => {
    const blog = blogOf(POSTS);
    await blog.once({ cache: true });
    const all = await documents(blog);
    expect(all.length).toBeGreaterThan(3);
    for (const name of all) {
      await blog.store.remove(name);
      expect((await blog.once({ cache: true })).outcome).toBe('unchanged');
    }
    expect(await documents(blog)).toEqual(all);
  });

  test('says nothing under other settings', async () => {
    const blog = blogOf(POSTS);
    await blog.once({ cache: true });
    const site = { ...SITE, title: 'Another' };
    await blog.once({ cache: true, site });
    const other = blogOf(POSTS);
    await other.once();
    await other.once({ site });
    expect(await blog.text('atom.xml')).toBe(await other.text('atom.xml'));
  });

  test('says only of its own ledger that it need not be checked', async () => {
    const blog = blogOf(POSTS);
    const before = (await blog.once({ cache: true })) && (await blog.text(LEDGER))!;
    // Other blanks, and a title that the next run finds changed.
    const edited = JSON.stringify(JSON.parse(before.replace('"title": "Beta"', '"title": "Delta"')));
    await blog.store.put(LEDGER, Buffer.from(edited));
    for (let time = 0; time < 2; time++) {
      await blog.once({ cache: true });
      expect(await blog.text(LEDGER)).toBe(before);
    }
    await blog.store.put(LEDGER, Buffer.from(before.replace('"permalinks"', '"permalink"')));
    await expect(blog.once({ cache: true })).rejects.toThrow(
      'the ledger .feedwright/ledger.json cannot be used',
    );
  });

  test('forgets files that are no more', async () => {
    const blog = blogOf({
      ...POSTS,
      ...Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`p${at}.md`, markdown(`P ${at}`)])),
    });
    await blog.once({ cache: true });
    for (let at = 0; at < 40; at++) rmSync(join(blog.folder, `p${at}.md`));
    await blog.once({ cache: true, history: { ...HISTORY, approved: true } });
    for (const name of await documents(blog)) expect(await blog.text(name)).not.toContain('p1.md');
  });

  test('does not keep what may change without its file: how long an attached file is', async () => {
    const blog = blogOf({ 'a.md': markdown('Alpha', 'enclosure: a.mp3\n'), 'a.mp3': 'one' });
    await blog.once({ cache: true });
    expect(await blog.text('feed.xml')).toContain('length="3"');
    write(blog.folder, { 'a.mp3': 'longer' });
    await blog.once({ cache: true });
    expect(await blog.text('feed.xml')).toContain('length="6"');
  });
});

describe('a new process', () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`p${at}.md`, markdown(`P ${at}`, `tags: [t${at % 7}]\n`)]),
  );
  const options = { ...OPTIONS, limit: 5, per: ['tag' as const], pages: { feeds: true, entries: false } };
  const input = { cache: true, options };

  test.each<[string, (blog: ReturnType<typeof blogOf>) => Promise<void>]>([
    ['a feed was removed', ({ store }) => store.remove('feed.xml')],
    ['a feed was changed', ({ store }) => store.put('tags/t1/atom.xml', Buffer.from('<feed/>'))],
    [
      'a feed that nobody remembers is there',
      ({ store }) => store.put('tags/x/feed.xml', Buffer.from('<rss/>')),
    ],
    [
      'last forms were removed',
      async ({ store }) => store.remove((await store.list('.feedwright/entries/'))[0]!.name),
    ],
    ['the catalogue was removed', ({ store }) => store.remove('.feedwright/index.json')],
  ])('puts the store in order where %s', async (_, change) => {
    const blog = blogOf(many);
    const all = async (): Promise<string> => {
      const names = [...(await blog.store.list()), ...(await blog.store.list('.feedwright/entries/'))];
      const texts = [...names.map(({ name }) => name), '.feedwright/index.json'].map(
        async (name) => [name, await blog.text(name)] as const,
      );
      return JSON.stringify(await Promise.all(texts));
    };
    await blog.once(input);
    const before = await all();
    await change(blog);
    expect(await all()).not.toBe(before);
    await blog.once(input);
    expect(await all()).toBe(before);
  });

  test('publishes what became due since, and what was said of other files is said again', async () => {
    const blog = blogOf({
      ...many,
      'due.md': '---\ntitle: Due\ndate: 2026-11-29T00:00:00Z\n---\nText.\n',
      'odd.md': markdown('Odd', 'updated: yesterday\n'),
    });
    blog.clock.now = Date.UTC(2026, 10, 28, 12);
    const first = await blog.once(input);
    expect(first.nextDue).toBe(Date.UTC(2026, 10, 29));
    expect(first.problems.map(({ file }) => file)).toContain('odd.md');
    blog.clock.now = Date.UTC(2026, 10, 29, 12);
    const second = await blog.once(input);
    expect(second.problems).toEqual(first.problems);
    expect((await blog.titles())[0]).toBe('Due');
  });

  test('begins anew where nothing is left but the feeds', async () => {
    const blog = blogOf(many);
    await blog.once(input);
    const before = await blog.items();
    for (const { name } of await blog.store.list('.feedwright/')) await blog.store.remove(name);
    await blog.once(input);
    expect(await blog.items()).toEqual(before);
  });
});

test('what is held until it is put into files is the same in memory and in a file', () => {
  const lengths = [3, 0, 5];
  const entries = Array.from({ length: 50 }, (_, at) => Buffer.from(`abc${String(at).padStart(5, '0')}`));
  for (const room of [0, 100, 1_000_000]) {
    const holder = createHolder(room);
    const held = entries.map((bytes) => holder.hold(bytes, lengths));
    for (const [at, get] of [...held.entries()].reverse())
      expect(Buffer.concat(Object.values(get())).equals(entries[at]!)).toBe(true);
    holder.close();
  }
});
