import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Gate } from '../src/publish/feed.ts';
import { readCatalogue } from '../src/store/catalogue.ts';
import type { Store } from '../src/store/store.ts';
import { gate } from '../src/validate/gate.ts';
import { SYSTEM_CLOCK, createAlarm } from '../src/worker/alarm.ts';
import { createQueue, startWorker } from '../src/worker/work.ts';
import { NOW, blogOf, markdown, write } from './blog.ts';

describe('a run', () => {
  test('publishes, and a second one writes nothing', async () => {
    const { once, puts } = blogOf({ 'one.md': markdown('One', 'tags: [a]\n'), 'two.md': markdown('Two') });
    expect(await once()).toMatchObject({
      outcome: 'published',
      posts: 2,
      unchanged: 0,
      removed: [],
      problems: [],
    });
    expect(puts).toContain('tags/a/atom.xml');
    puts.length = 0;
    expect(await once()).toMatchObject({ outcome: 'unchanged', written: [], removed: [] });
    expect(puts).toEqual([]);
  });

  test('tells how far it is: what is read, made and written', async () => {
    const { once } = blogOf({ 'one.md': markdown('One', 'tags: [a]\n'), 'two.md': markdown('Two') });
    const heard: string[] = [];
    await once({ progress: (stage, done, all) => void heard.push(`${stage}: ${done} of ${all}`) });
    expect(heard).toEqual(expect.arrayContaining(['posts read: 2 of 2', 'feeds made: 3 of 3']));
    expect(heard.at(-1)).toMatch(/^files written: (\d+) of \1$/);
  });

  test('writes only the files whose bytes change', async () => {
    const { folder, once } = blogOf({
      'one.md': markdown('One', 'tags: [a]\n'),
      'two.md': markdown('Two', 'tags: [b]\n'),
    });
    await once();
    write(folder, { 'two.md': markdown('Two', 'tags: [b]\n', 'Other text.') });
    const { written } = await once();
    expect(written.filter((name) => name.startsWith('tags/'))).toEqual([
      'tags/b/atom.xml',
      'tags/b/feed.json',
      'tags/b/feed.xml',
    ]);
  });

  test('leaves a post that is broken now as it was, names it, and goes on with the others', async () => {
    const { folder, once, titles } = blogOf({ 'one.md': markdown('One'), 'two.md': markdown('Two') });
    await once();
    write(folder, { 'one.md': '---\ntitle: One\n  date: broken\n---\n', 'three.md': markdown('Three') });
    const outcome = await once();
    expect(outcome.problems).toMatchObject([{ file: 'one.md', line: 3, level: 'error', rule: 'yaml' }]);
    expect((await titles())?.sort()).toEqual(['One', 'Three', 'Two']);
    expect((await titles())?.sort()).toEqual(['One', 'Three', 'Two']);
    rmSync(join(folder, 'one.md'));
    await once();
    expect((await titles())?.sort()).toEqual(['Three', 'Two']);
  });

  test('keeps a feed without posts for 30 days, then removes it, and only what it made', async () => {
    const { folder, store, once, titles } = blogOf({ 'one.md': markdown('One', 'tags: [a, b]\n') });
    await once();
    await store.put('podcast/feed.xml', Buffer.from('somebody else’s'));
    write(folder, { 'one.md': markdown('One', 'tags: [b]\n') });
    expect((await once()).removed).toEqual([]);
    expect(await titles('tags/a/feed.json')).toEqual([]);
    const later = NOW + 31 * 86_400_000;
    expect((await once({ now: later })).removed).toEqual([
      'tags/a/atom.xml',
      'tags/a/feed.json',
      'tags/a/feed.xml',
    ]);
    expect((await readCatalogue(store))?.redirects['tags/a/feed.xml']).toBe('gone');
    expect((await store.list()).map(({ name }) => name)).toContain('podcast/feed.xml');
  });

  test('removes feeds that a run which was killed left behind', async () => {
    const { store, once } = blogOf({ 'one.md': markdown('One') });
    await once();
    await store.put('tags/old/feed.xml', Buffer.from('<rss/>'));
    expect((await once()).removed).toEqual(['tags/old/feed.xml']);
  });

  test('keeps everything when there are no posts any more', async () => {
    const { folder, once, titles } = blogOf({ 'one.md': markdown('One') });
    await once();
    rmSync(join(folder, 'one.md'));
    expect(await once()).toMatchObject({ outcome: 'held', written: [], removed: [] });
    expect(await titles()).toEqual(['One']);
  });

  test('of a folder without posts publishes nothing', async () => {
    expect(await blogOf({ 'draft.md': markdown('One', 'draft: true\n') }).once()).toMatchObject({
      outcome: 'nothing',
      posts: 0,
    });
  });

  test('that finds the folder gone changes nothing', async () => {
    const { folder, once, titles } = blogOf({ 'one.md': markdown('One') });
    await once();
    rmSync(folder, { recursive: true });
    await expect(once()).rejects.toThrow();
    expect(await titles()).toEqual(['One']);
  });

  test('keeps the last good file of a feed whose head fails', async () => {
    const { folder, store, once } = blogOf({ 'one.md': markdown('One', 'tags: [a]\n') });
    await once();
    const before = await store.get('tags/a/feed.xml');
    write(folder, { 'one.md': markdown('New', 'tags: [a]\n') });
    const failing: Gate = {
      ...gate,
      head: (format, document, feed, site) =>
        format === 'rss' && feed.folder === 'tags/a/' ? 'no' : gate.head(format, document, feed, site),
    };
    const outcome = await once({ gate: failing });
    expect(outcome.failures).toEqual([{ file: 'tags/a/feed.xml', message: 'no' }]);
    expect((await store.get('tags/a/feed.xml'))?.body.equals(before!.body)).toBe(true);
    expect((await store.get('tags/a/atom.xml'))?.body.toString()).toContain('New');
  });

  test('mends a file that was damaged in the store', async () => {
    const { store, once } = blogOf({ 'one.md': markdown('One') });
    await once();
    await store.put('feed.xml', Buffer.from('<rss'));
    expect((await once()).written).toEqual(['feed.xml']);
  });

  test('waits for another that is publishing, and gives up after its patience', async () => {
    const { store, once } = blogOf({ 'one.md': markdown('One') });
    const lease = await store.lease('publish', 60_000);
    await expect(once()).rejects.toThrow(/another Feedwright is publishing/);
    setTimeout(() => void lease!.release(), 50);
    expect(await once({ patience: 10_000 })).toMatchObject({ outcome: 'published' });
  });

  test('rejects when the store cannot be written, and the next one completes it', async () => {
    const { store, once, titles } = blogOf({ 'one.md': markdown('One', 'tags: [a]\n') });
    const full: Store = {
      ...store,
      put: (name, body) =>
        name === 'tags/a/atom.xml' ? Promise.reject(new Error('disk full')) : store.put(name, body),
    };
    await expect(once({ store: full })).rejects.toThrow('disk full');
    expect(await once()).toMatchObject({ outcome: 'published' });
    expect(await titles('tags/a/feed.json')).toEqual(['One']);
  });
});

