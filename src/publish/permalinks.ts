/** Which URL each post has: decided for all posts together, since no two may share one. */
import { dayIn } from '../content/dates.ts';
import type { Post, Problem } from '../content/post.ts';
import type { Placed, Site } from './feed.ts';

/**
 * Gives every post its permalink. Of two posts with one the first keeps it: the one whose file `had` it when it was last
 * published, else the older; the other gets one made from its whole path. `contested` are the paths of both. `pattern` knows :year :month :day :slug :path.
 */
export function place(
  posts: readonly Post[],
  site: Site,
  pattern: string,
  had: (path: string) => string | undefined = () => undefined,
): { placed: Placed[]; problems: Problem[]; contested: ReadonlySet<string> } {
  const placed: Placed[] = [];
  const problems: Problem[] = [];
  const contested = new Set<string>();
  const byUrl = new Map<string, Post>();
  const wanting = posts.map((post) => {
    const url = wantedPermalink(post, site, pattern);
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
      url = onSite(site, `${encodePath(withoutExtension(post.path))}/`);
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

/** Posts are never changed: each one's own permalink is made once for the same site and pattern. */
const permalinks = new WeakMap<Post, { key: string; url: string }>();

function wantedPermalink(post: Post, site: Site, pattern: string): string {
  const key = `${site.url} ${site.timezone} ${pattern}`;
  const known = permalinks.get(post);
  if (known?.key === key) return known.url;
  const url = permalink(post, site, pattern);
  permalinks.set(post, { key, url });
  return url;
}

function permalink(post: Post, site: Site, pattern: string): string {
  if (post.permalink && /^https?:\/\//i.test(post.permalink) && URL.canParse(post.permalink))
    return new URL(post.permalink).href;
  const [year, month, day] = dayIn(site.timezone, post.published).split('-') as [string, string, string];
  const path = withoutExtension(post.path).replace(/\/index$/i, '');
  const parts: Record<string, string> = {
    year,
    month,
    day,
    slug: encodeURIComponent(post.slug),
    path: encodePath(path),
  };
  const made =
    post.permalink ?? pattern.replace(/:(year|month|day|slug|path)\b/g, (_, name: string) => parts[name]!);
  return onSite(site, made);
}

/** A path below the site's address. */
function onSite(site: Site, path: string): string {
  const relative = path.replace(/^[/\\]+/, '');
  // As a path segment, so that text like `a:b` or `//x` is not taken for another address.
  const url = new URL(`./${relative}`, site.url);
  return url.href.startsWith(site.url)
    ? url.href
    : new URL(`./${encodeURIComponent(relative)}`, site.url).href;
}

function withoutExtension(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
