/** Astro: src/content/blog/name.md is /blog/name/, or wherever the page is that shows the collection. */
import { optional } from '../content/values.ts';
import { literal, readScript } from './generator-config.ts';
import { rulesOf } from '../publish/generators.ts';
import type { Files, Found, Layout } from './layout.ts';
import { byFolder, byPath, placeOf } from './patterns.ts';

export const ASTRO: Layout = {
  name: 'Astro',
  find,
  feed: '/rss.xml',
  addressKey: 'permalink',
  // Astro's own blog refuses posts that have no pubDate or no description.
  post: { date: 'pubDate', also: ["description: ''"] },
};

const CONFIGS = ['mjs', 'js', 'ts', 'mts', 'cjs', 'cts'].map((extension) => `astro.config.${extension}`);
const COLLECTIONS = ['blog', 'posts', 'post'].flatMap((name) => [`src/content/${name}`, `src/data/${name}`]);
const CONSTANTS = ['src/consts.ts', 'src/consts.js', 'src/consts.mjs'];

function find(files: Files): Found | undefined {
  const main = readScript(files, CONFIGS);
  if (!main) return undefined;
  const { name } = main;
  const constants = readScript(files, CONSTANTS);
  const [url, base] = [literal(main, 'site'), literal(main, 'base')];
  const hasBase = base?.startsWith('/') && base !== '/';
  const collection = COLLECTIONS.find((folder) => files.names(folder).length > 0);
  const dir = collection ?? 'src/pages';
  const prefix = collection === undefined ? '' : routeOf(files, collection);
  const end = literal(main, 'trailingSlash') === 'never' || literal(main, 'format') === 'file' ? '' : '/';
  return {
    config: name,
    site: {
      ...optional('title', literal(constants, 'SITE_TITLE')),
      ...optional('url', url && (hasBase ? `${url.replace(/\/+$/, '')}${base}` : url)),
      ...optional('description', literal(constants, 'SITE_DESCRIPTION')),
      ...optional('language', literal(main, 'defaultLocale')),
    },
    dir,
    permalinks: (section) => [byPath('astro', prefix, end), ...byFolder(section, prefix, end)],
    address: (post) => {
      const { folders, name: last } = placeOf(post);
      if (collection === undefined) return `/${[...folders, last].join('/')}${end}`;
      return `${prefix}/${post.slug ?? [...folders, last].map(rulesOf('astro').segment).join('/')}${end}`;
    },
    notes:
      url === undefined
        ? [`${name} has no address as plain text behind "site:", and it is not run to find one`]
        : [],
  };
}

/** The path of the page that shows a collection's posts: the folder of `[...slug].astro` and its like. */
function routeOf(files: Files, collection: string): string {
  const own = collection.split('/').at(-1)!;
  const routes: string[] = [];
  const walk = (folder: string): void => {
    for (const name of files.names(`src/pages${folder}`)) {
      if (/^\[[^/]*\]\/$/.test(name)) continue;
      if (name.endsWith('/')) walk(`${folder}/${name.slice(0, -1)}`);
      else if (/^\[(?:\.\.\.)?(?:slug|id|path|post)\]\.astro$/.test(name)) routes.push(folder);
    }
  };
  walk('');
  const named = `/${own}`;
  return routes.includes(named) || routes.length === 0 ? named : routes[0]!;
}
