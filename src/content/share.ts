/** Work that is done in parts, by this thread and by others. */
import { setImmediate as breath } from 'node:timers/promises';

/** Parts that each of the others is given ahead, so that it never waits. */
const AHEAD = 2;

/**
 * The results in the order of the parts. Whoever is free takes the next one; what the others cannot do is done here. Between two parts
 * of this thread everything else gets its turn.
 */
export async function share<T, R>(
  parts: readonly T[],
  here: (part: T) => R | Promise<R>,
  there: ((part: T) => Promise<R>) | undefined,
  others = 1,
): Promise<R[]> {
  const results = new Array<R>(parts.length);
  let next = 0;
  const here_ = async (): Promise<void> => {
    while (next < parts.length) {
      const at = next++;
      results[at] = await here(parts[at]!);
      await breath();
    }
  };
  const there_ = async (): Promise<void> => {
    while (next < parts.length) {
      const at = next++;
      try {
        results[at] = await there!(parts[at]!);
      } catch {
        results[at] = await here(parts[at]!);
        return;
      }
    }
  };
  await Promise.all([here_(), ...Array.from({ length: there ? others * AHEAD : 0 }, there_)]);
  return results;
}

/** Pieces of so many values; the last may be shorter. */
export function piecesOf<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, at) =>
    values.slice(at * size, at * size + size),
  );
}
