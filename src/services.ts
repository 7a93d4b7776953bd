/** The commands that go on until they are told to end: start, work and serve. */
import { basename, dirname } from 'node:path';
import type { Settings } from './config.ts';
import type { Problem } from './content/post.ts';
import { UsageError } from './edge.ts';
import type { Edge, ExitCode } from './edge.ts';
import { LEDGER } from './ledger/keep.ts';
import type { LedgerPlace } from './ledger/keep.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { LOCAL_ADDRESS, count, failureLine, outcomeLine, problemLine, reasonOf } from './report.ts';
import { serve } from './serve/app.ts';
import type { Serving } from './serve/app.ts';
import { readCatalogue } from './store/catalogue.ts';
import { fileStore } from './store/files.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { gate } from './validate/gate.ts';
import type { History } from './worker/compose.ts';
import { run } from './worker/run.ts';
import type { Memory, Outcome, RunInput, RunResult } from './worker/run.ts';
import { startWorker } from './worker/work.ts';

/** How long running answers and a running publish may take to end. */
const DEADLINE = 10_000;

/** Publishes at once and whenever it is time, and serves. */
export async function start(settings: Settings, edge: Edge): Promise<ExitCode> {
  return service(settings, edge, async (started) => {
    const { store, log } = started;
    const published = (await readCatalogue(store)) !== undefined;
    // What is published already is served at once; where there is nothing yet, nobody is told 404 in the meantime.
    let server = published ? await startServer(settings, started) : undefined;
    const worker = startPublishing(settings, started, () => server?.refresh());
    await worker.trigger();
    server ??= await startServer(settings, started);
    edge.onReload(() => void worker.trigger());
    await announce(store, server.url, edge);
    if (settings.siteUrlIsDefault) log.warn({ url: settings.site.url }, LOCAL_ADDRESS);
  });
}

export async function workOnly(settings: Settings, edge: Edge): Promise<ExitCode> {
  return service(settings, edge, async (started) => {
    const worker = startPublishing(settings, started);
    edge.onReload(() => void worker.trigger());
    await worker.trigger();
  });
}

export async function serveOnly(settings: Settings, edge: Edge): Promise<ExitCode> {
  return service(settings, edge, async (started) => {
    const server = await startServer(settings, started);
    await announce(started.store, server.url, edge);
  });
}

interface Started {
  store: Store;
  log: Log;
  /** Each is called at the end, last registered first. */
  releases: (() => Promise<void>)[];
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
    await begin({ store, log, releases });
    await edge.ended;
    log.info({}, 'stopping');
  } finally {
    const late = AbortSignal.timeout(DEADLINE + 2000);
    const deadline = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve()));
    await Promise.race([release(), deadline]);
  }
  return 0;
}

async function startServer(settings: Settings, { store, log, releases }: Started): Promise<Serving> {
  const { site, host, port } = settings;
  const server = await serve({ store, feedsUrl: site.feedsUrl, host, port, log });
  releases.push(() => server.close(DEADLINE));
  return server;
}

function startPublishing(
  settings: Settings,
  { store, log, releases }: Started,
  published?: () => Promise<void> | undefined,
) {
  let memory: Memory = {};
  let known = new Set<string>();
  const once = async (): Promise<void> => {
    const begun = performance.now();
    try {
      const result: RunResult = await run({ ...runInput(settings, store), memory });
      memory = result.memory;
      const { outcome } = result;
      known = logFindings(outcome, known, log);
      const { written, removed, unchanged } = outcome;
      const fields = {
        outcome: outcome.outcome,
        posts: outcome.posts,
        feeds: outcome.feeds.length,
        written: written.length,
        removed: removed.length,
        unchanged,
        ms: Math.round(performance.now() - begun),
      };
      if (outcome.outcome === 'held') log.error(fields, outcomeLine(outcome));
      else log.info(fields, outcomeLine(outcome));
      await published?.();
    } catch (error) {
      log.error({ error: reasonOf(error) }, 'could not publish; what is published stays');
    }
  };
  const worker = startWorker({ run: once, schedule: settings.schedule, timezone: settings.site.timezone });
  releases.push(() => worker.stop());
  return worker;
}

/** Logs what is wrong now and was not known before; gives what is known now. */
function logFindings({ problems, failures }: Outcome, known: Set<string>, log: Log): Set<string> {
  const now = new Set<string>();
  const tell = (level: Problem['level'], key: string, fields: object, message: string): void => {
    now.add(key);
    if (known.has(key)) return;
    if (level === 'error') log.error(fields, message);
    else log.warn(fields, message);
  };
  for (const problem of problems) {
    const { level, message, ...fields } = problem;
    tell(level, problemLine(problem, ''), fields, message);
  }
  for (const failure of failures) tell('error', failureLine(failure), failure, failureLine(failure));
  return now;
}

/** The store that the settings name; a name that means nothing is wrong use. */
export function storeOf({ storeUrl, baseFolder }: Settings): Store {
  try {
    return openStore(storeUrl, baseFolder);
  } catch (error) {
    throw new UsageError([reasonOf(error)]);
  }
}

export function historyOf({ hold, guardShare, tombstones }: Settings, approved = false): History {
  return { hold, share: guardShare, tombstones, approved };
}

export function ledgerPlace({ ledgerFile }: Settings, store: Store): LedgerPlace {
  if (ledgerFile === undefined) return { store, name: LEDGER };
  return { store: fileStore(dirname(ledgerFile)), name: basename(ledgerFile) };
}

/** What a run by these settings takes. */
export function runInput(settings: Settings, store: Store, approved = false): RunInput {
  const { contentFolder, maxFile, site, publish, redirects } = settings;
  return {
    contentFolder,
    maxFile,
    store,
    ledger: ledgerPlace(settings, store),
    site,
    options: publish,
    history: historyOf(settings, approved),
    redirects,
    gate,
    now: Date.now(),
  };
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
