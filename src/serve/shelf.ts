/**
 * The feed files a server knows, and those of them it has in memory. What was read once stays until something newer
 * was read: a store that is away, or an index that is gone, takes nothing from the shelf.
 */
import { FORMAT_FILES } from '../publish/feed.ts';
import type { FormatName } from '../publish/feed.ts';
import { CATALOGUE, readCatalogue } from '../store/catalogue.ts';
import type { FileRecord } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import { feedType } from './paths.ts';
import { prepare } from './prepared.ts';
import type { Policy, Prepared } from './prepared.ts';

/** A feed as people are shown it. */
export interface ShownFeed {
  /** '' or like `tags/rust/`. */
  folder: string;
  title: string;
  /** Unknown where the store has no catalogue. */
  entries?: number;
  formats: FormatName[];
}

export interface ShelfFile {
  readonly name: string;
  /** What is in memory, to be answered with at once. */
  readonly current: Prepared | undefined;
  /** Reads the file, once however many ask at the same time. Rejects if it cannot be had. */
  load(): Promise<Prepared>;
}

export interface Shelf {
  find(name: string): ShelfFile | undefined;
  /** Where readers of a file that is no more are sent: a path from `/`, a whole URL, or `gone`. */
  redirect(name: string): string | undefined;
  /** Feeds in the order they should be shown. */
  shown(): readonly ShownFeed[];
  /** Looks whether the store has something new, and reads it. Rejects if the store fails; then everything stays as it was. */
  refresh(): Promise<void>;
}

export function createShelf(store: Store, policy: Policy): Shelf {
  let files = new Map<string, Slot>();
  let shown: ShownFeed[] = [];
  let redirects = new Map<string, string>();
  /** Version of the catalogue that everything on the shelf is up to date with. */
  let seen: string | undefined;
  let hadCatalogue = false;

  async function refresh(): Promise<void> {
    const version = (await store.list(CATALOGUE)).find(({ name }) => name === CATALOGUE)?.version;
    if (version !== undefined && version === seen) return;
    const found = await lookInto(store);
    if (!found.hasCatalogue && hadCatalogue)
      throw new Error(`The store's index ${CATALOGUE} is gone or damaged`);
    if (!found.hasCatalogue && found.marks.size === 0 && files.size > 0)
      throw new Error('The store is suddenly empty');

    hadCatalogue = found.hasCatalogue;
    shown = found.shown;
    redirects = found.redirects;
    files = new Map(
      [...found.marks].map(([name, mark]) => {
        const slot = files.get(name) ?? createSlot(store, name, policy);
        slot.expect(mark);
        return [name, slot];
      }),
    );
    const failed: unknown[] = [];
    for (const slot of files.values()) await slot.catchUp().catch((error: unknown) => failed.push(error));
    // What could not be read again is tried again next time, since the version counts as not seen.
    if (failed.length > 0) throw failed[0];
    seen = version;
  }

  return {
    find: (name) => files.get(name),
    redirect: (name) => redirects.get(name),
    shown: () => shown,
    refresh,
  };
}

/** What a file is now: by the catalogue its hash and when it changed, without one only the store's version. */
type Mark = FileRecord | { version: string };

interface Slot extends ShelfFile {
  expect(mark: Mark): void;
  /** Reads the file again if it is, or is about to be, in memory as it was before. */
  catchUp(): Promise<void>;
}

function createSlot(store: Store, name: string, policy: Policy): Slot {
  let expected: Mark | undefined;
  let current: Prepared | undefined;
  let loading: Promise<Prepared> | undefined;

  async function read(): Promise<Prepared> {
    const stored = await store.get(name);
    if (!stored) throw new Error(`${name} is in the store's index but not in the store`);
    const record = expected && 'hash' in expected ? expected : undefined;
    current = await prepare(stored, record, policy, Date.now());
    return current;
  }
  function load(): Promise<Prepared> {
    loading ??= read().finally(() => (loading = undefined));
    return loading;
  }
  const isCurrent = (): boolean =>
    expected !== undefined &&
    ('hash' in expected ? expected.hash === current?.hash : expected.version === current?.version);

  return {
    name,
    get current() {
      return current;
    },
    load,
    expect(mark) {
      expected = mark;
    },
    async catchUp() {
      // A read under way may have begun before the change.
      await loading?.catch(() => {});
      if (current && !isCurrent()) await load();
    },
  };
}

interface Found {
  hasCatalogue: boolean;
  /** Of each feed's file. */
  marks: Map<string, Mark>;
  redirects: Map<string, string>;
  shown: ShownFeed[];
}

/** What is published: by the catalogue or, in a folder that only has the feeds, by the names of its files. */
async function lookInto(store: Store): Promise<Found> {
  const catalogue = await readCatalogue(store);
  const all: [string, Mark][] = catalogue
    ? Object.entries(catalogue.files)
    : (await store.list()).map(({ name, version }) => [name, { version }]);
  const marks = new Map(all.filter(([name]) => feedType(name) !== undefined));
  const feeds = catalogue?.feeds ?? feedsOf([...marks.keys()]);
  const shown = feeds.map((feed) => ({ ...feed, formats: formatsIn(feed.folder, marks) }));
  const redirects = new Map(Object.entries(catalogue?.redirects ?? {}));
  return { hasCatalogue: catalogue !== undefined, marks, redirects, shown };
}

function feedsOf(names: string[]): { folder: string; title: string }[] {
  const folders = new Set(names.map((name) => name.slice(0, name.lastIndexOf('/') + 1)));
  return [...folders].sort().map((folder) => ({ folder, title: folder.slice(0, -1) || 'All posts' }));
}

function formatsIn(folder: string, marks: ReadonlyMap<string, Mark>): FormatName[] {
  const formats = Object.keys(FORMAT_FILES) as FormatName[];
  return formats.filter((format) => marks.has(folder + FORMAT_FILES[format].file));
}