const YEARLY = '0 0 1 1 *';

/** A clock that stands still until it is moved: then what was to be called back by that time is. */
function drivenClock(start: number) {
  const waiting = new Set<{ at: number; callback: () => void }>();
  let now = start;
  return {
    now: () => now,
    after: (milliseconds: number, callback: () => void) => {
      const each = { at: now + milliseconds, callback };
      waiting.add(each);
      return () => void waiting.delete(each);
    },
    /** To a moment, through everything that is to happen before; or there in one jump. */
    moveTo: (moment: number, jump = false) => {
      if (jump) now = moment;
      for (;;) {
        const [next] = [...waiting].sort((a, b) => a.at - b.at);
        if (!next || next.at > moment) break;
        now = Math.max(now, next.at);
        waiting.delete(next);
        next.callback();
      }
      now = moment;
    },
    waiting: () => waiting.size,
  };
}

describe('the alarm', () => {
  const DAY = 86_400_000;

  test.each([2000, DAY, 400 * DAY])('rings once, at its moment, %d ms ahead', (ahead) => {
    const clock = drivenClock(NOW);
    const rung: number[] = [];
    createAlarm(clock, () => rung.push(clock.now())).set(NOW + ahead);
    clock.moveTo(NOW + ahead - 1);
    expect(rung).toEqual([]);
    clock.moveTo(NOW + ahead + DAY);
    expect(rung).toEqual([NOW + ahead]);
  });

  test('notices within 15 seconds that the clock was set, or that the machine slept', () => {
    const clock = drivenClock(NOW);
    const rung: number[] = [];
    createAlarm(clock, () => rung.push(clock.now())).set(NOW + DAY);
    clock.moveTo(NOW + 2 * DAY, true);
    expect(rung).toHaveLength(1);
    createAlarm(clock, () => rung.push(clock.now())).set(NOW);
    clock.moveTo(clock.now());
    expect(rung).toHaveLength(2);
  });

  test('rings only for what was set last, and not when that was taken back', () => {
    const clock = drivenClock(NOW);
    const rung: number[] = [];
    const alarm = createAlarm(clock, () => rung.push(clock.now()));
    alarm.set(NOW + 1000);
    alarm.set(NOW + 5000);
    clock.moveTo(NOW + 4000);
    expect(rung).toEqual([]);
    alarm.set(undefined);
    clock.moveTo(NOW + DAY);
    expect(rung).toEqual([]);
    expect(clock.waiting()).toBe(0);
  });
});

