/** The commands that go on until they are told to end: start, work and serve. A worker loads no server, and a server no worker. */
import { existsSync } from 'node:fs';
import type { Settings } from './config.ts';
import { NoFolderError } from './content/files.ts';
import type { Edge, ExitCode } from './edge.ts';
import { createLog } from './log.ts';
import { storeOf } from './inputs.ts';
import type { Started } from './publishing.ts';
import { LOCAL_ADDRESS, count } from './report.ts';
import type { Serving } from './serve/app.ts';
import { readCatalogue } from './store/catalogue.ts';
import type { Status } from './store/status.ts';
import type { Store } from './store/store.ts';

/** How long running answers and a running publish may take to end. */
const DEADLINE = 10_000;

/** Publishes at once and whenever it is time, and serves. */
export async function start(settings: Settings, edge: Edge): Promise<ExitCode> {
  return service(settings, edge, async (started) => {
    const { store, log } = started;
    await expectContent(settings, store);
    const published = (await readCatalogue(store)) !== undefined;
    // What is published already is served at once; where there is nothing yet, nobody is told 404 in the meantime.
    let lastRun: Status | undefined;
    const begin = (): Promise<Serving> => startServer(settings, started, () => lastRun);
    let server = published ? await begin() : undefined;
    const { startPublishing } = await import('./publishing.ts');
    const worker = startPublishing(settings, started, {
      published: () => server?.refresh(),
      ended: (status) => void (lastRun = status),
    });
    // Who asks during the first run must not end the process.
    edge.onReload(() => void worker.trigger(undefined));
    let isOver = false;
    void edge.ended.then(() => (isOver = true));
    await worker.trigger(undefined);
    if (isOver) return;
    server ??= await begin();
    await announce(store, server.url, edge);
    if (settings.siteUrlIsDefault) log.warn({ url: settings.site.url }, LOCAL_ADDRESS);
  });
}

export async function workOnly(settings: Settings, edge: Edge): Promise<ExitCode> {
  return service(settings, edge, async (started) => {
    await expectContent(settings, started.store);
    const { startPublishing } = await import('./publishing.ts');
    const worker = startPublishing(settings, started);
    edge.onReload(() => void worker.trigger(undefined));
    await worker.trigger(undefined);
  });
}

/** Where nothing is published yet, a content folder that is not there is a mistake; later it may be a drive that comes back. */
async function expectContent({ contentFolder }: Settings, store: Store): Promise<void> {
  if (!existsSync(contentFolder) && (await readCatalogue(store)) === undefined)
    throw new NoFolderError(contentFolder);
}

export async function serveOnly(settings: Settings, edge: Edge): Promise<ExitCode> {
  return service(settings, edge, async (started) => {
    const server = await startServer(settings, started);
    edge.onReload(() => void server.refresh());
    await announce(started.store, server.url, edge);
  });
}

/** What starts registers its release; at the end the list is run backwards, under a deadline. */
async function service(
  settings: Settings,
  edge: Edge,
  begin: (started: Started) => Promise<void>,
): Promise<ExitCode> {
  const store = storeOf(settings);
  const log = createLog();
  const releases = [() => store.close()];
  const release = async (): Promise<void> => {
    for (const each of releases.reverse()) await each();
  };
  try {
    // Who is told to end during the first run does not have to finish it.
    await Promise.race([begin({ store, log, releases }), edge.ended]);
    await edge.ended;
    log.info({}, 'stopping');
  } finally {
    const late = AbortSignal.timeout(DEADLINE + 2000);
    const deadline = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
    await Promise.race([release(), deadline]);
  }
  return 0;
}

async function startServer(
  { site, server: options }: Settings,
  { store, log, releases }: Started,
  lastRun?: () => Status | undefined,
): Promise<Serving> {
  const { serve } = await import('./serve/app.ts');
  const server = await serve({
    store,
    feedsUrl: site.feedsUrl,
    log,
    ...options,
    ...(lastRun && { lastRun }),
  });
  releases.push(() => server.close(DEADLINE));
  return server;
}

async function announce(store: Store, url: string, edge: Edge): Promise<void> {
  const catalogue = await readCatalogue(store);
  const feeds = catalogue?.feeds.length ?? 0;
  edge.print(
    [
      feeds > 0
        ? `Feedwright serves ${count(feeds, 'feed')}:`
        : 'Feedwright is running; no feed is published yet.',
      ...(feeds > 0
        ? [`  RSS        ${url}feed.xml`, `  Atom       ${url}atom.xml`, `  JSON Feed  ${url}feed.json`]
        : []),
      `  all feeds  ${url}`,
      'Ctrl+C stops it.',
      '',
    ].join('\n'),
  );
}
