/** The hot path: feeds answered from memory, without a framework. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseEncoding, isUnchanged } from './headers.ts';
import { nameOf, requestedPath } from './paths.ts';
import type { Prepared } from './prepared.ts';
import type { Shelf } from './shelf.ts';

/** Answers what asks for a feed; everything else goes to `next`. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Seconds after which a client may ask again for a feed that could not be read. */
const RETRY_AFTER = 120;

/** How long caches may remember that a feed has moved or ended, in seconds. */
const MOVED_MAX_AGE = 86_400;

/** `root` is the path that the feeds' address begins with; `onFailure` hears of each feed that could not be read. */
export function feedHandler(
  shelf: Shelf,
  root: string,
  onFailure: (name: string, error: Error) => void,
): Handler {
  return (request, response, next) => {
    const path = requestedPath(request.url ?? '');
    if (path === undefined) {
      refuse(response, 400, 'Bad request');
      return;
    }
    const name = nameOf(path, (each) => shelf.find(each) !== undefined);
    const file = name === undefined ? undefined : shelf.find(name);
    // A redirect of that very path comes before a feed that has it as one of its other names.
    const to =
      name === path ? undefined : (shelf.redirect(path) ?? (file ? undefined : redirectOf(path, shelf)));
    if (to !== undefined) redirect(request, response, to, root);
    else if (!file) next();
    else if (request.method === 'OPTIONS') response.writeHead(204, PREFLIGHT).end();
    else if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Method not allowed', { Allow: 'GET, HEAD' });
    } else if (file.current) answer(request, response, file.current);
    else {
      file.load().then(
        (prepared) => answer(request, response, prepared),
        (error: Error) => {
          onFailure(file.name, error);
          refuse(response, 503, 'This feed cannot be read just now', { 'Retry-After': String(RETRY_AFTER) });
        },
      );
    }
  };
}

function redirectOf(path: string, shelf: Shelf): string | undefined {
  const name = nameOf(path, (each) => shelf.redirect(each) !== undefined);
  return name === undefined ? undefined : shelf.redirect(name);
}

/** 301 to where the feed is now (RFC 9110 section 15.4.2), or 410 if it has ended. */
function redirect(request: IncomingMessage, response: ServerResponse, to: string, root: string): void {
  const headers = { 'Cache-Control': `public, max-age=${MOVED_MAX_AGE}` };
  if (request.method !== 'GET' && request.method !== 'HEAD')
    refuse(response, 405, 'Method not allowed', { Allow: 'GET, HEAD' });
  else if (to === 'gone') refuse(response, 410, 'This feed has ended', headers);
  else {
    const Location = to.startsWith('/') ? root + to.slice(1) : to;
    refuse(response, 301, `This feed is at ${Location} now`, { ...headers, Location });
  }
}

const PREFLIGHT = {
  Allow: 'GET, HEAD',
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD',
  'Access-Control-Allow-Headers': 'If-None-Match, If-Modified-Since, Cache-Control',
  'Access-Control-Max-Age': '86400',
};

/** What `Accept` says is not asked: some readers prefer text/html by mistake, and each format has its own URL. */
function answer(request: IncomingMessage, response: ServerResponse, file: Prepared): void {
  const { headers } = request;
  const encoding = chooseEncoding(headers['accept-encoding'], file.encodings);
  const chosen = encoding && file.answers[encoding];
  if (!chosen) refuse(response, 406, 'Not acceptable', { Vary: 'Accept-Encoding' });
  else if (isUnchanged(headers, file, Date.now())) response.writeHead(304, chosen.notModified).end();
  // To a HEAD, Node sends the headers alone.
  else response.writeHead(200, chosen.ok).end(chosen.body);
}

function refuse(
  response: ServerResponse,
  status: number,
  text: string,
  headers?: Record<string, string>,
): void {
  const body = `${text}\n`;
  response
    .writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Access-Control-Allow-Origin': '*',
      ...headers,
    })
    .end(body);
}
