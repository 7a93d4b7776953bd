/**
 * What a worker that goes on knows after a run, arranged so that a run after a few changes need look at nothing else
 * (`partial.ts`). Its maps are changed by such runs; who cannot finish one throws all of it away.
 */
import { once } from '../content/once.ts';
import type { Content, Reader } from '../content/read.ts';
import type { Moment, Post, Problem } from '../content/post.ts';
import type { EntryRecord, Ledger } from '../ledger/ledger.ts';
import { latestMoment } from '../ledger/ledger.ts';
import type { Identified } from '../publish/feed.ts';
import type { MadePage } from '../publish/pages/files.ts';
import type { MadeFeed, PublishOptions, Shown } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Selection } from '../publish/select.ts';
import type { Composition } from './compose.ts';
import type { History, Plan } from './plan.ts';

export interface State {
  reader: Reader;
  /** Published posts by their paths, and by their ids. */
  byPath: Map<string, Identified>;
  byId: Map<string, Identified>;
  /** The permalink of each post, also of those that are not due, by path; and whose each is, by URL. */
  urls: Map<string, string>;
  owners: () => Map<string, string>;
  /** Paths of posts that want one permalink. */
  contested: ReadonlySet<string>;
  /** When each post appears, goes or bears another moment by itself, by path. */
  due: Map<string, { post: Post; moment: Moment }>;
  /** Posts that are not published, be they ahead, expired or kept back, by path; and the paths of those that are still to come. */
  dormant: Map<string, Post>;
  ahead: Set<string>;
  /** Entries that went, by id. */
  gone: Map<string, EntryRecord>;
  /** How many entries some feed shows. */
  shownCount: number;
  selections: Map<string, Selection>;
  made: Map<string, MadeFeed>;
  shown: Map<string, Shown>;
  pages: ReadonlyMap<string, MadePage>;
  rendered: Map<string, Rendered>;
  /** What is wrong in each file, and what is wrong elsewhere. */
  problems: Map<string, readonly Problem[]>;
  others: readonly Problem[];
  /** Whether some file is broken that no entry is known of. */
  isAnyBroken: boolean;
  /** Names of pages that are not written, since somebody else's file is there. */
  foreign: Set<string>;
  /** The last moment that the ledger knows of. */
  latest: Moment;
  /** When something ends by itself that only a whole run sees. */
  until: Moment;
  /** What partial runs have changed in it. */
  touched: Touched;
  /** Where little of it is in memory: gets what some feeds show; false if that is not to be had. */
  fetch?: (folders: Iterable<string>) => Promise<boolean>;
}

/** Paths of files, folders of feeds, and ids of entries. */
export interface Touched {
  files: Set<string>;
  feeds: Set<string>;
  entries: Set<string>;
}

export function isTouched({ touched: { files, feeds, entries } }: State): boolean {
  return files.size + feeds.size + entries.size > 0;
}

export function nothingTouched(): Touched {
  return { files: new Set(), feeds: new Set(), entries: new Set() };
}

export interface Remembered {
  reader: Reader;
  content: Content;
  plan: Plan;
  composition: Composition;
  /** As it is stored now. */
  ledger: Ledger;
  foreign: readonly string[];
}

/**
 * The state after a whole run; undefined where entries are shown otherwise than their posts say (broken, held, failing, of one
 * id), since then one change may mean more than itself.
 */
export function stateAfter(
  { options, history }: { options: PublishOptions; history: History },
  { reader, content, plan, composition, ledger, foreign }: Remembered,
): State | undefined {
  const { publication, shown, pages, lost, selections } = composition;
  const gone = [...ledger.entries].filter(([, record]) => record.gone !== undefined);
  // A broken post that no feed shows is remembered, too: when it is mended, it must be found again.
  const areAllRead = ledger.entries.size - gone.length === plan.entries.length;
  const isPlain =
    content.complete && areAllRead && plan.kept.length === 0 && lost.length === 0 && publication.failures.length === 0 &&
    plan.entries.length > 0 && !options.pages.entries && !plan.changes.some(({ held }) => held) &&
    plan.problems.every(({ rule }) => rule === 'duplicate-permalink') &&
    [...publication.made.values()].every(({ failed }) => failed.length === 0); // prettier-ignore
  if (!isPlain) return undefined;
  const published = new Set(plan.entries.map(({ post }) => post.path));
  const urls = new Map(plan.placed.map(({ post, url }) => [post.path, url]));
  const ends = [
    ...gone.map(([, record]) => record.gone! + history.tombstones),
    ...[...ledger.feeds.values()].flatMap(({ emptied }) =>
      emptied === undefined ? [] : emptied + history.tombstones,
    ),
  ].filter((moment) => moment > plan.now);
  return {
    reader,
    byPath: new Map(plan.entries.map((each) => [each.post.path, each])),
    byId: new Map(plan.entries.map((each) => [each.id, each])),
    urls,
    owners: ownersOf(urls),
    contested: plan.contested,
    due: new Map([...plan.due].map(([post, moment]) => [post.path, { post, moment }])),
    dormant: new Map(
      plan.placed.flatMap(({ post }) => (published.has(post.path) ? [] : [[post.path, post]])),
    ),
    ahead: new Set(plan.ahead),
    gone: new Map(gone),
    shownCount: [...ledger.entries.values()].filter(isShown).length,
    selections: new Map(selections.map((each) => [each.folder, each])),
    made: new Map(publication.made),
    shown: new Map(shown),
    pages,
    rendered: new Map(publication.rendered),
    problems: byFile(content.problems),
    others: plan.problems,
    isAnyBroken: content.broken.length > 0,
    foreign: new Set(foreign),
    latest: latestMoment(ledger),
    until: ends.reduce((a, b) => Math.min(a, b), Infinity),
    touched: nothingTouched(),
  };
}

/** The other way round; made when it is first asked for, since most changes move nothing. */
export function ownersOf(urls: ReadonlyMap<string, string>): () => Map<string, string> {
  return once(() => new Map([...urls].map(([path, url]) => [url, path])));
}

export function isShown({ gone, feeds }: EntryRecord): boolean {
  return gone === undefined && feeds.length > 0;
}

function byFile(problems: readonly Problem[]): Map<string, readonly Problem[]> {
  const files = new Map<string, Problem[]>();
  for (const problem of problems) {
    const known = files.get(problem.file);
    if (known) known.push(problem);
    else files.set(problem.file, [problem]);
  }
  return files;
}
