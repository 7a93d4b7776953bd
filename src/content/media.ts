/** Attached files that lie beside their posts: how long they are. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathFrom } from './path.ts';
import type { Post } from './post.ts';

/**
 * The post with the lengths of those attached files that its front matter says nothing about and that are in the content
 * folder: relative to the post, or from its root. What is not there stays unknown.
 */
export async function measured(post: Post, folder: string): Promise<Post> {
  if (post.enclosures.every(({ length }) => length !== undefined)) return post;
  const enclosures = await Promise.all(
    post.enclosures.map(async (enclosure) => {
      const path = enclosure.length === undefined ? pathFrom(enclosure.url, post.path) : undefined;
      const found = path === undefined ? undefined : await stat(join(folder, path)).catch(() => undefined);
      return found?.isFile() ? { ...enclosure, length: found.size } : enclosure;
    }),
  );
  return { ...post, enclosures };
}
