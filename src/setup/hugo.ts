/** Hugo: content/section/name.md is /section/name/, unless `permalinks` says otherwise. */
import { optional } from '../content/values.ts';
import { authorOf, mapOf, readConfig, textAt } from './generator-config.ts';
import type { Data } from './generator-config.ts';
import type { Files, Found, Layout, Written } from './layout.ts';
import { byFolder, dayValues, expand, lostNote, placeOf, translate } from './patterns.ts';

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
    ...authorOf(params['author'], config['author']),
  };
  const patterns = sectionPatterns({ ...mapOf(config['permalinks']), ...part('permalinks') });
  const prefix = language && written['defaultcontentlanguageinsubdir'] === true ? `/${language}` : '';
  const end = written['uglyurls'] === true ? '.html' : '/';
  const inOurs = (section: string): ReturnType<typeof translate> =>
    translate(joined(prefix, patterns.get(section)!, end), { ...OURS, section, sections: section });
  const sections = [...patterns.keys()];
  const usual = ['posts', 'post', 'blog'].find((section) => patterns.has(section));
  return {
    config: main.name,
    site,
    dir: textAt(config, 'contentdir') ?? dir,
    permalinks: (section) => {
      const first = patterns.has(section) ? section : usual;
      const made = (first === undefined ? [] : [first, ...sections]).map((each) => inOurs(each).pattern);
      return [...made.slice(0, 1), ...byFolder(section, prefix, end), ...made.slice(1)];
    },
    address: (post) =>
      addressOf(translationOf(post, Object.keys(languages), language ?? 'en', prefix), patterns, end),
    notes: lostNote(
      'Hugo',
      sections.flatMap((section) => inOurs(section).lost),
    ),
  };
}

/** A post by the language in its file's name (`name.fr.md`), and the path that those of this language are below. */
function translationOf(post: Written, languages: readonly string[], own: string, ownPrefix: string) {
  const { folders, name } = placeOf(post);
  const code = languages.find((each) => name.toLowerCase().endsWith(`.${each}`));
  const prefix = code === undefined || code === own ? ownPrefix : `/${code}`;
  return { post, folders, name: code === undefined ? name : name.slice(0, -code.length - 1), prefix };
}

function addressOf(
  { post, folders, name, prefix }: ReturnType<typeof translationOf>,
  patterns: ReadonlyMap<string, string>,
  end: string,
): string | undefined {
  const pattern = patterns.get(folders[0] ?? '/');
  const slug = segment(post.slug ?? name);
  if (pattern === undefined) return [prefix, ...folders.map(segment), slug].join('/') + end;
  const title = segment(post.title);
  const values = {
    ...dayValues(post.ownDay),
    section: folders[0] ?? '',
    // Folders within a section are sections only if they have an _index.md.
    sections: folders[0] ?? '',
    title,
    slug: post.slug === undefined ? title : slug,
    ...Object.fromEntries(['filename', 'contentbasename'].map((token) => [token, segment(name)])),
    ...Object.fromEntries(['slugorfilename', 'slugorcontentbasename'].map((token) => [token, slug])),
  };
  return expand(joined(prefix, pattern, end), values);
}

function joined(prefix: string, pattern: string, end: string): string {
  return `${prefix}/${pattern.replace(/\/+$/, '')}${end}`;
}

/** What Hugo makes of a name: in lower case, blanks as hyphens, without most punctuation. */
function segment(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s._#+~@-]/gu, '')
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
