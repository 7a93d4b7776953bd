/** What operators count on: bounded memory, clients that misbehave, and being told what is wrong. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { serve } from '../src/serve/app.ts';
import type { ServeOptions, Serving } from '../src/serve/app.ts';
import { isForwardedNearby } from '../src/serve/client.ts';
import { fairUse } from '../src/serve/fair-use.ts';
import { maxAge } from '../src/serve/freshness.ts';
import { memoryStore } from '../src/store/memory.ts';
import { writeStatus } from '../src/store/status.ts';
import type { Store } from '../src/store/store.ts';
import { ask, publishFiles } from './serving.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let inner: Store;
let store: Store;
let outage: string | undefined;
/** What every use of the store waits for. */
let hanging: Promise<void> | undefined;
let gets: string[];
let logged: [string, Record<string, unknown>][];
let running: Serving[];

beforeEach(() => {
  inner = memoryStore();
  outage = undefined;
  hanging = undefined;
  gets = [];
  logged = [];
  running = [];
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    if (outage) throw new Error(outage);
    await hanging;
    return work();
  };
  store = {
    ...inner,
    list: (prefix) => reach(() => inner.list(prefix)),
    stat: (name) => reach(() => inner.stat(name)),
    get: (name) => {
      gets.push(name);
      return reach(() => inner.get(name));
    },
  };
});
afterEach(async () => {
  await Promise.all(running.map((each) => each.close(0)));
});

async function start(options: Partial<ServeOptions> = {}): Promise<Serving> {
  const note = (fields: object, message: string): void => {
    logged.push([message, fields as Record<string, unknown>]);
  };
  const server = await serve({
    store,
    feedsUrl: 'https://feeds.example/',
    host: '127.0.0.1',
    port: 0,
    log: { info: note, warn: note, error: note },
    pollEvery: 3_600_000,
    ...options,
  });
  running.push(server);
  return server;
}

const rss = (text: string): string => `<rss>${text}</rss>`;

describe('how long a feed is fresh', () => {
  const bounds = { min: 300, max: 18_000 };
  const now = Date.UTC(2026, 10, 23, 12);
  test.each([
    ['of which nothing is known', {}, 300],
    ['with a post every minute', { every: MINUTE }, 300],
    ['with a post every ten hours', { every: 10 * HOUR }, 3600],
    ['with a post a week', { every: 168 * HOUR }, 18_000],
    ['with a post that is due in an hour', { every: 168 * HOUR, next: now + HOUR }, 3600],
    ['with a post that is due in 90.9 s', { next: now + 90_900 }, 90],
    ['with a post that is due at once', { next: now + 1 }, 5],
    ['with a post that is a little late', { every: 168 * HOUR, next: now - 10_000 }, 5],
    ['with a post that nobody publishes', { every: 168 * HOUR, next: now - HOUR }, 18_000],
  ])('%s', (_, timing, seconds) => {
    expect(maxAge(timing, bounds, now)).toBe(seconds);
  });

  test('is told with each answer, of 200 and 304 alike', async () => {
    const feeds = { '': { every: 50 * HOUR }, 'tags/a/': { every: 50 * HOUR, next: Date.now() + 2 * HOUR } };
    await publishFiles(
      inner,
      { 'feed.xml': rss('all'), 'index.html': '<p></html>', 'tags/a/feed.xml': rss('a') },
      { feeds },
    );
    const server = await start();
    const cacheOf = async (path: string, headers = {}): Promise<unknown> =>
      (await ask(server, path, headers)).headers['cache-control'];
    const all = 'public, max-age=18000, stale-while-revalidate=300, stale-if-error=604800';
    expect(await cacheOf('/feed.xml')).toBe(all);
    expect(await cacheOf('/feed.xml', { 'if-none-match': '*' })).toBe(all);
    expect(await cacheOf('/')).toMatch(/^public, max-age=300, /);
    expect(await cacheOf('/tags/a/feed.xml')).toMatch(/^public, max-age=(7200|719\d), /);
    const strict = await start({ maxAge: { min: 60, max: 600 } });
    const { headers } = await ask(strict, '/feed.xml');
    expect(headers['cache-control']).toMatch(/^public, max-age=600, stale-while-revalidate=60, /);
  });
});

