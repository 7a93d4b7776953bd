/** What a run would publish and remember, from what was read. Pure: nothing is read or written here. */
import type { Content } from '../content/read.ts';
import type { Moment } from '../content/post.ts';
import { advance } from '../ledger/advance.ts';
import type { Advance } from '../ledger/advance.ts';
import { advanceFeeds } from '../ledger/feeds.ts';
import type { EntryRecord, FeedRecord, Ledger } from '../ledger/ledger.ts';
import { tombstones } from '../ledger/tombstones.ts';
import { toListing } from '../publish/entry.ts';
import type { Entry, Gate, Site } from '../publish/feed.ts';
import { feedUrl } from '../publish/feed.ts';
import type { MadePage } from '../publish/pages/files.ts';
import { place } from '../publish/permalinks.ts';
import { publish } from '../publish/publish.ts';
import type { MadeFeed, Publication, PublishOptions, PublishedFeed } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import { folderOf, foldersOf, select } from '../publish/select.ts';

/** How identity and time are kept. */
export interface History {
  /** Milliseconds that a new post is kept back. */
  hold: number;
  /** Part of what feeds show that may change in one run. */
  share: number;
  /** Milliseconds that tombstones and empty feeds stay. */
  tombstones: number;
  /** Whether everything is let through. */
  approved: boolean;
}

export interface Plan extends Advance {
  now: Moment;
}

/** Gives every post its URL, its identity and its moments, and says what changes. `now` is as `steadyNow` gives it. */
export function planRun(
  content: Content,
  ledger: Ledger,
  site: Site,
  permalink: string,
  history: History,
  now: Moment,
): Plan {
  const had = new Map<string, string | undefined>();
  for (const { path, gone, permalinks } of ledger.entries.values())
    if (gone === undefined) had.set(path, permalinks.at(-1));
  const { placed, problems } = place(content.posts, site, permalink, (path) => had.get(path));
  const broken = new Set(content.broken);
  const hidden = new Set(content.hidden);
  const step = advance({
    ledger,
    posts: placed,
    inDoubt: (path) => broken.has(path) || (!content.complete && !hidden.has(path)),
    host: new URL(site.url).hostname,
    now,
    ...history,
  });
  return { ...step, now, problems: [...problems, ...step.problems] };
}

export interface Composition {
  publication: Publication;
  /** When a feed will be another by itself, by folder. */
  due: ReadonlyMap<string, Moment>;
  /** The next ledger, but for the history of its files. */
  entries: ReadonlyMap<string, EntryRecord>;
  feeds: ReadonlyMap<string, FeedRecord>;
  /** Kept entries whose last published form is lost. */
  lost: string[];
}

export interface ComposeInput {
  plan: Plan;
  ledger: Ledger;
  site: Site;
  options: PublishOptions;
  history: History;
  gate: Gate;
  /** Last published forms, by id. */
  last: ReadonlyMap<string, Entry>;
  rendered?: ReadonlyMap<string, Rendered>;
  made?: ReadonlyMap<string, MadeFeed>;
  pages?: ReadonlyMap<string, MadePage>;
}

/** Makes all feeds of a plan. */
export function compose({ plan, ledger, site, options, history, ...others }: ComposeInput): Composition {
  const { now } = plan;
  const posts = new Map(plan.entries.map((each) => [each.id, each]));
  const isLost = (id: string): boolean => !others.last.has(id);
  for (const id of plan.kept) if (!isLost(id)) posts.delete(id);
  const listings = [
    ...plan.kept.flatMap((id) => others.last.get(id) ?? []),
    ...[...posts.values()].map((each) => toListing(each, options)),
  ];
  const selections = select(listings, site, options.per);
  const asked = new Set(['', ...options.per.map(folderOf)]);
  const feeds = advanceFeeds({
    feeds: ledger.feeds,
    entries: plan.records,
    selected: selections.map(({ folder, title, listings }) => ({
      folder,
      title,
      ids: listings.map(({ id }) => id),
    })),
    isAsked: (folder) => asked.has(folder.slice(0, folder.indexOf('/') + 1)),
    atomUrl: (folder) => feedUrl(site, folder, 'atom'),
    now,
    tombstones: history.tombstones,
  });
  const gone = tombstones(plan.records, now, history.tombstones);
  const empty = [...feeds].filter(([, { emptied }]) => emptied !== undefined);
  const published: PublishedFeed[] = [
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
  const publication = publish({ feeds: published, posts, site, options, ...others });
  return {
    publication,
    due: dueFeeds(plan, options),
    feeds,
    entries: withFeeds(plan.records, publication),
    lost: plan.kept.filter((id) => isLost(id) && !posts.has(id)),
  };
}

function dueFeeds({ due }: Plan, options: PublishOptions): Map<string, Moment> {
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
  { shown }: Publication,
): ReadonlyMap<string, EntryRecord> {
  const next = new Map(records);
  for (const [id, record] of records) {
    if (record.gone !== undefined) continue;
    const feeds = shown.get(id)?.folders ?? [];
    const isSame =
      feeds.length === record.feeds.length && feeds.every((each, at) => each === record.feeds[at]);
    if (!isSame) next.set(id, { ...record, feeds });
  }
  return next;
}
