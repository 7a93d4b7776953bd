/** Astro: src/content/blog/name.md is /blog/name/, or wherever the page is that shows the collection. */
import { optional } from '../content/values.ts';
import { blogCollection, routeOf } from './astro-collections.ts';
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
const CONSTANTS = ['src/consts.ts', 'src/consts.js', 'src/consts.mjs'];

function find(files: Files): Found | undefined {
  const main = readScript(files, CONFIGS);
  if (!main) return undefined;
  const { name } = main;
  const constants = readScript(files, CONSTANTS);
  const [url, base] = [literal(main, 'site'), literal(main, 'base')];
  const hasBase = base?.startsWith('/') && base !== '/';
  const collection = blogCollection(files);
  const dir = collection?.folder ?? 'src/pages';
  const route = collection && routeOf(files, collection);
  const prefix = route?.path ?? '';
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
    notes: [
      ...(url === undefined
        ? [`${name} has no address as plain text behind "site:", and it is not run to find one`]
        : []),
      ...(route?.computed === undefined
        ? []
        : [
            `the posts are shown by ${route.computed}, which computes parts of their addresses: set content.permalink to what they look like before the first publish`,
          ]),
    ],
  };
}
