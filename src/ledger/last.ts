/**
 * The last published form of every entry that a feed shows: state, not a cache. With it a post that is broken now is shown
 * as it was, while everything around it goes on.
 */
import type { Entry } from '../publish/feed.ts';
import type { Store } from '../store/store.ts';
import { PRIVATE } from '../store/store.ts';

export const LAST_ENTRIES = `${PRIVATE}entries.jsonl`;

const HEADER = JSON.stringify({ version: 1, about: 'the last published form of each entry, one a line' });

/** By the path of their posts. Lines that are damaged are left out. */
export async function readLast(store: Store): Promise<Map<string, Entry>> {
  const stored = await store.get(LAST_ENTRIES);
  const [header, ...lines] = stored ? stored.body.toString('utf8').split('\n') : [];
  if (header !== HEADER) return new Map();
  const entries = lines.flatMap((line) => parse(line) ?? []);
  return new Map(entries.map((entry) => [entry.path, entry]));
}

/** The bytes of the document: the same for the same entries. */
export function lastBytes(entries: readonly Entry[]): Buffer {
  return Buffer.from([HEADER, ...entries.map((entry) => JSON.stringify(entry)), ''].join('\n'));
}

function parse(line: string): Entry | undefined {
  try {
    const read = JSON.parse(line) as Partial<Entry>;
    const texts = [read.path, read.id, read.title, read.url, read.description, read.content];
    const whole =
      texts.every((text) => typeof text === 'string') &&
      [read.published, read.updated].every(Number.isSafeInteger) &&
      [read.tags, read.authors, read.enclosures].every(Array.isArray);
    return whole ? (read as Entry) : undefined;
  } catch {
    return undefined;
  }
}
