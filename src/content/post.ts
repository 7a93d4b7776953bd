/** The author's vocabulary: what one markdown file says, before anything is published. */

/** A moment in milliseconds since 1970-01-01T00:00:00Z, always whole seconds. */
export type Moment = number;

export interface Author {
  name: string;
  email?: string;
  /** Absolute http(s) URL. */
  url?: string;
}

/** Attached media: one audio, video or other file. */
export interface Enclosure {
  /** As written; made absolute against the permalink when the post becomes an entry. */
  url: string;
  /** Media type; guessed from the file name where the author gives none. */
  type: string;
  /** Bytes, if known. */
  length?: number;
  /** Seconds, if known. */
  duration?: number;
  title?: string;
}

export interface Address {
  /** The slug, if it is written there. */
  slug?: string;
  /** Minutes that the clock of its date is ahead of UTC, if the date says so. */
  offset?: number;
  /** As Jekyll reads `categories` and `category`. */
  categories?: string[];
  /** Whole permalinks by the alias that they stand under. */
  permalinks?: Readonly<Record<string, string>>;
}

export type Kind = 'article' | 'link';

export interface Post {
  /** Relative to the content folder, with `/` between its parts and with its extension. */
  path: string;
  /** The identity the author wrote, byte for byte; without one it is minted. */
  id?: string;
  /** Plain text on one line. */
  title: string;
  published: Moment;
  /** Only if the author wrote it; never before `published`. */
  updated?: Moment;
  expires?: Moment;
  kind: Kind;
  /** A whole permalink as written: an absolute URL or a path on the site. */
  permalink?: string;
  /** The last segment of a permalink that is made from the site's pattern. */
  slug: string;
  /** What else of its front matter the patterns of permalinks can ask for; undefined if there is nothing. */
  address?: Address;
  /** Absolute http(s) URL of what a link post points to. */
  externalUrl?: string;
  /** Name of the site that a link post points to. */
  source?: string;
  authors: Author[];
  /** Trimmed, none empty, no two that differ only in case. */
  tags: string[];
  /** Plain text: the short summary if there is one, else the summary. */
  shortSummary?: string;
  /** Plain text: the longer summary. */
  summary?: string;
  /** BCP 47 tag. */
  language?: string;
  /** As written. */
  image?: string;
  enclosures: Enclosure[];
  /** The markdown files that its text may link to, relative to the content folder, be they there or not; sorted. */
  links?: string[];
  /** A hash of its file: another whenever anything in it is. */
  version: string;
  /** What its text is and what it is like, by `fingerprint`. */
  text: string;
  sketch: string;
  /** Its markdown, without front matter. Posts are many, and most bodies are never needed: they are read when they are. */
  body: () => string;
}

export type Level = 'error' | 'warning';

/** Something wrong in a file: an error keeps the post (or a value of it) from being published, a warning does not. */
export interface Problem {
  level: Level;
  /** Relative to the content folder. */
  file: string;
  /** Line and column count from 1. */
  line: number;
  column?: number;
  /** The front-matter key, where there is one. */
  field?: string;
  /** Short name of the rule, for looking it up and for filtering. */
  rule: string;
  message: string;
}

/** Takes what is wrong in a file as it is found. */
export type Report = (level: Level, rule: string, message: string, field?: string) => void;
