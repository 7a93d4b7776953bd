import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { OutgoingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { serve } from '../src/serve/app.ts';
import type { ServeOptions, Serving } from '../src/serve/app.ts';
import { hashOf } from '../src/publish/feed.ts';
import { CATALOGUE } from '../src/store/catalogue.ts';
import type { Catalogue } from '../src/store/catalogue.ts';
import { memoryStore } from '../src/store/memory.ts';
import { writeStatus } from '../src/store/status.ts';
import type { Store, Stored } from '../src/store/store.ts';
import { ask, askRaw, publishFiles } from './serving.ts';

const MODIFIED = Date.UTC(2026, 2, 1, 10, 20, 30, 400);
const DATE = 'Sun, 01 Mar 2026 10:20:30 GMT';

let now: number;
let inner: Store;
/** While set, every use of the store fails with it. */
let outage: string | undefined;
/** What a `get` waits for. */
let delay: (name: string) => Promise<void> | undefined;
let gets: string[];
let store: Store;
let logged: string[];
let running: Serving[];

beforeEach(() => {
  now = MODIFIED;
  inner = memoryStore(() => now);
  outage = undefined;
  delay = () => undefined;
  gets = [];
  logged = [];
  running = [];
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    if (outage) throw new Error(outage);
    return work();
  };
  store = {
    ...inner,
    list: (prefix) => reach(() => inner.list(prefix)),
    stat: (name) => reach(() => inner.stat(name)),
    get: (name) =>
      reach(async (): Promise<Stored | undefined> => {
        gets.push(name);
        await delay(name);
        return inner.get(name);
      }),
  };
});

afterEach(async () => {
  await Promise.all(running.map((each) => each.close(0)));
});

