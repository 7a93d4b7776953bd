/** The files of one feed. Pure. */
import type { Failure, Feed, FeedFile, Gate, Site } from './feed.ts';
import { FORMAT_FILES, hashOf } from './feed.ts';
import { FORMATS, assemble } from './formats.ts';
import type { Format } from './formats.ts';
import type { Rendered } from './render.ts';

/** The feed in every format in which its head passes the gate; `failed` are the names of the others. What has `known` hashes has passed. */
export function makeFiles(
  folder: string,
  feed: Feed | undefined,
  entries: readonly Rendered[],
  site: Site,
  known: readonly string[] | undefined,
  gate: Gate,
  failures: Failure[],
): { files: FeedFile[]; failed: string[] } {
  if (!feed) return { files: [], failed: namesOf(folder) };
  const files: FeedFile[] = [];
  const failed: string[] = [];
  for (const [at, format] of FORMATS.entries()) {
    const name = feed.folder + FORMAT_FILES[format.name].file;
    const body = (): Buffer => {
      const fragments = entries.map((each) => each.fragments[format.name]);
      return assemble(format, format.head(feed, site), fragments);
    };
    const hash = known?.[at];
    const failure = hash === undefined ? headFailure(format, feed, site, gate) : undefined;
    if (failure) {
      failures.push({ file: name, message: failure });
      failed.push(name);
    } else files.push({ name, hash: hash ?? hashOf(body()), body });
  }
  return { files, failed };
}

function headFailure(format: Format, feed: Feed, site: Site, gate: Gate): string | undefined {
  const head = format.head(feed, site);
  return gate.head(format.name, head.open + head.close, feed, site);
}

function namesOf(folder: string): string[] {
  return FORMATS.map(({ name }) => folder + FORMAT_FILES[name].file);
}
