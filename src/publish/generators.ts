/** How other generators make addresses: one row each. What they call a name, they all make of the file and its front matter. */
import type { Post } from '../content/post.ts';
import { slugFromPath } from '../content/path.ts';
import { slugOf } from './slug.ts';

/** A post by what its address can be made of. */
export interface Named {
  post: Post;
  /** The folders that it is in, without its own if it is `name/index.md`. */
  folders: string[];
  /** Its file's name, or its folder's, without extension; */
  name: string;
  /** and also without the date that it begins with. */
  undated: string;
  /** The slug in its front matter, which may be a path. */
  slug?: string;
}

/** One generator's rules. */
export interface Rules {
  /** A name, as it stands in an address. */
  segment: (name: string) => string;
  /** The same, percent-encoded for a URL. */
  encode: (segment: string) => string;
  slug: (post: Named) => string;
  title: (post: Named) => string;
  /** The parts of `:path`. */
  path: (post: Named) => string[];
  category: (label: string) => string;
  /** The only key of front matter that it takes for a whole permalink, if it has one. */
  permalink?: string;
  /** A whole permalink of front matter; `fill` puts values in place of its placeholders. */
  whole: (path: string, fill: (pattern: string) => string) => string;
  /** Whether days are those of the date as it is written, if it says its offset, or those in the site's zone. */
  day: 'written' | 'zone';
}

const OWN: Rules = {
  segment: (name) => name,
  encode: encodeURIComponent,
  slug: ({ post, slug, undated }) => (slug === undefined ? undated : post.slug),
  title: ({ post }) => slugOf(post.title),
  path: ({ folders, name }) => [...folders, name],
  category: slugOf,
  whole: (path) => path,
  day: 'zone',
};

/** https://gohugo.io/configuration/permalinks/, https://gohugo.io/content-management/urls/ */
const HUGO: Rules = {
  encode,
  // In lower case, blanks as hyphens, without most punctuation.
  segment: (name) =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\s._#+~@/-]/gu, '')
      .trim()
      .replace(/-*\s+-*/g, '-'),
  slug: ({ slug, post }) => slug ?? post.title,
  title: ({ post }) => post.title,
  path: ({ folders, slug, name }) => [...folders, slug ?? name],
  category: (label) => label,
  permalink: 'url',
  whole: (path, fill) => {
    const made = fill(path.toLowerCase());
    return made.includes('.') || made.endsWith('/') ? made : `${made}/`;
  },
  day: 'written',
};

/** Jekyll's words for patterns. */
export const JEKYLL_STYLES: ReadonlyMap<string, string> = new Map([
  ['date', '/:categories/:year/:month/:day/:title:output_ext'],
  ['pretty', '/:categories/:year/:month/:day/:title/'],
  ['ordinal', '/:categories/:year/:y_day/:title:output_ext'],
  ['weekdate', '/:categories/:year/W:week/:short_day/:title:output_ext'],
  ['none', '/:categories/:title:output_ext'],
]);

/** https://jekyllrb.com/docs/permalinks/ */
const JEKYLL: Rules = {
  ...OWN,
  encode,
  slug: ({ slug, undated }) => jekyllSlug(slug ?? undated),
  title: ({ slug, undated }) =>
    trimmed((slug ?? undated).replace(/[^\p{M}\p{L}\p{Nd}._~!$&'()+,;=@]+/gu, '-')),
  category: (label) => label.toLowerCase(),
  permalink: 'permalink',
  whole: (path, fill) => fill(JEKYLL_STYLES.get(path) ?? path),
};

/** https://www.getzola.org/documentation/content/page/#output-paths */
const ZOLA: Rules = {
  ...OWN,
  encode,
  // ASCII in lower case, anything else as hyphens.
  segment: (name) =>
    trimmed(
      name
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-'),
    ),
  slug: ({ slug, undated }) => slug ?? undated,
  title: ({ post }) => post.title,
  path: ({ folders, slug, undated }) => [...folders, slug ?? undated],
  category: (label) => label,
  permalink: 'path',
  whole: (path) => `${path.replace(/\/+$/, '')}/`,
};

/** https://docs.astro.build/en/guides/content-collections/#the-glob-loader */
const ASTRO: Rules = {
  ...OWN,
  encode,
  // In lower case, blanks as hyphens, without punctuation.
  segment: (name) =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\p{Pc}\s-]/gu, '')
      .replace(/ /g, '-'),
  title: ({ post }) => post.title,
  path: ({ folders, slug, name }) => (slug === undefined ? [...folders, name] : slug.split('/')),
};

/** https://www.11ty.dev/docs/permalinks/ */
const ELEVENTY: Rules = {
  ...OWN,
  encode,
  slug: ({ undated }) => undated,
  // Where a file is called like its folder, one of them is enough.
  path: ({ post, folders, name }) =>
    folders.at(-1) === name && !isIndex(post.path) ? folders : [...folders, name],
  permalink: 'permalink',
  whole: (path) => path.replace(/(^|\/)index\.html$/, '$1'),
};

export const GENERATORS = ['hugo', 'jekyll', 'zola', 'astro', 'eleventy'] as const;
export type Generator = (typeof GENERATORS)[number];

const ROWS: Record<Generator, Rules> = {
  hugo: HUGO,
  jekyll: JEKYLL,
  zola: ZOLA,
  astro: ASTRO,
  eleventy: ELEVENTY,
};

/** The rules of a generator, or ours. */
export function rulesOf(generator: Generator | undefined): Rules {
  return generator === undefined ? OWN : ROWS[generator];
}

/** The whole permalink that a post has by these rules. */
export function wholeOf(post: Post, { permalink }: Rules): string | undefined {
  return permalink === undefined ? post.permalink : post.address?.permalinks?.[permalink];
}

function isIndex(path: string): boolean {
  return /(?:^|\/)index\.[^./]+$/i.test(path);
}

/** What a post's address can be made of. With `languages`, the name is without that of a translation. */
export function namesOf(post: Post, languages?: readonly string[]): Named {
  const { path } = withoutLanguage(post.path, languages);
  const folders = path
    .replace(/\.[^./]+$/, '')
    .replace(/\/index$/i, '')
    .split('/');
  const name = folders.pop()!;
  const slug = post.address?.slug;
  return { post, folders, name, undated: slugFromPath(path), ...(slug !== undefined && { slug }) };
}

/** A path without the language that its file's name ends with (`name.de.md`), and that language if it is not the first. */
export function withoutLanguage(
  path: string,
  languages: readonly string[] = [],
): { path: string; translation?: string } {
  if (languages.length === 0) return { path };
  const [, stem, written, extension] = /^(.*[^/])\.([a-z\d_-]+)(\.[^./]+)$/i.exec(path) ?? [];
  const at = languages.findIndex((language) => language.toLowerCase() === written?.toLowerCase());
  if (at === -1) return { path };
  return { path: `${stem}${extension}`, ...(at > 0 && { translation: languages[at]! }) };
}

/** As generators do, who leave what a path may have. */
function encode(segment: string): string {
  return encodeURI(segment).replace(/[?#]/g, encodeURIComponent);
}

function jekyllSlug(text: string): string {
  return trimmed(text.toLowerCase().replace(/[^\p{M}\p{L}\p{Nd}]+/gu, '-'));
}

function trimmed(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}
