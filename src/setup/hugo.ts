/** Hugo: content/section/name.md is /section/name/, unless `permalinks` says otherwise. */
import { isLanguageTag } from '../content/language.ts';
import { optional } from '../content/values.ts';
import { authorOf, mapOf, readConfig, textAt } from './generator-config.ts';
import type { Data } from './generator-config.ts';
import { rulesOf, withoutLanguage } from '../publish/generators.ts';
import type { Addressing, Files, Found, Layout, Written } from './layout.ts';
import {
  byFolder,
  byPath,
  dayValues,
  expand,
  lostIn,
  lostNote,
  placeOf,
  translate,
  undatedName,
  verbatim,
} from './patterns.ts';

export const HUGO: Layout = { name: 'Hugo', find, feed: '/index.xml', addressKey: 'url', post: {} };

const anyFormat = (...stems: string[]): string[] =>
  stems.flatMap((stem) => ['toml', 'yaml', 'yml', 'json'].map((extension) => `${stem}.${extension}`));

// Where a title is meant, the file's name is the nearest that we have.
const NAMES = ['slug', 'title', 'filename', 'contentbasename', 'slugorfilename', 'slugorcontentbasename'];
const OURS: Record<string, string> = {
  year: ':year',
  month: ':month',
  day: ':day',
  ...Object.fromEntries(NAMES.map((name) => [name, ':slug'])),
};

function find(files: Files): Found | undefined {
  const main = readConfig(
    files,
    anyFormat('hugo', 'config', 'config/_default/hugo', 'config/_default/config'),
  );
  if (!main) return undefined;
  const written = lowered(main.data);
  // Others have a config.toml or config.json, too.
  const isAddressed = 'baseurl' in written || 'languagecode' in written;
  const dir = textAt(written, 'contentdir') ?? 'content';
  if (!/(?:^|\/)hugo\./.test(main.name) && !(isAddressed && files.names(dir).length > 0)) return undefined;
  const part = (name: string): Data => lowered(readConfig(files, anyFormat(`config/_default/${name}`))?.data);
  const language = textAt(written, 'defaultcontentlanguage');
  const languages = { ...mapOf(written['languages']), ...part('languages') };
  const config = {
    ...written,
    ...mapOf(languages[language ?? 'en']),
    ...part(`languages.${language ?? 'en'}`),
  };
  const params = { ...mapOf(written['params']), ...part('params'), ...mapOf(config['params']) };
  const tag = textAt(config, 'languagecode') ?? textAt(config, 'locale') ?? language;
  const site = {
    ...optional('title', textAt(config, 'title')),
    ...optional('url', textAt(config, 'baseurl')),
    ...optional('description', textAt(params, 'description')),
    ...optional('language', tag),
    ...optional('timezone', textAt(config, 'timezone')),
    ...authorOf(...[params['author'], config['author']].filter((each) => each !== config['title'])),
  };
  const patterns = sectionPatterns({ ...mapOf(config['permalinks']), ...part('permalinks') });
  const prefix = language && written['defaultcontentlanguageinsubdir'] === true ? `/${language}` : '';
  const end = written['uglyurls'] === true ? '.html' : '/';
  const folder = textAt(config, 'contentdir') ?? dir;
  const rules: NamingRules = {
    languages: Object.keys(languages),
    language: language ?? 'en',
    prefix,
    end,
    patterns,
    segment: written['disablepathtolower'] === true ? cased : rulesOf('hugo').segment,
    hasIndex: (path) => files.names(`${folder}/${path}`).some((name) => /^_index\./i.test(name)),
    isDated: [mapOf(config['frontmatter'])['date']].flat().includes(':filename'),
  };
  const own = language ?? 'en';
  const codes = [own, ...rules.languages.filter((code) => code !== own)].filter(isLanguageTag);
  return {
    config: main.name,
    site,
    dir: folder,
    ...optional('main', mainSection(params, config)),
    // With a path of its own for the first language there is no telling them apart by a prefix.
    ...(codes.length > 1 && prefix === '' && { languages: codes }),
    permalinks: (section) => [
      ...addressings(rules),
      ...byFolder(section, prefix, end),
      ...withoutCase(rules, section),
    ],
    address: (post) => addressOf(post, rules),
    notes: lostNote('Hugo', [...patterns.values()].flatMap(lostIn)),
  };
}

/** The only section that a site's lists show; undefined if there are several, or none is named. */
function mainSection(params: Data, config: Data): string | undefined {
  const written = lowered(params)['mainsections'] ?? config['mainsections'];
  const [only, another] = [written].flat();
  return typeof only === 'string' && another === undefined && /^[\w-]+$/.test(only) ? only : undefined;
}

