/** A store that lasts as long as the process: for tests, and for trying things out. */
import { byName, checkName, isListed } from './names.ts';
import type { Lease, Stat, Store, Stored } from './store.ts';

/** `now` gives milliseconds since 1970; files are dated and leases expire by it. */
export function memoryStore(now: () => number = Date.now): Store {
  const files = new Map<string, Stored>();
  const leases = new Map<string, { until: number }>();
  let puts = 0;

  function take(name: string, ttl: number): Lease | undefined {
    const holder = leases.get(name);
    if (holder && holder.until > now()) return undefined;
    const mine = { until: now() + ttl };
    leases.set(name, mine);
    return {
      renew: soon(() => {
        if (leases.get(name) !== mine) return false;
        mine.until = now() + ttl;
        return true;
      }),
      release: soon(() => {
        if (leases.get(name) === mine) leases.delete(name);
      }),
    };
  }

  return {
    get: soon((name: string) => {
      checkName(name);
      const stored = files.get(name);
      return stored && { ...stored, body: Buffer.from(stored.body) };
    }),
    stat: soon((name: string): Stat | undefined => {
      checkName(name);
      const stored = files.get(name);
      return stored && toStat(stored);
    }),
    put: soon((name: string, body: Uint8Array) => {
      checkName(name);
      const version = String(++puts);
      files.set(name, { name, size: body.length, modified: now(), version, body: Buffer.from(body) });
    }),
    list: soon((prefix = '') =>
      [...files.values()]
        .filter(({ name }) => isListed(name, prefix))
        .map(toStat)
        .sort(byName),
    ),
    remove: soon((name: string) => {
      checkName(name);
      files.delete(name);
    }),
    lease: soon(take),
    close: soon(() => {}),
  };
}

function toStat({ name, size, modified, version }: Stored): Stat {
  return { name, size, modified, version };
}

/** The function with a promise of its result: what it throws is a rejection, as with stores that are far away. */
function soon<A extends unknown[], T>(work: (...args: A) => T): (...args: A) => Promise<T> {
  return (...args) =>
    new Promise((resolve) => {
      resolve(work(...args));
    });
}
