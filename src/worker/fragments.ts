/** Fragments of entries, cut out of the feeds that show them: what is published need not be drawn again. */
import { hashOf } from '../publish/feed.ts';
import { FORMATS, takeApart } from '../publish/formats.ts';
import type { MadeFeed } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Store } from '../store/store.ts';

/** By id, what these feeds show; undefined if one of their files is not what it was made as. */
export async function fragmentsIn(
  store: Store,
  feeds: readonly MadeFeed[],
): Promise<Map<string, Rendered['fragments']> | undefined> {
  const found = new Map<string, Rendered['fragments']>();
  const cut = async ({ entries, files }: MadeFeed): Promise<boolean> => {
    const bodies = await Promise.all(files.map(async ({ name }) => (await store.get(name))?.body));
    const pieces = FORMATS.map((format, at) => {
      const [file, body] = [files[at], bodies[at]];
      if (!body || !file || hashOf(body) !== file.hash) return undefined;
      const lengths = entries.map((each) => each.lengths[at]!);
      return { name: format.name, fragments: takeApart(format, body, file.start!, lengths) };
    });
    if (pieces.includes(undefined)) return false;
    for (const [at, { entry }] of entries.entries()) {
      const own = pieces.map((each) => [each!.name, each!.fragments[at]]);
      found.set(entry.id, Object.fromEntries(own) as Rendered['fragments']);
    }
    return true;
  };
  const areWhole = await Promise.all(feeds.map(cut));
  return areWhole.every(Boolean) ? found : undefined;
}
