/** When each published file last changed, which is what Last-Modified says. Pure. */
import type { Moment } from '../content/post.ts';
import type { FileRecord } from '../store/catalogue.ts';

/**
 * The next history of files. All that change do so in one moment: now, or a second after the last change of one of them,
 * since a moment says whole seconds and must be another whenever the bytes are.
 */
export function recordFiles(
  before: ReadonlyMap<string, FileRecord>,
  /** Of every file that is published now. */
  hashes: ReadonlyMap<string, string>,
  now: Moment,
): { files: ReadonlyMap<string, FileRecord>; moment: Moment } {
  const changed = [...hashes].filter(([name, hash]) => before.get(name)?.hash !== hash);
  const moment = changed.reduce(
    (latest, [name]) => Math.max(latest, (before.get(name)?.modified ?? 0) + 1000),
    now,
  );
  const files = new Map<string, FileRecord>();
  for (const [name, hash] of hashes) {
    const known = before.get(name);
    files.set(name, known?.hash === hash ? known : { hash, modified: moment });
  }
  return { files, moment };
}
