/** Where readers of feeds that moved or ended are sent. Pure. */
import type { FeedRecord } from '../ledger/ledger.ts';
import { FORMAT_FILES, urlPath } from '../publish/feed.ts';

/** Instead of a target: there is nothing any more. */
export const GONE = 'gone';

/**
 * By the name of a file that is no more: the path of the one that took its place (from `/`, percent-encoded), a whole URL, or
 * `gone`. Its page for people leads to that of the other, if it has one. What is configured comes before what the ledger remembers; a chain of moves leads to its end.
 */
export function redirectsOf(
  feeds: ReadonlyMap<string, FeedRecord>,
  configured: ReadonlyMap<string, string>,
  hasPage: (folder: string) => boolean,
): Record<string, string> {
  const redirects: Record<string, string> = {};
  for (const [folder, { retired }] of feeds) {
    if (retired === undefined) continue;
    const target = endOf(folder, feeds);
    for (const { file } of Object.values(FORMAT_FILES))
      redirects[folder + file] = target === undefined ? GONE : `/${urlPath(target + file)}`;
    if (target !== undefined && hasPage(target)) redirects[`${folder}index.html`] = `/${urlPath(target)}`;
  }
  for (const [from, to] of configured) redirects[from] = to;
  return redirects;
}

/** The folder that a feed has moved to in the end; undefined if it has ended. */
function endOf(folder: string, feeds: ReadonlyMap<string, FeedRecord>): string | undefined {
  const seen = new Set<string>();
  for (let at = folder; !seen.has(at);) {
    seen.add(at);
    const record = feeds.get(at);
    if (record?.retired === undefined) return record && at;
    if (record.moved === undefined) return undefined;
    at = record.moved;
  }
  return undefined;
}
