/** Eleventy: posts/name.md is /posts/name/, unless the folder's data file says otherwise. */
import { optional } from '../content/values.ts';
import { authorOf, literal, readConfig, readScript, textAt } from './generator-config.ts';
import type { Files, Found, Layout, SiteWords, Written } from './layout.ts';
import { byFolder, expand, lostNote, placeOf, translate, undatedName } from './patterns.ts';

export const ELEVENTY: Layout = {
  name: 'Eleventy',
  find,
  feed: '/feed/feed.xml',
  addressKey: 'permalink',
  post: {},
};

const CONFIGS = [
  '.eleventy.js',
  ...['js', 'mjs', 'cjs', 'ts', 'mts'].map((each) => `eleventy.config.${each}`),
];
const FOLDERS = ['posts', 'blog', 'post', 'articles', 'writing', 'notes'];

function find(files: Files): Found | undefined {
  const main = readScript(files, CONFIGS);
  if (!main) return undefined;
  const set = literal(main, 'setInputDirectory');
  const input = (literal(main, 'input') ?? set ?? '.').replace(/^\.\/|\/+$/g, '') || '.';
  const within = input === '.' ? '' : `${input}/`;
  const section = FOLDERS.find((folder) => files.names(`${within}${folder}`).length > 0);
  const dir = section === undefined ? input : `${within}${section}`;
  const prefix = section === undefined ? '' : `/${section}`;
  const pattern = folderPattern(files, dir, prefix);
  const made = pattern === undefined ? undefined : translate(pattern, { path: ':path', slug: ':slug' });
  return {
    config: main.name,
    site: metadata(files, within),
    dir,
    permalinks: (folder) => (made ? [made.pattern] : byFolder(folder, prefix)),
    address: (post) => addressOf(post, pattern ?? `${prefix}/:path/`, pattern === undefined),
    notes: [
      ...lostNote('Eleventy', made?.lost ?? []),
      ...(input === '.'
        ? ['Eleventy takes every page in its folder for a template: add feeds to .eleventyignore']
        : []),
    ],
  };
}

/** The permalink of a folder's data file, as tokens; undefined if it has none as plain text. */
function folderPattern(files: Files, dir: string, prefix: string): string | undefined {
  const stem = `${dir}/${dir.split('/').at(-1)}`;
  const names = ['.json', '.11tydata.json', '.11tydata.js', '.11tydata.mjs', '.11tydata.cjs'];
  const script = readScript(
    files,
    names.map((end) => stem + end),
  );
  const written = literal(script, 'permalink');
  return written
    ?.replace(/\{\{-?\s*(?:page\.)?fileSlug\s*(?:\|\s*slug(?:ify)?\s*)?-?\}\}/g, ':slug')
    .replace(/\{\{-?\s*page\.filePathStem\s*-?\}\}/g, `${prefix}/:path`)
    .replace(/\{\{.*?\}\}/g, ':template')
    .replace(/\/index\.html$/, '/');
}

function addressOf(post: Written, pattern: string, isDefault: boolean): string | undefined {
  const { folders, name } = placeOf(post);
  const isFolder = /(?:^|\/)index\.[^./]+$/i.test(post.path);
  // Where a file is called like its folder, one of them is enough; templates go without the date of a file's name.
  const last = isDefault ? (folders.at(-1) === name ? [] : [name]) : [isFolder ? name : undatedName(post)];
  return expand(pattern, { path: [...folders, ...last].join('/'), slug: undatedName(post) });
}

/** What sites keep for their own templates, by custom, in _data. */
function metadata(files: Files, within: string): SiteWords {
  const stems = ['_data/', `${within}_data/`].flatMap((folder) => [`${folder}metadata`, `${folder}site`]);
  const json = readConfig(
    files,
    stems.map((stem) => `${stem}.json`),
  )?.data;
  const script = readScript(
    files,
    stems.flatMap((stem) => ['js', 'mjs', 'cjs'].map((end) => `${stem}.${end}`)),
  );
  // What stands in the author's map is not the site's.
  const [whole = '', inside = ''] = /\bauthor\s*:\s*\{([^}]*)\}/.exec(script?.code ?? '') ?? [];
  const rest = script?.code.replace(whole, '');
  const read = (key: string): string | undefined => textAt(json, key) ?? literal(script, key, rest);
  const person = Object.fromEntries(
    ['name', 'email', 'url'].map((key) => [key, literal(script, key, inside)]),
  );
  return {
    ...optional('title', read('title') ?? read('name')),
    ...optional('url', read('url')),
    ...optional('description', read('description')),
    ...optional('language', read('language') ?? read('lang')),
    ...authorOf(json?.['author'], person, literal(script, 'author', rest)),
  };
}
