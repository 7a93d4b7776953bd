/** A week of a blog, as those live it who poll it: real requests, driven time. */
import { afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER } from '../src/ledger/keep.ts';
import { hashOf } from '../src/publish/feed.ts';
import { serve } from '../src/serve/app.ts';
import type { Serving } from '../src/serve/app.ts';
import { HISTORY, NOW, blogOf, markdown, write } from './blog.ts';
import { HABITS, agendaOf, entriesOf, subscribe } from './readers.ts';
import type { Ask, Entry, Habits, Reader } from './readers.ts';
import { ask } from './serving.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** Words that are like no others. */
const prose = (about: string): string =>
  Array.from({ length: 60 }, (_, at) => hashOf(Buffer.from(about + at)).slice(0, 4 + (at % 9))).join(' ');
const post = (title: string, date: string, extra = ''): string =>
  markdown(title, extra, prose(title)).replace('2026-05-17', date);
const atHour = (hours: number): string => new Date(NOW + hours * HOUR).toISOString();

const DAYS = [11, 12, 13, 14, 15, 16, 17, 18];
const POSTS: Record<string, string> = {
  ...Object.fromEntries(DAYS.map((day) => [`${day}.md`, post(`Of day ${day}`, `2026-11-${day}`)])),
  '19.md': post('On yarn', '2026-11-19', 'tags: [knitting]\nid: urn:uuid:8d9f0a52-3c3b-4c5e-9d59-1f0a5d1c7a10\n'),
  '20.md': post('On wool', '2026-11-20', 'tags: [knitting]\n'),
  '21.md': post('On sails', '2026-11-21', 'tags: [sailing]\n'),
  '22.md': post('On needles', '2026-11-22', 'tags: [knitting]\n'),
}; // prettier-ignore

type Act = (blog: Pick<ReturnType<typeof blogOf>, 'folder' | 'store'>) => unknown;
const adds = (path: string, text: string): Act => ({ folder }) => write(folder, { [path]: text }); // prettier-ignore
const edits = (text: string, by: string, ...paths: string[]): Act => ({ folder }) => paths.map((path) =>
  write(folder, { [path]: readFileSync(join(folder, path), 'utf8').replace(text, by) })); // prettier-ignore

/** After how many hours what happens; then the blog is published. */
const WEEK: [hours: number, what: string, act: Act][] = [
  [2.3, 'a new post', adds('first.md', post('The first', atHour(2.2)))],
  [9.1, 'an edit', edits(prose('Of day 13'), 'Nothing of that was true.', '13.md')],
  [20, 'a post with a date of long ago', adds('attic.md', post('From the attic', '2026-01-02'))],
  [27.5, 'a post for the day after', adds('later.md', post('For later', atHour(50.4)))],
  [53.2, 'a deletion', ({ folder }) => rmSync(join(folder, '15.md'))],
  [60, 'a file is renamed', ({ folder }) => renameSync(join(folder, '14.md'), join(folder, 'fortnight.md'))],
  [72.7, 'a tag is renamed', edits('knitting', 'knitwear', '19.md', '20.md', '22.md')],
  [77, 'a tag is given up', edits('tags: [sailing]\n', '', '21.md')],
  [90.9, 'a better title', edits('title: Of day 18', 'title: Of the day after 17', '18.md')],
  [100, 'a post is saved as it was', edits('', '', '11.md')],
  [110.5, 'a post with a tag', adds('moths.md', post('On moths', atHour(110), 'tags: [knitwear]\n'))],
  [110.5, 'at once, another edit', edits(prose('Of day 12'), 'Too long to be read.', '12.md')],
  [118, 'what was deleted is put back', adds('15.md', POSTS['15.md']!)],
  [126, 'a tag is called as before', edits('knitwear', 'knitting', '19.md', '20.md', '22.md', 'moths.md')],
  [128, 'the ledger is lost', ({ store }) => store.remove(LEDGER)],
  [131, 'a last post', adds('last.md', post('The last', atHour(130.9)))],
];
const EDITED = ['Of day 12', 'Of day 13', 'Of the day after 17'];
const KNITTING = ['On moths', 'On needles', 'On wool', 'On yarn'];

