/** The hot path: feeds answered from memory, without a framework. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { meaningOf } from './address.ts';
import { isConditional } from './conditions.ts';
import type { FairUse } from './fair-use.ts';
import { cacheControl, maxAge } from './freshness.ts';
import type { Freshness } from './freshness.ts';
import { locationOf, partHeaders } from './headers.ts';
import type { Encoding, RawHeaders } from './headers.ts';
import { judge } from './judge.ts';
import type { Verdict } from './judge.ts';
import { isFeed } from './paths.ts';
import type { Prepared } from './prepared.ts';
import type { Shelf } from './shelf.ts';
import type { ShelfFile } from './slot.ts';

/** Answers what asks for a feed; everything else goes to `next`. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export interface FeedsOptions {
  /** The path that the feeds' address begins with; ends with `/`. */
  root: string;
  freshness: Freshness;
  fairUse: FairUse;
  /** Hears of each answer: of which feed's file, its status, and the bytes of its body. */
  answered: (request: IncomingMessage, name: string, status: number, bytes: number) => void;
  /** Hears of each feed that could not be read. */
  failed: (name: string, error: Error) => void;
}

/** Seconds after which a client may ask again for a feed that could not be had. */
const RETRY_AFTER = 120;

/** How long caches may remember that a feed has moved or ended, in seconds. */
const MOVED_MAX_AGE = 86_400;

export function feedHandler(shelf: Shelf, options: FeedsOptions): Handler {
  const { freshness, fairUse, answered } = options;

  /** Headers with Cache-Control, as they were sent last. */
  const complete = new WeakMap<RawHeaders, { age: number; headers: RawHeaders }>();

  return (request, response, next) => {
    const target = request.url ?? '';
    // Most requests name a file just as it is called.
    const named = target.startsWith('/') ? shelf.find(target.slice(1)) : undefined;
    if (named) return read(request, response, named);
    // About the server as a whole (RFC 9110 section 9.3.7).
    if (target === '*' && request.method === 'OPTIONS') return end(request, response, '', 204, PREFLIGHT);
    const meaning = meaningOf(target, shelf);
    if (meaning === 'nothing') next();
    else if (meaning === 'malformed') refuse(request, response, 400, 'Bad request');
    else if (meaning === 'nothing yet') comeAgain(request, response, 'Nothing is published yet');
    else if ('to' in meaning) redirect(request, response, meaning.to);
    else read(request, response, meaning.file);
  };

  function read(request: IncomingMessage, response: ServerResponse, file: ShelfFile): void {
    if (request.method === 'OPTIONS') return end(request, response, file.name, 204, PREFLIGHT);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return refuse(request, response, 405, 'Method not allowed', file.name, ['Allow', 'GET, HEAD']);
    const { current } = file;
    if (current) answer(request, response, file, current);
    else void whenLoaded(request, response, file);
  }

  async function whenLoaded(
    request: IncomingMessage,
    response: ServerResponse,
    file: ShelfFile,
  ): Promise<void> {
    try {
      answer(request, response, file, await file.load());
    } catch (error) {
      unreadable(request, response, file, error as Error);
    }
  }

  /** Once per change: the next find it ready, or that it makes the body no smaller. */
  async function whenEncoded(
    request: IncomingMessage,
    response: ServerResponse,
    file: ShelfFile,
    prepared: Prepared,
    encoding: Encoding,
  ): Promise<void> {
    try {
      await file.encode(prepared, encoding);
      answer(request, response, file, prepared);
    } catch (error) {
      unreadable(request, response, file, error as Error);
    }
  }

  function answer(
    request: IncomingMessage,
    response: ServerResponse,
    file: ShelfFile,
    prepared: Prepared,
  ): void {
    const { headers, method = 'GET' } = request;
    const now = Date.now();
    const verdict = judge(method, headers, prepared, now);
    const { name } = file;
    if (!('encoding' in verdict)) {
      const { text, headers: more } = refusal(verdict.status, prepared);
      return refuse(request, response, verdict.status, text, name, more);
    }
    const content = contentOf(verdict, prepared);
    if (!content) {
      void whenEncoded(request, response, file, prepared, verdict.encoding);
      return;
    }
    const costs = method === 'GET' && isAll(verdict, prepared) && !isConditional(headers) && isFeed(name);
    const wait = costs ? fairUse(request, name, now) : 0;
    if (wait > 0)
      return refuse(request, response, 429, 'Asked for too often; send If-None-Match to ask freely', name, [
        'Retry-After',
        String(wait),
      ]);
    const [sent, body] = content;
    if (headers['sec-fetch-dest'] === 'document' && verdict.status !== 206 && isFeed(name))
      return end(request, response, name, verdict.status, forPeople(sent), body);
    const age = maxAge(file.timing, freshness, now);
    // To a HEAD, Node sends the headers alone.
    end(request, response, name, verdict.status, withCaching(sent, age), body);
  }

  /** Many are answered in the same second, with the same headers. */
  function withCaching(sent: RawHeaders, age: number): RawHeaders {
    const known = complete.get(sent);
    if (known?.age === age) return known.headers;
    const headers = [...cacheControl(age, freshness), ...sent];
    complete.set(sent, { age, headers });
    return headers;
  }

  /** 301 to where the feed is now (RFC 9110 section 15.4.2), or 410 if it has ended. */
  function redirect(request: IncomingMessage, response: ServerResponse, to: string): void {
    const caching = ['Cache-Control', `public, max-age=${MOVED_MAX_AGE}`];
    // A page of another site that asks first is led on only if it may ask.
    if (request.method === 'OPTIONS') end(request, response, '', 204, PREFLIGHT);
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      refuse(request, response, 405, 'Method not allowed', '', ['Allow', 'GET, HEAD']);
    else if (to === 'gone') refuse(request, response, 410, 'This feed has ended', '', caching);
    else {
      const location = locationOf(to, options.root);
      refuse(request, response, 301, `This feed is at ${location} now`, '', [
        ...caching,
        'Location',
        location,
      ]);
    }
  }

  function unreadable(
    request: IncomingMessage,
    response: ServerResponse,
    { name }: ShelfFile,
    error: Error,
  ): void {
    options.failed(name, error);
    comeAgain(request, response, 'This feed cannot be read just now', name);
  }

  function comeAgain(request: IncomingMessage, response: ServerResponse, text: string, name = ''): void {
    refuse(request, response, 503, text, name, ['Retry-After', String(RETRY_AFTER)]);
  }

  function refuse(
    request: IncomingMessage,
    response: ServerResponse,
    status: number,
    text: string,
    name = '',
    more: RawHeaders = [],
  ): void {
    const body = Buffer.from(`${text}\n`);
    const caching = more.includes('Cache-Control') ? [] : ['Cache-Control', 'no-store'];
    end(
      request,
      response,
      name,
      status,
      [...caching, ...PLAIN, 'Content-Length', String(body.length), ...more],
      body,
    );
  }

  function end(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    status: number,
    headers: readonly string[],
    body?: Buffer,
  ): void {
    response.writeHead(status, headers as string[]).end(body);
    answered(request, name, status, request.method === 'HEAD' ? 0 : (body?.length ?? 0));
  }
}

