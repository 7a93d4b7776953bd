/** What each command does. Everything of the process (output, environment, signals) comes in as the edge. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Settings } from './config.ts';
import type { Problem } from './content/post.ts';
import { byPlace } from './content/problems.ts';
import { readContent } from './content/read.ts';
import {
  LOCAL_ADDRESS,
  count,
  failureLine,
  hasFindings,
  heldLine,
  movedLine,
  outcomeLine,
  problemLine,
  problemLines,
  reasonOf,
  summaryLine,
} from './report.ts';
import type { FeedInput } from './validate/validate.ts';
import { EMPTY_LEDGER } from './ledger/ledger.ts';
import { lostLinks, mayLoseLinks } from './publish/lost-links.ts';
import { planRun } from './worker/plan.ts';
import { run } from './worker/run.ts';
import type { Outcome, RunInput } from './worker/runs.ts';
import { meaningOf } from './edge.ts';
import type { Edge, ExitCode } from './edge.ts';
import { historyOf, runInput, storeOf } from './inputs.ts';

/** The flags of commands that are no settings. */
export interface Options {
  json: boolean;
  approve: boolean;
}

/** How long a single publish waits for another process that is at it. */
const PATIENCE = 30_000;

export async function build(settings: Settings, { json, approve }: Options, edge: Edge): Promise<ExitCode> {
  const store = storeOf(settings);
  try {
    const begun = performance.now();
    const input = { ...runInput(settings, store, approve), patience: PATIENCE };
    const { outcome } = await run({ ...input, progress: progressOf(edge) });
    edge.progress('');
    if (json) edge.print(`${JSON.stringify(outcome, null, 2)}\n`);
    else {
      report(outcome, settings, edge);
      if (settings.siteUrlIsDefault) edge.complain(`${LOCAL_ADDRESS} (${settings.site.url})\n`);
      edge.print(`${outcomeLine(outcome)}\n${summaryLine(outcome, performance.now() - begun)}\n`);
    }
    return hasFindings(outcome) ? 1 : 0;
  } finally {
    await store.close();
  }
}

export async function check(settings: Settings, { json }: Options, edge: Edge): Promise<ExitCode> {
  const { site, publish, maxFile } = settings;
  const now = Date.now();
  const content = await readContent(settings.contentFolder, { timezone: site.timezone, now, maxFile });
  const { problems: others, entries } = planRun(
    content,
    EMPTY_LEDGER,
    site,
    publish.permalink,
    historyOf(settings),
    now,
  );
  const links: Problem[] = [];
  for (const entry of entries) {
    if (!mayLoseLinks(entry)) continue;
    const text = await readFile(join(settings.contentFolder, entry.post.path), 'utf8').catch(() => '');
    links.push(...lostLinks(entry, text));
  }
  const problems = [...content.problems, ...others, ...links].sort(byPlace);
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

export async function validate(targets: string[], { json }: Options, edge: Edge): Promise<ExitCode> {
  const { formatReport, validateDocument } = await import('./validate/validate.ts');
  const reports = [];
  for (const target of targets) {
    try {
      reports.push(await validateDocument({ ...(await fetchTarget(target)), now: Date.now() }));
    } catch (error) {
      edge.complain(`feedwright: ${target} cannot be read: ${meaningOf(error) ?? reasonOf(error)}\n`);
      return 2;
    }
  }
  if (json) edge.print(`${JSON.stringify(reports, null, 2)}\n`);
  else edge.print(reports.map((each) => `${formatReport(each)}\n`).join(''));
  return reports.some(({ findings }) => findings.some(({ level }) => level === 'error')) ? 1 : 0;
}

async function fetchTarget(target: string): Promise<Omit<FeedInput, 'now'>> {
  if (!/^https?:\/\//i.test(target)) return { name: target, body: await readFile(target) };
  const response = await fetch(target, { headers: { accept: '*/*' }, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  const body = new Uint8Array(await response.arrayBuffer());
  return { name: target, body, headers: response.headers, url: response.url };
}

/** Tells a person how far a run is: what is done, and of how many. */
function progressOf(edge: Edge): NonNullable<RunInput['progress']> {
  return (stage, done, all) => edge.progress(`${stage}: ${done} of ${all}`);
}

function report(outcome: Outcome, settings: Settings, edge: Edge): void {
  for (const line of problemLines(outcome.problems, shownFolder(settings, edge), edge.colours))
    edge.complain(`${line}\n`);
  for (const failure of outcome.failures) edge.complain(`${failureLine(failure)}\n`);
  const held = heldLine(outcome.changes, outcome.guard);
  if (held !== undefined && outcome.outcome !== 'held') edge.complain(`${held}\n`);
  const moved = movedLine(outcome.changes);
  if (moved !== undefined) edge.complain(`${moved}\n`);
}

/** The content folder as one would type it here. */
function shownFolder(settings: Settings, edge: Edge): string {
  return relative(edge.folder, settings.contentFolder);
}
