/** The server: feeds from memory in front, Express with everything else behind. */
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Status } from '../store/status.ts';
import type { Store } from '../store/store.ts';
import { notTooFarAhead } from './ahead.ts';
import { clientAddress, isForwardedNearby } from './client.ts';
import { UNLIMITED, fairUse } from './fair-use.ts';
import { feedHandler } from './feeds.ts';
import type { Freshness } from './freshness.ts';
import { impatient } from './impatient.ts';
import { closer, listen, urlOf } from './listen.ts';
import type { Log } from './log.ts';
import { createOperations } from './operations.ts';
import { createOperationsPages, createPages } from './pages.ts';
import { refreshing } from './refresh.ts';
import type { Refreshing } from './refresh.ts';
import { createShelf } from './shelf.ts';

export interface ServeOptions {
  store: Store;
  /** The canonical address of the feeds; ends with `/`. */
  feedsUrl: string;
  host: string;
  /** 0 takes any free one. */
  port: number;
  log: Log;
  /** Bytes of feeds to keep in memory. */
  cache?: number;
  /** Bounds of what is said to be fresh, in seconds. */
  maxAge?: Freshness;
  /** Whole answers of a feed that one client gets in an hour, and the addresses that are never limited; undefined: no limit. */
  fairUse?: { answers: number; except: readonly string[] } | undefined;
  /** How many proxies in front of the server are trusted to say who asks. */
  trustProxy?: number;
  /** More connections than that are refused. */
  connections?: number;
  /** A port of their own for /readyz and /metrics. */
  adminPort?: number | undefined;
  /** Which part of the requests is logged; from 0 to 1. */
  logRequests?: number;
  /** Milliseconds between two looks into the store. */
  pollEvery?: number;
  timeouts?: Timeouts;
  /** How the last run of a worker in the same process ended, which it may not have been able to store. */
  lastRun?: () => Status | undefined;
}

/** How long clients may take, and the store, in milliseconds. */
export interface Timeouts {
  /** For the headers of a request, and for all of it. */
  headers: number;
  request: number;
  /** To ask again on the same connection. */
  idle: number;
  /** To read on in the middle of an answer. */
  stalled: number;
  /** To give one file. */
  store: number;
}

const TIMEOUTS: Timeouts = {
  headers: 15_000,
  request: 30_000,
  // Longer than the 60 s after which proxies drop idle connections, so that they never reuse one that is just closing.
  idle: 65_000,
  stalled: 120_000,
  store: 10_000,
};

export interface Serving extends Pick<Refreshing, 'refresh'> {
  url: string;
  port: number;
  /** The port of what is for operators; the same one if it has none of its own. */
  adminPort: number;
  /** Stops accepting, lets running answers finish, and cuts them off after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

const FIVE_MINUTES = 300;
const FIVE_HOURS = 18_000;

/** Reads the store, then listens. Rejects with a sentence if either is not possible. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { feedsUrl, host, log, pollEvery = 1000, trustProxy = 0, timeouts = TIMEOUTS } = options;
  const store = impatient(options.store, timeouts.store);
  const shelf = createShelf(store, { feedsUrl, cache: options.cache ?? 128 * 1024 ** 2, now: Date.now });
  await shelf.refresh();

  const operations = createOperations(store, shelf, Date.now, options.lastRun);
  const clientOf = clientAddress(trustProxy);
  const logRequest = sampled(options.logRequests ?? 0, (request, status, bytes) => {
    const { method, url, headers } = request;
    const fields = { method, url, status, bytes, client: clientOf(request), agent: headers['user-agent'] };
    log.info(fields, 'request');
  });
  const answered = (request: IncomingMessage, name: string, status: number, bytes: number): void => {
    operations.metrics.answered(name, status, bytes);
    logRequest(request, status, bytes);
  };
  const feeds = feedHandler(shelf, {
    root: new URL(feedsUrl).pathname,
    freshness: options.maxAge ?? { min: FIVE_MINUTES, max: FIVE_HOURS },
    fairUse: options.fairUse
      ? fairUse({ ...options.fairUse, clientOf, ...(trustProxy === 0 && { isMany: untoldProxy(log) }) })
      : UNLIMITED,
    answered,
    failed: (name, { message }) => {
      operations.feedFailed(name, message);
      log.error({ feed: name, error: message }, 'a feed cannot be read');
    },
  });
  const pages = createPages(shelf, options.adminPort === undefined ? operations : undefined, log);
  const server = createListener(
    timeouts,
    guarded(log, (request, response) => {
      feeds(request, response, () => {
        response.once('finish', () => {
          const hasBody = request.method !== 'HEAD' && response.statusCode !== 304;
          const bytes = hasBody ? Number(response.getHeader('Content-Length') ?? 0) : 0;
          answered(request, '', response.statusCode, bytes);
        });
        pages(request, response);
      });
    }),
  );
  if (options.connections !== undefined) server.maxConnections = options.connections;
  operations.watch(server);
  const closers = [closer(server)];
  const port = await listen(server, host, options.port);
  let adminPort = port;
  if (options.adminPort !== undefined) {
    const admin = createListener(timeouts, createOperationsPages(operations, log));
    const closeAdmin = closer(admin);
    try {
      adminPort = await listen(admin, host, options.adminPort);
    } catch (error) {
      await closers[0]!(0);
      throw error;
    }
    closers.push(closeAdmin);
  }

  const { refresh, stop } = refreshing(shelf, operations, log, pollEvery);
  const close = async (deadlineMs: number): Promise<void> => {
    stop();
    await Promise.all(closers.map((each) => each(deadlineMs)));
  };
  return { url: urlOf(host, port), port, adminPort, refresh, close };
}

/** A defect of ours costs one answer, not the server and all that wait for theirs. */
function guarded(log: Log, listener: RequestListener): RequestListener {
  return (request, response) => {
    try {
      listener(request, response);
    } catch (error) {
      log.error({ error: (error as Error).message, url: request.url }, 'a request could not be answered');
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'Cache-Control': 'no-store' }).end();
    }
  };
}

/** A server that slow and silent clients cannot wear out. */
function createListener(timeouts: Timeouts, listener: RequestListener): Server {
  const connectionsCheckingInterval = Math.min(timeouts.headers, 5000);
  const server = createServer({ connectionsCheckingInterval }, notTooFarAhead(listener));
  server.headersTimeout = timeouts.headers;
  server.requestTimeout = timeouts.request;
  server.keepAliveTimeout = timeouts.idle;
  server.timeout = timeouts.stalled;
  return server;
}

/** Whether requests come through a proxy nearby that nobody told us of: it is asked for, once. */
function untoldProxy(log: Log): (request: IncomingMessage) => boolean {
  let isTold = false;
  return (request) => {
    const isProxy = isForwardedNearby(request);
    if (isProxy && !isTold) {
      isTold = true;
      log.warn(
        { proxy: request.socket.remoteAddress },
        'requests come through a proxy: without server.trust_proxy nobody is limited',
      );
    }
    return isProxy;
  };
}

/** Every so many requests one is told, so that the part of them is `share`. */
function sampled(
  share: number,
  tell: (request: IncomingMessage, status: number, bytes: number) => void,
): typeof tell {
  if (share === 0) return () => undefined;
  let due = 0;
  return (request, status, bytes) => {
    due += share;
    if (due < 1) return;
    due -= 1;
    tell(request, status, bytes);
  };
}