/** Whether the whole body is sent, if only as a part that is all of it. */
function isAll(verdict: Verdict, { size }: Prepared): boolean {
  return (
    verdict.status === 200 || (verdict.status === 206 && verdict.part.end - verdict.part.start + 1 === size)
  );
}

type Given = Extract<Verdict, { encoding: Encoding }>;

/** What is sent of a file: nothing, a part, or all. Undefined if its encoding has to be made first. */
function contentOf(verdict: Given, prepared: Prepared): [RawHeaders, Buffer?] | undefined {
  if (verdict.status === 304) return [prepared.notModified(verdict.encoding)];
  const ready = prepared.ready(verdict.encoding);
  if (!ready) return undefined;
  const { body, ok } = ready;
  if (verdict.status !== 206) return [ok, body];
  const { start, end } = verdict.part;
  return [partHeaders(ok, start, end, body.length), body.subarray(start, end + 1)];
}

/**
 * A feed that somebody opens in a browser: under its own media type, browsers show it as bare text or save it. Under a general
 * one they show it by its stylesheet. Only browsers say that they want a document, and no cache keeps this for others.
 */
function forPeople(ok: RawHeaders): RawHeaders {
  const headers = ['Cache-Control', 'private, no-cache', ...ok];
  const at = headers.indexOf('Content-Type') + 1;
  if (at > 0) headers[at] = headers[at]!.replace(/^application\/.*(xml|json)/, 'application/$1');
  return headers;
}

const PREFLIGHT = [
  ...['Allow', 'GET, HEAD'],
  ...['Access-Control-Allow-Origin', '*'],
  ...['Access-Control-Allow-Methods', 'GET, HEAD'],
  ...['Access-Control-Allow-Headers', 'If-None-Match, If-Modified-Since, Cache-Control, Range'],
  ...['Access-Control-Max-Age', '86400'],
];

const PLAIN = [
  ...['Content-Type', 'text/plain; charset=utf-8'],
  ...['X-Content-Type-Options', 'nosniff'],
  ...['Access-Control-Allow-Origin', '*'],
];

function refusal(status: 406 | 412 | 416, { size }: Prepared): { text: string; headers: RawHeaders } {
  const refusals = {
    406: {
      text: 'Not acceptable: sent as it is, or compressed by br or gzip',
      headers: ['Vary', 'Accept-Encoding'],
    },
    412: { text: 'The feed is another by now', headers: [] },
    416: { text: `The feed has ${size} bytes`, headers: ['Content-Range', `bytes */${size}`] },
  };
  return refusals[status];
}