describe('memory', () => {
  const text = (at: number): string => rss(`${at} `.repeat(10_000).slice(0, 20_000));
  const name = (at: number): string => `tags/t${at}/feed.xml`;
  const publish = (count: number): Promise<void> =>
    publishFiles(inner, Object.fromEntries(Array.from({ length: count }, (_, at) => [name(at), text(at)])));

  test('holds what is asked for, up to its bound, and reads the rest again', async () => {
    await publish(30);
    const server = await start({ cache: 10 * 23_000, adminPort: 0 });
    for (let at = 0; at < 30; at++)
      expect((await ask(server, `/${name(at)}`)).body.toString()).toBe(text(at));
    gets = [];
    for (let at = 20; at < 30; at++) await ask(server, `/${name(at)}`);
    expect(gets).toEqual([]);
    for (let at = 0; at < 10; at++) await ask(server, `/${name(at)}`);
    expect(gets).toHaveLength(10);
    const metrics = (await ask({ port: server.adminPort }, '/metrics')).body.toString();
    expect(Number(/^feedwright_cache_bytes (\d+)$/m.exec(metrics)?.[1])).toBeLessThanOrEqual(230_000);
    expect(metrics).toMatch(/^feedwright_cache_files 10$/m);
  });

  const heldBy = async (server: Serving): Promise<number> =>
    Number(/^feedwright_cache_bytes (\d+)$/m.exec((await ask(server, '/metrics')).body.toString())?.[1]);

  test('counts compressed forms', async () => {
    await publish(30);
    const server = await start({ cache: 30 * 22_500 });
    let sent = 0;
    for (const encoding of ['identity', 'gzip', 'br'])
      for (let at = 0; at < 10; at++)
        sent += (await ask(server, `/${name(at)}`, { 'accept-encoding': encoding })).body.length;
    expect(await heldBy(server)).toBe(sent + 10 * 2000);
    for (const encoding of ['identity', 'gzip', 'br'])
      for (let at = 0; at < 30; at++) await ask(server, `/${name(at)}`, { 'accept-encoding': encoding });
    expect(await heldBy(server)).toBeGreaterThan(20 * 20_000);
    expect(await heldBy(server)).toBeLessThanOrEqual(30 * 22_500);
  });

  test('has no compressed forms for those who are up to date', async () => {
    await publish(1);
    const server = await start();
    const headers = { 'if-none-match': '*', 'accept-encoding': 'br, gzip' };
    const { status, headers: got } = await ask(server, `/${name(0)}`, headers);
    expect([status, got.etag]).toEqual([304, expect.stringContaining('-br"')]);
    const before = await heldBy(server);
    const whole = await ask(server, `/${name(0)}`, { 'accept-encoding': 'br' });
    expect(whole.headers.etag).toBe(got.etag);
    expect(await heldBy(server)).toBeGreaterThan(before);
  });

  test('that is too small for a feed serves it all the same', async () => {
    await publish(2);
    const server = await start({ cache: 0 });
    for (const headers of [{}, { 'accept-encoding': 'br' }, {}])
      expect((await ask(server, `/${name(1)}`, headers)).status).toBe(200);
  });

  test('a large feed is sent as gzip until brotli is made', async () => {
    const words = Array.from({ length: 95_000 }, (_, at) => ((at * 7919) % 99991).toString(36)).join(' ');
    await publishFiles(inner, { 'feed.xml': rss(words) });
    const server = await start();
    const headers = { 'accept-encoding': 'br, gzip' };
    expect((await ask(server, '/feed.xml', headers)).headers['content-encoding']).toBe('gzip');
    let encoding;
    while (encoding !== 'br')
      encoding = (await ask(server, '/feed.xml', headers)).headers['content-encoding'];
  });

  test('a large feed is sent as brotli to who accepts nothing else', async () => {
    await publishFiles(inner, { 'feed.xml': rss('word '.repeat(50_000)) });
    const server = await start();
    const { status, headers } = await ask(server, '/feed.xml', { 'accept-encoding': 'br, *;q=0' });
    expect([status, headers['content-encoding']]).toEqual([200, 'br']);
  });
});

