/** Which entry each post is, where it is and when, and what changes by that. Pure. */
import type { Moment } from '../content/post.ts';
import type { Content } from '../content/read.ts';
import { advance } from '../ledger/advance.ts';
import type { Advance } from '../ledger/advance.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Placed, Site } from '../publish/feed.ts';
import { withLinks } from '../publish/links.ts';
import { place } from '../publish/permalinks.ts';
import type { Permalinks } from '../publish/permalinks.ts';
import { doubtOf } from './doubt.ts';

/** How identity and time are kept. */
export interface History {
  /** Milliseconds that a new post is kept back. */
  hold: number;
  /** Part of what feeds show that may change in one run. */
  share: number;
  /** Milliseconds that tombstones and empty feeds stay. */
  tombstones: number;
  /** Whether everything is let through. */
  approved: boolean;
}

export interface Plan extends Advance {
  now: Moment;
  /** Every post with its permalink, also those that are not due. */
  placed: readonly Placed[];
  /** Paths of posts that want a permalink that another has. */
  contested: ReadonlySet<string>;
}

/** Gives every post its URL, its identity and its moments, and says what changes. `now` is as `steadyNow` gives it. */
export function planRun(
  content: Content,
  ledger: Ledger,
  site: Site,
  permalink: Permalinks,
  history: History,
  now: Moment,
): Plan {
  const had = new Map<string, string | undefined>();
  for (const { path, gone, permalinks } of ledger.entries.values())
    if (gone === undefined) had.set(path, permalinks.at(-1));
  const { placed, problems, contested } = place(content.posts, site, permalink, (path) => had.get(path));
  const step = advance({
    ledger,
    posts: placed,
    inDoubt: doubtOf(content, (path) => had.has(path)),
    host: new URL(site.url).hostname,
    now,
    ...history,
  });
  const places = addressesOf(step);
  const entries = withLinks(
    step.entries,
    { addressOf: (path) => places.get(path), paths: () => places.keys(), folder: content.folder },
    permalink,
    site,
  );
  return { ...step, entries, now, placed, contested, problems: [...problems, ...step.problems] };
}

/** Where every post that is published is, by its file; one that is shown as it was last published is where it was then. */
function addressesOf({ entries, kept, records }: Advance): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { gone, path, permalinks } of records.values())
    if (gone === undefined) found.set(path, permalinks.at(-1)!);
  const old = new Set(kept);
  for (const { id, post, url } of entries) if (!old.has(id)) found.set(post.path, url);
  return found;
}
