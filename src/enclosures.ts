/** The command that asks how long attached files are that lie on other servers. A build never goes to the network. */
import pLimit from 'p-limit';
import type { Settings } from './config.ts';
import type { Options } from './commands.ts';
import { readContent } from './content/read.ts';
import { mediaUrl } from './content/urls.ts';
import type { Edge, ExitCode } from './edge.ts';
import { readLedger, writeLedger } from './ledger/keep.ts';
import { place } from './publish/permalinks.ts';
import { ledgerPlace, storeOf } from './inputs.ts';
import { count, reasonOf } from './report.ts';
import { askLength } from './worker/head.ts';
import { takeLease } from './worker/lease.ts';

const AT_ONCE = 4;

/** Asks once for each file of which neither its post nor the ledger says how long it is, and remembers the answers. */
export async function enclosures(settings: Settings, { json }: Options, edge: Edge): Promise<ExitCode> {
  const store = storeOf(settings);
  const { site, publish, contentFolder, maxFile } = settings;
  const lease = await takeLease(store, 0);
  try {
    const content = await readContent(contentFolder, { timezone: site.timezone, now: Date.now(), maxFile });
    const kept = ledgerPlace(settings, store);
    const ledger = (await readLedger(kept))?.ledger;
    if (!ledger) throw new Error('nothing is published yet: run feedwright build first');
    const unknown = new Set<string>();
    for (const { post, url } of place(content.posts, site, publish.permalink).placed)
      for (const enclosure of post.enclosures) {
        const absolute = enclosure.length === undefined ? mediaUrl(enclosure.url, url) : undefined;
        if (absolute && /^https?:/.test(absolute) && !ledger.media.has(absolute)) unknown.add(absolute);
      }
    const limit = pLimit(AT_ONCE);
    const media = new Map(ledger.media);
    const failed: { url: string; reason: string }[] = [];
    const ask = async (url: string): Promise<void> => {
      try {
        const found = await askLength(url);
        media.set(url, found);
        if (!json) edge.print(`${url}: ${found.length} bytes${found.type ? `, ${found.type}` : ''}\n`);
      } catch (error) {
        failed.push({ url, reason: reasonOf(error) });
        if (!json) edge.complain(`${url}: ${reasonOf(error)}\n`);
      }
    };
    await Promise.all([...unknown].sort().map((url) => limit(() => ask(url))));
    const found = media.size - ledger.media.size;
    if (found > 0) await writeLedger(kept, { ...ledger, media });
    if (json) edge.print(`${JSON.stringify({ asked: unknown.size, found, failed }, null, 2)}\n`);
    else
      edge.print(
        unknown.size === 0
          ? 'Nothing to ask: of every attached file it is known how long it is.\n'
          : `${count(found, 'length')} found, ${failed.length} not; the next build writes them into the feeds\n`,
      );
    return failed.length > 0 ? 1 : 0;
  } finally {
    await lease.release();
    await store.close();
  }
}