describe('the worker', () => {
  test('publishes a post at its moment, though its schedule is yearly', async () => {
    const blog = blogOf({
      'now.md': markdown('Now'),
      'soon.md': markdown('Soon').replace('2026-05-17', '2026-11-23T12:00:02Z'),
    });
    const clock = drivenClock(NOW);
    const runs: Promise<unknown>[] = [];
    const publish = async (): Promise<number | undefined> => (await blog.once({ now: clock.now() })).nextDue;
    const worker = startWorker({
      run: () => {
        const done = publish();
        runs.push(done);
        return done;
      },
      schedule: YEARLY,
      timezone: 'UTC',
      clock,
    });
    await worker.trigger(undefined);
    expect(worker.next()).toBe(NOW + 2000);
    clock.moveTo(NOW + 1999);
    expect(runs).toHaveLength(1);
    clock.moveTo(NOW + 2000);
    expect(runs).toHaveLength(2);
    await runs[1];
    expect(await blog.titles()).toEqual(['Soon', 'Now']);
    await worker.stop();
    expect(clock.waiting()).toBe(0);
  });

  /** Runs that end when they are told to. */
  function heldRuns() {
    const ends: (() => void)[] = [];
    const run = () => new Promise<undefined>((resolve) => ends.push(() => resolve(undefined)));
    return { run, ends };
  }

  test('never runs twice at once; triggers during a run cause exactly one more', async () => {
    const { run, ends } = heldRuns();
    const queue = createQueue(async () => void (await run()));
    const first = queue.trigger([]);
    const others = [queue.trigger([]), queue.trigger([]), queue.trigger([])];
    expect(ends).toHaveLength(1);
    ends[0]!();
    await first;
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    ends[1]!();
    await Promise.all(others);
    expect(ends).toHaveLength(2);
  });

  test('tells the run what changed since the last one began, or that anything may have', async () => {
    const seen: (readonly string[] | undefined)[] = [];
    const ends: (() => void)[] = [];
    const queue = createQueue((changed) => {
      seen.push(changed);
      return new Promise((resolve) => ends.push(resolve));
    });
    const first = queue.trigger(['a.md']);
    void queue.trigger(['b.md']);
    const second = queue.trigger(['c.md', 'b.md']);
    ends[0]!();
    await first;
    await Promise.resolve();
    void queue.trigger(['d.md']);
    const third = queue.trigger(undefined);
    ends[1]!();
    await second;
    await Promise.resolve();
    ends[2]!();
    await third;
    expect(seen).toEqual([['a.md'], ['b.md', 'c.md'], undefined]);
  });

  test('a run that fails does not end it', async () => {
    let runs = 0;
    const queue = createQueue(() => (++runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve()));
    const first = queue.trigger([]);
    const second = queue.trigger([]);
    await expect(first).rejects.toThrow('no');
    await second;
    expect(runs).toBe(2);
  });

  test('stops after the run that is under way, and starts no other', async () => {
    const { run, ends } = heldRuns();
    const worker = startWorker({ run, schedule: YEARLY, timezone: 'UTC', clock: SYSTEM_CLOCK });
    void worker.trigger([]);
    void worker.trigger([]);
    let stopped = false;
    const stopping = worker.stop().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    ends[0]!();
    await stopping;
    await worker.trigger([]);
    expect(ends).toHaveLength(1);
  });

  test('runs on its schedule', async () => {
    const fired = new Promise<void>((resolve) => {
      const worker = startWorker({
        run: () => {
          void worker.stop();
          resolve();
          return Promise.resolve(undefined);
        },
        schedule: '* * * * * *',
        timezone: 'UTC',
        clock: SYSTEM_CLOCK,
      });
    });
    await fired;
  });
});
