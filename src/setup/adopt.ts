/** From what a generator's site says to what feedwright.yml will say. Pure. */
import { rulesOf, withoutLanguage } from '../publish/generators.ts';
import type { Generator } from '../publish/generators.ts';
import { isLanguageTag } from '../content/language.ts';
import { teaserOf } from '../content/text.ts';
import { choosePermalink } from './choice.ts';
import type { Other } from './choice.ts';
import type { Addressing, Found, Layout, SiteWords } from './layout.ts';
import { checkSettings } from '../settings.ts';
import { sectionOf } from './survey.ts';
import type { Survey } from './survey.ts';

export interface Adopted {
  layout: Layout;
  config: string | undefined;
  site: SiteWords;
  dir: string;
  permalink: Addressing['permalink'];
  generator?: Generator;
  /** Only if some files are translations. */
  languages?: readonly string[];
  /** How much there is in that folder. */
  posts: number;
  hidden: number;
  /** Sentences: what could not be taken over, and what to do. */
  notes: string[];
}

/** What of `site` may stand in settings, and a sentence about each part that may not. */
export function allowedSite({ site, config }: Found): { site: SiteWords; notes: string[] } {
  const notes: string[] = [];
  const { author, language, description, ...others } = site;
  const tag = language && isLanguageTag(language) ? Intl.getCanonicalLocales(language)[0]! : language;
  const kept = Object.entries({
    ...others,
    ...(description && { description: textOfHtml(description) }),
    ...(tag && { language: tag }),
  }).filter(([key, value]) => {
    const problems = problemsOf(key, value, config);
    notes.push(...problems.map((problem) => `${problem}; "${value}" is left out`));
    return problems.length === 0;
  });
  const name = author && { name: author.name };
  const person = [author, name].find((each) => each && problemsOf('author', each, config).length === 0);
  return { site: { ...(Object.fromEntries(kept) as SiteWords), ...(person && { author: person }) }, notes };
}

/** Text, of what is meant for a page. */
function textOfHtml(written: string): string {
  return /<\/?[a-z][^<>]*>/i.test(written) ? teaserOf(written, Infinity) : written;
}

function problemsOf(key: string, value: unknown, config = 'the configuration'): string[] {
  const checked = checkSettings({ site: { [key]: value } }, () => `the ${key} in ${config}`);
  return 'problems' in checked ? checked.problems : [];
}

/** Chooses folder and permalinks by what is there. */
export function adopt(layout: Layout, found: Found, all: Survey): Adopted {
  const { site, notes } = allowedSite(found);
  const { seen, others: besides } = mainOf(found, all);
  const section = sectionOf([...seen.posts.map(({ post }) => post.path), ...seen.hidden]);
  const { permalink, generator, others } = choosePermalink(
    found,
    seen.posts,
    section,
    site.timezone ?? 'UTC',
  );
  const outside = seen.undated.filter((path) => !path.startsWith(`${section}/`));
  // Pages beside the folder that all posts are in would be problems for ever.
  const isNarrowed = section !== '' && outside.length + besides.length > 0;
  const dir = !isNarrowed ? found.dir : found.dir === '.' ? section : `${found.dir}/${section}`;
  const translated = [...seen.posts.map(({ post }) => post.path), ...seen.hidden].filter(
    (path) => withoutLanguage(path, found.languages).translation !== undefined,
  );
  return {
    layout,
    config: found.config,
    site,
    dir,
    permalink: isNarrowed ? within(section, permalink, rulesOf(generator).segment(section)) : permalink,
    ...(generator && { generator }),
    ...(translated.length > 0 && { languages: found.languages! }),
    posts: seen.posts.length,
    hidden: seen.hidden.length,
    notes: [
      ...notes,
      ...titleNote(site),
      ...addressNotes(site),
      ...found.notes,
      ...translationsNote(translated),
      ...othersNote(layout, others, seen.posts.length),
      ...(besides.length > 0
        ? [
            `${found.config} names ${section} as the main section, so only posts in ${dir} are read, and ${some(besides)} ${besides.length === 1 ? 'is' : 'are'} not: else set content.dir to ${found.dir}`,
          ]
        : pagesNote(seen.undated, isNarrowed ? dir : undefined)),
      ...(seen.errors.length > 0
        ? [
            `${some(seen.errors.map(({ file }) => file))} cannot be published as written, "feedwright check" says why: ${seen.errors[0]!.message}`,
          ]
        : []),
      ...foreignNote(all.foreign),
    ],
  };
}