/** Who reads a feed, or one in several formats in turn; what is held in the end, if not all; whether the feed ends. */
const READERS: { who: string; habits: Habits; paths: string[]; holds?: string[]; ends?: true }[] = [
  { who: 'Miniflux', habits: HABITS.miniflux, paths: ['/feed.xml'] },
  { who: 'NetNewsWire', habits: HABITS.netNewsWire, paths: ['/feed.json'] },
  { who: 'FreshRSS', habits: HABITS.freshRss, paths: ['/atom.xml'] },
  { who: 'Feedly', habits: HABITS.feedly, paths: ['/feed.xml'] },
  { who: 'SimplePie', habits: HABITS.simplePie, paths: ['/feed.xml?'] },
  { who: 'a podcast directory', habits: HABITS.directory, paths: ['/feed.xml'] },
  { who: 'one by a guessed address', habits: HABITS.netNewsWire, paths: ['/feed/'] },
  { who: 'one of all formats in turn', habits: HABITS.miniflux, paths: ['/feed.xml', '/atom.xml', '/feed.json'] },
  { who: 'Miniflux of a renamed tag', habits: HABITS.miniflux, paths: ['/tags/knitting/rss'], holds: KNITTING },
  { who: 'NetNewsWire of a renamed tag', habits: HABITS.netNewsWire, paths: ['/tags/knitting/feed.json'], holds: KNITTING },
  { who: 'FreshRSS of a renamed tag', habits: HABITS.freshRss, paths: ['/tags/knitting/atom.xml'], holds: KNITTING },
  { who: 'FreshRSS of a tag that ends', habits: HABITS.freshRss, paths: ['/tags/sailing/atom.xml'], holds: ['On sails'], ends: true },
]; // prettier-ignore

let running: Serving | undefined;
const stop = (): Promise<void> | undefined => running?.close(0);
afterEach(stop);

/** The blog and its server, behind a proxy, in a time of their own. */
async function worldOf() {
  const blog = blogOf(POSTS);
  const { clock, store } = blog;
  jest.spyOn(Date, 'now').mockImplementation(() => clock.now);
  const silent = (): void => {};
  let server: Serving;
  const start = async (): Promise<void> => {
    await stop();
    running = server = await serve({
      store,
      feedsUrl: 'https://example.com/',
      host: '127.0.0.1',
      port: 0,
      log: { info: silent, warn: silent, error: silent },
      pollEvery: HOUR,
      trustProxy: 1,
      fairUse: { answers: 60, except: [] },
    });
  };
  /** Every entry that was ever published, as it was last. */
  const published = new Map<string, Entry>();
  const publish = async (act?: Act) => {
    await act?.(blog);
    const wait = (milliseconds: number) => Promise.resolve((clock.now += milliseconds));
    const outcome = await blog.once({ history: { ...HISTORY, tombstones: 2 * DAY }, wait });
    await server.refresh();
    for (const [id, entry] of await entriesOf(await ask(server, '/feed.json'))) published.set(id, entry);
    return outcome;
  };
  /** What the proxy passes on from an address; without one, what comes from the machine itself. */
  const from = (address?: string): Ask => (path, headers, method) =>
    ask(server, path, { ...headers, ...(address && { 'x-forwarded-for': address }) }, method); // prettier-ignore
  await start();
  await publish();
  return { clock, start, published, publish, from };
}

describe('after a week', () => {
  const readers = new Map<string, Reader>();
  let published: ReadonlyMap<string, Entry>;
  /** How often the main feed was written. */
  let changes = 1;

  beforeAll(async () => {
    const world = await worldOf();
    const { clock } = world;
    published = world.published;
    const agenda = agendaOf(clock);
    const publish = async (act?: Act): Promise<void> => {
      const { written, nextDue } = await world.publish(act);
      if (written.includes('feed.xml')) changes += 1;
      if (nextDue !== undefined) agenda.add(nextDue, () => publish());
    };
    for (const [hours, , act] of WEEK) agenda.add(NOW + hours * HOUR, () => publish(act));
    // The server begins anew in the middle.
    agenda.add(NOW + 84 * HOUR, world.start);
    for (const [at, { who, habits, paths }] of READERS.entries()) {
      const reader = subscribe(habits, paths, world.from(`198.51.100.${at}`));
      readers.set(who, reader);
      const poll = async (): Promise<void> => {
        const pause = await reader.poll();
        agenda.add(clock.now + pause * SECOND, poll);
      };
      agenda.add(NOW + at * 0.1 * HOUR, poll);
    }
    await agenda.liveUntil(NOW + 7 * DAY);
  }, 60_000);

  describe.each(READERS)('$who', ({ who, paths, holds, ends = false }) => {
    const reader = (): Reader => readers.get(who)!;
    const titles = (): string[] => holds ?? [...published.values()].map(({ title }) => title);

    test('holds each entry once, as it was last published', () => {
      const { held } = reader();
      expect(held).toEqual(new Map([...published].filter(([, { title }]) => titles().includes(title))));
      expect(held.size).toBe(holds?.length ?? Object.keys(POSTS).length + 5);
    });

    test('saw each edit once, and nothing else as one', () => {
      expect(reader().edited.sort()).toEqual(EDITED.filter((each) => titles().includes(each)));
    });

    test('was sent each version once', () => {
      const { answers, polls } = reader();
      const whole = answers.filter(({ status, body }) => status === 200 && body.length > 0);
      const tags = whole.map(({ headers }) => headers.etag);
      expect(tags).toEqual([...new Set(tags)]);

      const sizes = answers.map(({ status, headers }) => (status === 200 ? +headers['content-length']! : 0));
      const bytes = answers.reduce((sum, { body }) => sum + body.length, 0);
      expect(bytes).toBeLessThanOrEqual(changes * paths.length * Math.max(...sizes));
      expect(polls).toBeGreaterThan(changes * 2);
    });

    test('was never refused, and told of an end only if there was one', () => {
      const { answers, ended } = reader();
      const statuses = new Set(answers.map(({ status }) => status));
      expect([...statuses].filter((each) => ![200, 206, 301, 304].includes(each))).toEqual(ends ? [410] : []);
      expect(ended).toBe(ends);
    });
  });
});

