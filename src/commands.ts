/** What each command does. Everything of the process (output, environment, signals) comes in as the edge. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { ExitCode } from './cli.ts';
import type { Settings } from './config.ts';
import type { Problem } from './content/post.ts';
import { readContent } from './content/read.ts';
import { createLog } from './log.ts';
import type { Log } from './log.ts';
import { place } from './publish/permalinks.ts';
import type { Rendered } from './publish/publish.ts';
import { count, failureLine, hasFindings, outcomeLine, problemLine } from './report.ts';
import { serve } from './serve/app.ts';
import { openStore } from './store/open.ts';
import { readCatalogue } from './store/catalogue.ts';
import type { Store } from './store/store.ts';
import { gate } from './validate/gate.ts';
import { formatReport, validateDocument } from './validate/validate.ts';
import { run } from './worker/run.ts';
import type { Outcome, RunResult } from './worker/run.ts';
import { startWorker } from './worker/work.ts';

/** The process as a command sees it. */
export interface Edge {
  env: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  folder: string;
  print(text: string): void;
  complain(text: string): void;
  /** Resolves when the process is asked to end. */
  ended: Promise<void>;
  /** Calls back whenever the process is asked to look again (SIGHUP). */
  onReload(callback: () => void): void;
}

/** How long running answers and a running publish may take to end. */
const DEADLINE = 10_000;
/** How long a single publish waits for another process that is at it. */
const PATIENCE = 30_000;

export async function build(settings: Settings, json: boolean, edge: Edge): Promise<ExitCode> {
  const store = openStore(settings.storeUrl, settings.baseFolder);
  try {
    const { outcome } = await publishOnce(settings, store, PATIENCE);
    if (json) edge.print(`${JSON.stringify(outcome, null, 2)}\n`);
    else {
      report(outcome, settings, edge);
      if (settings.siteUrlIsDefault) edge.complain(`${LOCAL_ADDRESS} (${settings.site.url})\n`);
      edge.print(`${outcomeLine(outcome)}\n`);
    }
    return hasFindings(outcome) ? 1 : 0;
  } finally {
    await store.close();
  }
}

const LOCAL_ADDRESS = 'No site.url is set: links lead to this machine only';

export async function check(settings: Settings, json: boolean, edge: Edge): Promise<ExitCode> {
  const { site, publish } = settings;
  const content = await readContent(settings.contentFolder, { timezone: site.timezone, now: Date.now() });
  const problems = [...content.problems, ...place(content.posts, site, publish.permalink).problems];
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  const errors = problems.filter(({ level }) => level === 'error').length;
  if (json) edge.print(`${JSON.stringify({ posts: content.posts.length, problems }, null, 2)}\n`);
  else {
    for (const problem of problems) edge.print(`${problemLine(problem, shownFolder(settings, edge))}\n`);
    edge.print(
      `${count(content.posts.length, 'post')}, ${count(errors, 'error')}, ${count(problems.length - errors, 'warning')}\n`,
    );
  }
  return errors > 0 ? 1 : 0;
}

export async function validate(targets: string[], json: boolean, edge: Edge): Promise<ExitCode> {
  const reports = [];
  for (const target of targets) {
    try {
      reports.push(await validateDocument(await fetchTarget(target)));
    } catch (error) {
      edge.complain(`feedwright: ${target} cannot be read: ${reason(error)}\n`);
      return 2;
    }
  }
  if (json) edge.print(`${JSON.stringify(reports, null, 2)}\n`);
  else edge.print(reports.map((each) => `${formatReport(each)}\n`).join(''));
  return reports.some(({ findings }) => findings.some(({ level }) => level === 'error')) ? 1 : 0;
}

async function fetchTarget(target: string): Promise<Parameters<typeof validateDocument>[0]> {
  if (!/^https?:\/\//i.test(target)) return { name: target, body: await readFile(target) };
  const response = await fetch(target, { headers: { accept: '*/*' }, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const contentType = response.headers.get('content-type') ?? '';
  return { name: target, body: new Uint8Array(await response.arrayBuffer()), contentType, url: response.url };
}

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
  const store = openStore(settings.storeUrl, settings.baseFolder);
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

function startServer(settings: Settings, { store, log, releases }: Started) {
  const { site, host, port } = settings;
  return serve({ store, feedsUrl: site.feedsUrl, host, port, log }).then((server) => {
    releases.push(() => server.close(DEADLINE));
    return server;
  });
}

function startPublishing(
  settings: Settings,
  { store, log, releases }: Started,
  published?: () => Promise<void> | undefined,
) {
  let rendered: RunResult['rendered'] | undefined;
  let known = new Set<string>();
  const once = async (): Promise<void> => {
    const begun = performance.now();
    try {
      const result = await publishOnce(settings, store, 0, rendered);
      rendered = result.rendered;
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
      log.error({ error: reason(error) }, 'could not publish; what is published stays');
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

function publishOnce(
  settings: Settings,
  store: Store,
  patience: number,
  rendered?: ReadonlyMap<string, Rendered>,
): Promise<RunResult> {
  const { contentFolder, site, publish } = settings;
  return run({
    contentFolder,
    store,
    site,
    options: publish,
    gate,
    now: Date.now(),
    patience,
    ...(rendered && { rendered }),
  });
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

function report(outcome: Outcome, settings: Settings, edge: Edge): void {
  for (const problem of outcome.problems)
    edge.complain(`${problemLine(problem, shownFolder(settings, edge))}\n`);
  for (const failure of outcome.failures) edge.complain(`${failureLine(failure)}\n`);
}

/** The content folder as one would type it here. */
function shownFolder(settings: Settings, edge: Edge): string {
  return relative(edge.folder, settings.contentFolder);
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
