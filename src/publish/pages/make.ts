/** The pages of what was published. */
import { toEntry } from '../entry.ts';
import type { Entry, Identified, Site } from '../feed.ts';
import type { Publication, PublishOptions, Shown } from '../publish.ts';
import type { FeedView } from './feed-page.ts';
import { publishPages } from './files.ts';
import type { EntrySource, MadePage } from './files.ts';

export interface PagesOptions {
  made: Publication['made'];
  /** Every entry that is published, as what gives its page; not needed where entries have none. */
  posts: ReadonlyMap<string, Identified>;
  /** Entries that are shown as they were last published. */
  last: ReadonlyMap<string, Entry>;
  shown: ReadonlyMap<string, Shown>;
  site: Site;
  options: PublishOptions;
  /** The pages that an earlier call made. */
  pages?: ReadonlyMap<string, MadePage>;
  /** The hash of a page that is known to be the same. */
  hashOfPage?: (name: string) => string | undefined;
}

/** The pages for people, by name. */
export function makePages({
  made,
  site,
  options,
  pages,
  hashOfPage,
  ...others
}: PagesOptions): ReadonlyMap<string, MadePage> {
  if (!options.pages.feeds) return new Map();
  const views: FeedView[] = [];
  for (const { view } of made.values()) if (view) views.push(view);
  const entries = options.pages.entries ? pagedEntries(options, others) : [];
  return publishPages({
    views,
    site,
    entries,
    ...(pages && { made: pages }),
    ...(hashOfPage && { known: hashOfPage }),
  });
}

/** All entries that get a page: as feeds show them, the others by their posts. */
function pagedEntries(
  options: PublishOptions,
  { posts, last, shown }: Pick<PagesOptions, 'posts' | 'last' | 'shown'>,
): EntrySource[] {
  const sources: EntrySource[] = [];
  for (const { rendered, folders } of shown.values())
    sources.push({
      url: rendered.entry.url,
      source: rendered,
      key: '',
      make: () => rendered.whole(),
      folders,
    });
  for (const [id, post] of posts) {
    if (shown.has(id) || last.has(id)) continue;
    const key = JSON.stringify([id, post.published, post.updated, post.links]);
    sources.push({ url: post.url, source: post.post, key, make: () => toEntry(post, options), folders: [] });
  }
  return sources;
}
