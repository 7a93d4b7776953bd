/** Files of other people that have the names of our pages: feeds may be put into a folder in which a site is. */
import type { Problem } from '../content/post.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FeedFile } from '../publish/feed.ts';
import type { Store } from '../store/store.ts';

/** What every page of ours says somewhere. */
const MARK = 'Feedwright';

/** Pages that would take the place of files that are not ours. */
export async function foreignPages(
  store: Store,
  files: readonly FeedFile[],
  before: Ledger,
): Promise<Set<string>> {
  const foreign = new Set<string>();
  for (const { name, isPage } of files) {
    if (!isPage || before.files.has(name)) continue;
    const stored = await store.get(name);
    if (stored && !stored.body.includes(MARK)) foreign.add(name);
  }
  return foreign;
}

export function notOurs(file: string): Problem {
  const message =
    'a file of this name is there that is not ours, so this page is not written; give the feeds a folder of their own';
  return { level: 'warning', file, line: 1, rule: 'foreign-page', message };
}
