/** Posts -> the files of all feeds. Pure: the moment, and what was published before, come in as arguments. */
import { createHash } from 'node:crypto';
import type { Moment } from '../content/post.ts';
import { toEntry } from './entry.ts';
import type { EntryOptions } from './entry.ts';
import type {
  Entry,
  Failure,
  Feed,
  FeedFile,
  FormatName,
  Gate,
  Identified,
  Listing,
  Site,
  Tombstone,
} from './feed.ts';
import { FORMAT_FILES } from './feed.ts';
import { FORMATS, assemble } from './formats.ts';
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

export interface PublishInput {
  feeds: readonly PublishedFeed[];
  /** The posts behind the listings, by id. */
  posts: ReadonlyMap<string, Identified>;
  /** Last published forms, by id: of entries that have no post, and of those that may fail the gate. */
  last: ReadonlyMap<string, Entry>;
  site: Site;
  options: PublishOptions;
  gate: Gate;
  /** What an earlier call rendered, to be used again where nothing changed. */
  rendered?: ReadonlyMap<string, Rendered>;
}

export interface Publication {
  files: FeedFile[];
  /** Files that could not be made: what was last published under these names should stay. */
  failedFiles: string[];
  feeds: { folder: string; title: string; entries: number }[];
  /** Every entry that some feed shows, with the folders of those feeds; by id. */
  shown: ReadonlyMap<string, { entry: Entry; folders: string[] }>;
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
  const { site, options, gate } = input;
  const renderer = createRenderer(input);
  const { failures, rendered } = renderer;
  const shown = new Map<string, { entry: Entry; folders: string[] }>();
  const publication: Publication = { files: [], failedFiles: [], feeds: [], shown, failures, rendered };
  for (const selection of input.feeds) {
    const { folder, listings } = selection;
    const entries = newest(listings, options, (listing) => renderer.render(listing, folder));
    for (const { entry } of entries) {
      const known = shown.get(entry.id);
      if (known) known.folders.push(folder);
      else shown.set(entry.id, { entry, folders: [folder] });
    }
    const feed = toFeed(selection, entries, site, options);
    for (const format of FORMATS) {
      const name = folder + FORMAT_FILES[format.name].file;
      const head = feed && format.head(feed, site);
      const failure = head && gate.head(format.name, head.open + head.close, feed, site);
      if (failure) failures.push({ file: name, message: failure });
      if (!head || failure) publication.failedFiles.push(name);
      else {
        const fragments = entries.map((each) => each.fragments[format.name]);
        publication.files.push({ name, body: assemble(format, head, fragments) });
      }
    }
    if (feed) publication.feeds.push({ folder, title: feed.title, entries: entries.length });
  }
  return publication;
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

/** Bytes of one entry's content; readers that are built on libxml2 stop at 10 MB of one text. */
const CONTENT_LIMIT = 9_000_000;

/** Renders each entry at most once, however many feeds show it, and again only if something about it changed. */
function createRenderer({ site, options, gate, posts, last, rendered: previous }: PublishInput) {
  const rendered = new Map<string, Rendered>();
  const byId = new Map<string, Rendered | undefined>();
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
    const post = posts.get(listing.id);
    const lastForm = last.get(listing.id);
    const candidates: [unknown, () => Entry][] = [];
    if (post) candidates.push([[post, listing.source, options.content], () => toEntry(post, options)]);
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
    if (!byId.has(listing.id)) byId.set(listing.id, renderOnce(listing, folder));
    return byId.get(listing.id);
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
