/**
 * A run after a few changes, by a worker that knows everything else: its cost depends on what changed, not on how many posts there
 * are. It takes the same steps as a whole run, for the posts that changed or are due, those that link to them, and the feeds that
 * these touch. Whatever is
 * not plain (a broken post, an id or a permalink that two want, something held back) is left to a whole run.
 */
import type { Reread } from '../content/read.ts';
import type { Moment, Post } from '../content/post.ts';
import { advance } from '../ledger/advance.ts';
import type { Advance } from '../ledger/advance.ts';
import type { EntryRecord, FeedRecord, Ledger } from '../ledger/ledger.ts';
import { steadyAfter } from '../ledger/ledger.ts';
import { tombstones } from '../ledger/tombstones.ts';
import type { Placed } from '../publish/feed.ts';
import { place } from '../publish/permalinks.ts';
import { makePages } from '../publish/pages/make.ts';
import { publish } from '../publish/publish.ts';
import type { MadeFeed } from '../publish/publish.ts';
import { nextFeeds, toPublished } from './compose.ts';
import { relink } from './relink.ts';
import { isShown } from './state.ts';
import type { State } from './state.ts';
import { buryAll, changedRecords, moveListings, remember, showAgain } from './state-changes.ts';
import type { RunInput } from './runs.ts';

/** What a partial run has found out, to be written. The state has it already. */
export interface Part {
  now: Moment;
  step: Advance;
  /** Records that are others now; undefined for those that are no more. */
  entries: Map<string, EntryRecord | undefined>;
  feeds: Map<string, FeedRecord>;
  waiting: ReadonlyMap<string, Moment>;
  /** Ids of entries that feeds show otherwise than before, or no longer. */
  affected: ReadonlySet<string>;
  /** Feeds that were made anew, as they were before; undefined for those that are new. */
  touched: ReadonlyMap<string, MadeFeed | undefined>;
  pagesBefore: State['pages'];
}

/** More changed files than these are read faster by a whole run, which lets others have their turn in between. */
const FEW = 50;

/** Undefined if this is for a whole run; the state is of no use then. */
export async function drawPart(
  input: RunInput,
  state: State,
  ledger: Ledger,
  changed: readonly string[],
): Promise<Part | undefined> {
  const { site, options, history, gate } = input;
  const now = steadyAfter(state.latest, input.now);
  // A clock that went back far takes back moments of every post.
  if (now >= state.until || now < state.latest || changed.length > FEW) return undefined;
  const reading = { timezone: site.timezone, now, ...(input.maxFile && { maxFile: input.maxFile }) };
  const reread = await state.reader.reread(reading, changed);
  if (!reread || mayBeBroken(reread, state)) return undefined;
  const posts = postsOf(reread, state, now);
  const paths = new Set([...reread.map(({ path }) => path), ...posts.map(({ path }) => path)]);
  const placed = placeAgain(posts, paths, input, state, ledger.entries);
  const before = placed && recordsOf(posts, paths, state, ledger.entries);
  if (!before) return undefined;

  const live = [...before.values()].filter(({ gone }) => gone === undefined);
  const step = advance({
    ledger: { ...ledger, entries: before },
    posts: placed,
    inDoubt: () => false,
    host: new URL(site.url).hostname,
    now,
    ...history,
    rest: {
      published: state.byPath.size - live.length,
      shown: state.shownCount - live.filter(isShown).length,
      has: (id) => ledger.entries.has(id),
    },
  });
  if (step.kept.length > 0 || step.problems.length > 0 || step.changes.some(({ held }) => held))
    return undefined;

  const linked = relink(step.entries, paths, state, input);
  const folders = moveListings(paths, linked, state, input);
  const gone = buryAll(before, step, state, now + history.tombstones);
  const tombs = tombstones(state.gone, now, history.tombstones);
  for (const folder of gone) folders.add(folder);
  const feeds = changedFeeds(folders, input, state, ledger.feeds, now);
  if (!feeds) return undefined;
  const { next, changed: feedChanges } = feeds;
  for (const [folder, { emptied }] of feedChanges) {
    folders.add(folder);
    if (emptied !== undefined) state.until = Math.min(state.until, emptied + history.tombstones);
  }

  if (state.fetch && !(await state.fetch(folders))) return undefined;
  const selections = [...folders].flatMap((folder) => state.selections.get(folder) ?? []);
  const published = toPublished(selections, next, tombs, site).filter(({ folder }) => folders.has(folder));
  const publication = publish({
    feeds: published,
    posts: state.byId,
    site,
    options: { ...options, media: ledger.media },
    gate,
    last: new Map(),
    rendered: state.rendered,
    made: state.made,
  });
  const isPlain = [...publication.made.values()].every(({ failed }) => failed.length === 0);
  if (publication.failures.length > 0 || !isPlain) return undefined;
  for (const [id, each] of publication.rendered) state.rendered.set(id, each);
  const touched = new Map([...folders].map((folder) => [folder, state.made.get(folder)]));
  const affected = showAgain(folders, publication.made, state, options);
  const pagesBefore = state.pages;
  state.pages = makePages({
    made: state.made,
    posts: state.byId,
    shown: state.shown,
    last: new Map(),
    site,
    options,
    pages: pagesBefore,
  });
  remember(reread, placed, step, paths, state);
  for (const path of [...paths, ...linked.map(({ post }) => post.path)]) state.touched.files.add(path);
  for (const folder of folders) state.touched.feeds.add(folder);
  for (const id of affected) state.touched.entries.add(id);
  return {
    now,
    step,
    entries: changedRecords(before, step, affected, state, ledger.entries),
    feeds: feedChanges,
    waiting: new Map([...[...ledger.waiting].filter(([path]) => !paths.has(path)), ...step.waiting]),
    affected,
    touched,
    pagesBefore,
  };
}

