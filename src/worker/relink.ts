/** Whose links lead elsewhere, after a few changes. */
import type { Identified } from '../publish/feed.ts';
import { mayMove, withLinks } from '../publish/links.ts';
import type { RunInput } from './runs.ts';
import type { State } from './state.ts';

/**
 * The posts of a partial run with their links, and all others that link to one of `paths` that came, went or has another address.
 * `state` is as it was before.
 */
export function relink(
  entries: readonly Identified[],
  paths: ReadonlySet<string>,
  { byPath }: State,
  { site, options: { permalink }, contentFolder }: RunInput,
): Identified[] {
  const next = new Map(entries.map(({ post, url }) => [post.path, url]));
  const before = (path: string): string | undefined => byPath.get(path)?.url;
  const moved = [...paths].filter((path) => next.get(path) !== before(path));
  const isMoved = mayMove(moved, permalink);
  const others =
    moved.length === 0
      ? []
      : [...byPath.values()].filter(({ post }) => !paths.has(post.path) && post.links?.some(isMoved));
  const places = {
    addressOf: (path: string) => (paths.has(path) ? next.get(path) : before(path)),
    paths: () => [...[...byPath.keys()].filter((path) => !paths.has(path)), ...next.keys()],
    folder: contentFolder,
  };
  return withLinks([...entries, ...others], places, permalink, site);
}
