/** What a run makes of everything, before any of it is written. */
import { byPlace } from '../content/problems.ts';
import { createReader } from '../content/read.ts';
import type { Content, Reader } from '../content/read.ts';
import type { Problem } from '../content/post.ts';
import { formsName, parseForms } from '../ledger/forms.ts';
import { readLedger } from '../ledger/keep.ts';
import type { StoredLedger } from '../ledger/keep.ts';
import { EMPTY_LEDGER, steadyNow } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { lastForms, rebuildLedger } from '../ledger/rebuild.ts';
import type { Entry, Failure } from '../publish/feed.ts';
import { FORMAT_FILES } from '../publish/feed.ts';
import type { Hold } from '../publish/render.ts';
import type { Store } from '../store/store.ts';
import type { Left } from './cache.ts';
import { composing } from './compose.ts';
import type { Composition } from './compose.ts';
import { planRun } from './plan.ts';
import type { Plan } from './plan.ts';
import type { Outcome, RunInput, Stage } from './runs.ts';
import { isOwnFile } from './seen.ts';
import { unhurried } from './unhurried.ts';

export interface Drawn {
  before: Ledger;
  /** As it is stored, if it is. */
  stored?: StoredLedger;
  content: Content;
  plan: Plan;
  composition: Composition;
  problems: Problem[];
  reader: Reader;
}

/** Reads everything and makes everything. */
export async function draw(input: RunInput, left?: Left, hold?: Hold): Promise<Drawn> {
  const { store, site, options, history, gate, memory } = input;
  const stored = await readLedger(input.ledger, memory?.ledger, left?.ledger);
  // Where the whole store went from under a worker, it still knows.
  const before =
    stored?.ledger ?? (await rebuildLedger(store, isOwnFile)) ?? memory?.ledger?.ledger ?? EMPTY_LEDGER;
  const now = steadyNow(before, input.now);
  const reader = memory?.reader ?? createReader(input.contentFolder, left?.memories);
  const { progress } = input;
  const heard = (stage: Stage) =>
    progress && { progress: (done: number, all: number) => progress(stage, done, all) };
  const reading = {
    timezone: site.timezone,
    now,
    ...(input.maxFile && { maxFile: input.maxFile }),
    ...heard('posts read'),
  };
  const content = await reader.read(reading, memory?.reader && input.changed);
  const plan = planRun(content, before, site, options.permalink, history, now);

  const make = (last: ReadonlyMap<string, Entry>, rendered = memory?.rendered): Promise<Composition> =>
    unhurried(
      composing({
        plan,
        ledger: before,
        site,
        options: { ...options, media: before.media },
        history,
        last,
        gate,
        ...(rendered && { rendered }),
        ...(memory?.made && { made: memory.made }),
        ...(memory?.pages && { pages: memory.pages }),
        ...(left && { passed: left.passed, known: left.known }),
        ...(hold && { hold }),
        ...heard('feeds made'),
      }),
    );
  const last = await formsOf(store, plan.kept);
  let composition = await make(last);
  const { failures, rendered } = composition.publication;
  const failed = failures.flatMap(({ entry }) =>
    entry !== undefined && before.entries.get(entry)?.feeds.length ? [entry] : [],
  );
  if (failed.length > 0)
    composition = await make(new Map([...last, ...(await formsOf(store, failed))]), rendered);
  return {
    before,
    ...(stored && { stored }),
    content,
    plan,
    composition,
    problems: [...content.problems, ...plan.problems].sort(byPlace),
    reader,
  };
}

/** Last published forms of entries, by id. */
export async function formsOf(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
  const forms = new Map<string, Entry>();
  const wanted = new Set(ids);
  for (const name of new Set(ids.map(formsName))) {
    const stored = await store.get(name);
    for (const entry of stored ? parseForms(stored.body) : [])
      if (wanted.has(entry.id)) forms.set(entry.id, entry);
  }
  if (forms.size === wanted.size) return forms;
  // They are in the feeds as well, but for what JSON Feed cannot say.
  const names = (await store.list()).map(({ name }) => name).filter(isOwnFile);
  for (const [id, { entry }] of await lastForms(store, names))
    if (wanted.has(id) && !forms.has(id)) forms.set(id, entry);
  return forms;
}

/** What is to be said of it; nothing is written yet. */
export function toOutcome({ plan, composition, problems }: Drawn): Outcome {
  const { publication, lost } = composition;
  return {
    outcome: 'nothing',
    posts: plan.entries.length,
    scheduled: plan.ahead.length,
    feeds: [...publication.made.values()].flatMap(({ summary }) => summary ?? []),
    written: [],
    removed: [],
    unchanged: 0,
    problems,
    failures: [
      ...publication.failures,
      ...lost.map((entry): Failure => ({
        file: FORMAT_FILES.rss.file,
        entry,
        message: 'how it was last published is lost',
      })),
    ],
    changes: plan.changes,
    guard: plan.guard,
    ...(plan.nextDue !== undefined && { nextDue: plan.nextDue }),
  };
}