/** Whether an entry's file is broken, or one that went may be a broken one that came. */
function mayBeBroken(reread: readonly Reread[], { byPath, isAnyBroken }: State): boolean {
  const broken = reread.filter(({ after }) => after?.is === 'broken');
  const isGone = reread.some(({ after }) => !after);
  return broken.some(({ path }) => byPath.has(path)) || (isGone && (isAnyBroken || broken.length > 0));
}

/** Posts of files that changed, those of which a moment has come, and those that are not published: entries that went may be theirs. */
function postsOf(reread: readonly Reread[], state: State, now: Moment): Post[] {
  const read = reread.flatMap(({ after }) => (after?.is === 'post' ? after.post : []));
  const paths = new Set(reread.map(({ path }) => path));
  const due = [...state.due.values()].flatMap(({ post, moment }) => (moment <= now ? post : []));
  const others = new Map([...state.dormant.values(), ...due].map((post) => [post.path, post]));
  for (const path of paths) others.delete(path);
  const posts = [...read, ...others.values()];
  return posts.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Each post with the permalink that it asks for; undefined if one of these is, or was, also another's. */
function placeAgain(
  posts: readonly Post[],
  paths: ReadonlySet<string>,
  { site, options }: RunInput,
  { contested, owners, urls, byPath }: State,
  entries: ReadonlyMap<string, EntryRecord>,
): readonly Placed[] | undefined {
  if ([...paths].some((path) => contested.has(path))) return undefined;
  const had = (path: string): string | undefined =>
    entries.get(byPath.get(path)?.id ?? '')?.permalinks.at(-1);
  const { placed, problems } = place(posts, site, options.permalink, had);
  const isFree = placed.every(
    ({ post, url }) => urls.get(post.path) === url || paths.has(owners().get(url) ?? post.path),
  );
  return isFree && problems.length === 0 ? placed : undefined;
}

/** The records that anything can happen to, sorted by id; undefined if a post bears the id of another that stays. */
function recordsOf(
  posts: readonly Post[],
  paths: ReadonlySet<string>,
  state: State,
  entries: ReadonlyMap<string, EntryRecord>,
): Map<string, EntryRecord> | undefined {
  const records = new Map(state.gone);
  for (const path of paths) {
    const id = state.byPath.get(path)?.id;
    if (id !== undefined) records.set(id, entries.get(id)!);
  }
  if (posts.some(({ id }) => id !== undefined && entries.has(id) && !records.has(id))) return undefined;
  return new Map([...records].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The next records of the feeds that are touched or have no entries, and those that are others than before; undefined if a feed may
 * have got another name.
 */
function changedFeeds(
  folders: ReadonlySet<string>,
  input: RunInput,
  state: State,
  before: ReadonlyMap<string, FeedRecord>,
  now: Moment,
): { next: ReadonlyMap<string, FeedRecord>; changed: Map<string, FeedRecord> } | undefined {
  const isFresh = (folder: string): boolean =>
    state.selections.has(folder) && (!before.has(folder) || before.get(folder)!.retired !== undefined);
  const isLeft = ([folder, { retired }]: [string, FeedRecord]): boolean =>
    retired === undefined && !state.selections.has(folder);
  const areFresh = [...folders].some(isFresh);
  if (!state.selections.has('') || (areFresh && [...before].some(isLeft))) return undefined;
  const plan = { records: new Map<string, EntryRecord>(), now };
  // A new feed must not take the id of any other.
  const feeds = areFresh
    ? before
    : new Map([...before].filter(([folder]) => folders.has(folder) || !state.selections.has(folder)));
  const selections = [...(areFresh ? state.selections.keys() : folders)].flatMap(
    (folder) => state.selections.get(folder) ?? [],
  );
  const next = nextFeeds(selections, plan, { feeds }, input.site, input.options, input.history);
  const changed = new Map<string, FeedRecord>();
  for (const [folder, record] of next) {
    const known = before.get(folder);
    const isSame =
      known?.id === record.id && known.title === record.title && known.emptied === record.emptied &&
      known.retired === record.retired && known.moved === record.moved; // prettier-ignore
    if (!isSame) changed.set(folder, record);
  }
  return { next, changed };
}