async function start(options: Partial<ServeOptions> = {}): Promise<Serving> {
  const note = (fields: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
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

async function publish(
  files: Record<string, string>,
  titles: Record<string, string> = {},
  redirects: Record<string, string> = {},
): Promise<void> {
  const feeds = Object.fromEntries(Object.entries(titles).map(([folder, title]) => [folder, { title }]));
  await publishFiles(inner, files, { redirects, feeds });
}

const statusOfRaw = async (server: Serving, target: string, method = 'GET'): Promise<number> =>
  Number(
    (await askRaw(server, `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).slice(
      9,
      12,
    ),
  );

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

const SMALL = '<rss>small</rss>';
const LARGE = `<feed>${'many words, many times. '.repeat(400)}</feed>`;
const HASH = hashOf(Buffer.from(LARGE)).slice(0, 22);

const SITE = {
  'feed.xml': SMALL,
  'atom.xml': LARGE,
  'feed.json': '{"version":"https://jsonfeed.org/version/1.1"}',
  'tags/日本語/feed.xml': '<rss>nihongo</rss>',
  'tags/rust/feed.xml': '<rss>rust</rss>',
  'tags/rust/atom.xml': '<feed>rust</feed>',
};

describe('a feed', () => {
  let server: Serving;
  beforeEach(async () => {
    await publish(SITE);
    server = await start();
  });

  test('comes with everything that readers and caches need', async () => {
    const { status, headers, body } = await ask(server, '/atom.xml');
    expect(status).toBe(200);
    expect(body.toString()).toBe(LARGE);
    expect(headers).toMatchObject({
      'content-type': 'application/atom+xml; charset=utf-8',
      'content-length': String(LARGE.length),
      etag: `"${HASH}"`,
      'last-modified': DATE,
      'cache-control': 'public, max-age=300, stale-while-revalidate=300, stale-if-error=604800',
      vary: 'Accept-Encoding',
      link: '<https://feeds.example/atom.xml>; rel="self"',
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'ETag, Last-Modified, Link',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
    });
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test.each([
    ['/feed.xml', 'application/rss+xml; charset=utf-8'],
    ['/atom.xml', 'application/atom+xml; charset=utf-8'],
    ['/feed.json', 'application/feed+json; charset=utf-8'],
  ])('%s has its media type whatever the client says it accepts', async (path, type) => {
    for (const accept of [undefined, '*/*', 'text/html', 'application/json;q=0.1, text/html'])
      expect((await ask(server, path, accept ? { accept } : {})).headers['content-type']).toBe(type);
  });

  test('of a HEAD has the same headers and no body', async () => {
    const headers = { 'accept-encoding': 'br' };
    const get = await ask(server, '/atom.xml', headers);
    const head = await ask(server, '/atom.xml', headers, 'HEAD');
    expect(head.body).toHaveLength(0);
    expect({ ...head.headers, date: '' }).toEqual({ ...get.headers, date: '' });
  });

  test('is read from the store once, however many ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(server, '/atom.xml')));
    expect(new Set(answers.map(({ body }) => body.toString()))).toEqual(new Set([LARGE]));
    await ask(server, '/atom.xml');
    expect(gets.filter((name) => name === 'atom.xml')).toHaveLength(1);
  });

  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['br,gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['GZIP', 'gzip'],
    ['*', 'gzip'],
    ['gzip, *', 'gzip'],
    ['*;q=0.9, BR', 'br'],
    ['gzip;q=0, *', 'identity'],
    ['gzip;q=0, identity;q=0, *', 'br'],
    ['identity', 'identity'],
    ['deflate', 'identity'],
    ['br;q=0.5, gzip;q=0.9', 'gzip'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['gzip;q=0.5, identity', 'identity'],
    ['br;q=0, *', 'gzip'],
    ['gzip, identity;q=0', 'gzip'],
    ['not;a=valid;;header', 'identity'],
  ])('to Accept-Encoding %j comes as %s', async (accepted, encoding) => {
    const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body: Buffer) => body }[
      encoding
    ]!;
    const { status, headers, body } = await ask(
      server,
      '/atom.xml',
      accepted === undefined ? {} : { 'accept-encoding': accepted },
    );
    expect(status).toBe(200);
    expect(headers['content-encoding'] ?? 'identity').toBe(encoding);
    expect(headers.etag).toBe(encoding === 'identity' ? `"${HASH}"` : `"${HASH}-${encoding}"`);
    expect(headers['content-length']).toBe(String(body.length));
    expect(headers.vary).toBe('Accept-Encoding');
    expect(decode(body).toString()).toBe(LARGE);
  });

  test.each(['identity;q=0', 'deflate, identity;q=0', '*;q=0', 'zstd, *;q=0'])(
    'to Accept-Encoding %j cannot come at all',
    async (accepted) => {
      expect((await ask(server, '/atom.xml', { 'accept-encoding': accepted })).status).toBe(406);
    },
  );

  test('that is small is not compressed', async () => {
    const { status, headers } = await ask(server, '/feed.xml', { 'accept-encoding': 'br, gzip' });
    expect(status).toBe(200);
    expect(headers['content-encoding']).toBeUndefined();
  });

  test.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])(
    'is compressed by %s, though it saves nothing, for who accepts nothing else',
    async (encoding, decode) => {
      const strict = { 'accept-encoding': `${encoding}, identity;q=0` };
      const { status, headers, body } = await ask(server, '/feed.xml', strict);
      expect([status, headers['content-encoding'], decode(body).toString()]).toEqual([200, encoding, SMALL]);
      const tag = { 'if-none-match': headers.etag };
      expect((await ask(server, '/feed.xml', { ...strict, ...tag })).status).toBe(304);
      const lenient = await ask(server, '/feed.xml', { 'accept-encoding': `${encoding}, identity` });
      expect(lenient.headers['content-encoding']).toBeUndefined();
    },
  );

  const OTHER = hashOf(Buffer.from('other')).slice(0, 22);
  test.each<[string, OutgoingHttpHeaders, 200 | 304]>([
    ['its tag', { 'if-none-match': `"${HASH}"` }, 304],
    ['its tag, and no-cache', { 'if-none-match': `"${HASH}"`, 'cache-control': 'no-cache' }, 304],
    ['a weak tag', { 'if-none-match': `W/"${HASH}"` }, 304],
    ['the tag of br', { 'if-none-match': `"${HASH}-br"` }, 304],
    ['the tag of gzip, asking for br', { 'if-none-match': `"${HASH}-gzip"`, 'accept-encoding': 'br' }, 304],
    ['a tag a proxy added to', { 'if-none-match': `W/"${HASH}-br-gzip"` }, 304],
    ['a tag Jetty added to', { 'if-none-match': `"${HASH}--gzip"` }, 304],
    ['a tag LiteSpeed added to', { 'if-none-match': `"${HASH};br"` }, 304],
    ['a tag Traffic Server added to', { 'if-none-match': `"${HASH}-df"` }, 304],
    ['a tag with what we have never seen', { 'if-none-match': `W/"${HASH}-br:GZIP.0"` }, 304],
    ['a tag of many parts', { 'if-none-match': `"${HASH}${'-'.repeat(4000)}"` }, 304],
    ['a tag of many parts and no end', { 'if-none-match': `"${HASH}${'-a'.repeat(4000)} "` }, 200],
    ['a list with its tag', { 'if-none-match': `"${OTHER}", W/"x,y" ,"${HASH}"` }, 304],
    ['any tag', { 'if-none-match': '*' }, 304],
    ['a tag without quotes', { 'if-none-match': HASH }, 304],
    ['another tag', { 'if-none-match': `"${OTHER}"` }, 200],
    ['a tag that only begins the same', { 'if-none-match': `"${HASH}x"` }, 200],
    ['the beginning of its tag', { 'if-none-match': `"${HASH.slice(0, 10)}"` }, 200],
    ['an empty tag', { 'if-none-match': '""' }, 200],
    ['its date', { 'if-modified-since': DATE }, 304],
    ['its date as RFC 850 has it', { 'if-modified-since': 'Sunday, 01-Mar-26 10:20:30 GMT' }, 304],
    ['its date as asctime has it', { 'if-modified-since': 'Sun Mar  1 10:20:30 2026' }, 304],
    ['a later date', { 'if-modified-since': 'Mon, 02 Mar 2026 00:00:00 GMT' }, 304],
    ['a date one second before', { 'if-modified-since': 'Sun, 01 Mar 2026 10:20:29 GMT' }, 200],
    ['a two-digit year of the last century', { 'if-modified-since': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 200],
    ['an impossible date', { 'if-modified-since': 'Sun, 31 Feb 2027 10:20:30 GMT' }, 200],
    ['what is no HTTP date', { 'if-modified-since': '2027-03-01T10:20:30Z' }, 200],
    ['another tag and its date', { 'if-none-match': `"${OTHER}"`, 'if-modified-since': DATE }, 200],
    [
      'its tag and an old date',
      { 'if-none-match': `"${HASH}"`, 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
      304,
    ],
  ])('asked for with %s', async (_, headers, status) => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await ask(server, '/atom.xml', headers, method);
      expect(answer.status).toBe(status);
      expect(answer.body).toHaveLength(status === 200 && method === 'GET' ? LARGE.length : 0);
    }
  });

  test('of a 304 has the validators of a 200', async () => {
    for (const encoding of ['identity', 'br', 'gzip']) {
      const full = await ask(server, '/atom.xml', { 'accept-encoding': encoding });
      const headers = { 'accept-encoding': encoding, 'if-none-match': full.headers.etag ?? '' };
      const unchanged = await ask(server, '/atom.xml', headers);
      expect(unchanged.status).toBe(304);
      for (const name of ['etag', 'last-modified', 'cache-control', 'vary', 'link'])
        expect([name, unchanged.headers[name]]).toEqual([name, full.headers[name]]);
      expect(unchanged.headers['content-length']).toBeUndefined();
    }
  });

  test('is never dated into the future', async () => {
    now = Date.now() + 86_400_000;
    await publish({ ...SITE, 'feed.xml': 'from a machine whose clock is wrong' });
    await server.refresh();
    const { headers } = await ask(server, '/feed.xml');
    expect(Date.parse(headers['last-modified'] ?? '')).toBeLessThanOrEqual(Date.parse(headers.date ?? ''));
  });

  test('only answers GET and HEAD, and says so', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
      const { status, headers } = await ask(server, '/feed.xml', {}, method);
      expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
    }
  });

  test('may be fetched by pages of other sites', async () => {
    const { status, headers } = await ask(server, '/feed.xml', {}, 'OPTIONS');
    expect(status).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'If-None-Match, If-Modified-Since, Cache-Control, Range',
    });
  });
});

describe('addresses', () => {
  let server: Serving;
  beforeEach(async () => {
    await publish({ ...SITE, 'feed/atom.xml': '<feed>of the feed named feed</feed>' });
    await inner.put('notes.txt', Buffer.from('not a feed'));
    server = await start();
  });

  test.each([
    ...['/feed.xml?', '/feed.xml?utm=x&y', '/feed.xml?/../x', '/%66eed.xml'].map((path) => [
      path,
      'feed.xml',
    ]),
    ...['/rss.xml', '/rss', '/feed', '/feed/', '/index.xml', '/feed.rss'].map((path) => [path, 'feed.xml']),
    ...['/atom', '/atom/', '/feed.atom', '/atom?x'].map((path) => [path, 'atom.xml']),
    ...['/index.json', '/feeds.json'].map((path) => [path, 'feed.json']),
    ...['/rss/', '/rss/feed.xml', '/index.rss', '/feed/rss2/', '/rss2.xml'].map((path) => [path, 'feed.xml']),
    ...['/feeds/all.atom.xml', '/feeds/posts/default?alt=atom'].map((path) => [path, 'atom.xml']),
    ['/feed.xml/', 'feed.xml'],
    ['/feed/atom/', 'feed/atom.xml'],
    ['/feed/rss', 'feed.xml'],
    ['/feed/atom.xml', 'feed/atom.xml'],
    ['/tags/rust/rss', 'tags/rust/feed.xml'],
    ['/tags/rust/feed/', 'tags/rust/feed.xml'],
    ['/tags/rust/atom', 'tags/rust/atom.xml'],
    ['/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/feed.xml', 'tags/日本語/feed.xml'],
    ['/tags/%e6%97%a5%E6%9C%AC%E8%AA%9E/rss.xml', 'tags/日本語/feed.xml'],
  ] as [string, string][])('%s is %s, directly', async (path, name) => {
    const { status, headers, body } = await ask(server, path);
    expect(status).toBe(200);
    expect(body.toString()).toBe((await inner.get(name))?.body.toString());
    expect(headers.link).toBe(`<https://feeds.example/${encodeURI(name)}>; rel="self"`);
  });

  test.each(['http://feeds.example/tags/rust/feed.xml?x', 'HTTPS://x/rss', 'http://x', 'http://x?y'])(
    'a request may name a whole URL: %s',
    async (target) => {
      expect(await statusOfRaw(server, target)).toBe(200);
    },
  );

  test.each([
    ['/nothing', 404],
    ['/tags/rust/', 404],
    ['/tags/rust/feed.json', 404],
    ['/tags/rust/feeds.json', 404],
    ['/notes.txt', 404],
    ['/FEED.XML', 404],
    ['//feed.xml', 404],
    ['/.feedwright/index.json', 404],
    ['/%2efeedwright/index.json', 404],
    ['/%252e%252e/feed.xml', 404],
    ['/tags/../feed.xml', 400],
    ['/../../../etc/passwd', 400],
    ['/tags/%2e%2e/feed.xml', 400],
    ['/tags/.%2E/feed.xml', 400],
    ['/./feed.xml', 400],
    ['/tags%2frust/feed.xml', 400],
    ['/feed.xml%00', 400],
    ['/%00/../feed.xml', 400],
    ['/tags\\rust\\feed.xml', 400],
    ['/tags%5crust%5cfeed.xml', 400],
    ['/%', 400],
    ['/%ff%fe', 400],
    ['/%E6%97/feed.xml', 400],
    ['http://', 400],
    ['http:///feed.xml', 400],
    ['ftp://feeds.example/feed.xml', 400],
    ['*', 400],
    ['*feed.xml', 400],
    [`/${'a/'.repeat(4000)}feed`, 404],
    [`/${'a'.repeat(20_000)}`, 431],
  ])('%.40s gives nothing away: %i', async (target, status) => {
    expect(await statusOfRaw(server, target)).toBe(status);
    expect(await statusOfRaw(server, '/feed.xml')).toBe(200);
  });

  test('a 404 is short, plain and soon forgotten', async () => {
    const { status, headers, body } = await ask(server, '/nothing<script>');
    expect([status, body.toString()]).toEqual([404, 'Not found\n']);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'public, max-age=60',
    });
  });
});

