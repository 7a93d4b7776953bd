/** Which URL each post has: decided for all posts together, since no two may share one. */
import { dayIn } from '../content/dates.ts';
import type { Post, Problem } from '../content/post.ts';
import type { Placed, Site } from './feed.ts';

/**
 * Gives every post its permalink. Of two posts with one the older keeps it, where older means first those whose file
 * `isPublished` already; the newer gets one made from its whole path. `pattern` knows :year :month :day :slug :path.
 */
export function place(
  posts: readonly Post[],
  site: Site,
  pattern: string,
  isPublished: (path: string) => boolean = () => false,
): { placed: Placed[]; problems: Problem[] } {
  const placed: Placed[] = [];
  const problems: Problem[] = [];
  const byUrl = new Map<string, Post>();
  const rank = posts.map((post) => ({ post, late: isPublished(post.path) ? 0 : 1 }));
  rank.sort(
    (a, b) => a.late - b.late || a.post.published - b.post.published || (a.post.path < b.post.path ? -1 : 1),
  );
  for (const { post } of rank) {
    let url = permalink(post, site, pattern);
    const sameUrl = byUrl.get(url);
    if (sameUrl) {
      const taken = url;
      url = onSite(site, `${encodePath(withoutExtension(post.path))}/`);
      if (byUrl.has(url)) url = onSite(site, `${encodePath(post.path)}/`);
      problems.push({
        level: 'warning',
        file: post.path,
        line: 1,
        rule: 'duplicate-permalink',
        message: `its permalink ${taken} is that of ${sameUrl.path}, which is older and keeps it; ${url} stands in`,
      });
    }
    byUrl.set(url, post);
    placed.push({ post, url });
  }
  return { placed, problems };
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
