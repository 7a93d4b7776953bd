/** The subscriber's vocabulary: entries in feeds, and the files they are published as. */
import { hash } from 'node:crypto';
import type { Addresses } from '../content/links.ts';
import type { Author, Kind, Moment, Post } from '../content/post.ts';

/** The place that the feeds are about, and where they are served. All URLs are absolute. */
export interface Site {
  title: string;
  /** Where the posts live; ends with `/`. */
  url: string;
  /** Where the feeds are served; ends with `/`. */
  feedsUrl: string;
  description?: string;
  /** BCP 47 tag. */
  language?: string;
  /** IANA name of the zone that dates without one are in. */
  timezone: string;
  author?: Author;
  icon?: string;
  logo?: string;
  copyright?: string;
  /** Given if the site is a podcast. */
  podcast?: Podcast;
}

/** What directories of podcasts want to know of one. */
export interface Podcast {
  /** URL of its picture: square, 1400 to 3000 pixels, JPEG or PNG. */
  image: string;
  /** Like `Technology` or `Arts > Books`. */
  categories: string[];
  explicit: boolean;
  kind: 'episodic' | 'serial';
  author?: string;
  email?: string;
}

/** Where the posts of a source come from, as configured. */
export interface Source {
  name: string;
  url?: string;
  feed?: string;
}

/** Attached media with an absolute URL. */
export interface Media {
  url: string;
  type: string;
  /** Bytes, if known. */
  length?: number;
  /** Seconds, if known. */
  duration?: number;
  title?: string;
}

/** A post with its permalink. */
export interface Placed {
  post: Post;
  /** Absolute. */
  url: string;
}

/** A post with all that does not come from its file alone. */
export interface Identified extends Placed {
  id: string;
  published: Moment;
  updated: Moment;
  /** Addresses of the files that it links to, of those that have one. */
  links?: Addresses;
}

/** An entry that is no longer published (RFC 6721). */
export interface Tombstone {
  id: string;
  when: Moment;
}

/** What decides in which feeds an entry is, and where: known before anything is rendered. */
export interface Listing {
  /** The post's file, relative to the content folder. */
  path: string;
  /** One string for ever, the same in every format. */
  id: string;
  title: string;
  published: Moment;
  kind: Kind;
  tags: string[];
  authors: Author[];
  source?: Source;
  language?: string;
  /** Whether it is in none but the feeds of its language. */
  isTranslation?: true;
}

/** One entry as subscribers get it. Text holds no character that XML 1.0 forbids; HTML is safe and its URLs are absolute. */
export interface Entry extends Listing {
  /** The permalink. */
  url: string;
  externalUrl?: string;
  updated: Moment;
  /** Plain text; what the author wrote. */
  summary?: string;
  /** Plain text, never empty: the summary, or else how the content begins. */
  description: string;
  /** HTML. */
  content: string;
  image?: string;
  enclosures: Media[];
  /** Whether podcast apps play it. */
  isEpisode?: boolean;
}

/** An entry but for its content, which is most of it. */
export type Outline = Omit<Entry, 'content'>;

/** One feed, whatever its format: its head and which entries it shows, newest first. */
export interface Feed {
  /** The folder of its files: '' for the site's own feed, else like `tags/rust/`. */
  folder: string;
  /** Its Atom id, an IRI that never changes. */
  id: string;
  title: string;
  description: string;
  language?: string;
  /** When its newest entry was updated; of an empty feed, since when it is empty. */
  updated: Moment;
  /** Entries that it showed and that have gone, the newest first. */
  tombstones: readonly Tombstone[];
  /** Where a link post's title leads in RSS: the permalink, or the external URL. */
  link: 'permalink' | 'external';
  /** Whether it shows episodes of the site's podcast. */
  isPodcast?: boolean;
  /** Absolute address of its page for people, if it has one. */
  page?: string;
}

/** One file of a feed, ready to be stored. */
export interface FeedFile {
  /** Path in the store and in URLs, before percent-encoding. */
  name: string;
  /** As `hashOf` gives it. */
  hash: string;
  /** Bytes before its first entry; none of a page. */
  start?: number;
  /** Its bytes, put together anew each time. */
  body: () => Buffer;
  /** Whether it is for people: such a name may be somebody else's already. */
  isPage?: boolean;
}

/** SHA-256 of bytes in base64url, 43 characters. */
export function hashOf(body: Uint8Array): string {
  return hash('sha256', body, 'base64url');
}

/** What the parse-back found wrong in a feed: in its head, or in the entry that is named. */
export interface Failure {
  /** The feed's file, or the first feed that would show the entry. */
  file: string;
  /** The entry's id. */
  entry?: string;
  /** The entry's post. */
  path?: string;
  message: string;
}

/** The parse-back of what was written: each answers with what is wrong in words, or nothing. */
export interface Gate {
  /** `document` is the feed without entries. */
  head: (format: FormatName, document: string, feed: Feed, site: Site) => string | undefined;
  fragment: (format: FormatName, fragment: string, entry: Entry, link: Feed['link']) => string | undefined;
}

export type FormatName = 'rss' | 'atom' | 'json';

/** The file and media type of each format: the same in every feed's folder. */
export const FORMAT_FILES: Readonly<Record<FormatName, { file: string; type: string; title: string }>> = {
  rss: { file: 'feed.xml', type: 'application/rss+xml', title: 'RSS' },
  atom: { file: 'atom.xml', type: 'application/atom+xml', title: 'Atom' },
  json: { file: 'feed.json', type: 'application/feed+json', title: 'JSON Feed' },
};

/** Where a feed's file of a format is served: an absolute URL with its path percent-encoded. */
export function feedUrl(site: Site, folder: string, format: FormatName): string {
  return site.feedsUrl + urlPath(folder + FORMAT_FILES[format].file);
}

/** A stored file's name as the path of a URL, percent-encoded, without a first `/`. */
export function urlPath(name: string): string {
  return encodeURI(name).replace(/[?#]/g, encodeURIComponent);
}

/** The logo, if RSS takes it for an image: GIF, JPEG and PNG alone. */
export function rssImage({ logo }: Site): string | undefined {
  return logo !== undefined && /\.(?:gif|jpe?g|png)(?:[?#]|$)/i.test(logo) ? logo : undefined;
}

const WRAPPED = 'tag:feedwright,2026:id/';

/** One of the web names a host. */
const IRI = /^(?!https?:(?!\/\/[^/?#]))[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i;

/** An entry's id as Atom needs it, an IRI (RFC 4287 section 4.2.6): itself, or wrapped into a tag URI that never changes. */
export function atomId(id: string): string {
  return IRI.test(id) ? id : `${WRAPPED}${encodeURIComponent(id)}`;
}

/** The id that `atomId` was given. */
export function fromAtomId(written: string): string {
  if (!written.startsWith(WRAPPED)) return written;
  try {
    return decodeURIComponent(written.slice(WRAPPED.length));
  } catch {
    // An author wrote it so.
    return written;
  }
}

/** The moment as JSON Feed and Atom write it (RFC 3339), in UTC and whole seconds. */
export function rfc3339(moment: Moment): string {
  return new Date(moment).toISOString().replace('.000Z', 'Z');
}