describe('while the store changes', () => {
  test('what was published is served without a restart, and what was removed is not', async () => {
    await publish({ 'feed.xml': 'one', 'tags/a/feed.xml': 'a' });
    const server = await start();
    const first = await ask(server, '/feed.xml');
    await ask(server, '/tags/a/feed.xml');
    now += 60_000;
    await publish({ 'feed.xml': 'two', 'tags/b/feed.xml': 'b' });
    await server.refresh();
    const second = await ask(server, '/feed.xml', { 'if-none-match': first.headers.etag ?? '' });
    expect([second.status, second.body.toString()]).toEqual([200, 'two']);
    expect(second.headers['last-modified']).toBe('Sun, 01 Mar 2026 10:21:30 GMT');
    expect((await ask(server, '/tags/b/feed.xml')).body.toString()).toBe('b');
    expect((await ask(server, '/tags/a/feed.xml')).status).toBe(404);
  });

  test('it is looked at by itself', async () => {
    await publish({ 'feed.xml': 'one' });
    const looked = new Promise<void>((resolve) => {
      delay = (name) => {
        if (name === 'feed.xml') resolve();
        return undefined;
      };
    });
    const server = await start({ pollEvery: 1 });
    await ask(server, '/feed.xml');
    await publish({ 'feed.xml': 'two' });
    await looked;
    let body = '';
    while (body !== 'two') body = (await ask(server, '/feed.xml')).body.toString();
  });

  test('files that stayed the same are not read again, and keep their validators', async () => {
    await publish({ 'feed.xml': 'same', 'atom.xml': 'one' });
    const server = await start();
    const before = await ask(server, '/feed.xml');
    await ask(server, '/atom.xml');
    now += 60_000;
    await publish({ 'feed.xml': 'same', 'atom.xml': 'two' });
    gets = [];
    await server.refresh();
    await server.refresh();
    const after = await ask(server, '/feed.xml');
    expect(gets).toEqual([CATALOGUE, 'atom.xml']);
    expect([after.headers.etag, after.headers['last-modified']]).toEqual([
      before.headers.etag,
      before.headers['last-modified'],
    ]);
  });

  test('a read that began before a change does not hide the change', async () => {
    await publish({ 'feed.xml': 'old' });
    const server = await start();
    const old = await inner.get('feed.xml');
    const gate = deferred();
    const asked = deferred();
    let first = true;
    const get = store.get.bind(store);
    store.get = async (name) => {
      if (name !== 'feed.xml' || !first) return get(name);
      first = false;
      asked.resolve();
      await gate.promise;
      return old;
    };
    const early = ask(server, '/feed.xml');
    await asked.promise;
    await publish({ 'feed.xml': 'new' });
    const refreshed = server.refresh();
    gate.resolve();
    expect((await early).body.toString()).toBe('old');
    await refreshed;
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('new');
  });

  test('headers always belong to the body', async () => {
    const body = (i: number): string =>
      `<rss>${Array<number>(800 + i)
        .fill(i)
        .join(' ')}</rss>`;
    await publish({ 'feed.xml': body(0) });
    const server = await start();
    const check = async (encoding: string): Promise<void> => {
      const { status, headers, body } = await ask(server, '/feed.xml', { 'accept-encoding': encoding });
      const plain = headers['content-encoding'] === 'br' ? brotliDecompressSync(body) : body;
      expect([status, headers['content-length']]).toEqual([200, String(body.length)]);
      expect(plain.toString()).toMatch(/^<rss>(\d+)( \1)*<\/rss>$/);
      expect(headers.etag).toContain(hashOf(plain).slice(0, 22));
    };
    for (let i = 1; i <= 40; i++) {
      now += 1000;
      const during = [check('identity'), check('br'), publish({ 'feed.xml': body(i) }), check('br')];
      await check('identity');
      await Promise.all([...during, server.refresh(), check('br'), check('identity')]);
    }
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe(body(40));
  });

  test('bytes that a run has written, but not yet told of, are dated after the last, never after the next', async () => {
    await publish({ 'feed.xml': '<rss>one</rss>' });
    const server = await start();
    now += 60_000;
    await inner.put('feed.xml', Buffer.from('<rss>two</rss>'));
    const { headers, body } = await ask(server, '/feed.xml');
    expect([body.toString(), headers['last-modified']]).toEqual([
      '<rss>two</rss>',
      'Sun, 01 Mar 2026 10:20:31 GMT',
    ]);
    expect((await ask(server, '/feed.xml', { 'if-modified-since': DATE })).status).toBe(200);
  });

  test('a folder that only has feeds is served too', async () => {
    for (const name of ['tags/rust/feed.xml', 'feed.xml', 'cv.pdf'])
      await inner.put(name, Buffer.from('one'));
    const server = await start();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('one');
    expect((await ask(server, '/cv.pdf')).status).toBe(404);
    await inner.put('feed.xml', Buffer.from('two'));
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('two');
    expect((await ask(server, '/')).body.toString()).toContain('href="./tags/rust/feed.xml"');
  });
});

