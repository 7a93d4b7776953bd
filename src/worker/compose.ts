/** What a run would publish and remember, from its plan. Pure: nothing is read or written here. */
import type { Moment, Post } from '../content/post.ts';
import { advanceFeeds } from '../ledger/feeds.ts';
import type { EntryRecord, FeedRecord, Ledger } from '../ledger/ledger.ts';
import { tombstones } from '../ledger/tombstones.ts';
import { toListing } from '../publish/entry.ts';
import type { Entry, FeedFile, Gate, Identified, Site, Tombstone } from '../publish/feed.ts';
import { feedUrl } from '../publish/feed.ts';
import type { MadePage } from '../publish/pages/files.ts';
import { makePages } from '../publish/pages/make.ts';
import { publishing, shownBy } from '../publish/publish.ts';
import type {
  MadeFeed,
  Publication,
  PublishInput,
  PublishOptions,
  PublishedFeed,
  Shown,
} from '../publish/publish.ts';
import type { Hold, Rendered } from '../publish/render.ts';
import { folderOf, foldersOf, select } from '../publish/select.ts';
import type { Selection } from '../publish/select.ts';
import { atOnce } from '../publish/steps.ts';
import type { Steps } from '../publish/steps.ts';
import type { History, Plan } from './plan.ts';

export interface Composition {
  publication: Publication;
  shown: ReadonlyMap<string, Shown>;
  /** Pages for people, by name. */
  pages: ReadonlyMap<string, MadePage>;
  selections: readonly Selection[];
  /** When a feed will be another by itself, by folder. */
  due: ReadonlyMap<string, Moment>;
  /** The next ledger, but for the history of its files. */
  entries: ReadonlyMap<string, EntryRecord>;
  feeds: ReadonlyMap<string, FeedRecord>;
  /** Kept entries whose last published form is lost. */
  lost: string[];
}

interface ArrangeInput {
  plan: Plan;
  ledger: Ledger;
  site: Site;
  options: PublishOptions;
  history: History;
  /** Last published forms, by id. */
  last: ReadonlyMap<string, Entry>;
}

/** Which feeds there will be, with which entries; nothing is rendered yet. */
interface Arrangement {
  /** Posts that stand for themselves, by the ids of their entries. */
  posts: ReadonlyMap<string, Identified>;
  selections: readonly Selection[];
  published: readonly PublishedFeed[];
  feeds: ReadonlyMap<string, FeedRecord>;
}

function arrange({ plan, ledger, site, options, history, last }: ArrangeInput): Arrangement {
  const posts = new Map(plan.entries.map((each) => [each.id, each]));
  for (const id of plan.kept) if (last.has(id)) posts.delete(id);
  const listings = [
    ...plan.kept.flatMap((id) => last.get(id) ?? []),
    ...[...posts.values()].map((each) => toListing(each, options)),
  ];
  const selections = select(listings, site, options.per);
  const feeds = nextFeeds(selections, plan, ledger, site, options, history);
  const gone = tombstones(plan.records, plan.now, history.tombstones);
  return { posts, selections, feeds, published: toPublished(selections, feeds, gone, site) };
}

export interface ComposeInput extends ArrangeInput {
  gate: Gate;
  rendered?: ReadonlyMap<string, Rendered>;
  passed?: NonNullable<PublishInput['passed']>;
  known?: NonNullable<PublishInput['known']>;
  hold?: Hold;
  made?: ReadonlyMap<string, MadeFeed>;
  pages?: ReadonlyMap<string, MadePage>;
  progress?: (done: number, all: number) => void;
}

/** Makes all feeds of a plan. */
export function compose(input: ComposeInput): Composition {
  return atOnce(composing(input));
}

/** The same in steps. */
export function* composing(input: ComposeInput): Steps<Composition> {
  const { plan, site, options, last } = input;
  const { posts, selections, feeds, published } = arrange(input);
  const publication = yield* publishing({ ...input, feeds: published, posts });
  const shown = shownBy(publication.made);
  const pages = makePages({
    made: publication.made,
    posts,
    shown,
    site,
    options,
    last,
    ...(input.pages && { pages: input.pages }),
  });
  return {
    publication,
    shown,
    pages,
    selections,
    due: dueFeeds(plan.due, options),
    feeds,
    entries: withFeeds(plan.records, shown),
    lost: plan.kept.filter((id) => !last.has(id) && !posts.has(id)),
  };
}

/** All files of feeds and pages. */
export function filesOf({ publication, pages }: Pick<Composition, 'publication' | 'pages'>): FeedFile[] {
  const feeds = [...publication.made.values()].flatMap(({ files }) => files);
  return [...feeds, ...[...pages.values()].map(({ file }) => file)];
}

/** The next records of feeds. */
export function nextFeeds(
  selections: readonly Selection[],
  { records, now }: Pick<Plan, 'records' | 'now'>,
  { feeds }: Pick<Ledger, 'feeds'>,
  site: Site,
  { per }: PublishOptions,
  history: History,
): ReadonlyMap<string, FeedRecord> {
  const asked = new Set(['', ...per.map(folderOf)]);
  return advanceFeeds({
    feeds,
    entries: records,
    selected: selections.map(({ folder, title, listings }) => ({
      folder,
      title,
      ids: () => listings.map(({ id }) => id),
    })),
    isAsked: (folder) => asked.has(folder.slice(0, folder.indexOf('/') + 1)),
    atomUrl: (folder) => feedUrl(site, folder, 'atom'),
    now,
    tombstones: history.tombstones,
  });
}

/** Feeds with all that is remembered of them; those that stay empty are the last, by their folders. */
export function toPublished(
  selections: readonly Selection[],
  feeds: ReadonlyMap<string, FeedRecord>,
  gone: ReadonlyMap<string, readonly Tombstone[]>,
  site: Site,
): PublishedFeed[] {
  const empty = [...feeds]
    .filter(([, { emptied }]) => emptied !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...selections,
    ...empty.map(([folder, { title, emptied }]) => ({
      folder,
      title,
      label: title,
      emptied: emptied!,
      listings: [],
      ...(site.language && { language: site.language }),
    })),
  ].map((selection) => ({
    ...selection,
    id: feeds.get(selection.folder)!.id,
    tombstones: gone.get(selection.folder) ?? [],
  }));
}

/** When each feed will be another by itself, by folder. */
export function dueFeeds(
  due: Iterable<readonly [Post, Moment]>,
  options: PublishOptions,
): Map<string, Moment> {
  const next = new Map<string, Moment>();
  for (const [post, moment] of due) {
    const { published } = post;
    const listing = toListing({ post, url: '', id: '', published, updated: published }, options);
    for (const folder of foldersOf(listing, options.per))
      next.set(folder, Math.min(moment, next.get(folder) ?? moment));
  }
  return next;
}

/** Records with the feeds that show each now; those that went keep what they had. */
function withFeeds(
  records: ReadonlyMap<string, EntryRecord>,
  shown: Composition['shown'],
): ReadonlyMap<string, EntryRecord> {
  const next = new Map(records);
  for (const [id, record] of records) {
    if (record.gone !== undefined) continue;
    const changed = shownIn(record, shown.get(id)?.folders ?? []);
    if (changed !== record) next.set(id, changed);
  }
  return next;
}

/** The record with the feeds that show its entry: itself, if they are the same. */
export function shownIn(record: EntryRecord, feeds: readonly string[]): EntryRecord {
  const isSame = feeds.length === record.feeds.length && feeds.every((each, at) => each === record.feeds[at]);
  return isSame ? record : Object.assign({}, record, { feeds });
}
