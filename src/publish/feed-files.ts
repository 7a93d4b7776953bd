/** The files of one feed. Pure. */
import type { Failure, Feed, FeedFile, Gate, Site } from './feed.ts';
import { FORMAT_FILES, hashOf } from './feed.ts';
import { FORMATS, assemble } from './formats.ts';
import type { Rendered } from './render.ts';
import type { Head } from './rss-atom.ts';

/** What is known of a file that was made before: its hash, and how many bytes stand before its first entry. */
export type MadeFile = Required<Pick<FeedFile, 'hash' | 'start'>>;

/** The feed in every format in which its head passes the gate; `failed` are the names of the others. What is `known` has passed. */
export function makeFiles(
  folder: string,
  feed: Feed | undefined,
  entries: readonly Rendered[],
  site: Site,
  known: readonly MadeFile[] | undefined,
  gate: Gate,
  failures: Failure[],
): { files: FeedFile[]; failed: string[] } {
  if (!feed) return { files: [], failed: namesOf(folder) };
  const files: FeedFile[] = [];
  const failed: string[] = [];
  for (const [at, format] of FORMATS.entries()) {
    const name = feed.folder + FORMAT_FILES[format.name].file;
    const around = (head: Head): Buffer =>
      assemble(
        format,
        head,
        entries.map((each) => each.fragments[format.name]),
      );
    const body = (): Buffer => around(format.head(feed, site));
    const made = known?.[at];
    if (made) {
      files.push({ name, ...made, body });
      continue;
    }
    const head = format.head(feed, site);
    const failure = gate.head(format.name, head.open + head.close, feed, site);
    if (failure) {
      failures.push({ file: name, message: failure });
      failed.push(name);
    } else {
      const bytes = around(head);
      // After a few changes they are written at once; of all feeds there would be too many in memory.
      const last = new WeakRef(bytes);
      const start = Buffer.byteLength(head.open);
      files.push({ name, hash: hashOf(bytes), start, body: () => last.deref() ?? body() });
    }
  }
  return { files, failed };
}

function namesOf(folder: string): string[] {
  return FORMATS.map(({ name }) => folder + FORMAT_FILES[name].file);
}