function foreignNote(foreign: readonly string[]): string[] {
  if (foreign.length === 0) return [];
  return [
    `${some(foreign)} ${foreign.length === 1 ? 'is a post that is no markdown, and is' : 'are posts that are no markdown, and are'} not read`,
  ];
}

/** What there is in the folder that the site says its posts are in, and the posts elsewhere. */
function mainOf({ main }: Found, seen: Survey): { seen: Survey; others: string[] } {
  const isInside = (path: string): boolean => path.startsWith(`${main}/`);
  const posts = seen.posts.filter(({ post }) => isInside(post.path));
  if (posts.length === 0) return { seen, others: [] };
  const others = seen.posts.map(({ post }) => post.path).filter((path) => !isInside(path));
  if (others.length === 0) return { seen, others };
  const within = {
    posts,
    hidden: seen.hidden.filter(isInside),
    undated: seen.undated.filter(isInside),
    errors: seen.errors.filter(({ file }) => isInside(file)),
    foreign: seen.foreign,
  };
  return { seen: within, others };
}

/** The patterns of what is in a folder, when that is no longer seen. */
function within(
  section: string,
  permalink: Addressing['permalink'],
  segment: string,
): Addressing['permalink'] {
  const narrowed = (pattern: string): string =>
    pattern
      .replace(/:sections\b/g, `${segment}/:sections`)
      .replace(/:section\b/g, segment)
      .replace('/:path', `/${segment}/:path`);
  if (typeof permalink === 'string') return narrowed(permalink);
  const inside = Object.entries(permalink).filter(([folder]) => folder.startsWith(`${section}/`));
  const rest = narrowed(permalink[section] ?? permalink['/'] ?? '/:path/');
  if (inside.length === 0) return rest;
  const below = inside.map(([folder, pattern]) => [folder.slice(section.length + 1), narrowed(pattern)]);
  return { ...(Object.fromEntries(below) as Record<string, string>), '/': rest };
}

function translationsNote(translated: readonly string[]): string[] {
  if (translated.length === 0) return [];
  const are = translated.length === 1 ? 'is a translation' : 'are translations';
  return [
    `${some(translated)} ${are}, in no feed but that of the language: add language to feeds.per for those feeds`,
  ];
}

function othersNote({ name, addressKey }: Layout, others: readonly Other[], all: number): string[] {
  const [first] = others;
  if (!first) return [];
  const { path, theirs, ours } = first;
  const also = others.slice(1).map((each) => each.path);
  const rest = also.length > 0 ? `; so ${also.length === 1 ? 'is' : 'are'} ${some(also)}` : '';
  return [
    `${others.length} of ${all === 1 ? '1 post' : `${all} posts`} ${others.length === 1 ? 'has' : 'have'} another address in ${name}: ${path} is ${theirs} there and would be ${ours} here${rest}; give such posts their ${addressKey} in front matter`,
  ];
}

function pagesNote(undated: readonly string[], narrowed: string | undefined): string[] {
  if (undated.length === 0) return [];
  const inside = undated.length === 1 ? 'has' : 'have';
  return narrowed === undefined
    ? [`${some(undated)} ${inside} no date: posts need one, and other pages are better kept elsewhere`]
    : [`${some(undated)} ${inside} no date, so only posts in ${narrowed} are read`];
}

/** With an address it would be called by its host. */
function titleNote({ title, url }: SiteWords): string[] {
  return title === undefined && url === undefined
    ? ['no title of the site is known: set site.title, or the feeds are called Feedwright']
    : [];
}

function addressNotes({ url }: SiteWords): string[] {
  if (url === undefined)
    return [
      'no address of the site is known: set site.url before the first publish, since ids are made of it',
    ];
  return /^https?:\/\/(?:www\.)?example\.(?:com|org|net)(?:[:/]|$)/i.test(url)
    ? [`${url} is but an example: set site.url before the first publish, since ids are made of it`]
    : [];
}

/** The first names of a list, and how many more there are. */
function some(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, 3).join(', ');
  return unique.length > 3 ? `${shown} and ${unique.length - 3} more` : shown;
}
