/** Which URL each post has: decided for all posts together, since no two may share one. */
import type { Post, Problem } from '../content/post.ts';
import { tidy } from '../content/urls.ts';
import type { Placed, Site } from './feed.ts';
import { namesOf, rulesOf, wholeOf, withoutLanguage } from './generators.ts';
import type { Generator, Named } from './generators.ts';
import { filledIn } from './placeholders.ts';

/**
 * How permalinks are made: a pattern for all posts, or one for each folder (`/` for the rest), by the rules of a generator. The names
 * of translated files end with one of `languages`, of which the first is that of all others.
 */
export type Permalinks =
  | string
  | { patterns: Readonly<Record<string, string>>; generator?: Generator; languages?: readonly string[] };

/**
 * Gives every post its permalink. Of two posts with one the first keeps it: the one whose file `had` it when it was last
 * published, else the older; the other gets one made from its whole path. `contested` are the paths of both.
 */
export function place(
  posts: readonly Post[],
  site: Site,
  permalink: Permalinks,
  had: (path: string) => string | undefined = () => undefined,
): { placed: Placed[]; problems: Problem[]; contested: ReadonlySet<string> } {
  const placed: Placed[] = [];
  const problems: Problem[] = [];
  const contested = new Set<string>();
  const byUrl = new Map<string, Post>();
  const wanting = posts.map((post) => {
    const url = wantedPermalink(post, site, permalink);
    return { post, url, rank: had(post.path) === url ? 0 : 1 };
  });
  wanting.sort(
    (a, b) => a.rank - b.rank || a.post.published - b.post.published || (a.post.path < b.post.path ? -1 : 1),
  );
  for (const { post, url: wanted } of wanting) {
    let url = wanted;
    const sameUrl = byUrl.get(url);
    if (sameUrl) {
      contested.add(post.path).add(sameUrl.path);
      url = onSite(site, `${encodePath(folderOf(post.path))}/`);
      if (byUrl.has(url)) url = onSite(site, `${encodePath(post.path)}/`);
      problems.push({
        level: 'warning',
        file: post.path,
        line: 1,
        rule: 'duplicate-permalink',
        message: `its permalink ${wanted} is that of ${sameUrl.path}, which had it first and keeps it; ${url} stands in`,
      });
    }
    byUrl.set(url, post);
    placed.push({ post, url });
  }
  return { placed, problems, contested };
}

/** Posts are never changed: each one's own permalink is made once for the same site and setting. */
const known = new WeakMap<Post, { site: string; permalink: Permalinks; url: string }>();

/** The permalink that a post asks for. */
export function wantedPermalink(post: Post, site: Site, permalink: Permalinks): string {
  const where = `${site.url} ${site.timezone}`;
  const before = known.get(post);
  if (before?.site === where && before.permalink === permalink) return before.url;
  const url = made(post, site, permalink);
  known.set(post, { site: where, permalink, url });
  return url;
}

function made(post: Post, site: Site, permalink: Permalinks): string {
  const { patterns, generator, languages }: Exclude<Permalinks, string> =
    typeof permalink === 'string' ? { patterns: { '/': permalink } } : permalink;
  const rules = rulesOf(generator);
  const whole = wholeOf(post, rules);
  if (whole && /^https?:\/\//i.test(whole) && URL.canParse(whole)) return tidy(new URL(whole).href);
  const named = namesOf(post, languages);
  const fill = (pattern: string): string => filledIn(pattern, named, rules, site.timezone);
  if (whole !== undefined) return onSite(site, rules.whole(whole, fill));
  const { translation } = withoutLanguage(post.path, languages);
  const path = fill(patternFor(named, patterns));
  return onSite(site, translation === undefined ? path : `${translation}/${path.replace(/^\/+/, '')}`);
}

/** Where posts are that no pattern is given for. */
const REST = '/:path/';

/** The pattern of the longest of the folders that a post is in. */
function patternFor({ folders }: Named, patterns: Readonly<Record<string, string>>): string {
  for (let depth = folders.length; depth > 0; depth--) {
    const folder = folders.slice(0, depth).join('/');
    if (Object.hasOwn(patterns, folder)) return patterns[folder]!;
  }
  return patterns['/'] ?? REST;
}

/** A path below the site's address. */
export function onSite(site: Site, path: string): string {
  const relative = path.replace(/^[/\\]+/, '');
  // As a path segment, so that text like `a:b` or `//x` is not taken for another address.
  const url = tidy(new URL(`./${relative}`, site.url).href);
  return url.startsWith(site.url) ? url : new URL(`./${encodeURIComponent(relative)}`, site.url).href;
}

/** What a post's page would be in: of `name/index.md` it is the folder `name`, where its pictures are. */
function folderOf(path: string): string {
  return path.replace(/\.[^./]+$/, '').replace(/(?<=[^/])\/index$/i, '');
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
