/** Everything that is no feed: the only home of Express and helmet. */
import { createHash } from 'node:crypto';
import express from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import helmet from 'helmet';
import type { Log } from './log.ts';
import type { Operations } from './operations.ts';
import { STYLE, feedsPage } from './page.ts';
import type { Shelf } from './shelf.ts';

/** Pages for people and, unless they have a port of their own, what operators look at. */
export function createPages(shelf: Shelf, operations: Operations | undefined, log: Log): Express {
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
  return finish(app, ['/'], operations, log);
}

/** Only what operators look at. */
export function createOperationsPages(operations: Operations, log: Log): Express {
  return finish(express().disable('x-powered-by'), [], operations, log);
}

function finish(app: Express, paths: string[], operations: Operations | undefined, log: Log): Express {
  app.get('/healthz', (_, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  if (operations) {
    app.get('/readyz', async (_, response) => {
      const { code, body } = await operations.ready();
      response.status(code).set('Cache-Control', 'no-store').json(body);
    });
    app.get('/metrics', async (_, response) => {
      const text = await operations.measured();
      response.set('Cache-Control', 'no-store').type(operations.metrics.contentType).send(text);
    });
  }
  const answered = [...paths, '/healthz', ...(operations ? ['/readyz', '/metrics'] : [])];
  // Load balancers may ask so whether somebody is there.
  app.options(answered, (_, response) => void response.status(204).set('Allow', 'GET, HEAD').end());
  app.all(answered, (_, response) => {
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
