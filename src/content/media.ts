/** Attached files that lie beside their posts: how long they are. */
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Post } from './post.ts';

/**
 * The post with the lengths of those attached files that its front matter says nothing about and that are in the content
 * folder: relative to the post, or from its root. What is not there stays unknown.
 */
export async function measured(post: Post, folder: string): Promise<Post> {
  if (post.enclosures.every(({ length }) => length !== undefined)) return post;
  const enclosures = await Promise.all(
    post.enclosures.map(async (enclosure) => {
      const path = enclosure.length === undefined ? pathOf(enclosure.url, post.path) : undefined;
      const found = path === undefined ? undefined : await stat(join(folder, path)).catch(() => undefined);
      return found?.isFile() ? { ...enclosure, length: found.size } : enclosure;
    }),
  );
  return { ...post, enclosures };
}

/** Relative to the content folder; undefined for what is elsewhere, or hidden. */
function pathOf(url: string, postPath: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
  const from = path.startsWith('/') ? '' : postPath.slice(0, postPath.lastIndexOf('/') + 1);
  const whole = normalize(from + path.replace(/^\/+/, ''));
  return /(?:^|\/)\.|\0/.test(whole) ? undefined : whole;
}
