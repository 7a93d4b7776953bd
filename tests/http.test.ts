/** The contract with readers, as requests and answers over a socket: docs/http.md, row by row. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { hashOf } from '../src/publish/feed.ts';
import { serve } from '../src/serve/app.ts';
import type { Serving } from '../src/serve/app.ts';
import { memoryStore } from '../src/store/memory.ts';
import { askRaw, publishFiles } from './serving.ts';

const MODIFIED = Date.UTC(2026, 2, 1, 10, 20, 30, 400);
const BODY = `<rss>${'many words, many times. '.repeat(100)}</rss>`;
const SIZE = String(BODY.length);
const TAG = hashOf(Buffer.from(BODY)).slice(0, 22);
const DATE = 'Sun, 01 Mar 2026 10:20:30 GMT';

let server: Serving;
beforeAll(async () => {
  const store = memoryStore(() => MODIFIED);
  const files = {
    'feed.xml': BODY,
    'atom.xml': '<feed/>',
    'feed.json': '{}',
    'tags/rust/feed.xml': '<rss/>',
  };
  await publishFiles(store, files, {
    redirects: { 'old/feed.xml': '/tags/rust/feed.xml', 'gone/feed.xml': 'gone' },
  });
  const silent = (): void => {};
  server = await serve({
    store,
    feedsUrl: 'https://feeds.example/',
    host: '127.0.0.1',
    port: 0,
    log: { info: silent, warn: silent, error: silent },
    pollEvery: 3_600_000,
  });
});
afterAll(() => server.close(0));

const VALIDATORS = `
Last-Modified: ${DATE}
Cache-Control: public, max-age=300, stale-while-revalidate=300, stale-if-error=604800
Vary: Accept-Encoding
Link: <https://feeds.example/feed.xml>; rel="self"
Access-Control-Allow-Origin: *
Access-Control-Expose-Headers: ETag, Last-Modified, Link`;

const WHOLE = `200
Content-Type: application/rss+xml; charset=utf-8
Content-Length: ${SIZE}
Content-Encoding:
ETag: "${TAG}"${VALIDATORS}
Accept-Ranges: bytes
X-Content-Type-Options: nosniff`;

const UNCHANGED = `304
ETag: "${TAG}"${VALIDATORS}
Content-Length:
Content-Type:`;

/**
 * What it is about; the request, less `HTTP/1.1` and Host; the status and headers of the answer (one without a value is not
 * there); and which part of the feed is its body, decoded.
 */
type Row = [what: string, request: string, answer: string, body?: string];

