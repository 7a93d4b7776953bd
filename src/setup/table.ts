/** The table of generators: one row each. */
import { ASTRO } from './astro.ts';
import { ELEVENTY } from './eleventy.ts';
import { HUGO } from './hugo.ts';
import { JEKYLL } from './jekyll.ts';
import type { Files, Found, Layout } from './layout.ts';
import { ZOLA } from './zola.ts';

const MARKDOWN = /\.(?:md|markdown|mdown|mkdn?|mdx)$/i;

/** A folder of markdown that no generator has configured. */
export const PLAIN = {
  name: 'plain',
  find: (files: Files): Found => {
    const hasPosts = (folder: string): boolean =>
      files.names(folder).some((name) => MARKDOWN.test(name) || name.endsWith('/'));
    const isHere = files.names('.').some((name) => MARKDOWN.test(name) && !/^readme\./i.test(name));
    const dir = ['content', 'posts', 'blog'].find(hasPosts) ?? (isHere ? '.' : 'content');
    return { site: {}, dir, permalinks: () => [{ permalink: '/posts/:slug/' }], notes: [] };
  },
  addressKey: 'permalink',
  post: {},
} as const satisfies Layout;

/** In the order in which they are tried: Zola's config.toml is told from Hugo's by its base_url. */
export const LAYOUTS: readonly Layout[] = [ZOLA, HUGO, JEKYLL, ASTRO, ELEVENTY];

/** The first layout that a folder is of, with what it says; a plain folder if it is of none. Throws ConfigError. */
export function recognise(files: Files): { layout: Layout; found: Found } {
  for (const layout of LAYOUTS) {
    const found = layout.find(files);
    if (found) return { layout, found };
  }
  return { layout: PLAIN, found: PLAIN.find(files) };
}
