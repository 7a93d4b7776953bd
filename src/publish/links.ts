/** Where the links from one post to another lead. */
import { isSection } from '../content/links.ts';
import { POST } from '../content/path.ts';
import { isReference } from '../content/references.ts';
import type { Identified, Site } from './feed.ts';
import { rulesOf, withoutLanguage } from './generators.ts';
import { onSite } from './permalinks.ts';
import type { Permalinks } from './permalinks.ts';

/** Where posts are, by their files. */
export interface Places {
  addressOf: (path: string) => string | undefined;
  /** All paths that have an address. */
  paths: () => Iterable<string>;
  /** The content folder: names may be counted from above it. */
  folder: string;
}

/** The posts with the addresses of all that they link to. */
export function withLinks(
  posts: readonly Identified[],
  places: Places,
  permalink: Permalinks,
  site: Site,
): Identified[] {
  const meant = createFinder(places, permalink);
  const found = (link: string, from: string): string | undefined => {
    const path = isReference(link) ? meant(link, from) : link;
    if (path === undefined) return undefined;
    return isSection(path) ? sectionAddress(path, permalink, site) : places.addressOf(path);
  };
  return posts.map((each) => {
    if (!each.post.links) return each;
    const links = each.post.links.flatMap((link) => {
      const address = found(link, each.post.path);
      return address === undefined ? [] : [[link, address] as const];
    });
    return Object.assign({}, each, { links: Object.fromEntries(links) });
  });
}

/** Says of a link whether it may lead elsewhere, or nowhere, when posts come to these paths, go, or get another address. */
export function mayMove(paths: readonly string[], permalink: Permalinks): (link: string) => boolean {
  const languages = languagesOf(permalink);
  const moved = new Set(paths);
  const names = new Set(paths.map((path) => targetOf(path, languages).last));
  return (link) => (isReference(link) ? names.has(targetOf(link, languages).last) : moved.has(link));
}

/** A post as references know it. */
interface Target {
  path: string;
  /** Its path without language, extension and `/index`; the last part of that; and its language if it is a translation. */
  name: string;
  last: string;
  translation: string | undefined;
}

function targetOf(path: string, languages: readonly string[]): Target {
  const { path: plain, translation } = withoutLanguage(path.replace(/^\/+/, ''), languages);
  const bare = POST.test(plain) ? plain.replace(/\.[^.]+$/, '') : plain;
  const name = bare.replace(/\/index$/i, '').toLowerCase();
  return { path, name, last: name.slice(name.lastIndexOf('/') + 1), translation };
}

/**
 * Finds the file that is referred to by a name: of those whose path ends with it, in the language of the post that refers to it, the
 * one beside that post, else the one with just this path, else the only one.
 */
function createFinder(
  { paths, folder }: Places,
  permalink: Permalinks,
): (reference: string, from: string) => string | undefined {
  const languages = languagesOf(permalink);
  let byLast: Map<string, Target[]> | undefined;
  const index = (): Map<string, Target[]> => {
    const targets = new Map<string, Target[]>();
    for (const path of [...paths()].sort()) {
      const target = targetOf(path, languages);
      const others = targets.get(target.last);
      if (others) others.push(target);
      else targets.set(target.last, [target]);
    }
    return targets;
  };
  return (reference, from) => {
    const wanted = targetOf(reference, languages);
    const own = targetOf(from, languages);
    const language = wanted.translation ?? own.translation;
    const targets = ((byLast ??= index()).get(wanted.last) ?? []).filter(
      ({ translation }) => translation === language,
    );
    const beside = own.name.slice(0, own.name.lastIndexOf('/') + 1);
    for (const name of [wanted.name, below(folder, wanted.name)]) {
      const meant = targets.filter((target) => `/${target.name}`.endsWith(`/${name}`));
      const best =
        meant.find((target) => target.name === beside + name) ?? meant.find((target) => target.name === name);
      // Of several that are as good none is meant.
      if (meant.length > 0) return (best ?? (meant.length === 1 ? meant[0] : undefined))?.path;
    }
    return undefined;
  };
}

/** A name that begins with folders that the content folder is in, counted from the content folder. */
function below(folder: string, name: string): string {
  const above = folder.toLowerCase().split(/[\\/]/);
  const parts = name.split('/');
  for (let count = parts.length - 1; count > 0; count--)
    if (above.slice(-count).join('/') === parts.slice(0, count).join('/'))
      return parts.slice(count).join('/');
  return name;
}

function languagesOf(permalink: Permalinks): readonly string[] {
  return (typeof permalink === 'string' ? undefined : permalink.languages) ?? [];
}

/** Zola's `posts/_index.md` is at `/posts/`. */
function sectionAddress(file: string, permalink: Permalinks, site: Site): string {
  const { generator, languages } = typeof permalink === 'string' ? {} : permalink;
  const { path, translation } = withoutLanguage(file, languages);
  const { segment, encode } = rulesOf(generator);
  const folders = path.split('/').slice(0, -1).map(segment);
  const parts = [...(translation === undefined ? [] : [translation]), ...folders];
  return onSite(site, parts.map((part) => `${encode(part)}/`).join(''));
}
