/** Where the links from one file to another lead. */
import { isSection } from '../content/links.ts';
import type { Identified, Site } from './feed.ts';
import { rulesOf, withoutLanguage } from './generators.ts';
import { onSite } from './permalinks.ts';
import type { Permalinks } from './permalinks.ts';

/** The posts with the addresses of all that they link to; `addressOf` knows those of posts, by their files. */
export function withLinks(
  posts: readonly Identified[],
  addressOf: (path: string) => string | undefined,
  permalink: Permalinks,
  site: Site,
): Identified[] {
  const found = (path: string): string | undefined =>
    isSection(path) ? sectionAddress(path, permalink, site) : addressOf(path);
  return posts.map((each) => {
    if (!each.post.links) return each;
    const links = each.post.links.flatMap((path) => {
      const address = found(path);
      return address === undefined ? [] : [[path, address] as const];
    });
    return { ...each, links: Object.fromEntries(links) };
  });
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