const ROWS: Record<string, Row[]> = {
  'a feed': [
    ['RSS', 'GET /feed.xml', WHOLE, BODY],
    ['RSS, its headers alone', 'HEAD /feed.xml', WHOLE, ''],
    ['Atom', 'GET /atom.xml', '200\nContent-Type: application/atom+xml; charset=utf-8', '<feed/>'],
    ['JSON Feed', 'GET /feed.json', '200\nContent-Type: application/feed+json; charset=utf-8', '{}'],
    ['whatever is preferred', 'GET /feed.xml\nAccept: text/html;q=1, application/json', WHOLE, BODY],
    ['opened in a browser, to be shown by its stylesheet', 'GET /feed.xml\nSec-Fetch-Dest: document', `200\nContent-Type: application/xml; charset=utf-8\nCache-Control: private, no-cache\nETag: "${TAG}"`, BODY],
    ['opened there again', `GET /feed.xml\nSec-Fetch-Dest: document\nIf-None-Match: "${TAG}"`, `304\nCache-Control: private, no-cache\nETag: "${TAG}"`, ''],
    ['JSON, opened in a browser', 'GET /feed.json\nSec-Fetch-Dest: document', '200\nContent-Type: application/json; charset=utf-8', '{}'],
    ['fetched by a page', 'GET /feed.xml\nSec-Fetch-Dest: empty', WHOLE, BODY],
    ['an empty query', 'GET /feed.xml?', WHOLE, BODY],
    ['a query', 'GET /feed.xml?a=/../b&c', WHOLE, BODY],
    ['a slash behind it', 'GET /feed.xml/', WHOLE, BODY],
    ['a name that readers try', 'GET /feed/', WHOLE, BODY],
    ['HTTP/1.0 behind a proxy', 'GET http://feeds.example/feed.xml', WHOLE, BODY],
  ],
  'conditions': [
    ['the tag', `GET /feed.xml\nIf-None-Match: "${TAG}"`, UNCHANGED, ''],
    ['the tag, to a HEAD', `HEAD /feed.xml\nIf-None-Match: "${TAG}"`, UNCHANGED, ''],
    ['a weak tag', `GET /feed.xml\nIf-None-Match: W/"${TAG}"`, UNCHANGED, ''],
    ['a list', `GET /feed.xml\nIf-None-Match: "a", W/"b,c" , "${TAG}"`, UNCHANGED, ''],
    ['the headers of a list in several lines', `GET /feed.xml\nIf-None-Match: "a"\nIf-None-Match: "${TAG}"`, UNCHANGED, ''],
    ['any tag', 'GET /feed.xml\nIf-None-Match: *', UNCHANGED, ''],
    ['the tag of another encoding', `GET /feed.xml\nIf-None-Match: "${TAG}-gzip"`, UNCHANGED, ''],
    ['a tag that a proxy added to', `GET /feed.xml\nIf-None-Match: "${TAG}-br-gzip"`, UNCHANGED, ''],
    ['the tag, and no-cache', `GET /feed.xml\nIf-None-Match: "${TAG}"\nCache-Control: no-cache\nPragma: no-cache`, UNCHANGED, ''],
    ['asked for in br: the tag of br', `GET /feed.xml\nIf-None-Match: "${TAG}"\nAccept-Encoding: br`, `304\nETag: "${TAG}-br"${VALIDATORS}`, ''],
    ['another tag', 'GET /feed.xml\nIf-None-Match: "other"', WHOLE, BODY],
    ['the date', `GET /feed.xml\nIf-Modified-Since: ${DATE}`, UNCHANGED, ''],
    ['the date as in RFC 850', 'GET /feed.xml\nIf-Modified-Since: Sunday, 01-Mar-26 10:20:30 GMT', UNCHANGED, ''],
    ['the date as asctime has it', 'GET /feed.xml\nIf-Modified-Since: Sun Mar  1 10:20:30 2026', UNCHANGED, ''],
    ['a date before', 'GET /feed.xml\nIf-Modified-Since: Sun, 01 Mar 2026 10:20:29 GMT', WHOLE, BODY],
    ['no date', 'GET /feed.xml\nIf-Modified-Since: yesterday', WHOLE, BODY],
    ['another tag, and the date', `GET /feed.xml\nIf-None-Match: "other"\nIf-Modified-Since: ${DATE}`, WHOLE, BODY],
    ['the tag, and a date before', `GET /feed.xml\nIf-None-Match: "${TAG}"\nIf-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT`, UNCHANGED, ''],
    ['If-Match with the tag', `GET /feed.xml\nIf-Match: "${TAG}"`, WHOLE, BODY],
    ['If-Match with another', 'GET /feed.xml\nIf-Match: "other"', '412\nCache-Control: no-store'],
    ['If-Match with a weak tag, which is never the same', `GET /feed.xml\nIf-Match: W/"${TAG}"`, '412'],
    ['If-Unmodified-Since the date', `GET /feed.xml\nIf-Unmodified-Since: ${DATE}`, WHOLE, BODY],
    ['If-Unmodified-Since before', 'GET /feed.xml\nIf-Unmodified-Since: Sun, 01 Mar 2026 10:20:29 GMT', '412'],
    ['If-Match before If-None-Match', `GET /feed.xml\nIf-Match: "other"\nIf-None-Match: "${TAG}"`, '412'],
  ],
  'encodings': [
    ['br', 'GET /feed.xml\nAccept-Encoding: br, gzip', `200\nContent-Encoding: br\nETag: "${TAG}-br"${VALIDATORS}`, BODY],
    ['gzip', 'GET /feed.xml\nAccept-Encoding: gzip, deflate', `200\nContent-Encoding: gzip\nETag: "${TAG}-gzip"${VALIDATORS}`, BODY],
    ['gzip, by its q', 'GET /feed.xml\nAccept-Encoding: br;q=0.1, gzip;q=0.2', '200\nContent-Encoding: gzip', BODY],
    ['none, since the client has none of ours', 'GET /feed.xml\nAccept-Encoding: zstd', WHOLE, BODY],
    ['none, since the body is small', 'GET /atom.xml\nAccept-Encoding: br', '200\nContent-Encoding:', '<feed/>'],
    ['nothing acceptable', 'GET /feed.xml\nAccept-Encoding: zstd, identity;q=0', '406\nVary: Accept-Encoding'],
    ['its headers alone', 'HEAD /feed.xml\nAccept-Encoding: gzip', `200\nContent-Encoding: gzip\nETag: "${TAG}-gzip"`, ''],
  ],
  'parts': [
    ['the first bytes', 'GET /feed.xml\nRange: bytes=0-4', `206\nContent-Range: bytes 0-4/${SIZE}\nContent-Length: 5\nETag: "${TAG}"${VALIDATORS}\nContent-Type: application/rss+xml; charset=utf-8`, '<rss>'],
    ['the last', 'GET /feed.xml\nRange: bytes=-6', `206\nContent-Range: bytes ${BODY.length - 6}-${BODY.length - 1}/${SIZE}`, '</rss>'],
    ['from there on', `GET /feed.xml\nRange: bytes=${BODY.length - 6}-`, '206\nContent-Length: 6', '</rss>'],
    ['beyond the end', `GET /feed.xml\nRange: bytes=${BODY.length - 6}-99999`, '206\nContent-Length: 6', '</rss>'],
    ['more last bytes than there are', 'GET /feed.xml\nRange: bytes=-99999', `206\nContent-Length: ${SIZE}`, BODY],
    ['only beyond the end', `GET /feed.xml\nRange: bytes=${SIZE}-`, `416\nContent-Range: bytes */${SIZE}`],
    ['no last bytes', 'GET /feed.xml\nRange: bytes=-0', `416\nContent-Range: bytes */${SIZE}`],
    ['the end before the start', 'GET /feed.xml\nRange: bytes=4-2', WHOLE, BODY],
    ['several at once', 'GET /feed.xml\nRange: bytes=0-1,4-5', WHOLE, BODY],
    ['of another unit', 'GET /feed.xml\nRange: items=0-4', WHOLE, BODY],
    ['to a HEAD', 'HEAD /feed.xml\nRange: bytes=0-4', WHOLE, ''],
    ['though gzip is accepted', 'GET /feed.xml\nRange: bytes=0-4\nAccept-Encoding: gzip', '206\nContent-Encoding:', '<rss>'],
    ['though only gzip is', 'GET /feed.xml\nRange: bytes=0-4\nAccept-Encoding: gzip, identity;q=0', '200\nContent-Encoding: gzip', BODY],
    ['of this version', `GET /feed.xml\nRange: bytes=0-4\nIf-Range: "${TAG}"`, '206', '<rss>'],
    ['of what is of this date', `GET /feed.xml\nRange: bytes=0-4\nIf-Range: ${DATE}`, '206', '<rss>'],
    ['of another version', 'GET /feed.xml\nRange: bytes=0-4\nIf-Range: "other"', WHOLE, BODY],
    ['of a compressed one', `GET /feed.xml\nRange: bytes=0-4\nIf-Range: "${TAG}-gzip"`, WHOLE, BODY],
    ['of one that is only weakly the same', `GET /feed.xml\nRange: bytes=0-4\nIf-Range: W/"${TAG}"`, WHOLE, BODY],
    ['of what is unchanged', `GET /feed.xml\nRange: bytes=0-4\nIf-None-Match: "${TAG}"`, UNCHANGED, ''],
  ],
  'everything else': [
    ['what pages of other sites ask first', 'OPTIONS /feed.xml', '204\nAllow: GET, HEAD\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET, HEAD', ''],
    ['what they ask first of one that moved', 'OPTIONS /old/feed.xml', '204\nAccess-Control-Allow-Origin: *', ''],
    ['whether anybody is there', 'OPTIONS *', '204\nAllow: GET, HEAD', ''],
    ['whether anybody is well', 'OPTIONS /healthz', '204\nAllow: GET, HEAD', ''],
    ['another method', 'DELETE /feed.xml', '405\nAllow: GET, HEAD'],
    ['a method with a body', 'POST /feed.xml\nContent-Length: 0', '405\nAllow: GET, HEAD'],
    ['a feed that moved', 'GET /old/feed.xml', '301\nLocation: /tags/rust/feed.xml\nCache-Control: public, max-age=86400'],
    ['what is tried in the folder of one', 'GET /old/rss', '301\nLocation: /tags/rust/feed.xml'],
    ['a feed that ended', 'GET /gone/feed.xml', '410\nCache-Control: public, max-age=86400'],
    ['what never was', 'GET /never/feed.xml', '404\nCache-Control: public, max-age=60', 'Not found\n'],
    ['what is private', 'GET /.feedwright/index.json', '404'],
    ['what is private, encoded', 'GET /%2efeedwright/index.json', '404'],
    ['a path that climbs', 'GET /tags/../feed.xml', '400'],
    ['a path that climbs, encoded', 'GET /tags/%2e%2e/feed.xml', '400'],
    ['a zero byte', 'GET /feed.xml%00', '400'],
    ['a backslash', 'GET /tags\\rust\\feed.xml', '400'],
    ['what is no UTF-8', 'GET /%ff', '400'],
    ['an endless address', `GET /${'a'.repeat(20_000)}`, '431'],
    ['endless headers', `GET /feed.xml\n${Array.from({ length: 1000 }, (_, at) => `X-${at}: ${'x'.repeat(50)}`).join('\n')}`, '431'],
    ['a request that is none', 'GET', '400'],
    ['an upgrade that we do not know', 'GET /feed.xml\nUpgrade: h2c\nHTTP2-Settings: AAMAAABkAAQAAP__', '200', BODY],
    ['alive', 'GET /healthz', '200\nCache-Control: no-store', '{"status":"ok"}'],
    ['the page for people, changed', 'POST /\nContent-Length: 0', '405\nAllow: GET, HEAD'],
  ],
}; // prettier-ignore