describe('fair use', () => {
  const from = (address: string, more = {}): Record<string, string> => ({
    'x-forwarded-for': address,
    ...more,
  });
  const limits = {
    fairUse: { answers: 5, except: ['198.51.100.0/24', '2001:db8:ffff::/48'] },
    trustProxy: 1,
  };
  let server: Serving;
  beforeEach(async () => {
    await publishFiles(inner, { 'feed.xml': rss('one'), 'atom.xml': '<feed/>' });
    server = await start(limits);
  });
  const statuses = async (
    times: number,
    headers: Record<string, string>,
    path = '/feed.xml',
  ): Promise<number[]> => {
    const all: number[] = [];
    for (let at = 0; at < times; at++) all.push((await ask(server, path, headers)).status);
    return all;
  };
  const FULL = [200, 200, 200, 200, 200];

  test('refuses who asks without end, never three times in a row, and says when to come again', async () => {
    expect(await statuses(11, from('203.0.113.7'))).toEqual([...FULL, 429, 429, 200, 429, 429, 200]);
    const { headers, body } = await ask(server, '/feed.xml', from('203.0.113.7'));
    expect(headers).toMatchObject({
      'retry-after': expect.stringMatching(/^\d+$/),
      'cache-control': 'no-store',
    });
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(720);
    expect(body.toString()).toContain('If-None-Match');
  });

  test.each<[string, Record<string, string>]>([
    ['who sends a tag, even an old one', from('203.0.113.7', { 'if-none-match': '"old"' })],
    ['who sends a date', from('203.0.113.7', { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })],
    ['who wants a part', from('203.0.113.7', { range: 'bytes=0-1' })],
    ['who is on this machine', from('127.0.0.1')],
    ['who is on this machine by IPv6', from('::1')],
    ['who is on this machine by both', from('::ffff:127.0.0.1')],
    ['who is configured', from('198.51.100.20')],
    ['who is configured by IPv6', from('2001:db8:ffff:1::9')],
  ])('is not asked of %s', async (_, headers) => {
    expect(await statuses(20, headers)).not.toContain(429);
  });

  test.each<[string, Record<string, string>]>([
    ['a part that is all of it', { range: 'bytes=0-' }],
    ['an empty validator', { 'if-none-match': '' }],
  ])('is not got round by %s', async (_, headers) => {
    expect(await statuses(8, from('203.0.113.7', headers))).toContain(429);
  });

  test('is for each client and each feed', async () => {
    await statuses(6, from('203.0.113.7'));
    expect(await statuses(5, from('203.0.113.8'))).toEqual(FULL);
    expect(await statuses(5, from('203.0.113.7'), '/atom.xml')).toEqual(FULL);
  });

  test('takes a network of IPv6 for one client', async () => {
    await statuses(5, from('2001:db8:1:2::1'));
    expect(await statuses(1, from('2001:db8:1:2:ffff::2'))).toEqual([429]);
    expect(await statuses(1, from('2001:db8:1:3::1'))).toEqual([200]);
  });

  test('knows a client whatever its port', async () => {
    await statuses(5, from('203.0.113.7:4711'));
    expect(await statuses(1, from('203.0.113.7:815'))).toEqual([429]);
    expect(await statuses(1, from('203.0.113.8:815'))).toEqual([200]);
    await statuses(5, from('[2001:db8::1]:4711'));
    expect(await statuses(1, from('[2001:db8::2]'))).toEqual([429]);
    expect(await statuses(1, from('[2001:db8:0:1::1]:4711'))).toEqual([200]);
  });

  test.each(['unknown', '_hidden', 'fe80::1%eth0', 'x'.repeat(8000), '[', '1.2.3.4.5', ':1', ',', '?'])(
    'is not confused by %.20s',
    async (written) => {
      for (const status of await statuses(7, from(written))) expect([200, 429]).toContain(status);
    },
  );

  test('believes no more proxies than are trusted', async () => {
    // The last address is what the trusted proxy saw; what stands before it, anybody can write.
    const all: number[] = [];
    for (let at = 0; at < 6; at++)
      all.push((await ask(server, '/feed.xml', from(`192.0.2.${at}, 203.0.113.9`))).status);
    expect(all).toEqual([...FULL, 429]);
    const untrusting = await start({ ...limits, trustProxy: 0 });
    for (let at = 0; at < 10; at++)
      expect((await ask(untrusting, '/feed.xml', from('203.0.113.7'))).status).toBe(200);
  });

  test('counts only whole bodies, and comes again with time', async () => {
    const headers = from('203.0.113.7');
    for (let at = 0; at < 9; at++) await ask(server, '/feed.xml', { ...headers, range: 'bytes=0-1' });
    for (let at = 0; at < 9; at++) await ask(server, '/feed.xml', headers, 'HEAD');
    expect(await statuses(6, headers)).toEqual([...FULL, 429]);
    const clock = Date.now;
    const later = clock() + 0.5 * HOUR;
    Date.now = () => later;
    try {
      expect(await statuses(3, headers)).toEqual([200, 200, 429]);
    } finally {
      Date.now = clock;
    }
  });

  test('is for feeds, not for pages', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one'), 'index.html': '<html></html>', 'feed.css': 'a{}' });
    await server.refresh();
    for (const path of ['/', '/feed.css'])
      expect(new Set(await statuses(10, from('203.0.113.7'), path))).toEqual(new Set([200]));
  });

  const FORWARDED = { 'x-forwarded-for': '203.0.113.7' };
  test.each<[string, string, IncomingHttpHeaders, boolean]>([
    ['a proxy in the network of containers', '172.18.0.2', FORWARDED, true],
    ['one on this machine', '127.0.0.1', FORWARDED, true],
    ['one on this machine, by IPv6', '::1', FORWARDED, true],
    ['one by both', '::ffff:192.168.1.1', FORWARDED, true],
    ['one by IPv6', 'fd00::2', FORWARDED, true],
    ['one by IPv6 on the same link', 'fe80::2%eth0', FORWARDED, true],
    ['who is in that network, and no proxy', '172.18.0.2', {}, false],
    ['who is far away and says to be a proxy', '203.0.113.9', FORWARDED, false],
    ['who is gone', '', FORWARDED, false],
  ])('without a trusted proxy takes for many: %s', (_, remoteAddress, headers, many) => {
    const request = { headers, socket: { remoteAddress } } as IncomingMessage;
    expect(isForwardedNearby(request)).toBe(many);
    const ask = fairUse({ answers: 1, except: [], clientOf: () => '172.18.0.2', isMany: isForwardedNearby });
    const waits = [1, 2, 3].map(() => ask(request, 'feed.xml', 0));
    expect(waits).toEqual(many ? [0, 0, 0] : [0, 3600, 3600]);
  });

  test('asks for the setting, once, where a proxy is that it was not told of', async () => {
    server = await start({ fairUse: { answers: 1, except: [] } });
    expect(await statuses(3, {})).toEqual([200, 200, 200]);
    expect(logged).toEqual([]);
    expect(await statuses(3, FORWARDED)).toEqual([200, 200, 200]);
    expect(logged).toEqual([[expect.stringContaining('server.trust_proxy'), { proxy: '127.0.0.1' }]]);
  });

  test('is for nobody where it is off', async () => {
    server = await start({ trustProxy: 1 });
    expect(new Set(await statuses(20, from('203.0.113.7')))).toEqual(new Set([200]));
  });
});

