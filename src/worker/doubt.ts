/** Of which posts nothing can be said now, so that none of them is taken for one that went. Pure. */
import type { Content } from '../content/read.ts';

/** By the path of an entry: its file is broken, or could not be looked for. `isEntry` tells whether a path is that of an entry. */
export function doubtOf(
  { posts, broken, hidden, complete }: Content,
  isEntry: (path: string) => boolean,
): (path: string) => boolean {
  const isBroken = new Set(broken);
  const isHidden = new Set(hidden);
  // A broken post of which nothing is known may be one whose folder was moved.
  const strays = new Set(broken.flatMap((path) => (isEntry(path) ? [] : ownName(path))));
  const isThere = new Set(strays.size > 0 ? [...posts.map(({ path }) => path), ...hidden] : []);
  const mayHaveMoved = (path: string): boolean => strays.has(ownName(path)) && !isThere.has(path);
  return (path) => isBroken.has(path) || mayHaveMoved(path) || (!complete && !isHidden.has(path));
}

/** What a file is called wherever it is: its name, with that of its folder if it is a bundle's. */
function ownName(path: string): string {
  return /(?:[^/]+\/)?index\.[^/]*$/.exec(path)?.[0] ?? path.slice(path.lastIndexOf('/') + 1);
}
