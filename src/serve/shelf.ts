/**
 * The feed files a server knows, and those of them it has in memory. What was read once stays until something newer
 * was read or the memory is needed for others: a store that is away, or an index that is gone, takes nothing from the shelf.
 */
import { LRUCache } from 'lru-cache';
import { FORMAT_FILES } from '../publish/feed.ts';
import type { FormatName } from '../publish/feed.ts';
import { CATALOGUE, readCatalogue } from '../store/catalogue.ts';
import type { CatalogueFeed } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import type { Timing } from './freshness.ts';
import { isFeed, servedType } from './paths.ts';
import type { Prepared } from './prepared.ts';
import { createSlot } from './slot.ts';
import type { Mark, ShelfFile, Slot } from './slot.ts';

/** A feed as people are shown it. */
export interface ShownFeed extends Omit<CatalogueFeed, 'entries'> {
  /** Unknown where the store has no catalogue. */
  entries?: number;
  formats: FormatName[];
}

export interface Shelf {
  find(name: string): ShelfFile | undefined;
  /** Where readers of a file that is no more are sent: a path from `/`, a whole URL, or `gone`. */
  redirect(name: string): string | undefined;
  /** Feeds in the order they should be shown. */
  shown(): readonly ShownFeed[];
  /** When a feed's file last changed, in milliseconds since 1970, as the catalogue has it. */
  changed(name: string): number | undefined;
  /** What is in memory: how many files, and their bytes. */
  held(): { files: number; bytes: number };
  /** Looks whether the store has something new, and reads it. Rejects if the store fails; then everything stays as it was. */
  refresh(): Promise<void>;
}

export interface ShelfOptions {
  /** Where the feeds are served; ends with `/`. */
  feedsUrl: string;
  /** Bytes of feeds to keep in memory. */
  cache: number;
  now: () => number;
}

/** What a prepared file takes beside its bodies, about. */
const OVERHEAD = 2000;

export function createShelf(store: Store, { feedsUrl, cache, now }: ShelfOptions): Shelf {
  const memory = new LRUCache<string, Prepared>({
    maxSize: Math.max(cache, 1),
    sizeCalculation: ({ held }) => held + OVERHEAD,
  });
  let files = new Map<string, Slot>();
  let found: Found = {
    hasCatalogue: false,
    marks: new Map(),
    redirects: new Map(),
    shown: [],
    timings: new Map(),
  };
  /** Version of the catalogue that everything on the shelf is up to date with. */
  let seen: string | undefined;

  /** People come by when they like, not when they are told: a page is fresh for the least time. */
  function timingOf(name: string): Timing {
    const timing = found.timings.get(folderOf(name)) ?? {};
    return isFeed(name) || timing.every === undefined ? timing : { ...timing, every: 0 };
  }

  async function refresh(): Promise<void> {
    const version = (await store.stat(CATALOGUE))?.version;
    if (version !== undefined && version === seen) return;
    const next = await lookInto(store);
    if (!next.hasCatalogue && found.hasCatalogue)
      throw new Error(`The store's index ${CATALOGUE} is gone or damaged`);
    if (!next.hasCatalogue && next.marks.size === 0 && files.size > 0)
      throw new Error('The store is suddenly empty');

    found = next;
    files = new Map(
      [...found.marks].map(([name, mark]) => {
        const slot = files.get(name) ?? createSlot(name, { store, memory, feedsUrl, now });
        slot.expect(mark, timingOf(name));
        return [name, slot];
      }),
    );
    for (const name of memory.keys()) if (!files.has(name)) memory.delete(name);
    const failed: unknown[] = [];
    for (const slot of files.values())
      if (memory.has(slot.name)) await slot.catchUp().catch((error: unknown) => failed.push(error));
    // What could not be read again is tried again next time, since the version counts as not seen.
    if (failed.length > 0) throw failed[0];
    seen = version;
  }

  return {
    find: (name) => files.get(name),
    redirect: (name) => found.redirects.get(name),
    shown: () => found.shown,
    changed: (name) => {
      const mark = found.marks.get(name);
      return mark && 'modified' in mark ? mark.modified : undefined;
    },
    held: () => ({ files: memory.size, bytes: memory.calculatedSize }),
    refresh,
  };
}

interface Found {
  hasCatalogue: boolean;
  /** Of each feed's file. */
  marks: Map<string, Mark>;
  redirects: Map<string, string>;
  shown: ShownFeed[];
  /** By folder. */
  timings: Map<string, Timing>;
}

/** What is published: by the catalogue or, in a folder that only has the feeds, by the names of its files. */
async function lookInto(store: Store): Promise<Found> {
  const catalogue = await readCatalogue(store);
  const all: [string, Mark][] = catalogue
    ? Object.entries(catalogue.files)
    : (await store.list()).map(({ name, version }) => [name, { version }]);
  const marks = new Map(all.filter(([name]) => servedType(name) !== undefined));
  const feeds: Omit<ShownFeed, 'formats'>[] = catalogue?.feeds ?? feedsOf([...marks.keys()]);
  const shown = feeds.map((feed) => ({ ...feed, formats: formatsIn(feed.folder, marks) }));
  const redirects = new Map(Object.entries(catalogue?.redirects ?? {}));
  const timings = new Map(shown.map((feed) => [feed.folder, feed]));
  return { hasCatalogue: catalogue !== undefined, marks, redirects, shown, timings };
}

function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

function feedsOf(names: string[]): { folder: string; title: string }[] {
  const folders = new Set(names.map(folderOf));
  return [...folders].sort().map((folder) => ({ folder, title: folder.slice(0, -1) || 'All posts' }));
}

function formatsIn(folder: string, marks: ReadonlyMap<string, Mark>): FormatName[] {
  const formats = Object.keys(FORMAT_FILES) as FormatName[];
  return formats.filter((format) => marks.has(folder + FORMAT_FILES[format].file));
}
