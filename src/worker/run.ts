/** One run: read the posts, publish, write what changed. Safe to repeat, and to be killed at any point. */
import { setTimeout as sleep } from 'node:timers/promises';
import { byPlace, createReader } from '../content/read.ts';
import type { Reader } from '../content/read.ts';
import type { Moment, Problem } from '../content/post.ts';
import type { Advance } from '../ledger/advance.ts';
import type { Change } from '../ledger/changes.ts';
import { formsName, parseForms } from '../ledger/forms.ts';
import { readLedger } from '../ledger/keep.ts';
import type { LedgerPlace, StoredLedger } from '../ledger/keep.ts';
import { EMPTY_LEDGER, steadyNow } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { lastForms, rebuildLedger } from '../ledger/rebuild.ts';
import type { Entry, Failure, Gate, Site } from '../publish/feed.ts';
import { FORMAT_FILES } from '../publish/feed.ts';
import type { MadePage } from '../publish/pages/files.ts';
import type { MadeFeed, PublishOptions } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Store } from '../store/store.ts';
import { compose, planRun } from './compose.ts';
import type { Composition, History, Plan } from './compose.ts';
import { notOurs } from './foreign.ts';
import { LEASE_TTL, takeLease } from './lease.ts';
import { NOTHING_SEEN, isOwnFile, write } from './write.ts';
import type { Seen } from './write.ts';

export interface RunInput {
  contentFolder: string;
  /** Bytes that one post's file may have. */
  maxFile?: number;
  store: Store;
  /** Where the ledger is kept. */
  ledger: LedgerPlace;
  site: Site;
  options: PublishOptions;
  history: History;
  /** Configured targets of feeds that moved, by the name they had. */
  redirects: ReadonlyMap<string, string>;
  gate: Gate;
  now: Moment;
  /** How long to wait for another process that is publishing, in milliseconds. */
  patience?: number;
  /** Waits so many milliseconds. */
  wait?: (milliseconds: number) => Promise<unknown>;
  /** Hears how far the run is. */
  progress?: (stage: Stage, done: number, all: number) => void;
  memory?: Memory;
  /** Paths of the only files that may be other than they were when `memory` was made; undefined if any may be. */
  changed?: readonly string[];
}

export type Stage = 'posts read' | 'files written';

/** What a process may remember from one run to the next; without it a run does the same, only slower. */
export interface Memory {
  reader?: Reader;
  rendered?: ReadonlyMap<string, Rendered>;
  made?: ReadonlyMap<string, MadeFeed>;
  pages?: ReadonlyMap<string, MadePage>;
  ledger?: StoredLedger;
  seen?: Seen;
}

export interface Outcome {
  /** `held`: there are no posts now, but there were, so everything stays. `nothing`: there are none, and never were. */
  outcome: 'published' | 'unchanged' | 'held' | 'nothing';
  /** Posts that are published, and posts that are dated ahead or kept back. */
  posts: number;
  scheduled: number;
  feeds: { folder: string; title: string; entries: number }[];
  written: string[];
  removed: string[];
  unchanged: number;
  problems: Problem[];
  failures: Failure[];
  /** What is another for subscribers than it was. */
  changes: Change[];
  guard: Advance['guard'];
  /** When something becomes due next. */
  nextDue?: Moment;
}

export interface RunResult {
  outcome: Outcome;
  memory: Memory;
}

/** Rejects if the content folder is not there, the store cannot be written, or another process goes on publishing. */
export async function run(input: RunInput): Promise<RunResult> {
  const { store, memory = {} } = input;
  const lease = await takeLease(store, input.patience ?? 0);
  const renewal = setInterval(() => void lease.renew().catch(() => false), LEASE_TTL / 3);
  try {
    const drawn = await draw(input);
    const { composition, plan, before } = drawn;
    const { publication } = composition;
    const outcome = toOutcome(drawn);
    const isNothing = before.entries.size === 0 && plan.entries.length === 0;
    if (plan.guard.all) outcome.outcome = 'held';
    if (plan.guard.all || isNothing) return { outcome, memory: { ...memory, reader: drawn.reader } };
    const wait = input.wait ?? sleep;
    const { complete } = drawn;
    const { redirects } = input;
    const done = await write({
      store,
      place: input.ledger,
      plan,
      composition,
      before,
      complete,
      redirects,
      seen: memory.seen ?? NOTHING_SEEN,
      trusting: memory.seen !== undefined && input.changed !== undefined,
      wait,
      progress: (done, all) => input.progress?.('files written', done, all),
    });
    const { written, removed, unchanged } = done;
    outcome.problems.push(...done.foreign.map(notOurs));
    const changed = written.length + removed.length > 0;
    Object.assign(outcome, { written, removed, unchanged, outcome: changed ? 'published' : 'unchanged' });
    return {
      outcome,
      memory: {
        reader: drawn.reader,
        rendered: publication.rendered,
        made: publication.made,
        pages: composition.pages,
        ledger: done.ledger,
        seen: done.seen,
      },
    };
  } finally {
    clearInterval(renewal);
    await lease.release();
  }
}

/** What a run would do and say, without writing anything. */
export async function rehearse(input: RunInput): Promise<Outcome> {
  const drawn = await draw(input);
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

interface Drawn {
  before: Ledger;
  plan: Plan;
  composition: Composition;
  problems: Problem[];
  complete: boolean;
  reader: Reader;
}

/** Reads everything and makes everything. */
async function draw(input: RunInput): Promise<Drawn> {
  const { store, site, options, history, gate, memory } = input;
  const stored = await readLedger(input.ledger, memory?.ledger);
  const before = stored?.ledger ?? (await rebuildLedger(store, isOwnFile)) ?? EMPTY_LEDGER;
  const now = steadyNow(before, input.now);
  const reader = memory?.reader ?? createReader(input.contentFolder);
  const { progress } = input;
  const reading = {
    timezone: site.timezone,
    now,
    ...(input.maxFile && { maxFile: input.maxFile }),
    ...(progress && { progress: (done: number, all: number) => progress('posts read', done, all) }),
  };
  const content = await reader.read(reading, memory?.reader && input.changed);
  const plan = planRun(content, before, site, options.permalink, history, now);

  let last = await formsOf(store, plan.kept);
  const make = (): Composition =>
    compose({
      plan,
      ledger: before,
      site,
      options: { ...options, media: before.media },
      history,
      gate,
      last,
      ...(memory?.rendered && { rendered: memory.rendered }),
      ...(memory?.made && { made: memory.made }),
      ...(memory?.pages && { pages: memory.pages }),
    });
  let composition = make();
  const failed = composition.publication.failures.flatMap(({ entry }) =>
    entry !== undefined && before.entries.get(entry)?.feeds.length ? [entry] : [],
  );
  if (failed.length > 0) {
    last = new Map([...last, ...(await formsOf(store, failed))]);
    composition = make();
  }
  return {
    before,
    plan,
    composition,
    problems: [...content.problems, ...plan.problems].sort(byPlace),
    complete: content.complete,
    reader,
  };
}

/** Last published forms of entries, by id. */
async function formsOf(store: Store, ids: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
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

function toOutcome({ plan, composition, problems }: Drawn): Outcome {
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
