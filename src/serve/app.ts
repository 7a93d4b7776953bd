/** The server: feeds from memory in front, Express with everything else behind. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import express from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import helmet from 'helmet';
import { readStatus } from '../store/status.ts';
import type { Store } from '../store/store.ts';
import { feedHandler } from './feeds.ts';
import { closer, listen, urlOf } from './listen.ts';
import { STYLE, feedsPage } from './page.ts';
import { createShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

/** As pino has it. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface ServeOptions {
  store: Store;
  /** The canonical address of the feeds; ends with `/`. */
  feedsUrl: string;
  host: string;
  /** 0 takes any free one. */
  port: number;
  log: Log;
  /** Seconds for which readers and caches need not ask again. */
  maxAge?: number;
  /** Milliseconds between two looks into the store. */
  pollEvery?: number;
}

export interface Serving {
  url: string;
  port: number;
  /** Looks into the store now. Never rejects: if the store fails, what is in memory stays served. */
  refresh(): Promise<void>;
  /** Stops accepting, lets running answers finish, and cuts them off after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

/** Reads the store, then listens. Rejects with a sentence if either is not possible. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { store, feedsUrl, host, log, maxAge = 300, pollEvery = 1000 } = options;
  const shelf = createShelf(store, { feedsUrl, maxAge });
  await shelf.refresh();

  const pages = createPages(shelf, store, log);
  const feeds = feedHandler(shelf, new URL(feedsUrl).pathname, (name, { message }) => {
    log.error({ feed: name, error: message }, 'a feed cannot be read');
  });
  const server = createServer((request, response) => {
    feeds(request, response, () => void pages(request, response));
  });
  server.headersTimeout = 15_000;
  server.requestTimeout = 30_000;
  // Longer than the 60 s after which proxies drop idle connections, so that they never reuse one that is just closing.
  server.keepAliveTimeout = 65_000;
  const closeServer = closer(server);
  const port = await listen(server, host, options.port);

  const refresh = inTurn(reporting(() => shelf.refresh(), log));
  const stopPolling = poll(refresh, pollEvery);
  const close = (deadlineMs: number): Promise<void> => {
    stopPolling();
    return closeServer(deadlineMs);
  };
  return { url: urlOf(host, port), port, refresh, close };
}

/** Everything that is no feed. */
function createPages(shelf: Shelf, store: Store, log: Log): Express {
  const style = createHash('sha256').update(STYLE).digest('base64');
  const app = express();
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: [`'sha256-${style}'`],
          baseUri: ["'none'"],
          formAction: ["'none'"],
        },
      },
      // TLS, and with it this promise, is the proxy's.
      strictTransportSecurity: false,
    }),
  );
  app.get('/', (_, response) => {
    response.set('Cache-Control', 'public, max-age=60').type('html').send(feedsPage(shelf.shown()));
  });
  app.get('/healthz', (_, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  app.get('/readyz', async (_, response) => {
    const feeds = shelf.shown().length;
    const lastRun = await readStatus(store).catch(() => undefined);
    const { version: _version, next, ...run } = lastRun ?? { version: 1 };
    response
      .status(feeds > 0 ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({
        status: feeds > 0 ? 'ok' : 'nothing is published yet',
        feeds,
        ...(lastRun && { lastRun: run }),
        ...(next !== undefined && { next }),
      });
  });
  app.all(['/', '/healthz', '/readyz'], (_, response) => {
    response.status(405).set('Allow', 'GET, HEAD').type('text').send('Method not allowed\n');
  });
  app.use((_, response) => {
    response.status(404).set('Cache-Control', 'public, max-age=60').type('text').send('Not found\n');
  });
  const onError: ErrorRequestHandler = (error: Error, request, response, _next) => {
    log.error({ error: error.message, path: request.path }, 'a page could not be made');
    if (response.headersSent) response.destroy();
    else response.status(500).set('Cache-Control', 'no-store').type('text').send('Internal error\n');
  };
  return app.use(onError);
}

/** The work with its failure in the log instead of a rejection: when it begins to fail, and when it works again. */
function reporting(work: () => Promise<void>, log: Log): () => Promise<void> {
  let failing: string | undefined;
  return async () => {
    try {
      await work();
      if (failing !== undefined) log.info({}, 'the store can be read again');
      failing = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (message !== failing)
        log.warn({ error: message }, 'the store cannot be read; serving what was read before');
      failing = message;
    }
  };
}

/** Calls wait for the one before: each sees all that was stored before it was asked for. */
function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => (last = last.then(work));
}

/** Does the work again and again, `pause` milliseconds after it was done, until the answer is called. */
function poll(work: () => Promise<void>, pause: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const wait = (): void => {
    if (!stopped) timer = setTimeout(() => void work().then(wait), pause).unref();
  };
  wait();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
