/** The table of generators: one row each. */
import { ASTRO } from './astro.ts';
import { ELEVENTY } from './eleventy.ts';
import { HUGO } from './hugo.ts';
import { BARE_JEKYLL, JEKYLL } from './jekyll.ts';
import { ConfigError } from './layout.ts';
import type { Files, Found, Layout } from './layout.ts';
import { ZOLA } from './zola.ts';

const MARKDOWN = /\.(?:md|markdown|mdown|mkdn?|mdx)$/i;
const SKIPPED = /^\.|^node_modules\/$/;
const DEEPEST = 6;

/** A folder of markdown that no generator has configured. */
export const PLAIN = {
  name: 'plain',
  find: (files: Files): Found => {
    const { dir, notes } = markdownFolder(files);
    const patterns = ['/posts/:slug/', '/posts/:filename/', '/:path/'];
    return { site: {}, dir, permalinks: () => patterns.map((permalink) => ({ permalink })), notes };
  },
  addressKey: 'permalink',
  post: {},
} as const satisfies Layout;

const USUAL = ['content', 'posts', 'blog'];

/** Where the markdown is: in a folder that is called like posts, or in the one that has most of it, or all over. */
function markdownFolder(files: Files): { dir: string; notes: string[] } {
  const here = files.names('.').filter((name) => MARKDOWN.test(name) && !/^readme\./i.test(name)).length;
  const folders = files
    .names('.')
    .filter((name) => name.endsWith('/') && !/^(?:[._]|node_modules|(?:feeds|drafts)\/)/i.test(name))
    .map((name) => ({ name: name.slice(0, -1), count: markdownIn(files, name.slice(0, -1)) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const usual = USUAL.find((name) => folders.some((each) => each.name === name));
  if (usual !== undefined || (here === 0 && folders.length === 0))
    return { dir: usual ?? 'content', notes: [] };
  const all = folders.reduce((sum, { count }) => sum + count, here);
  const [first] = folders;
  const isFirst = first !== undefined && first.count >= 0.8 * all;
  const seen = [
    ...folders.slice(0, 3).map(({ name, count }) => `${count} in ${name}`),
    `${here} beside them`,
  ];
  return {
    dir: isFirst ? first.name : '.',
    notes:
      folders.length === 0
        ? []
        : [
            `${all} files of markdown were seen, ${seen.join(', ')}: set content.dir if the posts are elsewhere`,
          ],
  };
}

/** How many files of markdown are below a folder, links left aside. */
function markdownIn(files: Files, folder: string, depth = 0): number {
  if (depth > DEEPEST) return 0;
  return files.names(folder).reduce((sum, name) => {
    if (SKIPPED.test(name)) return sum;
    if (name.endsWith('/')) return sum + markdownIn(files, `${folder}/${name.slice(0, -1)}`, depth + 1);
    return sum + (MARKDOWN.test(name) ? 1 : 0);
  }, 0);
}

/** In the order in which they are tried: Zola's config.toml is told from Hugo's by its base_url. */
export const LAYOUTS: readonly Layout[] = [ZOLA, HUGO, JEKYLL, ASTRO, ELEVENTY, BARE_JEKYLL];

/** The first layout that a folder is of, with what it says; undefined if it is of none. Throws ConfigError. */
export function recognise(files: Files): { layout: Layout; found: Found } | undefined {
  for (const layout of LAYOUTS) {
    const found = layout.find(files);
    if (found) return { layout, found: addressed(found, files) };
  }
  return undefined;
}

/** A folder that no generator has configured, after a look through all that is in it. */
export function plain(files: Files): { layout: Layout; found: Found } {
  const found = addressed(PLAIN.find(files), files);
  return { layout: PLAIN, found: { ...found, notes: [...sitesNote(files), ...found.notes] } };
}

/** A sentence about sites that are in folders of this one. */
function sitesNote(files: Files): string[] {
  const folders = files.names('.').filter((name) => name.endsWith('/') && !SKIPPED.test(name));
  return folders.slice(0, 100).flatMap((folder) => {
    const inside: Files = {
      text: (path) => files.text(folder + path),
      names: (path) => files.names(path === '.' ? folder.slice(0, -1) : folder + path),
    };
    const site = quietly(() => recognise(inside));
    if (site?.found.config === undefined) return [];
    const { layout, found } = site;
    return [
      `${folder.slice(0, -1)} is the folder of a site of ${layout.name} (${folder}${found.config}): run "feedwright init" there`,
    ];
  });
}

function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** With the address that GitHub Pages is told, if the site names none itself. */
function addressed(found: Found, files: Files): Found {
  if (found.site.url !== undefined) return found;
  const host = ['CNAME', 'static/CNAME', 'public/CNAME', 'src/CNAME']
    .map((name) => files.text(name)?.trim().split(/\s/)[0])
    .find((text) => text !== undefined && /^[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(text));
  return host === undefined ? found : { ...found, site: { ...found.site, url: `https://${host}/` } };
}