describe('clients that misbehave', () => {
  const open = async (server: Serving): Promise<Socket> => {
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  const closed = async (socket: Socket): Promise<string> => {
    let got = '';
    socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')));
    if (!socket.destroyed) await new Promise((resolve) => socket.once('close', resolve));
    return got;
  };
  const SHORT = { headers: 100, request: 200, idle: 100, stalled: 200, store: 10_000 };
  // Who asks in time must be answered, however busy the machine is.
  const PATIENT = { headers: 30_000, request: 30_000, idle: 30_000, stalled: 30_000, store: 30_000 };

  test.each([
    ['sends nothing', ''],
    ['never ends its headers', 'GET /feed.xml HTTP/1.1\r\nHost: x\r\nX-Slow:'],
    ['never sends its body', 'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1'],
  ])('who %s is cut off', async (_, bytes) => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    const server = await start({ timeouts: SHORT });
    const socket = await open(server);
    socket.write(bytes);
    await closed(socket);
    expect((await ask(server, '/feed.xml')).status).toBe(200);
  });

  test('who has its answer and says no more is let go', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    const socket = await open(await start({ timeouts: SHORT }));
    socket.write('GET /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await closed(socket)).toContain('<rss>one</rss>');
  });

  test('who stops reading in the middle is let go, and harms nobody', async () => {
    await publishFiles(inner, { 'feed.xml': rss('x'.repeat(40_000_000)) });
    const server = await start({ timeouts: { ...PATIENT, stalled: 500 } });
    const socket = await open(server);
    socket.pause();
    socket.write('GET /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n');
    await ask(server, '/healthz');
    // Only who reads again notices that nobody is there any more.
    while ((await connections(server)) > 0) await ask(server, '/healthz');
    socket.destroy();
    expect((await ask(server, '/feed.xml', {}, 'HEAD')).status).toBe(200);
  });

  test('who goes away in the middle harms nobody', async () => {
    await publishFiles(inner, { 'feed.xml': rss('x'.repeat(5_000_000)) });
    const server = await start();
    for (let at = 0; at < 20; at++) {
      const socket = await open(server);
      socket.write('GET /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      socket.resetAndDestroy();
    }
    expect((await ask(server, '/feed.xml')).body).toHaveLength(5_000_011);
    expect(logged).toEqual([]);
  });

  test.each([
    [90, 'all of its answers'],
    [10_000, 'cut off'],
  ])('who sends %i requests without waiting gets %s', async (asked) => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    const server = await start();
    const socket = await open(server);
    const request = 'GET /feed.xml HTTP/1.1\r\nHost: x\r\n';
    socket.write(`${`${request}\r\n`.repeat(asked - 1)}${request}Connection: close\r\n\r\n`);
    const got = (await closed(socket)).split('HTTP/1.1 200').length - 1;
    if (asked < 100) expect(got).toBe(asked);
    else expect(got).toBeLessThan(100);
    expect((await ask(server, '/feed.xml')).status).toBe(200);
  });

  test('one connection too many is closed without an answer', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    const server = await start({ connections: 3 });
    const open3 = [await open(server), await open(server), await open(server)];
    for (const socket of open3) {
      socket.write('GET /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
    }
    await expect(ask(server, '/feed.xml')).rejects.toThrow(/ECONNRESET|hang up/);
    for (const socket of open3) socket.destroy();
    for (;;) {
      const status = await ask(server, '/feed.xml').then(
        (answer) => answer.status,
        () => undefined,
      );
      if (status === 200) break;
    }
  });

  async function connections(server: Serving): Promise<number> {
    const metrics = (await ask(server, '/metrics')).body.toString();
    return Number(/^feedwright_connections (\d+)$/m.exec(metrics)?.[1]) - 1;
  }
});

