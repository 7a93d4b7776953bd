/** Fragments of entries, cut out of the feeds that show them: what is published need not be drawn again. */
import { hashOf } from '../publish/feed.ts';
import { FORMATS, takeApart } from '../publish/formats.ts';
import type { MadeFeed } from '../publish/publish.ts';
import type { Rendered } from '../publish/render.ts';
import type { Store } from '../store/store.ts';

/** By id, what these feeds show; undefined if one of their files is not what it was made as. */
async function fragmentsIn(
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

/** Bytes of fragments that are kept, about: those of one run always are. */
const ROOM = 32 * 1024 * 1024;

/** Fragments that are got when feeds are to be made that show them, and kept as long as there is room. */
export interface Fragments {
  /** Gets those of all that these feeds show; false if they are not to be had. */
  fetch(feeds: readonly MadeFeed[]): Promise<boolean>;
  has(id: string): boolean;
  /** Of an entry that was got. */
  of(id: string): Rendered['fragments'];
}

export function createFragments(store: Store): Fragments {
  let atHand = new Map<string, Rendered['fragments']>();
  let bytes = 0;
  return {
    async fetch(feeds) {
      if (bytes > ROOM) {
        atHand = new Map();
        bytes = 0;
      }
      const lacking = feeds.filter(({ entries }) => entries.some(({ entry }) => !atHand.has(entry.id)));
      const found = await fragmentsIn(store, lacking);
      if (!found) return false;
      for (const [id, each] of found) {
        atHand.set(id, each);
        for (const { length } of Object.values(each)) bytes += length;
      }
      return true;
    },
    has: (id) => atHand.has(id),
    of: (id) => atHand.get(id)!,
  };
}