/** What addresses depend on. */
interface NamingRules {
  languages: readonly string[];
  language: string;
  /** Of the default language. */
  prefix: string;
  end: string;
  patterns: ReadonlyMap<string, string>;
  segment: (name: string) => string;
  hasIndex: (folder: string) => boolean;
  /** Whether dates are read from file names, of which then only the rest is the slug. */
  isDated: boolean;
}

/** Hugo's patterns as they are; then as if only first folders were sections. */
function addressings({ patterns, prefix, end }: NamingRules): Addressing[] {
  const made = [...patterns].flatMap(([section, pattern]) => {
    const known = verbatim(joined(prefix, pattern, end).toLowerCase());
    return known === undefined ? [] : [[section, known] as const];
  });
  if (made.length === 0) return [byPath('hugo', prefix, end)];
  const rest = prefix === '' && end === '/' ? {} : { '/': `${prefix}/:path${end}` };
  const permalink = { ...rest, ...Object.fromEntries(made) };
  const shallow = made.map(([section, pattern]) => [section, pattern.replace(/:sections\b/g, ':section')]);
  return [
    { permalink, generator: 'hugo' },
    { permalink: { ...rest, ...(Object.fromEntries(shallow) as Record<string, string>) }, generator: 'hugo' },
  ];
}

/** As near as it gets to `disablePathToLower` without a generator's rules. */
function withoutCase({ patterns, prefix, end }: NamingRules, section: string): Addressing[] {
  const usual = ['posts', 'post', 'blog'].find((each) => patterns.has(each));
  const first = patterns.has(section) ? section : usual;
  return [...(first === undefined ? [] : [first]), ...patterns.keys()].map((each) => ({
    permalink: translate(joined(prefix, patterns.get(each)!, end), {
      ...OURS,
      section: each,
      sections: each,
    }),
  }));
}

/** A post by the language in its file's name (`name.fr.md`), and the path that those of this language are below. */
function translationOf(post: Written, { languages, language, prefix: own }: NamingRules) {
  const { path, translation } = withoutLanguage(post.path, [language, ...languages]);
  return { ...placeOf({ path }), prefix: translation === undefined ? own : `/${translation}` };
}

function addressOf(post: Written, rules: NamingRules): string | undefined {
  const { segment, end, isDated } = rules;
  const { folders, name, prefix } = translationOf(post, rules);
  const pattern = rules.patterns.get(folders[0] ?? '/');
  const written = post.slug ?? (isDated ? undatedName(post) : undefined);
  const slug = segment(written ?? name);
  if (pattern === undefined) return [prefix, ...folders.map(segment), slug].join('/') + end;
  const title = segment(post.title);
  // The first folder is a section, others are if they have an _index.md.
  const deepest = folders.findLastIndex((_, at) => rules.hasIndex(folders.slice(0, at + 1).join('/')));
  const values = {
    ...dayValues(post.ownDay),
    section: segment(folders[0] ?? ''),
    sections: folders
      .slice(0, Math.max(deepest + 1, 1))
      .map(segment)
      .join('/'),
    title,
    slug: written === undefined ? title : slug,
    ...Object.fromEntries(['filename', 'contentbasename'].map((token) => [token, segment(name)])),
    ...Object.fromEntries(['slugorfilename', 'slugorcontentbasename'].map((token) => [token, slug])),
  };
  const made = expand(joined(prefix, pattern, end), values);
  return segment === cased ? made : made?.toLowerCase();
}

function joined(prefix: string, pattern: string, end: string): string {
  return `${prefix}/${pattern.replace(/\/+$/, '')}${end}`;
}

/** With `disablePathToLower`. */
function cased(text: string): string {
  return text
    .replace(/[^\p{L}\p{N}\p{M}\s._#+~@/-]/gu, '')
    .trim()
    .replace(/-*\s+-*/g, '-');
}

/** The patterns of pages, by section. */
function sectionPatterns(permalinks: Data): Map<string, string> {
  const all = Object.entries({ ...permalinks, ...mapOf(permalinks['page']) });
  return new Map(all.filter((each): each is [string, string] => typeof each[1] === 'string'));
}

/** Hugo reads keys without regard to case. */
function lowered(data: unknown): Data {
  return Object.fromEntries(
    Object.entries(mapOf(data)).map(([key, value]) => {
      const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
      return [key.toLowerCase(), isMap ? lowered(value) : value];
    }),
  );
}
