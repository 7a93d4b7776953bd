/** Posts -> the files of all feeds. Pure: the moment, and what was published before, come in as arguments. */
import type { Moment } from '../content/post.ts';
import { cadenceOf } from './cadence.ts';
import type { EntryOptions } from './entry.ts';
import type { Failure, Feed, FeedFile, Site, Tombstone } from './feed.ts';
import { urlPath } from './feed.ts';
import { makeFiles } from './feed-files.ts';
import type { MadeFile } from './feed-files.ts';
import { viewOf } from './pages/feed-page.ts';
import type { FeedView } from './pages/feed-page.ts';
import { monthsOf } from './pages/parts.ts';
import type { Permalinks } from './permalinks.ts';
import { createRenderer } from './render.ts';
import type { RenderInput, Rendered } from './render.ts';
import type { Grouping, Ranked, Selection } from './select.ts';
import { atOnce } from './steps.ts';
import type { Steps } from './steps.ts';

export interface PublishOptions extends EntryOptions {
  permalink: Permalinks;
  /** Entries per feed; 0 for all, and then without a byte budget. */
  limit: number;
  /** Bytes of content per feed; one entry at least is shown. */
  bytes: number;
  link: Feed['link'];
  per: readonly Grouping[];
  /** Pages for people: of feeds, and at the permalinks. */
  pages: { feeds: boolean; entries: boolean };
}

/** A feed that is to be published: a selection with what is remembered of the feed. */
export interface PublishedFeed extends Omit<Selection, 'spellings'> {
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
  /** The files of a folder that an earlier process made, in the order of the formats, by what they were made of. */
  known?: (folder: string, source: string) => readonly MadeFile[] | undefined;
  /** Hears how many feeds are made, and of how many. */
  progress?: (done: number, all: number) => void;
}

/** The files of one feed, with everything they were made of. */
export interface MadeFeed {
  head: string;
  entries: readonly Rendered[];
  files: readonly FeedFile[];
  /** Files that could not be made: what was last published under these names should stay. */
  failed: readonly string[];
  /** What is known of it without reading it, and what its page shows; neither for a feed of which nothing can be shown. */
  summary?: FeedSummary;
  view?: FeedView;
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

/** An entry that feeds show, with the folders of those feeds in their order as text. */
export interface Shown {
  rendered: Rendered;
  folders: readonly string[];
}

export interface Publication {
  /** By folder, the site's own first. */
  made: ReadonlyMap<string, MadeFeed>;
  failures: Failure[];
  /** By id. */
  rendered: ReadonlyMap<string, Rendered>;
}

/** Makes feeds in every format. What fails the gate is left out, or stands in its last published form, and is reported. */
export function publish(input: PublishInput): Publication {
  return atOnce(publishing(input));
}

/** The same in steps, of which none takes long. */
export function* publishing(input: PublishInput): Steps<Publication> {
  const { site, options, gate } = input;
  const { render, failures, rendered } = createRenderer(input);
  const made = new Map<string, MadeFeed>();
  for (const selection of input.feeds) {
    const { folder, label, listings } = selection;
    const entries = yield* newest(listings, options, ({ id }) => render(id, folder));
    const feed = toFeed(selection, entries, site, options);
    const head = JSON.stringify([feed, site]);
    const before = input.made?.get(folder);
    const isSame = before?.head === head && before.failed.length === 0 && isSameList(before.entries, entries);
    const known = isSame ? undefined : input.known?.(folder, sourceOf({ head, entries }));
    const files = isSame ? before : makeFiles(folder, feed, entries, site, known, gate, failures);
    made.set(folder, {
      head,
      entries,
      files: files.files,
      failed: files.failed,
      ...(feed && {
        summary: summaryOf(feed, entries),
        view: viewOf(
          {
            feed,
            card: { folder, title: feed.title, label, total: listings.length, updated: feed.updated },
            entries: entries.map(({ entry }) => entry),
            months: monthsOf(listings, site.timezone),
          },
          before?.view,
        ),
      }),
    });
    input.progress?.(made.size, input.feeds.length);
    yield;
  }
  return { made, failures, rendered };
}

/** Says all that the feed's files were made of. */
export function sourceOf({ head, entries }: Pick<MadeFeed, 'head' | 'entries'>): string {
  return [head, ...entries.map(({ key }) => key)].join('\n');
}

/** Every entry that some feed shows, by id. */
export function shownBy(made: Iterable<readonly [string, MadeFeed]>): Map<string, Shown> {
  const shown = new Map<string, { rendered: Rendered; folders: string[] }>();
  for (const [folder, { entries }] of made) {
    for (const rendered of entries) {
      const known = shown.get(rendered.entry.id);
      if (known) known.folders.push(folder);
      else shown.set(rendered.entry.id, { rendered, folders: [folder] });
    }
  }
  for (const { folders } of shown.values()) folders.sort();
  return shown;
}

function summaryOf({ folder, title }: Feed, entries: readonly Rendered[]): FeedSummary {
  const every = cadenceOf(entries.map(({ entry }) => entry.published));
  return { folder, title, entries: entries.length, ...(every !== undefined && { every }) };
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at]);
}

/** The newest entries within the feed's limits; those that cannot be shown do not count. */
function* newest(
  listings: readonly Ranked[],
  { limit, bytes }: PublishOptions,
  render: (listing: Ranked) => Rendered | undefined,
): Steps<Rendered[]> {
  const entries: Rendered[] = [];
  let spent = 0;
  for (const listing of listings) {
    if (limit > 0 && entries.length === limit) break;
    const rendered = render(listing);
    if (!rendered) continue;
    spent += rendered.bytes;
    if (limit > 0 && entries.length > 0 && spent > bytes) break;
    entries.push(rendered);
    yield;
  }
  return entries;
}

/** A feed without entries is published only if that is meant: else none of them could be shown. */
function toFeed(
  { folder, id, title, language, tombstones, emptied }: PublishedFeed,
  entries: Rendered[],
  site: Site,
  { link, pages }: PublishOptions,
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
    ...(pages.feeds && { page: site.feedsUrl + urlPath(folder) }),
    ...(entries.some(({ entry }) => entry.isEpisode) && { isPodcast: true }),
    ...(language && { language }),
  };
}
