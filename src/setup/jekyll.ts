/** Jekyll: _posts/2026-05-17-name.md is /categories/2026/05/17/name.html, unless `permalink` says otherwise. */
import { optional } from '../content/values.ts';
import { authorOf, mapOf, readConfig, textAt } from './generator-config.ts';
import type { Data } from './generator-config.ts';
import type { Files, Found, Layout, Written } from './layout.ts';
import { JEKYLL_STYLES } from '../publish/generators.ts';
import { dayValues, expand, lostIn, lostNote, undatedName, verbatim } from './patterns.ts';

export const JEKYLL: Layout = {
  name: 'Jekyll',
  find,
  feed: '/feed.xml',
  addressKey: 'permalink',
  // A draft of Jekyll's is a file in another folder; `draft: true` means nothing to it.
  post: { dated: true, draft: 'published: false', also: ['layout: post'] },
};

/** Jekyll does without a configuration; but so do others that have a folder like its own. */
export const BARE_JEKYLL: Layout = {
  ...JEKYLL,
  find: (files) => foundBy(files, { name: '_posts', data: {} }),
};

const CONFIGS = ['_config.yml', '_config.yaml', '_config.toml'];

/** What Jekyll has another word for. */
const OURS: Record<string, string> = {
  collection: 'posts',
  name: ':slug',
  slugified_categories: ':categories',
};

function find(files: Files): Found | undefined {
  const main = readConfig(files, CONFIGS);
  return main && foundBy(files, main);
}

function foundBy(files: Files, { name, data }: { name: string; data: Data }): Found | undefined {
  const hasPosts = (folder: string): boolean => files.names(folder).length > 0;
  const source = textAt(data, 'source');
  const within = [textAt(data, 'collections_dir'), '_posts'];
  const named = joined(source, ...within);
  const usual = [named, joined(...within), joined('src', ...within)].find(hasPosts);
  const nested = usual === undefined && CONFIGS.includes(name) ? nestedPosts(files, source ?? '.') : [];
  const dir = usual ?? nested[0]?.dir;
  if (dir === undefined) return undefined;
  const [url, path] = [textAt(data, 'url'), textAt(data, 'baseurl')];
  const written = permalinkOf(
    data,
    joined(dir.slice(source === undefined || source === '.' ? 0 : source.length)),
  );
  const pattern = (JEKYLL_STYLES.get(written) ?? written)
    .replace(/:([a-z_]+)/g, (token, word: string) => (Object.hasOwn(OURS, word) ? OURS[word]! : token))
    // Folders around _posts are categories.
    .replace(/:categories\b/, `${nested[0]?.categories ?? ''}:categories`);
  return {
    config: name,
    site: {
      ...optional('title', textAt(data, 'title') ?? textAt(data, 'name')),
      ...optional('url', url && (path ? `${url}/${path}/`.replace(/(?<!:)\/{2,}/g, '/') : url)),
      ...optional('description', textAt(data, 'description')),
      ...optional('language', (textAt(data, 'lang') ?? textAt(data, 'locale'))?.replace(/_/g, '-')),
      ...optional('timezone', textAt(data, 'timezone')),
      ...authorOf(data['author']),
    },
    dir,
    permalinks: () => [{ permalink: verbatim(pattern) ?? '/:categories/:title/', generator: 'jekyll' }],
    address: (post) => addressOf(post, pattern),
    notes: [
      ...lostNote('Jekyll', lostIn(pattern)),
      ...(nested.length > 1
        ? [
            `there are posts in ${nested
              .slice(0, 3)
              .map((each) => each.dir)
              .join(
                ', ',
              )}${nested.length > 3 ? ` and ${nested.length - 3} more` : ''}, and one folder can be read: set content.dir to another if you want that`,
          ]
        : []),
      ...(dir === named || nested.length > 0
        ? []
        : [`${name} has posts in ${named}, where there are none: those in ${dir} are read`]),
      `Jekyll copies what it does not know into the site: add feedwright.yml and feeds to exclude in ${CONFIGS.includes(name) ? name : CONFIGS[0]}`,
    ],
  };
}

/** Folders of posts within others, the fullest first, with the categories that these stand for, each with a `/` behind it. */
function nestedPosts(files: Files, source: string): { dir: string; categories: string }[] {
  const below = (folder: string, depth: number): string[] =>
    files.names(folder).flatMap((each) => {
      if (!each.endsWith('/') || /^(?:[._]|node_modules\/)/.test(each)) return [];
      const inside = folder === '.' ? each.slice(0, -1) : `${folder}/${each.slice(0, -1)}`;
      return [inside, ...(depth > 1 ? below(inside, depth - 1) : [])];
    });
  return below(source, 2)
    .map((folder) => ({ folder, count: files.names(`${folder}/_posts`).length }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .map(({ folder }) => ({
      dir: `${folder}/_posts`,
      categories: `${(source === '.' ? folder : folder.slice(source.length + 1)).toLowerCase()}/`,
    }));
}

function joined(...parts: (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== '.')
    .join('/')
    .replace(/^\.\/|(?<=\/)\/+/g, '');
}

/** The pattern of posts in a folder: defaults in front matter's place go first, then the collection's, then the site's. */
function permalinkOf(data: Data, dir: string): string {
  const folderOf = (each: unknown): string => joined(textAt(each, 'scope', 'path')).replace(/^\/+|\/+$/g, '');
  const defaults = Array.isArray(data['defaults']) ? (data['defaults'] as unknown[]) : [];
  const ofPosts = defaults
    .filter(
      (each) =>
        (textAt(each, 'scope', 'type') ?? 'posts') === 'posts' &&
        (folderOf(each) === '' || `${dir.replace(/^\/+/, '')}/`.startsWith(`${folderOf(each)}/`)),
    )
    // Of the longer path, as Jekyll has it.
    .sort((a, b) => folderOf(a).length - folderOf(b).length)
    .map((each) => textAt(each, 'values', 'permalink'));
  const collection = textAt(mapOf(data['collections'])['posts'], 'permalink');
  return ofPosts.findLast(Boolean) ?? collection ?? textAt(data, 'permalink') ?? 'date';
}

function addressOf(post: Written, pattern: string): string | undefined {
  const { slug = undatedName(post), categories, day } = post;
  return expand(pattern, {
    ...dayValues(day),
    title: trimmed(slug.replace(/[^\p{M}\p{L}\p{Nd}._~!$&'()+,;=@]+/gu, '-')),
    slug: segment(slug),
    path: post.path.replace(/\.[^./]+$/, ''),
    output_ext: '.html',
    categories: categories.join('/').toLowerCase(),
  });
}

function segment(text: string): string {
  return trimmed(text.toLowerCase().replace(/[^\p{M}\p{L}\p{Nd}]+/gu, '-'));
}

function trimmed(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}