describe('while the store is away', () => {
  test('what was read before is served, and the log says it once', async () => {
    await publish({ 'feed.xml': 'good', 'atom.xml': 'never asked for' });
    const server = await start();
    await ask(server, '/feed.xml');
    outage = 'Cannot read /srv/feeds: input/output error (EIO)';
    await server.refresh();
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('good');
    expect(logged).toEqual([expect.stringContaining('EIO')]);

    const { status, headers, body } = await ask(server, '/atom.xml');
    expect([status, headers['retry-after']]).toEqual([503, '120']);
    expect(body.toString()).not.toContain('srv');
    outage = undefined;
    await server.refresh();
    expect((await ask(server, '/atom.xml')).status).toBe(200);
  });

  test('a change that cannot be read yet is read later', async () => {
    await publish({ 'feed.xml': 'old' });
    const server = await start();
    await ask(server, '/feed.xml');
    await publish({ 'feed.xml': 'new' });
    delay = (name) => (name === 'feed.xml' ? Promise.reject(new Error('away')) : undefined);
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('old');
    delay = () => undefined;
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('new');
  });

  test.each([
    ['removed', () => inner.remove(CATALOGUE)],
    ['damaged', () => inner.put(CATALOGUE, Buffer.from('{"version":1,'))],
  ])('an index that is %s takes nothing away', async (_, harm) => {
    await publish({ 'feed.xml': 'good' });
    const server = await start();
    await harm();
    await inner.remove('feed.xml');
    await server.refresh();
    expect((await ask(server, '/feed.xml')).status).toBe(503);
    await publish({ 'feed.xml': 'back' });
    await server.refresh();
    expect((await ask(server, '/feed.xml')).body.toString()).toBe('back');
  });

  test('a server does not start without it', async () => {
    outage = 'Cannot list /srv/feeds: permission denied (EACCES)';
    await expect(start()).rejects.toThrow(outage);
  });
});