describe('a change at the worst moment', () => {
  test('while a feed is fetched in pieces does not make one of two halves', async () => {
    const { from, publish, published } = await worldOf();
    const reader = subscribe(HABITS.directory, ['/feed.xml'], async (...request) => {
      const answer = await from('198.51.100.1')(...request);
      if (reader.answers.length === 2) await publish(adds('between.md', post('Between', '2026-11-23')));
      return answer;
    });
    await reader.poll();
    expect(reader.answers.map(({ status }) => status)).toEqual([200, 206, 206, 200]);
    expect(reader.held).toEqual(published);
  });

  test('within the second of the last one is seen by who compares dates alone', async () => {
    const { clock, from, publish, published } = await worldOf();
    const reader = subscribe(HABITS.simplePie, ['/feed.xml?'], from('198.51.100.1'));
    for (const title of ['One', 'Two', 'Three']) {
      clock.now += 300;
      await publish(adds(`${title}.md`, post(title, '2026-11-23')));
      await reader.poll();
      expect(reader.held).toEqual(published);
      await reader.poll();
    }
    expect(reader.answers.map(({ status }) => status)).toEqual([200, 304, 200, 304, 200, 304]);
  });

  const WAITING = ['miniflux', 'netNewsWire', 'freshRss'] as const;
  test.each(WAITING)('that is planned is not slept over by %s', async (who) => {
    const { clock, from, publish, published } = await worldOf();
    await publish(adds('later.md', post('For later', atHour(2))));
    const reader = subscribe(HABITS[who], ['/feed.xml'], from('198.51.100.1'));
    clock.now += (await reader.poll()) * SECOND;
    expect(new Date(clock.now).toISOString()).toBe(atHour(2));
    await publish();
    await reader.poll();
    expect(reader.held).toEqual(published);
  });
});

describe('a script that wants the whole feed again and again', () => {
  const SCRIPT = '203.0.113.66';
  const HEADERS = { 'user-agent': 'curl/8.5.0', 'cache-control': 'no-cache' };
  test.each([
    { how: 'every ten seconds', every: 10, address: SCRIPT, statuses: [200, 429] },
    { how: 'so, and says it is here', every: 10, address: `127.0.0.1, ${SCRIPT}`, statuses: [200, 429] },
    { how: 'every minute', every: 60, address: SCRIPT, statuses: [200] },
    { how: 'every ten seconds, and is here', every: 10, address: undefined, statuses: [200] },
  ])('$how, is answered $statuses; readers get theirs', async ({ every, address, statuses }) => {
    const { clock, from, publish, published } = await worldOf();
    const readers = ['203.0.113.67', SCRIPT].flatMap((home) =>
      Object.values(HABITS).map((habits) => subscribe(habits, ['/feed.xml'], from(home))),
    );
    const answers = [];
    for (let second = 0; second < 3600; second += every) {
      if (second % 600 === 0) {
        await publish(adds('news.md', post(`Of second ${second}`, '2026-11-23')));
        for (const each of readers) await each.poll();
      }
      answers.push(await from(address)('/feed.xml', HEADERS));
      clock.now += every * SECOND;
    }
    const got = answers.map(({ status }) => status);
    expect([...new Set(got)]).toEqual(statuses);
    expect(got.join(' ')).not.toContain('429 429 429');
    for (const { status, headers } of answers)
      expect(headers['retry-after'] ?? '').toMatch(status === 429 ? /^[1-9]\d*$/ : /^$/);
    for (const { held, answers } of readers) {
      expect(held).toEqual(published);
      expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
    }
  });

  test('is answered when it has waited for as long as it is told', async () => {
    const { clock, from } = await worldOf();
    for (const wanted of [...Array<number>(60).fill(200), 429, 200, 429, 200]) {
      const { status, headers } = await from(SCRIPT)('/feed.xml', HEADERS);
      expect(status).toBe(wanted);
      clock.now += Number(headers['retry-after'] ?? 0) * SECOND;
    }
  });
});