describe.each(Object.entries(ROWS))('%s:', (_, rows) => {
  const named = rows.map(([what, request, answer, body]) => ({ what, request, answer, body }));
  test.each(named)('$what', async ({ request, answer, body }) => {
    const [line, ...headers] = request.split('\n');
    const lines = [`${line} HTTP/1.1`, 'Host: feeds.example', 'Connection: close', ...headers];
    const got = parse(await askRaw(server, `${lines.join('\r\n')}\r\n\r\n`));
    const [status, ...expected] = answer.split('\n');
    expect(got.status).toBe(status);
    for (const each of expected) {
      const [name, value] = [each.slice(0, each.indexOf(':')), each.slice(each.indexOf(':') + 2)];
      expect([name, got.headers.get(name.toLowerCase()) ?? '']).toEqual([name, value]);
    }
    if (body !== undefined) expect(got.body).toBe(body);
  });
});

test('requests that are sent without waiting are answered in their order', async () => {
  const asked = ['/feed.xml', '/atom.xml', '/nothing', '/feed.json', '/tags/rust/feed.xml'];
  const requests = asked.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('');
  const answers = await askRaw(
    server,
    `${requests}GET /feed.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(
    ['200', '200', '404', '200', '200', '200'], // prettier-ignore
  );
  expect(answers.indexOf('<feed/>')).toBeLessThan(answers.indexOf('Not found'));
});

function parse(raw: string): { status: string; headers: Map<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const [first = '', ...lines] = raw.slice(0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const body = Buffer.from(raw.slice(end + 4), 'latin1');
  const encoding = headers.get('content-encoding');
  const decoded =
    body.length === 0
      ? body
      : encoding === 'br'
        ? brotliDecompressSync(body)
        : encoding === 'gzip'
          ? gunzipSync(body)
          : body;
  return { status: first.slice(9, 12), headers, body: decoded.toString('utf8') };
}
