/** Work on many things, on some of them at the same time. */
import pLimit from 'p-limit';

/** So many things in the store at once. */
const AT_ONCE = 8;

/**
 * Resolves when the work on all values is done. After one has failed no other is begun, and it rejects with that failure when none
 * is under way any more: what is done next must not be undone by what was done before.
 */
export async function together<T>(
  values: Iterable<T>,
  work: (value: T) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<void> {
  const limit = pLimit(atOnce);
  const failures: unknown[] = [];
  const attempt = async (value: T): Promise<void> => {
    if (failures.length > 0) return;
    try {
      await work(value);
    } catch (error) {
      failures.push(error);
    }
  };
  await Promise.all([...values].map((value) => limit(() => attempt(value))));
  if (failures.length > 0) throw failures[0];
}
