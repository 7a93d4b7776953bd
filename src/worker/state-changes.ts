/** How a partial run changes what its worker knows. */
import type { Reread } from '../content/read.ts';
import type { Moment } from '../content/post.ts';
import type { Advance } from '../ledger/advance.ts';
import type { EntryRecord } from '../ledger/ledger.ts';
import { toListing } from '../publish/entry.ts';
import type { Identified, Placed } from '../publish/feed.ts';
import type { MadeFeed, PublishOptions } from '../publish/publish.ts';
import { folderOf, reselect } from '../publish/select.ts';
import { shownIn } from './compose.ts';
import type { RunInput } from './runs.ts';
import { isShown } from './state.ts';
import type { State } from './state.ts';

/** Puts the listings of changed posts where they belong now; gives the folders of the feeds that this touches. */
export function moveListings(
  paths: ReadonlySet<string>,
  entries: readonly Identified[],
  state: State,
  { site, options }: RunInput,
): Set<string> {
  const ids = new Set([...paths].flatMap((path) => state.byPath.get(path)?.id ?? []));
  const next = new Map(entries.map((each) => [each.id, each]));
  const changes = [...new Set([...ids, ...next.keys()])].map((id) => {
    const [before, after] = [state.byId.get(id), next.get(id)];
    return {
      id,
      ...(before && { before: toListing(before, options) }),
      ...(after && { after: toListing(after, options) }),
    };
  });
  for (const path of paths) state.byPath.delete(path);
  for (const { id, after } of changes) {
    if (after) {
      state.byId.set(id, next.get(id)!);
      state.byPath.set(after.path, next.get(id)!);
    } else state.byId.delete(id);
  }
  return reselect(state.selections, changes, site, options.per);
}

/** Takes note of the entries that went, until when they are remembered, and that came back; gives the folders of the feeds that showed them. */
export function buryAll(
  before: ReadonlyMap<string, EntryRecord>,
  { records }: Advance,
  state: State,
  forgotten: Moment,
): Set<string> {
  const { gone } = state;
  const folders = new Set<string>();
  for (const [id, record] of records) {
    if (record === before.get(id)) continue;
    if (record.gone === undefined) {
      for (const folder of gone.get(id)?.feeds ?? []) folders.add(folder);
      gone.delete(id);
    } else {
      for (const folder of record.feeds) folders.add(folder);
      gone.set(id, record);
      state.until = Math.min(state.until, forgotten);
    }
  }
  return folders;
}

/** Takes over the feeds that were made anew, and gives the ids of the entries that they show otherwise than before. */
export function showAgain(
  folders: ReadonlySet<string>,
  made: ReadonlyMap<string, MadeFeed>,
  state: State,
  { per }: PublishOptions,
): Set<string> {
  const affected = new Set<string>();
  let isNewOrder = false;
  for (const folder of folders) {
    const [before, after] = [state.made.get(folder), made.get(folder)];
    const [old, now] = [before?.entries ?? [], after?.entries ?? []];
    const kept = new Set(now.map(({ entry }) => entry.id));
    for (const { entry } of old) {
      if (kept.has(entry.id)) continue;
      affected.add(entry.id);
      const known = state.shown.get(entry.id)!;
      const others = known.folders.filter((each) => each !== folder);
      if (others.length > 0) state.shown.set(entry.id, { ...known, folders: others });
      else state.shown.delete(entry.id);
    }
    for (const rendered of now) {
      const { id } = rendered.entry;
      const known = state.shown.get(id);
      const isThere = known?.folders.includes(folder) ?? false;
      if (isThere && known?.rendered === rendered) continue;
      affected.add(id);
      const in_ = isThere ? known!.folders : [...(known?.folders ?? []), folder].sort();
      state.shown.set(id, { rendered, folders: in_ });
    }
    const wasEmpty = before !== undefined && before.entries.length === 0;
    isNewOrder ||= before === undefined || after === undefined || wasEmpty !== (after.entries.length === 0);
    if (after) state.made.set(folder, after);
    else state.made.delete(folder);
  }
  if (isNewOrder) {
    const inTurn = inOrder(state.made.keys(), (folder) => state.selections.has(folder), per);
    state.made = new Map(inTurn.map((folder) => [folder, state.made.get(folder)!]));
  }
  return affected;
}

/** Folders of feeds in the order in which a whole run makes them: as they are selected, then those that are empty. */
export function inOrder(
  folders: Iterable<string>,
  isSelected: (folder: string) => boolean,
  per: PublishOptions['per'],
): string[] {
  const rank = (folder: string): number =>
    !isSelected(folder)
      ? per.length + 1
      : folder === ''
        ? -1
        : per.findIndex((each) => folder.startsWith(folderOf(each)));
  // Selected ones are in the order of their slugs: `web` before `web-dev`, though not `web/` before `web-dev/`.
  const name = (folder: string): string => (isSelected(folder) ? folder.slice(0, -1) : folder);
  const ranked = [...folders].map((folder) => ({ folder, rank: rank(folder), name: name(folder) }));
  return ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1)).map(({ folder }) => folder);
}

/** Records of entries that changed, with the feeds that show each now. */
export function changedRecords(
  before: ReadonlyMap<string, EntryRecord>,
  { records }: Advance,
  affected: ReadonlySet<string>,
  state: State,
  entries: ReadonlyMap<string, EntryRecord>,
): Map<string, EntryRecord | undefined> {
  const changed = new Map<string, EntryRecord | undefined>();
  for (const id of new Set([...before.keys(), ...records.keys(), ...affected])) {
    const was = entries.get(id);
    const is = before.has(id) || records.has(id) ? records.get(id) : was;
    const next = is && is.gone === undefined ? shownIn(is, state.shown.get(id)?.folders ?? []) : is;
    if (next === was) continue;
    changed.set(id, next);
    state.shownCount +=
      Number(next !== undefined && isShown(next)) - Number(was !== undefined && isShown(was));
  }
  return changed;
}

/** Takes note of what becomes of posts by themselves, of their permalinks and of their problems. */
export function remember(
  reread: readonly Reread[],
  placed: readonly Placed[],
  step: Advance,
  paths: ReadonlySet<string>,
  state: State,
): void {
  const stays = new Set(
    placed.flatMap(({ post: { path }, url }) => (state.urls.get(path) === url ? path : [])),
  );
  for (const path of paths) {
    if (!stays.has(path)) {
      state.owners().delete(state.urls.get(path) ?? '');
      state.urls.delete(path);
    }
    state.due.delete(path);
    state.ahead.delete(path);
    state.dormant.delete(path);
  }
  for (const { post, url } of placed) {
    if (!stays.has(post.path)) {
      state.owners().set(url, post.path);
      state.urls.set(post.path, url);
    }
    if (!state.byPath.has(post.path)) state.dormant.set(post.path, post);
  }
  for (const [post, moment] of step.due) state.due.set(post.path, { post, moment });
  for (const path of step.ahead) state.ahead.add(path);
  for (const { path, after } of reread) {
    state.isAnyBroken ||= after?.is === 'broken';
    if (after && after.problems.length > 0) state.problems.set(path, after.problems);
    else state.problems.delete(path);
  }
}
