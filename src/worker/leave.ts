/** What a process that has published leaves to the next, in the cache. */
import type { Memories } from '../content/read.ts';
import type { Identified } from '../publish/feed.ts';
import type { MadeFeed } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Selection } from '../publish/select.ts';
import { emptyTables, storeIndex, storeTables } from './cache.ts';
import type { Drawn } from './draw.ts';
import { entryLine, feedLine, fileLine } from './lines.ts';
import type { Tables } from './lines.ts';
import { restOf } from './restore.ts';
import type { Memory, RunInput } from './runs.ts';
import { withVersions } from './seen.ts';
import { isTouched, nothingTouched } from './state.ts';

/** What stands in the tables. */
export interface Known {
  memories: Memories;
  /** Published posts and permalinks, by path. */
  byPath: ReadonlyMap<string, Identified>;
  urls: ReadonlyMap<string, string>;
  made: ReadonlyMap<string, MadeFeed>;
  selections: ReadonlyMap<string, Selection>;
  /** Entries that some feed shows, by id. */
  shown: ReadonlyMap<string, unknown>;
  rendered: ReadonlyMap<string, Rendered>;
}

/** Leaves all that is known; `before` is what is stored. What it gives is what is stored then, without the lines. */
export async function leaveAll(input: RunInput, known: Known, before = emptyTables()): Promise<Tables> {
  const tables = emptyTables();
  for (const each of ['files', 'feeds', 'entries'] as const)
    tables[each].stored = new Map(before[each].stored);
  const { memories, made, shown } = known;
  setLines(tables, known, { files: memories.files.keys(), feeds: made.keys(), entries: shown.keys() });
  await storeTables(input, tables);
  for (const each of [tables.files, tables.feeds, tables.entries]) each.lines.clear();
  return tables;
}

/** Leaves what partial runs have changed in the tables; what it gives is what is stored then, undefined if nothing has changed. */
export async function leaveTouched(
  input: RunInput,
  { state, tables, isRestored }: Memory,
): Promise<Tables | undefined> {
  if (!state || !isTouched(state)) return undefined;
  const { touched, reader } = state;
  state.touched = nothingTouched();
  if (!isRestored || !tables) return leaveAll(input, { ...state, memories: reader.memories() }, tables);
  setLines(tables, { ...state, memories: reader.memories(touched.files) }, touched);
  await storeTables(input, tables, touched);
  return tables;
}

/** What a whole run knows. */
export function knownOf({ reader, plan, composition }: Drawn): Known {
  const { publication, selections, shown } = composition;
  return {
    memories: reader.memories(),
    byPath: new Map(plan.entries.map((each) => [each.post.path, each])),
    urls: new Map(plan.placed.map(({ post, url }) => [post.path, url])),
    made: publication.made,
    selections: new Map(selections.map((each) => [each.folder, each])),
    shown,
    rendered: publication.rendered,
  };
}

function setLines(
  { files, feeds, entries }: Tables,
  { memories, byPath, urls, made, selections, shown, rendered }: Known,
  keys: Record<keyof Tables, Iterable<string>>,
): void {
  for (const path of keys.files)
    if (memories.files.has(path))
      files.lines.set(path, fileLine(path, memories.files.get(path), byPath.get(path), urls.get(path)));
    else files.lines.delete(path);
  for (const folder of keys.feeds) {
    const feed = made.get(folder);
    const line = feed && feedLine(folder, feed, selections.get(folder));
    if (line) feeds.lines.set(folder, line);
    else feeds.lines.delete(folder);
  }
  for (const id of keys.entries) {
    const each = rendered.get(id);
    if (!shown.has(id)) entries.lines.delete(id);
    else if (each) entries.lines.set(id, entryLine(each));
  }
}

/** Leaves what says, together with the tables, where to go on. */
export async function leaveIndex(
  input: RunInput,
  tables: Tables,
  { reader, seen, ledger, state }: Memory,
): Promise<void> {
  if (!reader || !seen) return;
  await storeIndex(input, tables, {
    seen: await withVersions(input.store, seen),
    ...(ledger?.whole.isOwn && !ledger.since && { ledger: ledger.whole.hash }),
    problems: reader.memories([]).problems,
    ...(state && { state: restOf(state) }),
  });
}