describe('what operators are told', () => {
  const ready = async (server: Serving): Promise<[number, Record<string, unknown>]> => {
    const { status, body } = await ask({ port: server.adminPort }, '/readyz');
    return [status, JSON.parse(body.toString()) as Record<string, unknown>];
  };
  const RUN = { at: '2026-01-23T12:00:00Z', outcome: 'published', message: 'Published 2 posts in 1 feed.' };

  test('that all is well', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    expect(await ready(await start())).toEqual([200, { status: 'ok', feeds: 1 }]);
  });

  test('that the store is away, though feeds are served', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one'), 'atom.xml': '<feed/>' });
    await writeStatus(inner, RUN);
    const server = await start();
    await ask(server, '/feed.xml');
    await ready(server);
    outage = 'Cannot read /srv/feeds: input/output error (EIO)';
    await server.refresh();
    expect((await ask(server, '/feed.xml')).status).toBe(200);
    expect((await ask(server, '/atom.xml')).status).toBe(503);
    const [status, body] = await ready(server);
    expect([status, body['status'], body['lastRun']]).toEqual([200, 'degraded', RUN]);
    expect(body['problems']).toEqual([
      `the store cannot be read, what was read before is served: ${outage}`,
      `atom.xml cannot be read: ${outage}`,
    ]);
    outage = undefined;
    await server.refresh();
    await ask(server, '/atom.xml');
    expect((await ready(server))[1]['status']).toBe('ok');
  });

  test('that the store hangs: what is in memory is served, the rest has to come again', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one'), 'atom.xml': '<feed/>' });
    const patient = { headers: 60_000, request: 60_000, idle: 60_000, stalled: 60_000 };
    const server = await start({ timeouts: { ...patient, store: 10 } });
    await ask(server, '/feed.xml');
    let answers = (): void => {};
    hanging = new Promise<void>((resolve) => (answers = resolve));
    gets = [];
    await server.refresh();
    await server.refresh();
    expect((await ask(server, '/feed.xml')).status).toBe(200);
    for (let at = 0; at < 5; at++) {
      const { status, headers } = await ask(server, '/atom.xml');
      expect([status, headers['retry-after']]).toEqual([503, '120']);
    }
    const [status, body] = await ready(server);
    expect([status, body['problems']]).toEqual([
      200,
      [expect.stringContaining('not answered'), expect.stringMatching(/^atom.xml.*not answered/)],
    ]);
    expect(gets).toEqual(['atom.xml', '.feedwright/status.json']);
    answers();
    while ((await ask(server, '/atom.xml')).status !== 200);
    while ((await ready(server))[1]['status'] !== 'ok') await server.refresh();
  });

  test('that a file is damaged: its last good bytes stay, and nobody gets torn ones', async () => {
    const files = { 'feed.xml': rss('good'), 'atom.xml': `<feed>${'long '.repeat(999)}</feed>` };
    await publishFiles(inner, files);
    const server = await start();
    await ask(server, '/feed.xml');
    await publishFiles(inner, { ...files, 'feed.xml': rss('better') });
    await inner.put('feed.xml', Buffer.from('<rss>bet'));
    await inner.put('atom.xml', Buffer.from(files['atom.xml'].slice(0, 100)));
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe(rss('good'));
    expect((await ask(server, '/atom.xml')).status).toBe(503);
    expect((await ready(server))[1]['problems']).toContainEqual(expect.stringContaining('damaged'));
    await publishFiles(inner, { ...files, 'feed.xml': rss('better') });
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe(rss('better'));
  });

  test.each([
    ['failed', { ...RUN, outcome: 'failed', message: 'no space left' }, /the last run failed: no space left/],
    [
      'did not come',
      { ...RUN, next: '2026-01-23T12:05:00Z' },
      /no run since 2026-01-23T12:00:00Z.*is the worker running/,
    ],
  ])('that a run %s', async (_, status, told) => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    await writeStatus(inner, status);
    const [code, body] = await ready(await start());
    expect([code, body['status']]).toEqual([200, 'degraded']);
    expect(String(body['problems'])).toMatch(told);
  });

  test('what was answered, in numbers', async () => {
    await publishFiles(inner, {
      'feed.xml': rss('one'),
      'tags/a/atom.xml': '<feed/>',
      'tags/b/atom.xml': '<feed/>',
    });
    await writeStatus(inner, {
      ...RUN,
      posts: 2,
      errors: 1,
      held: 3,
      took: 0.5,
      runs: { published: 4, failed: 1 },
      seconds: 9,
    });
    const server = await start();
    await ask(server, '/feed.xml');
    await ask(server, '/feed.xml', { 'if-none-match': '*' });
    await ask(server, '/rss', { 'if-none-match': '*' });
    await ask(server, '/tags/a/atom.xml', {}, 'HEAD');
    await ask(server, '/nothing');
    const read = async (): Promise<string> => (await ask(server, '/metrics')).body.toString();
    await read();
    const metrics = await read();
    for (const line of [
      'http_requests_total{feed="site",format="rss",status="200"} 1',
      'http_requests_total{feed="site",format="rss",status="304"} 2',
      'http_requests_total{feed="tags",format="atom",status="200"} 1',
      'http_requests_total{feed="none",format="none",status="404"} 1',
      'http_response_bytes_total{feed="none",format="none",status="404"} 10',
      `http_response_bytes_total{feed="site",format="rss",status="200"} ${rss('one').length}`,
      'http_response_bytes_total{feed="tags",format="atom",status="200"} 0',
      'feeds{feed="site"} 1',
      'feeds{feed="tags"} 2',
      'store_up 1',
      'unreadable_feeds 0',
      'runs_total{outcome="published"} 4',
      'runs_total{outcome="failed"} 1',
      'run_duration_seconds_total 9',
      'last_run_duration_seconds 0.5',
      `last_run_timestamp_seconds ${Date.parse(RUN.at) / 1000}`,
      'posts 2',
      'problems 1',
      'held_entries 3',
    ])
      expect(metrics).toContain(`\nfeedwright_${line}\n`);
    expect(metrics).toMatch(/\nfeedwright_feed_changed_timestamp_seconds\{feed="tags"\} [\d.]+\n/);
  });

  test('on a port of their own, if there is one', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    const server = await start({ adminPort: 0 });
    expect(server.adminPort).not.toBe(server.port);
    for (const path of ['/readyz', '/metrics']) {
      expect((await ask(server, path)).status).toBe(404);
      expect((await ask({ port: server.adminPort }, path)).status).toBe(200);
    }
    expect((await ask({ port: server.adminPort }, '/healthz')).status).toBe(200);
    expect((await ask({ port: server.adminPort }, '/feed.xml')).status).toBe(404);
    await expect(start({ adminPort: server.adminPort })).rejects.toThrow('already in use');
  });

  test('which part of the requests they want to see', async () => {
    await publishFiles(inner, { 'feed.xml': rss('one') });
    const server = await start({ logRequests: 0.25 });
    for (let at = 0; at < 8; at++) await ask(server, '/feed.xml', { 'user-agent': 'reader/1' });
    const request = {
      method: 'GET',
      url: '/feed.xml',
      status: 200,
      bytes: 14,
      client: '127.0.0.1',
      agent: 'reader/1',
    };
    expect(logged).toEqual([
      ['request', request],
      ['request', request],
    ]);
  });
});
