/** Posts -> the files of all feeds. Pure: the moment, and what was published before, come in as arguments. */
import type { Moment } from '../content/post.ts';
import { cadenceOf } from './cadence.ts';
import type { EntryOptions } from './entry.ts';
import type { Entry, Failure, Feed, FeedFile, Gate, Listing, Site, Tombstone } from './feed.ts';
import { FORMAT_FILES, hashOf } from './feed.ts';
import { FORMATS, assemble } from './formats.ts';
import { createRenderer } from './render.ts';
import type { RenderInput, Rendered } from './render.ts';
import type { Grouping, Selection } from './select.ts';

export interface PublishOptions extends EntryOptions {
  /** How permalinks are made, like `/posts/:slug/`. */
  permalink: string;
  /** Entries per feed; 0 for all, and then without a byte budget. */
  limit: number;
  /** Bytes of content per feed; one entry at least is shown. */
  bytes: number;
  link: Feed['link'];
  per: readonly Grouping[];
}

/** A feed that is to be published: a selection with what is remembered of the feed. */
export interface PublishedFeed extends Selection {
  /** Its Atom id. */
  id: string;
  tombstones: readonly Tombstone[];
  /** Since when it has no entries, if it has none. */
  emptied?: Moment;
}

export interface PublishInput extends RenderInput {
  feeds: readonly PublishedFeed[];
  options: PublishOptions;
  /** The feeds that an earlier call made, by folder, to be used again where nothing changed. */
  made?: ReadonlyMap<string, MadeFeed>;
}

/** The files of one feed, with everything they were made of. */
export interface MadeFeed {
  head: string;
  entries: readonly Rendered[];
  files: readonly FeedFile[];
}

/** What is known of a feed without reading it. */
export interface FeedSummary {
  folder: string;
  title: string;
  /** How many it shows. */
  entries: number;
  /** Milliseconds that usually pass between two entries. */
  every?: number;
}

export interface Publication {
  files: FeedFile[];
  /** Files that could not be made: what was last published under these names should stay. */
  failedFiles: string[];
  feeds: FeedSummary[];
  /** Every entry that some feed shows, with the folders of those feeds; by id. */
  shown: ReadonlyMap<string, { entry: Entry; folders: string[] }>;
  failures: Failure[];
  rendered: ReadonlyMap<string, Rendered>;
  made: ReadonlyMap<string, MadeFeed>;
}

/** Makes every feed in every format. What fails the gate is left out, or stands in its last published form, and is reported. */
export function publish(input: PublishInput): Publication {
  const { site, options, gate } = input;
  const renderer = createRenderer(input);
  const { failures, rendered } = renderer;
  const shown = new Map<string, { entry: Entry; folders: string[] }>();
  const made = new Map<string, MadeFeed>();
  const publication: Publication = { files: [], failedFiles: [], feeds: [], shown, failures, rendered, made };
  for (const selection of input.feeds) {
    const { folder, listings } = selection;
    const entries = newest(listings, options, (listing) => renderer.render(listing, folder));
    for (const { entry } of entries) {
      const known = shown.get(entry.id);
      if (known) known.folders.push(folder);
      else shown.set(entry.id, { entry, folders: [folder] });
    }
    const feed = toFeed(selection, entries, site, options);
    const every = cadenceOf(entries.map(({ entry }) => entry.published));
    if (feed)
      publication.feeds.push({
        folder,
        title: feed.title,
        entries: entries.length,
        ...(every !== undefined && { every }),
      });
    const before = input.made?.get(folder);
    const head = JSON.stringify([feed, site]);
    if (before && before.head === head && isSameList(before.entries, entries)) {
      made.set(folder, before);
      publication.files.push(...before.files);
      continue;
    }
    const { files, failed } = feed
      ? makeFiles(feed, entries, site, gate, failures)
      : { files: [], failed: namesOf(folder) };
    publication.files.push(...files);
    publication.failedFiles.push(...failed);
    if (failed.length === 0) made.set(folder, { head, entries, files });
  }
  return publication;
}

function namesOf(folder: string): string[] {
  return FORMATS.map(({ name }) => folder + FORMAT_FILES[name].file);
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

/** The feed in every format in which its head passes the gate; `failed` are the names of the others. */
function makeFiles(feed: Feed, entries: readonly Rendered[], site: Site, gate: Gate, failures: Failure[]) {
  const files: FeedFile[] = [];
  const failed: string[] = [];
  for (const format of FORMATS) {
    const name = feed.folder + FORMAT_FILES[format.name].file;
    const head = format.head(feed, site);
    const failure = gate.head(format.name, head.open + head.close, feed, site);
    if (failure) {
      failures.push({ file: name, message: failure });
      failed.push(name);
    } else {
      const fragments = entries.map((each) => each.fragments[format.name]);
      const body = (): Buffer => assemble(format, head, fragments);
      files.push({ name, hash: hashOf(body()), body });
    }
  }
  return { files, failed };
}

/** The newest entries within the feed's limits; those that cannot be shown do not count. */
function newest(
  listings: readonly Listing[],
  { limit, bytes }: PublishOptions,
  render: (listing: Listing) => Rendered | undefined,
): Rendered[] {
  const entries: Rendered[] = [];
  let spent = 0;
  for (const listing of listings) {
    if (limit > 0 && entries.length === limit) break;
    const rendered = render(listing);
    if (!rendered) continue;
    spent += rendered.bytes;
    if (limit > 0 && entries.length > 0 && spent > bytes) break;
    entries.push(rendered);
  }
  return entries;
}

/** A feed without entries is published only if that is meant: else none of them could be shown. */
function toFeed(
  { folder, id, title, language, tombstones, emptied }: PublishedFeed,
  entries: Rendered[],
  site: Site,
  { link }: PublishOptions,
): Feed | undefined {
  if (entries.length === 0 && emptied === undefined) return undefined;
  return {
    folder,
    id,
    title,
    description: site.description ?? title,
    updated: Math.max(
      ...entries.map(({ entry }) => entry.updated),
      ...(entries.length > 0 ? [] : [emptied!]),
    ),
    tombstones,
    link,
    ...(language && { language }),
  };
}
