/** One run: read the posts, publish, write what changed. Safe to repeat, and to be killed at any point. */
import { setTimeout as sleep } from 'node:timers/promises';
import { byPlace } from '../content/problems.ts';
import { isCurrent, writeLedger } from '../ledger/keep.ts';
import type { Hold } from '../publish/render.ts';
import { leftOf, loadCache } from './cache.ts';
import type { Cache, Left } from './cache.ts';
import { draw, formsOf, toOutcome } from './draw.ts';
import { notOurs } from './foreign.ts';
import { createHolder } from './hold.ts';
import { LEASE_TTL, takeLease } from './lease.ts';
import { knownOf, leaveAll, leaveIndex, leaveTouched } from './leave.ts';
import { drawPart } from './partial.ts';
import { restore } from './restore.ts';
import type { Memory, Outcome, RunInput, RunResult } from './runs.ts';
import { NOTHING_SEEN, isAsSeen } from './seen.ts';
import type { Seen } from './seen.ts';
import { settingsOf } from './settings.ts';
import { isTouched, stateAfter } from './state.ts';
import type { State } from './state.ts';
import { write } from './write.ts';
import { writePart } from './write-part.ts';

/** Rejects if the content folder is not there, the store cannot be written, or another process goes on publishing. */
export async function run(input: RunInput): Promise<RunResult> {
  const lease = await takeLease(input.store, input.patience ?? 0);
  const renewal = setInterval(() => void lease.renew().catch(() => false), LEASE_TTL / 3);
  const settings = settingsOf(input);
  const { memory: known = {} } = input;
  try {
    const { outcome, memory } = await runWith(known.settings === settings ? known : {}, input);
    return { outcome, memory: { ...memory, settings } };
  } finally {
    clearInterval(renewal);
    await lease.release();
  }
}

async function runWith(memory: Memory, input: RunInput): Promise<RunResult> {
  if (memory.reader) return (await runPart(input, memory, input.changed)) ?? (await runWhole(input, memory));
  const cache = await cacheFor(input);
  const restored = cache && (await restore(input, cache).catch(() => undefined));
  return (restored && (await runPart(input, restored))) ?? (await runWhole(input, {}, cache));
}

/** What a worker does at its end: the ledger is one document again, and the cache knows all that was read. */
export async function leave(input: RunInput, memory: Memory): Promise<void> {
  const { ledger, state, seen } = memory;
  if (!ledger || !state || !seen || !(ledger.since || isTouched(state))) return;
  const lease = await takeLease(input.store, 0);
  try {
    if (!(await isCurrent(input.ledger, ledger))) return;
    const whole = ledger.since ? await writeLedger(input.ledger, ledger.ledger) : ledger;
    // What somebody else has put in the place of a file since it was written is not what is known of it.
    const isLeft = input.cache && (await isAsSeen(input.store, seen, state.foreign));
    const tables = isLeft ? await leaveTouched(input, memory) : undefined;
    if (tables) await leaveIndex(input, tables, { ...memory, ledger: whole });
  } finally {
    await lease.release();
  }
}

async function runWhole(input: RunInput, known: Memory, cache?: Cache): Promise<RunResult> {
  const { state: _, ...lasting } = known;
  const memory = known.isRestored ? {} : lasting;
  // Without a cache the next run needs what this one renders.
  const holder = input.cache ? createHolder() : undefined;
  try {
    const begins = memory.rendered ? undefined : (cache ?? (await cacheFor(input)));
    const left = begins && (await leftOf(begins, input.store).catch(() => undefined));
    const { outcome, memory: after, isLeft } = await publishAll(input, memory, left, holder?.hold);
    if (!holder || !input.memory) return { outcome, memory: after };
    // Little of what is left is in memory when it is read again; what another run left does not know of the changes of this one.
    const { reader, ledger, seen, tables } = after;
    const restored = isLeft ? await restore(input, await loadCache(input)).catch(() => undefined) : undefined;
    return {
      outcome,
      memory: restored ?? {
        ...(reader && { reader }),
        ...(ledger && { ledger }),
        ...(seen && { seen }),
        ...(tables && { tables }),
      },
    };
  } finally {
    holder?.close();
  }
}

