/**
 * What a worker that goes on knows, left to the next process and taken up by it: so its first run looks only at what has changed
 * since, too. Most of it is read when it is asked for.
 */
import type { Moment, Post, Problem } from '../content/post.ts';
import { createReader } from '../content/read.ts';
import { hear } from '../content/read-file.ts';
import { LazyMap } from '../content/lazy-map.ts';
import { readLedger } from '../ledger/keep.ts';
import type { EntryRecord } from '../ledger/ledger.ts';
import type { Identified } from '../publish/feed.ts';
import { makePages } from '../publish/pages/make.ts';
import type { MadeFeed, Shown } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Selection } from '../publish/select.ts';
import { areTogether, memoriesOf, seenOf } from './cache.ts';
import type { Cache } from './cache.ts';
import { createFragments } from './fragments.ts';
import { madeOf, placeOf, renderedOf, selectionOf, toldOf } from './lines.ts';
import type { EntryLine, FeedLine, FileLine } from './lines.ts';
import type { Memory, RunInput } from './runs.ts';
import { nothingTouched, ownersOf } from './state.ts';
import type { State } from './state.ts';
import { inOrder } from './state-changes.ts';

/** What of a state stands in no table. */
interface Rest {
  contested: string[];
  due: [path: string, Moment][];
  dormant: string[];
  ahead: string[];
  gone: string[];
  shownCount: number;
  problems: [path: string, readonly Problem[]][];
  others: readonly Problem[];
  isAnyBroken: boolean;
  foreign: string[];
  latest: Moment;
  /** 0 for never. */
  until: Moment;
}

/** What `restore` needs besides the tables. */
export function restOf(state: State): Rest {
  const { contested, due, dormant, ahead, gone, problems, foreign, until } = state;
  const { shownCount, others, isAnyBroken, latest } = state;
  return {
    contested: [...contested],
    due: [...due].map(([path, { moment }]) => [path, moment]),
    dormant: [...dormant.keys()],
    ahead: [...ahead],
    gone: [...gone.keys()],
    shownCount,
    problems: [...problems],
    others,
    isAnyBroken,
    foreign: [...foreign],
    latest,
    until: until === Infinity ? 0 : until,
  };
}

/** What the process knew that left the cache; undefined if that was not all of one run, or the ledger is another by now. */
export async function restore(input: RunInput, cache: Cache): Promise<Memory | undefined> {
  const { tables, index } = cache;
  const rest = index.state as Rest | undefined;
  if (!rest || !areTogether(cache)) return undefined;
  const ledger = await readLedger(input.ledger, undefined, index.ledger);
  if (!ledger?.whole.isOwn || ledger.since) return undefined;
  const { site, options } = input;
  const { entries, files: stored } = ledger.ledger;

  const postIn = (line: FileLine): Post => {
    const { reading } = hear(toldOf(line)!, input);
    return (reading as typeof reading & { is: 'post' }).post;
  };
  const lineAt = (path: string): FileLine => tables.files.lines.get(path)!;
  const byPath = new LazyMap<FileLine, Identified>((line) => ({ post: postIn(line), ...placeOf(line) }));
  const byId = new LazyMap<string, Identified>((path) => byPath.get(path)!);
  const urls = new Map<string, string>();
  for (const [path, line] of tables.files.lines) {
    const [, , , id, url] = line.head;
    if (url !== 0) urls.set(path, url);
    if (id === 0) continue;
    byPath.lay(path, line);
    byId.lay(id, path);
  }
  const dormant = new LazyMap<FileLine, Post>(postIn);
  for (const path of rest.dormant) dormant.lay(path, lineAt(path));
  const due = new LazyMap<Moment, { post: Post; moment: Moment }>((moment, path) => ({
    post: postIn(lineAt(path)),
    moment,
  }));
  for (const [path, moment] of rest.due) due.lay(path, moment);

  const fragments = createFragments(input.store);
  const recalled = new LazyMap<EntryLine, Rendered>((line, id) => renderedOf(line, () => fragments.of(id)));
  const shown = new LazyMap<EntryLine, Shown>((_, id) => ({
    rendered: recalled.get(id)!,
    folders: entries.get(id)!.feeds,
  }));
  for (const [id, line] of tables.entries.lines) {
    recalled.lay(id, line);
    shown.lay(id, line);
  }
  const selections = new LazyMap<FeedLine, Selection>(selectionOf);
  const made = new LazyMap<FeedLine, MadeFeed>((line) => madeOf(line, (id) => recalled.get(id)!, input.gate));
  const isSelected = (folder: string): boolean => tables.feeds.lines.get(folder)!.head[1] === 1;
  for (const folder of inOrder(tables.feeds.lines.keys(), isSelected, options.per)) {
    const line = tables.feeds.lines.get(folder)!;
    made.lay(folder, line);
    if (isSelected(folder)) selections.lay(folder, line);
  }
  const pages = makePages({ made, posts: byId, last: new Map(), shown, site, options, hashOfPage: (name) => stored.get(name)?.hash }); // prettier-ignore

  const reader = createReader(input.contentFolder, memoriesOf(cache));
  const state: State = {
    reader, byPath, byId, urls, due, dormant, selections, made, shown, pages,
    owners: ownersOf(urls),
    contested: new Set(rest.contested),
    ahead: new Set(rest.ahead),
    gone: new Map(rest.gone.map((id): [string, EntryRecord] => [id, entries.get(id)!])),
    shownCount: rest.shownCount,
    rendered: new Map(),
    problems: new Map(rest.problems),
    others: rest.others,
    isAnyBroken: rest.isAnyBroken,
    foreign: new Set(rest.foreign),
    latest: rest.latest,
    until: rest.until === 0 ? Infinity : rest.until,
    touched: nothingTouched(),
  }; // prettier-ignore
  // `recalled` gives each entry without its fragments; `rendered` has those only that can be put into feeds now.
  state.fetch = async (folders) => {
    const feeds = [...folders].flatMap((folder) => state.made.get(folder) ?? []);
    if (!(await fragments.fetch(feeds))) return false;
    for (const [id, each] of state.rendered)
      if (each === recalled.get(id) && !fragments.has(id)) state.rendered.delete(id);
    for (const each of feeds.flatMap((feed) => feed.entries))
      if (each === recalled.get(each.entry.id)) state.rendered.set(each.entry.id, each);
    return true;
  };
  return { reader, state, ledger, seen: seenOf(index), tables, isRestored: true };
}
