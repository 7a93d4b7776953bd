/** Astro's collections: which folder the posts are in, and which page shows them. Nothing is run to find out. */
import { readScript } from './generator-config.ts';
import type { Script } from './generator-config.ts';
import type { Files } from './layout.ts';

export interface Collection {
  /** As pages ask for it. */
  name: string;
  folder: string;
}

const USUAL = ['blog', 'posts', 'post', 'articles', 'writing', 'notes'];
const EXTENSIONS = ['ts', 'mts', 'js', 'mjs'];

/** The collection that is most likely the blog, if there is one. */
export function blogCollection(files: Files): Collection | undefined {
  const stems = ['src/content.config', 'src/content/config'];
  const script = readScript(
    files,
    stems.flatMap((stem) => EXTENSIONS.map((extension) => `${stem}.${extension}`)),
  );
  const configured = script ? collectionsIn(script) : [];
  const byCustom = USUAL.flatMap((name) =>
    ['src/content', 'src/data'].map((folder) => ({ name, folder: `${folder}/${name}` })),
  );
  const all = [...configured, ...byCustom].filter(({ folder }) => files.names(folder).length > 0);
  return USUAL.flatMap((name) => all.filter((each) => each.name === name))[0] ?? all[0];
}

/** Those that `defineCollection` makes of a folder: by `glob({ base })`, else the one in src/content with their name. */
function collectionsIn({ code, strings }: Script): Collection[] {
  const parts = code.split(/\bdefineCollection\s*\(/);
  return parts.slice(1).flatMap((part, at) => {
    const variable = /(\w+)\s*[:=]\s*$/.exec(parts[at]!)?.[1];
    if (variable === undefined) return [];
    const exported = new RegExp(`\\bcollections\\b[^]*?(\\w+)\\s*:\\s*${variable}\\b`).exec(code)?.[1];
    const name = exported ?? variable;
    if (!/\bloader\s*:/.test(part)) return [{ name, folder: `src/content/${name}` }];
    const base = /\bbase\s*:\s*'(\d+)'/.exec(part)?.[1];
    const folder = base && strings[Number(base)]!.replace(/^(?:\.?\/)+|\/+$/g, '');
    return folder ? [{ name, folder }] : [];
  });
}

/** The path of the page that shows a collection's posts, and what its file is if parts of the path are computed. */
export function routeOf(files: Files, { name, folder }: Collection): { path: string; computed?: string } {
  const own = folder.split('/').at(-1)!;
  const routes: { path: string; asks: boolean }[] = [];
  const asking = new RegExp(`getCollection\\(\\s*["'\`]${name}["'\`]`);
  const walk = (at: string): void => {
    for (const entry of files.names(`src/pages${at}`)) {
      if (entry.endsWith('/')) walk(`${at}/${entry.slice(0, -1)}`);
      else if (/^\[(?:\.\.\.)?(?:slug|id|path|post|entry|article)\]\.astro$/.test(entry)) {
        const asks = asking.test(files.text(`src/pages${at}/${entry}`) ?? '');
        routes.push({ path: `${at}/${entry}`, asks });
      }
    }
  };
  walk('');
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
  // A rest parameter may be empty: that is how sites without a language in the path are made.
  const plain = (path: string): string => folderOf(path).replace(/\/\[\.\.\.[^\]]*\]/g, '');
  const known = routes.filter(({ path }) => !/\[/.test(plain(path)));
  const best =
    known.find(({ path }) => [`/${name}`, `/${own}`].includes(plain(path))) ??
    known.find(({ asks }) => asks) ??
    (routes.some(({ asks }) => asks) ? undefined : known[0]);
  if (best) return { path: plain(best.path) };
  const computed = routes.find(({ asks }) => asks)?.path;
  return { path: `/${own}`, ...(computed !== undefined && { computed: `src/pages${computed}` }) };
}