/** `isLeft`: the cache has all of it. */
async function publishAll(
  input: RunInput,
  memory: Memory,
  left?: Left,
  hold?: Hold,
): Promise<RunResult & { isLeft: boolean }> {
  const { store, redirects, wait = sleep } = input;
  const drawn = await draw({ ...input, memory }, left, hold);
  const { content, composition, plan, before, stored, reader } = drawn;
  const outcome = toOutcome(drawn);
  const isNothing = before.entries.size === 0 && plan.entries.length === 0;
  if (plan.guard.all) outcome.outcome = 'held';
  if (plan.guard.all || isNothing) return { outcome, memory: { ...memory, reader }, isLeft: false };
  const { rendered, made } = composition.publication;
  const tables = memory.tables ?? left?.tables;
  const leaving = input.cache && leaveAll(input, knownOf(drawn), tables).catch(() => undefined);
  const done = await write({
    store,
    place: input.ledger,
    plan,
    composition,
    before,
    ...(stored && { stored }),
    complete: content.complete,
    redirects,
    seen: memory.seen ?? left?.seen ?? NOTHING_SEEN,
    // Where another wrote the ledger, or took it away, the rest may be others' too.
    trusting:
      memory.seen !== undefined &&
      input.changed !== undefined &&
      stored !== undefined &&
      stored.version === memory.ledger?.version,
    wait,
    progress: (done, all) => input.progress?.('files written', done, all),
  }).finally(() => leaving);
  const { written, removed, unchanged, foreign, ledger, seen } = done;
  outcome.problems.push(...foreign.map(notOurs));
  const changed = written.length + removed.length > 0;
  Object.assign(outcome, { written, removed, unchanged, outcome: changed ? 'published' : 'unchanged' });
  const state = stateAfter(input, {
    reader,
    content,
    plan,
    composition,
    ledger: ledger.ledger,
    foreign,
  });
  const stands = leaving ? await leaving : undefined;
  const after: Memory = {
    reader,
    rendered,
    made,
    pages: composition.pages,
    ledger,
    seen,
    ...(stands && { tables: stands }),
    ...(state && { state }),
  };
  const isLeft =
    stands !== undefined &&
    (await leaveIndex(input, stands, after).then(
      () => true,
      () => false,
    ));
  return { outcome, memory: after, isLeft };
}

/** What an earlier process left; whoever cannot have it does without. */
async function cacheFor(input: RunInput): Promise<Cache | undefined> {
  return input.cache ? loadCache(input).catch(() => undefined) : undefined;
}

/** A run after a few changes: in `changed` files, or those that are found by looking at all; undefined if it must be a whole one. */
async function runPart(
  input: RunInput,
  memory: Memory,
  changed?: readonly string[],
): Promise<RunResult | undefined> {
  const part = publishPart(input, memory, changed);
  // Whatever is wrong with what was left must not keep anybody from publishing: a whole run says what else is.
  return memory.isRestored ? part.catch(() => undefined) : part;
}

async function publishPart(
  input: RunInput,
  memory: Memory,
  changed?: readonly string[],
): Promise<RunResult | undefined> {
  const { state, ledger, seen } = memory;
  if (!state || !ledger || !seen || !(await isCurrent(input.ledger, ledger))) return undefined;
  const paths = changed ?? (await changedSince(input, state, seen));
  const part = paths && (await drawPart(input, state, ledger.ledger, paths));
  if (!part) return undefined;
  // Who goes on leaves it at the end.
  const leaving = input.memory ? undefined : leaveTouched(input, memory).catch(() => undefined);
  const done = await writePart(input, { state, part, before: ledger, seen }).finally(() => leaving);
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
  const tables = await leaving;
  if (tables) await leaveIndex(input, tables, after).catch(() => undefined);
  return { outcome, memory: after };
}

/** Paths of the files that are not as they were read; undefined if the store is not as it was left. */
async function changedSince(input: RunInput, state: State, seen: Seen): Promise<string[] | undefined> {
  const { site, now, maxFile } = input;
  if (!(await isAsSeen(input.store, seen, state.foreign))) return undefined;
  return state.reader.scan({ timezone: site.timezone, now, ...(maxFile && { maxFile }) });
}

/** What a run would do and say, without writing anything. */
export async function rehearse(input: RunInput): Promise<Outcome> {
  const cache = await cacheFor(input);
  const drawn = await draw(input, cache && (await leftOf(cache, input.store)));
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
  for (const [id, { rendered }] of shown) {
    const { path, title } = rendered.entry;
    const before = last.get(id);
    if (known.has(id) || !before || JSON.stringify(before) === JSON.stringify(rendered.whole())) continue;
    outcome.changes.push({ id, path, title, effects: ['edited silently'], shown: true, held: false });
  }
  return outcome;
}
