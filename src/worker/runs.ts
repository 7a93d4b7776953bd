/** What a run takes, and what it gives. */
import type { Reader } from '../content/read.ts';
import type { Moment, Problem } from '../content/post.ts';
import type { Advance } from '../ledger/advance.ts';
import type { Change } from '../ledger/changes.ts';
import type { LedgerPlace, StoredLedger } from '../ledger/keep.ts';
import type { Failure, Gate, Site } from '../publish/feed.ts';
import type { MadePage } from '../publish/pages/files.ts';
import type { MadeFeed, PublishOptions } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Store } from '../store/store.ts';
import type { History } from './plan.ts';
import type { State } from './state.ts';
import type { Tables } from './lines.ts';
import type { Seen } from './seen.ts';

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
  /** From the run before; empty at the first. Left out if no other run follows. */
  memory?: Memory;
  /** Whether what is read and rendered is kept in the store for the next process. */
  cache?: boolean;
  /** Paths of the only files that may be other than they were when `memory` was made; undefined if any may be. */
  changed?: readonly string[];
}

export type Stage = 'posts read' | 'feeds made' | 'files written';

/** What a process may remember from one run to the next; without it a run does the same, only slower. */
export interface Memory {
  /** What all of it was made with, as `settingsOf` says: with others it is of no use. */
  settings?: string;
  reader?: Reader;
  rendered?: ReadonlyMap<string, Rendered>;
  made?: ReadonlyMap<string, MadeFeed>;
  pages?: ReadonlyMap<string, MadePage>;
  ledger?: StoredLedger;
  seen?: Seen;
  /** What the cache in the store has: its lines, too, where this was restored from it. */
  tables?: Tables;
  /** Whether the rest is but what the cache says: a whole run begins from there again. */
  isRestored?: boolean;
  /** What a run after a few changes needs; not there if such a change may mean more than itself. */
  state?: State;
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
