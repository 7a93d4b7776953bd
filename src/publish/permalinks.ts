/** Which URL and which id each post has: decided for all posts together, since no two may share one. */
import { dayIn } from '../content/dates.ts';
import type { Post, Problem } from '../content/post.ts';
import type { Site } from './feed.ts';

export interface Placed {
  post: Post;
  id: string;
  /** Absolute. */
  url: string;
}

/**
 * Gives every post its id and permalink. Of two posts with one explicit id the older is published, of two with one permalink
 * the older keeps it and the newer gets one made from its whole path. `pattern` knows :year :month :day :slug :path.
 */
export function place(
  posts: readonly Post[],
  site: Site,
  pattern: string,
): { placed: Placed[]; problems: Problem[] } {
  const placed: Placed[] = [];
  const problems: Problem[] = [];
  const byId = new Map<string, Post>();
  const byUrl = new Map<string, Post>();
  const oldestFirst = [...posts].sort((a, b) => a.published - b.published || (a.path < b.path ? -1 : 1));
  for (const post of oldestFirst) {
    const problem = (level: Problem['level'], rule: string, message: string): void => {
      problems.push({ level, file: post.path, line: 1, rule, message });
    };
    let id = post.id ?? mintId(site, post, withoutExtension(post.path));
    const sameId = byId.get(id);
    if (sameId && post.id !== undefined) {
      problem(
        'error',
        'duplicate-id',
        `its id "${id}" is that of ${sameId.path}, which is older and keeps it; give this post one of its own`,
      );
      continue;
    }
    if (sameId) id = mintId(site, post, post.path); // x.md and x.markdown of one day
    byId.set(id, post);

    let url = permalink(post, site, pattern);
    const sameUrl = byUrl.get(url);
    if (sameUrl) {
      const taken = url;
      url = onSite(site, `${encodePath(withoutExtension(post.path))}/`);
      if (byUrl.has(url)) url = onSite(site, `${encodePath(post.path)}/`);
      problem(
        'warning',
        'duplicate-permalink',
        `its permalink ${taken} is that of ${sameUrl.path}, which is older and keeps it; ${url} stands in`,
      );
    }
    byUrl.set(url, post);
    placed.push({ post, id, url });
  }
  return { placed, problems };
}

/** A tag URI (RFC 4151) of the host, the day in UTC and a path: what an id is when the author gives none. */
function mintId(site: Site, post: Post, path: string): string {
  return `tag:${new URL(site.url).hostname},${dayIn('UTC', post.published)}:${encodePath(path)}`;
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
