/** A store that may hang, as one on a network drive does, and nobody who waits for it for ever. */
import type { Store } from '../store/store.ts';

/**
 * Whose `get` and `stat` reject if they take longer than `limit` milliseconds. Of what has not been answered yet nothing more is
 * asked: the system has few threads for that, and other files need them.
 */
export function impatient(store: Store, limit: number): Store {
  const late = new Set<string>();
  const inTime = async <T>(what: string, ask: () => Promise<T>): Promise<T> => {
    const reason = `The store has not answered for ${limit / 1000} seconds`;
    if (late.has(what)) throw new Error(reason);
    const work = ask();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        late.add(what);
        const answered = (): unknown => late.delete(what);
        work.then(answered, answered);
        reject(new Error(reason));
      }, limit).unref();
    });
    return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
  };
  return {
    ...store,
    get: (name) => inTime(`get ${name}`, () => store.get(name)),
    stat: (name) => inTime(`stat ${name}`, () => store.stat(name)),
  };
}
