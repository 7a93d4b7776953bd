/** Work on many things, on some of them at the same time. */
import pLimit from 'p-limit';

/** So many things in the store at once. */
const AT_ONCE = 8;

/** Resolves when the work on all values is done; rejects with the first that fails. */
export function together<T>(
  values: Iterable<T>,
  work: (value: T) => Promise<void>,
  atOnce = AT_ONCE,
): Promise<unknown> {
  const limit = pLimit(atOnce);
  return Promise.all([...values].map((value) => limit(() => work(value))));
}