describe('beside the feeds', () => {
  test('the page lists every feed, the main one first, and links them for readers', async () => {
    const titles = { '': 'Ann & <Bob>', 'tags/日本語/': '日本語', 'tags/rust/': '"Rust"' };
    await publish(SITE, titles);
    const server = await start();
    const { status, headers, body } = await ask(server, '/');
    const html = body.toString();
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const links = [...html.matchAll(/<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">/g)];
    expect(links.map(([, type, href]) => [type, href])).toEqual([
      ['application/rss+xml', './feed.xml'],
      ['application/atom+xml', './atom.xml'],
      ['application/feed+json', './feed.json'],
      ['application/rss+xml', './tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/feed.xml'],
      ['application/rss+xml', './tags/rust/feed.xml'],
      ['application/atom+xml', './tags/rust/atom.xml'],
    ]);
    for (const [, href] of html.matchAll(/<a href="\.([^"]+)"/g))
      expect((await ask(server, href ?? '')).status).toBe(200);
    expect(html).toContain('Ann &#38; &#60;Bob&#62;');
    expect(html).not.toContain('<Bob>');
    expect(html).toContain('2 entries');
  });

  test('the page allows its own style and nothing else, and does not promise TLS', async () => {
    const { headers } = await ask(await start(), '/');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none';style-src 'sha256-[^']+';base-uri 'none';form-action 'none'$/,
    );
    expect(headers['strict-transport-security']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test('before anything is published the page says so', async () => {
    const server = await start();
    expect((await ask(server, '/')).body.toString()).toContain('Nothing is published yet');
    await publish(SITE, { '': 'Ann' });
    await server.refresh();
    expect((await ask(server, '/')).body.toString()).toContain('Feeds of Ann');
  });

  test.each(['/feed.xml', '/rss', '/tags/a/atom.xml', '/feed.json?x'])(
    'before anything is published %s is told to come again, not that it is none',
    async (path) => {
      const server = await start();
      const { status, headers } = await ask(server, path);
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '120', 'no-store']);
      expect((await ask(server, '/nothing')).status).toBe(404);
      await publish({ 'kinds/article/feed.xml': SMALL });
      await server.refresh();
      expect((await ask(server, path)).status).toBe(404);
    },
  );

  test('/healthz is never cached', async () => {
    const { status, headers, body } = await ask(await start(), '/healthz');
    expect([status, body.toString(), headers['cache-control']]).toEqual([200, '{"status":"ok"}', 'no-store']);
  });

  test('nothing can be changed', async () => {
    const server = await start();
    for (const path of ['/', '/healthz']) expect((await ask(server, path, {}, 'POST')).status).toBe(405);
  });

  test('an error is told to the log, not to the visitor', async () => {
    await publish(SITE, { '': 'Ann' });
    const catalogue = JSON.parse((await inner.get(CATALOGUE))?.body.toString() ?? '') as Catalogue;
    const broken = { ...catalogue, feeds: [{ folder: '', entries: 1 }] };
    await inner.put(CATALOGUE, Buffer.from(JSON.stringify({ ...broken, feeds: [...broken.feeds, {}] })));
    const server = await start();
    const { status, body } = await ask(server, '/');
    expect([status, body.toString()]).toEqual([500, 'Internal error\n']);
    expect(logged).toEqual([expect.stringContaining('a page could not be made')]);
    expect((await ask(server, '/feed.xml')).status).toBe(200);
  });
});

describe('starting and stopping', () => {
  test('a port that is taken is named', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(
      `Cannot listen on 127.0.0.1: port ${port} is already in use; stop the program that uses it, or set another port`,
    );
  });

  test('so is an address that is not of this machine', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toThrow('192.0.2.1 is not an address of this machine');
  });

  test('the address can be opened', async () => {
    const server = await start();
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
  });

  test('an answer under way is finished, and nobody else is let in', async () => {
    await publish({ 'feed.xml': 'whole' });
    const server = await start();
    const gate = deferred();
    const asked = new Promise<void>((resolve) => {
      delay = () => {
        resolve();
        return gate.promise;
      };
    });
    const answer = ask(server, '/feed.xml');
    await asked;
    const closed = server.close(60_000);
    await expect(ask(server, '/healthz')).rejects.toThrow('ECONNREFUSED');
    gate.resolve();
    expect((await answer).body.toString()).toBe('whole');
    await closed;
  });

  test('connections that wait for nothing do not hold it up', async () => {
    const server = await start();
    const fresh = askRaw(server, '');
    const kept = askRaw(server, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await ask(server, '/healthz');
    await server.close(60_000);
    expect(await kept).toContain('200 OK');
    await fresh.catch(() => {});
  });

  test('after the deadline the rest is cut off', async () => {
    await publish({ 'feed.xml': 'never' });
    const server = await start();
    const asked = new Promise<void>((resolve) => {
      delay = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const answer = ask(server, '/feed.xml').catch((error: Error) => error.message);
    await asked;
    await server.close(1);
    expect(await answer).toBe('socket hang up');
  });
});

describe('feeds that are no more', () => {
  const redirects = {
    'tags/js/feed.xml': '/tags/javascript/feed.xml',
    'tags/old/atom.xml': 'gone',
    'rss.xml': 'https://other.example/feed.xml',
    'alt/feed.xml': '/feed.xml',
    'blog/news/': '/feed.xml',
  };

  test.each([
    ['/tags/js/feed.xml', 301, '/tags/javascript/feed.xml'],
    ['/tags/js/feed.xml?x=1', 301, '/tags/javascript/feed.xml'],
    ['/tags/js/rss', 301, '/tags/javascript/feed.xml'],
    ['/alt/feed/', 301, '/feed.xml'],
    ['/rss.xml', 301, 'https://other.example/feed.xml'],
    ['/blog/news', 301, '/feed.xml'],
    ['/blog/news/?x', 301, '/feed.xml'],
    ['/tags/old/atom.xml', 410, undefined],
    ['/tags/never/atom.xml', 404, undefined],
    ['/feed', 200, undefined],
  ])('%s is answered %i', async (path, status, location) => {
    await publish({ ...SITE, 'tags/javascript/feed.xml': 'javascript' }, {}, redirects);
    const server = await start();
    const answer = await ask(server, path);
    expect([answer.status, answer.headers.location]).toEqual([status, location]);
    if (status === 301) expect(answer.headers['cache-control']).toMatch(/^public, max-age=\d+$/);
    if (status < 300) return;
    expect((await ask(server, path, {}, 'POST')).status).toBe(status === 404 ? 404 : 405);
    expect((await ask(server, path, {}, 'OPTIONS')).status).toBe(status === 404 ? 404 : 204);
  });

  test.each([
    ['/tags/日本語/feed.xml', '/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/feed.xml'],
    ['/tags/%e6%97%a5/feed.xml', '/tags/%e6%97%a5/feed.xml'],
    ['/élan/a b.xml', '/%C3%A9lan/a%20b.xml'],
    ['//other.example/feed.xml', '//other.example/feed.xml'],
    ['https://müller.example/日.xml', 'https://xn--mller-kva.example/%E6%97%A5.xml'],
  ])('may lead to %s, in whatever letters', async (to, location) => {
    await publish(SITE, {}, { 'tags/é/feed.xml': to });
    const server = await start();
    const { status, headers } = await ask(server, '/tags/%C3%A9/rss');
    expect([status, headers.location]).toEqual([301, location]);
  });

  test('may lead nowhere, which costs one answer and not the server', async () => {
    await publish(SITE, {}, { 'a/feed.xml': 'https://[' });
    const server = await start();
    expect((await ask(server, '/a/feed.xml')).status).toBe(500);
    expect((await ask(server, '/feed.xml')).status).toBe(200);
    expect(logged).toEqual([expect.stringContaining('a request could not be answered')]);
  });

  test('lead to where the feeds are served, also below a path', async () => {
    await publish(SITE, {}, redirects);
    const server = await start({ feedsUrl: 'https://example.com/feeds/' });
    expect((await ask(server, '/alt/feed.xml')).headers.location).toBe('/feeds/feed.xml');
  });
});

describe('readiness', () => {
  test('is 503 until something is published, and tells the last run', async () => {
    const server = await start();
    expect(await ask(server, '/readyz')).toMatchObject({ status: 503 });
    await publish(SITE);
    await writeStatus(inner, {
      at: '2026-11-23T12:00:00Z',
      outcome: 'published',
      message: 'Published 2 posts in 1 feed.',
      posts: 2,
      errors: 0,
      held: 0,
      next: '2126-11-23T12:05:00Z',
    });
    await server.refresh();
    const { status, body } = await ask(server, '/readyz');
    expect(status).toBe(200);
    expect(JSON.parse(body.toString('utf8'))).toMatchObject({
      status: 'ok',
      feeds: 3,
      lastRun: { at: '2026-11-23T12:00:00Z', outcome: 'published', held: 0 },
      next: '2126-11-23T12:05:00Z',
    });
  });
});
