/** Posts -> the files of all feeds. Pure: the moment, and what was published before, come in as arguments. */
import { createHash } from 'node:crypto';
import type { Moment, Post, Problem } from '../content/post.ts';
import { toEntry, toListing } from './entry.ts';
import type { EntryOptions } from './entry.ts';
import type { Entry, Failure, Feed, FeedFile, FormatName, Gate, Listing, Site } from './feed.ts';
import { FORMAT_FILES } from './feed.ts';
import { FORMATS, assemble } from './formats.ts';
import { place } from './permalinks.ts';
import type { Placed } from './permalinks.ts';
import { select } from './select.ts';
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

export interface PublishInput {
  posts: readonly Post[];
  /** Entries of `last` that are shown as they were, since their posts cannot be read now. */
  kept: readonly Entry[];
  /** The last published form of each entry, by path: stands in for one that fails the gate. */
  last: ReadonlyMap<string, Entry>;
  site: Site;
  options: PublishOptions;
  /** What is due by then is published. */
  now: Moment;
  gate: Gate;
  /** What an earlier call rendered, to be used again where nothing changed. */
  rendered?: ReadonlyMap<string, Rendered>;
}

export interface Publication {
  files: FeedFile[];
  /** Files that could not be made: what was last published under these names should stay. */
  failedFiles: string[];
  feeds: { folder: string; title: string; entries: number }[];
  /** Posts that are due, and posts that are dated ahead. */
  due: number;
  scheduled: number;
  /** Every entry that some feed shows, sorted by path. */
  shown: Entry[];
  problems: Problem[];
  failures: Failure[];
  rendered: ReadonlyMap<string, Rendered>;
}

/** An entry in all formats, as the gate let it pass. */
export interface Rendered {
  entry: Entry;
  /** UTF-8 bytes of its content. */
  bytes: number;
  fragments: Readonly<Record<FormatName, string>>;
}

/** Makes every feed in every format. What fails the gate is left out, or stands in its last published form, and is reported. */
export function publish(input: PublishInput): Publication {
  const { site, options, now, gate } = input;
  const due = input.posts.filter(
    (post) => post.published <= now && !(post.expires !== undefined && post.expires <= now),
  );
  const { placed, problems } = place(due, site, options.permalink);
  const placedByPath = new Map(placed.map((each) => [each.post.path, each]));
  const listings = withoutRepeatedIds([...input.kept, ...placed.map((each) => toListing(each, options))]);

  const renderer = createRenderer(input, placedByPath);
  const publication: Publication = {
    files: [],
    failedFiles: [],
    feeds: [],
    due: due.length,
    scheduled: input.posts.filter((post) => post.published > now).length,
    shown: [],
    problems,
    failures: renderer.failures,
    rendered: renderer.rendered,
  };
  const shown = new Map<string, Entry>();
  for (const selection of select(listings, site, options.per)) {
    const entries = newest(selection.listings, options, (listing) =>
      renderer.render(listing, selection.folder),
    );
    for (const { entry } of entries) shown.set(entry.path, entry);
    const feed = entries.length > 0 ? toFeed(selection, entries, site, options) : undefined;
    for (const format of FORMATS) {
      const name = selection.folder + FORMAT_FILES[format.name].file;
      const head = feed && format.head(feed, site);
      const failure = head && gate.head(format.name, head.open + head.close, feed, site);
      if (failure) publication.failures.push({ file: name, message: failure });
      if (!head || failure) publication.failedFiles.push(name);
      else
        publication.files.push({
          name,
          body: assemble(
            format,
            head,
            entries.map((each) => each.fragments[format.name]),
          ),
        });
    }
    if (feed) publication.feeds.push({ folder: feed.folder, title: feed.title, entries: entries.length });
  }
  publication.shown = [...shown.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return publication;
}

/** A kept entry goes before a post that would bear its id. */
function withoutRepeatedIds(listings: Listing[]): Listing[] {
  const seen = new Set<string>();
  return listings.filter(({ id }) => !seen.has(id) && seen.add(id));
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

function toFeed(selection: Selection, entries: Rendered[], site: Site, { link }: PublishOptions): Feed {
  const { folder, title, language } = selection;
  return {
    folder,
    title,
    description: site.description ?? title,
    updated: Math.max(...entries.map(({ entry }) => entry.updated)),
    link,
    ...(language && { language }),
  };
}

/** Bytes of one entry's content; readers that are built on libxml2 stop at 10 MB of one text. */
const CONTENT_LIMIT = 9_000_000;

/** Renders each entry at most once, however many feeds show it, and again only if something about it changed. */
function createRenderer(
  { site, options, gate, last, rendered: previous }: PublishInput,
  placed: Map<string, Placed>,
) {
  const rendered = new Map<string, Rendered>();
  const byPath = new Map<string, Rendered | undefined>();
  const failures: Failure[] = [];

  const attempt = (key: string, make: () => Entry): Rendered | string => {
    const known = rendered.get(key) ?? previous?.get(key);
    if (known) return known;
    const entry = make();
    const bytes = Buffer.byteLength(entry.content);
    if (bytes > CONTENT_LIMIT) return `its content has ${bytes} bytes, and readers stop at ${CONTENT_LIMIT}`;
    const fragments: Record<string, string> = {};
    for (const format of FORMATS) {
      fragments[format.name] = format.fragment(entry, options.link);
      const failure = gate.fragment(format.name, fragments[format.name]!, entry, options.link);
      if (failure) return `${FORMAT_FILES[format.name].title}: ${failure}`;
    }
    return {
      entry,
      bytes,
      fragments: fragments as Record<FormatName, string>,
    };
  };

  const renderOnce = (listing: Listing, folder: string): Rendered | undefined => {
    const place = placed.get(listing.path);
    const lastForm = last.get(listing.path);
    const candidates: [unknown, () => Entry][] = [];
    if (place) candidates.push([[place, listing.source, options.content], () => toEntry(place, options)]);
    if (lastForm) candidates.push([lastForm, () => lastForm]);
    for (const [identity, make] of candidates) {
      const key = createHash('sha256')
        .update(JSON.stringify([identity, options.link, site.url]))
        .digest('base64url');
      const result = tried(() => attempt(key, make));
      if (typeof result !== 'string') {
        rendered.set(key, result);
        return result;
      }
      failures.push({
        file: folder + FORMAT_FILES.rss.file,
        entry: listing.id,
        path: listing.path,
        message: result,
      });
    }
    return undefined;
  };

  const render = (listing: Listing, folder: string): Rendered | undefined => {
    if (!byPath.has(listing.path)) byPath.set(listing.path, renderOnce(listing, folder));
    return byPath.get(listing.path);
  };
  return { render, rendered, failures };
}

/** One entry that makes a renderer throw must not take the others with it. */
function tried(make: () => Rendered | string): Rendered | string {
  try {
    return make();
  } catch (error) {
    return `it cannot be rendered: ${(error as Error).message}`;
  }
}
