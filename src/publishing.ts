/** Publishing again and again: what a worker does around each run, by the settings. */
import type { Settings } from './config.ts';
import type { Moment, Problem } from './content/post.ts';
import { runInput } from './inputs.ts';
import type { Log } from './log.ts';
import { rfc3339 } from './publish/feed.ts';
import { failureLine, heldLine, movedLine, outcomeLine, problemLine, reasonOf } from './report.ts';
import { writeStatus } from './store/status.ts';
import type { Status } from './store/status.ts';
import type { Store } from './store/store.ts';
import { SYSTEM_CLOCK } from './worker/alarm.ts';
import { leave, run } from './worker/run.ts';
import type { Memory, Outcome, RunResult } from './worker/runs.ts';
import { watchFolder } from './worker/watch.ts';
import { startWorker } from './worker/work.ts';
import type { Changed, Worker } from './worker/work.ts';

/** What a service has started: each release is called at the end, last registered first. */
export interface Started {
  store: Store;
  log: Log;
  releases: (() => Promise<void>)[];
}

/** How soon a run that failed is tried again. */
const RETRY = 60_000;
/** How long another worker that is at it is waited for: both see the same changes at once. */
const PATIENCE = 5000;

/** Who listens to a worker in the same process. */
export interface Listener {
  /** After each run that could publish. */
  published(): Promise<void> | undefined;
  /** How each run ended: a store that takes no feeds, as on a full disk, mostly does not take that either. */
  ended(status: Status): void;
}

/** Publishes when it is triggered and whenever it is time. */
export function startPublishing(
  settings: Settings,
  { store, log, releases }: Started,
  listener?: Listener,
): Worker {
  let memory: Memory = {};
  let known = new Set<string>();
  const runs: Record<string, number> = {};
  let seconds = 0;
  /** Counts the run that ended, and gives what is told of all of them. */
  const ended = (outcome: string, took: number): Pick<Status, 'took' | 'runs' | 'seconds'> => {
    runs[outcome] = (runs[outcome] ?? 0) + 1;
    seconds += took;
    return { took, runs, seconds: Math.round(seconds * 1000) / 1000 };
  };
  /** A store that takes no status is no reason to fail: the next run that has something to write will say so. */
  const leaveStatus = async (
    what: Omit<Status, 'version' | 'at' | 'next'>,
    due: Moment | undefined,
  ): Promise<void> => {
    const at = new Date().toISOString();
    const next = first(worker.next(), due);
    const when = { at, ...(next !== undefined && { next: new Date(next).toISOString() }) };
    const status: Status = { version: 1, ...what, ...when };
    listener?.ended(status);
    await writeStatus(store, status).catch((error: unknown) =>
      log.warn({ error: reasonOf(error) }, 'the status of the run could not be stored'),
    );
  };
  const once = async (changed: Changed): Promise<Moment | undefined> => {
    const begun = performance.now();
    try {
      const input = { ...runInput(settings, store), patience: PATIENCE };
      const result: RunResult = await run({ ...input, memory, ...(changed && { changed }) });
      memory = result.memory;
      const { outcome } = result;
      known = logFindings(outcome, known, log);
      const ms = Math.round(performance.now() - begun);
      logOutcome(outcome, ms, log);
      await listener?.published();
      const status = { ...statusOf(outcome), ...ended(outcome.outcome, ms / 1000) };
      await leaveStatus(status, outcome.nextDue);
      return outcome.nextDue;
    } catch (error) {
      const message = 'could not publish; what is published stays';
      // What was read for it may not have been published.
      memory = {};
      log.error({ error: reasonOf(error) }, message);
      const status = { outcome: 'failed', message: `${message}: ${reasonOf(error)}` };
      const took = Math.round(performance.now() - begun) / 1000;
      const again = Date.now() + RETRY;
      await leaveStatus({ ...status, ...ended('failed', took) }, again);
      return again;
    }
  };
  const worker = startWorker({
    run: once,
    schedule: settings.schedule,
    timezone: settings.site.timezone,
    clock: SYSTEM_CLOCK,
  });
  releases.push(async () => {
    await worker.stop();
    await leave(runInput(settings, store), memory).catch((error: unknown) =>
      log.warn(
        { error: reasonOf(error) },
        'not all could be left for the next start, which will take longer',
      ),
    );
  });
  const watch = watchFolder(settings.contentFolder, {
    changed: (paths) => void worker.trigger(paths),
    polling: (reason) => log.warn({ folder: settings.contentFolder }, reason),
  });
  releases.push(() => Promise.resolve(watch.close()));
  return worker;
}

/** The earlier of two moments, of which either may never come. */
function first(one: Moment | undefined, other: Moment | undefined): Moment | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}

function logOutcome(outcome: Outcome, ms: number, log: Log): void {
  const { written, removed, unchanged, changes, guard, nextDue } = outcome;
  const held = heldLine(changes, guard);
  const fields = {
    outcome: outcome.outcome,
    posts: outcome.posts,
    feeds: outcome.feeds.length,
    written: written.length,
    removed: removed.length,
    unchanged,
    ...(held !== undefined && { held: changes.filter((each) => each.held).length }),
    ...(nextDue !== undefined && { nextDue: rfc3339(nextDue) }),
    ms,
  };
  log.info(fields, outcomeLine(outcome));
  if (held !== undefined) log.error({ held: fields.held }, held);
  const moved = movedLine(changes);
  if (moved !== undefined) log.info({}, moved);
}

function statusOf(outcome: Outcome): Omit<Status, 'version' | 'at'> {
  return {
    outcome: outcome.outcome,
    message: outcomeLine(outcome),
    posts: outcome.posts,
    errors: outcome.problems.filter(({ level }) => level === 'error').length + outcome.failures.length,
    held: outcome.changes.filter((each) => each.held).length,
  };
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
