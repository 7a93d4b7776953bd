/** One run: read the posts, publish, write what changed. Safe to repeat, and to be killed at any point. */
import { setTimeout as sleep } from 'node:timers/promises';
import { byPlace } from '../content/read.ts';
import { isCurrent, writeLedger } from '../ledger/keep.ts';
import { NOTHING_SAVED, loadCache, saveCache, saveFiles, saveMade } from './cache.ts';
import type { Cache } from './cache.ts';
import { draw, formsOf, toOutcome } from './draw.ts';
import type { Drawn } from './draw.ts';
import { notOurs } from './foreign.ts';
import { LEASE_TTL, takeLease } from './lease.ts';
import { drawPart } from './partial.ts';
import type { Memory, Outcome, RunInput, RunResult } from './runs.ts';
import { stateAfter } from './state.ts';
import { createThreads } from './threads.ts';
import { NOTHING_SEEN, write } from './write.ts';
import { writePart } from './write-part.ts';

/** Rejects if the content folder is not there, the store cannot be written, or another process goes on publishing. */
export async function run(input: RunInput): Promise<RunResult> {
  const lease = await takeLease(input.store, input.patience ?? 0);
  const renewal = setInterval(() => void lease.renew().catch(() => false), LEASE_TTL / 3);
  try {
    return (await runPart(input)) ?? (await runWhole(input));
  } finally {
    clearInterval(renewal);
    await lease.release();
  }
}

/** What a worker does at its end: the ledger is one document again, and the cache knows all that was read. */
export async function leave(input: RunInput, memory: Memory): Promise<void> {
  const { ledger, saved } = memory;
  const lease = await takeLease(input.store, 0);
  try {
    if (ledger?.since && (await isCurrent(input.ledger, ledger)))
      await writeLedger(input.ledger, ledger.ledger);
    if (saved) await saveCache(input, memory, saved);
  } finally {
    await lease.release();
  }
}

async function runWhole(input: RunInput): Promise<RunResult> {
  const { store, redirects, wait = sleep, memory = {} } = input;
  const { state: _, ...lasting } = memory;
  const cache = await cacheFor(input);
  const drawn = await drawTogether(input, cache);
  const { content, composition, plan, before, stored, reader } = drawn;
  const outcome = toOutcome(drawn);
  const isNothing = before.entries.size === 0 && plan.entries.length === 0;
  if (plan.guard.all) outcome.outcome = 'held';
  if (plan.guard.all || isNothing) return { outcome, memory: { ...lasting, reader } };
  const { rendered, made } = composition.publication;
  const known = memory.saved ?? cache ?? NOTHING_SAVED;
  const saving = input.cache && saveMade(input, { reader, rendered, made }, known).catch(() => known);
  const done = await write({
    store,
    place: input.ledger,
    plan,
    composition,
    before,
    ...(stored && { stored }),
    complete: content.complete,
    redirects,
    seen: memory.seen ?? cache?.seen ?? NOTHING_SEEN,
    // Where another wrote the ledger, or took it away, the rest may be others' too.
    trusting:
      memory.seen !== undefined &&
      input.changed !== undefined &&
      stored !== undefined &&
      stored.version === memory.ledger?.version,
    wait,
    progress: (done, all) => input.progress?.('files written', done, all),
  }).finally(() => saving);
  const { written, removed, unchanged, foreign, ledger, seen } = done;
  outcome.problems.push(...foreign.map(notOurs));
  const changed = written.length + removed.length > 0;
  Object.assign(outcome, { written, removed, unchanged, outcome: changed ? 'published' : 'unchanged' });
  // Who does not go on needs none.
  const state =
    input.memory && stateAfter(input, { reader, content, plan, composition, ledger: ledger.ledger, foreign });
  const after: Memory = {
    reader,
    rendered,
    made,
    pages: composition.pages,
    ledger,
    seen,
    ...(state && { state }),
  };
  const saved = await saving;
  if (saved) after.saved = await saveFiles(input, after, saved).catch(() => saved);
  return { outcome, memory: after };
}

/** What an earlier process left, if this one begins; whoever cannot have it does without. */
async function cacheFor(input: RunInput): Promise<Cache | undefined> {
  return input.cache && !input.memory?.reader ? loadCache(input).catch(() => undefined) : undefined;
}

async function drawTogether(input: RunInput, cache: Cache | undefined): Promise<Drawn> {
  const threads = input.threads ? createThreads() : undefined;
  return draw(input, cache, threads).finally(() => threads?.close());
}

/** A run after a few changes; undefined if it must be a whole one. */
async function runPart(input: RunInput): Promise<RunResult | undefined> {
  const { changed, memory = {} } = input;
  const { state, ledger, seen } = memory;
  if (!changed || !state || !ledger || !seen || !(await isCurrent(input.ledger, ledger))) return undefined;
  const part = await drawPart(input, state, ledger.ledger, changed);
  if (!part) return undefined;
  const done = await writePart(input, { state, part, before: ledger, seen });
  const { step } = part;
  const isChanged = done.written.length + done.removed.length > 0;
  const due = [...state.due.values()].reduce((first, { moment }) => Math.min(first, moment), Infinity);
  const outcome: Outcome = {
    outcome: isChanged ? 'published' : 'unchanged',
    posts: state.byPath.size,
    scheduled: state.ahead.size,
    feeds: [...state.made.values()].flatMap(({ summary }) => summary ?? []),
    written: done.written,
    removed: done.removed,
    unchanged: done.unchanged,
    problems: [
      ...[...state.problems.values()].flat().concat(state.others).sort(byPlace),
      ...[...state.foreign].sort().map(notOurs),
    ],
    failures: [],
    changes: step.changes,
    guard: step.guard,
    ...(due < Infinity && { nextDue: due }),
  };
  const { rendered, made, pages } = state;
  const after: Memory = { ...memory, rendered, made, pages, ledger: done.ledger };
  return { outcome, memory: after };
}

/** What a run would do and say, without writing anything. */
export async function rehearse(input: RunInput): Promise<Outcome> {
  const drawn = await drawTogether(input, await cacheFor(input));
  const outcome = toOutcome(drawn);
  // An entry that would be published otherwise, though nothing of it changed that subscribers are told of.
  const shown = [...drawn.composition.shown].filter(
    ([id]) => (drawn.before.entries.get(id)?.feeds.length ?? 0) > 0,
  );
  const known = new Set(outcome.changes.map(({ id }) => id));
  const last = await formsOf(
    input.store,
    shown.map(([id]) => id),
  );
  for (const [id, { entry }] of shown) {
    const { path, title } = entry;
    const before = last.get(id);
    if (known.has(id) || !before || JSON.stringify(before) === JSON.stringify(entry)) continue;
    outcome.changes.push({ id, path, title, effects: ['edited silently'], shown: true, held: false });
  }
  return outcome;
}
