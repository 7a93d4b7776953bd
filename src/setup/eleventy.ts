/** Eleventy: posts/name.md is /posts/name/, unless the folder's data file says otherwise. */
import { optional } from '../content/values.ts';
import { authorOf, literal, readConfig, readScript, textAt } from './generator-config.ts';
import type { Script } from './generator-config.ts';
import type { Files, Found, Layout, SiteWords, Written } from './layout.ts';
import { asPattern, givenPermalink } from './eleventy-permalink.ts';
import type { Given } from './eleventy-permalink.ts';
import { byFolder, byPath, placeOf, verbatim } from './patterns.ts';

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
const URLS = ['url', 'baseUrl', 'baseURL', 'siteUrl', 'siteURL'];
const FOLDERS = ['posts', '_posts', 'blog', 'post', 'articles', 'writing', 'notes'];

/** What folders of templates are called where the configuration does not say it in so many words. */
const INPUTS = ['src', 'content', 'site', 'source'];

function find(files: Files): Found | undefined {
  const main = mainScript(files);
  if (!main) return undefined;
  const written = literal(main, 'input') ?? literal(main, 'setInputDirectory');
  const computed = written === undefined && /\binput\s*:|\bsetInputDirectory\(/.test(main.code);
  const guessed = computed ? INPUTS.find((folder) => files.names(folder).length > 0) : undefined;
  const input = (written ?? guessed ?? '.').replace(/^\.\/|\/+$/g, '') || '.';
  const within = input === '.' ? '' : `${input}/`;
  const [section, ...others] = FOLDERS.filter((folder) => files.names(`${within}${folder}`).length > 0);
  const dir = section === undefined ? input : `${within}${section}`;
  const prefix = section === undefined ? '' : `/${section}`;
  const given = givenPermalink(files, main, input, dir) ?? globalPermalink(main);
  const made = given?.template === undefined ? undefined : asPattern(given.template, prefix);
  const pattern = made && verbatim(made.pattern);
  return {
    config: main.name,
    site: metadata(files, within),
    dir,
    permalinks: (folder) =>
      pattern === undefined
        ? [byPath('eleventy', prefix), ...byFolder(folder, prefix)]
        : [{ permalink: pattern, generator: 'eleventy' }],
    ...(given === undefined && { address: (post: Written) => addressOf(post, prefix) }),
    notes: [
      ...(guessed === undefined
        ? []
        : [`${main.name} computes its input folder, and ${guessed} is taken for it: else set content.dir`]),
      ...(others.length === 0
        ? []
        : [
            `there may be posts in ${others.map((folder) => within + folder).join(', ')}, too: set content.dir to ${input} to read them all`,
          ]),
      ...permalinkNote(given, made),
      ...(input === '.'
        ? ['Eleventy takes every page in its folder for a template: add feeds to .eleventyignore']
        : []),
    ],
  };
}

/** The configuration, wherever a script of package.json says it is; a site may do without any. */
function mainScript(files: Files): Script | undefined {
  const manifest = files.text('package.json') ?? '';
  const named = /\beleventy\b[^"&|;]*?--config[= ]([\w./-]+)/.exec(manifest)?.[1];
  const script = readScript(files, [...(named === undefined ? [] : [named]), ...CONFIGS]);
  if (script ?? !/"@11ty\/eleventy"\s*:/.test(manifest)) return script;
  return { name: 'package.json', code: '', strings: [] };
}

/** One that the configuration gives all pages; markdown-it-anchor has a setting of that name, too. */
function globalPermalink(main: Script): Given | undefined {
  const template = literal(main, 'permalink');
  return template !== undefined && /^\/|\{\{/.test(template) ? { file: main.name, template } : undefined;
}

/** A sentence about a permalink that can only be found by running something. */
function permalinkNote(given: Given | undefined, made: ReturnType<typeof asPattern> | undefined): string[] {
  if (given === undefined || (made && made.lost.length === 0 && verbatim(made.pattern) !== undefined))
    return [];
  const what = made ? `with ${made.lost.join(' and ') || 'one address for all'}` : 'by a program';
  return [
    `Eleventy makes the addresses of posts ${what}, in ${given.file}, and that is not run to find them: set content.permalink to what they look like, such as /blog/:year/:month/:slug/, before the first publish`,
  ];
}

function addressOf(post: Written, prefix: string): string | undefined {
  const { folders, name } = placeOf(post);
  const isIndex = /(?:^|\/)index\.[^./]+$/i.test(post.path);
  // Where a file is called like its folder, one of them is enough.
  const last = folders.at(-1) === name && !isIndex ? [] : [name];
  return `${[prefix, ...folders, ...last].join('/')}/`;
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
    ...optional('url', URLS.map(read).find(Boolean)),
    ...optional('description', read('description')),
    ...optional('language', read('language') ?? read('lang')),
    ...authorOf(json?.['author'], person, literal(script, 'author', rest)),
  };
}
