/** How generators lay out a site: the vocabulary of this room. */
import type { Generator } from '../publish/generators.ts';

/** The files of a folder, by their path in it. */
export interface Files {
  /** A file's text; undefined if there is none. */
  text(path: string): string | undefined;
  /** What is in a folder, by name; names of folders end with `/`. Empty if there is no such folder. */
  names(folder: string): string[];
}

/** What a post says of itself, as far as its address depends on it. */
export interface Written {
  /** Below the folder of posts. */
  path: string;
  title: string;
  slug?: string;
  /** YYYY-MM-DD in the site's time zone, */
  day: string;
  /** and in that of the date itself. */
  ownDay: string;
  categories: string[];
}

/** Settings below `site`, by name, as they will be written. */
export interface SiteWords {
  title?: string;
  url?: string;
  description?: string;
  language?: string;
  timezone?: string;
  author?: { name: string; email?: string; url?: string };
}

/** How permalinks are made, as it will be written: one pattern, or one for each folder. */
export interface Addressing {
  permalink: string | Readonly<Record<string, string>>;
  /** By whose rules. */
  generator?: Generator;
}

/** A generator's site, in Feedwright's terms. */
export interface Found {
  /** The file that says so; undefined if none does. */
  config?: string;
  site: SiteWords;
  /** The folder of posts, by its path in the site's. */
  dir: string;
  /** The folder in it that the site itself says its posts are in, if others have pages with dates, too. */
  main?: string;
  /** What may fit, likeliest first; `section` is the folder that all posts are in, '' if there is none. */
  permalinks(section: string): Addressing[];
  /** The path that the generator gives a post; undefined if that cannot be told. */
  address?(post: Written): string | undefined;
  /** The languages that names of translated files end with, first that of the others. */
  languages?: readonly string[];
  /** What could not be taken over and what else to know, in sentences. */
  notes: string[];
}

/** How a new post is written for a generator. */
export interface PostShape {
  /** Whether the file's name begins with the day. */
  dated?: true;
  /** The key of its date (`date`). */
  date?: string;
  /** The line that keeps it back (`draft: true`). */
  draft?: string;
  /** Lines that every post needs. */
  also?: string[];
  /** Whether tags stand in `taxonomies`, and keys that the generator does not know in `extra`. */
  nested?: true;
}

/** One generator. */
export interface Layout {
  name: string;
  /** What it says of a folder; undefined if that is none of its sites. Throws ConfigError. */
  find(files: Files): Found | undefined;
  /** The path of its own feed. */
  feed?: string;
  /** The front-matter key by which a post sets its address, for the generator too if it has one. */
  addressKey: string;
  post: PostShape;
}

/** A generator's configuration that cannot be read; as a sentence. */
export class ConfigError extends Error {}
