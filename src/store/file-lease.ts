/**
 * Leases as files. Each lease is a row of generations, `lease-NAME.1`, `lease-NAME.2` ...: the highest counts. Taking and
 * renewing create the next generation, which the file system lets only one process do, and only then remove the older ones;
 * whoever then finds another generation that is held acts on what they read too long ago, and gives up. Releasing removes the
 * file, so that nothing of a run stays in the store but what it published.
 */
import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './durable.ts';
import type { Lease } from './store.ts';

interface Holder {
  host: string;
  pid: number;
  /** Tells processes apart that got the same pid, as the first process of a container always does. */
  started: number;
  /** Milliseconds since 1970. */
  until: number;
}

export interface Taken {
  lease: Lease;
  /** By the file system's clock, in nanoseconds; undefined while other leases are held too. */
  aloneSince: bigint | undefined;
}

/** Takes the lease `name` in a folder that is there, or gives undefined while somebody else holds it. */
export async function takeFileLease(
  folder: string,
  name: string,
  ttl: number,
  now: () => number,
): Promise<Taken | undefined> {
  const label = encodeURIComponent(name);
  const file = (generation: number): string => join(folder, `lease-${label}.${generation}`);
  const highest = async (): Promise<number> => (await generations(folder)).get(label)?.at(-1) ?? 0;

  /** Makes the generation after `from`, unless somebody else did or the lease has moved on. */
  async function advance(from: number, until: number): Promise<boolean> {
    const mine = file(from + 1);
    const holder: Holder = { host: hostname(), pid: process.pid, started: performance.timeOrigin, until };
    try {
      await writeFile(mine, JSON.stringify(holder), { flag: 'wx', flush: true });
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      await rm(mine, { force: true });
      throw error;
    }
    const others = ((await generations(folder)).get(label) ?? []).filter((each) => each !== from + 1);
    const rivals = await Promise.all(
      others.map(async (each) => each > from || (each < from && (await isHeld(file(each), ttl, now())))),
    );
    const won = !rivals.includes(true);
    const surplus = won ? others : [from + 1];
    await Promise.all(surplus.map((generation) => rm(file(generation), { force: true })));
    return won;
  }

  const before = await highest();
  if (before > 0 && (await isHeld(file(before), ttl, now()))) return undefined;
  if (!(await advance(before, now() + ttl))) return undefined;
  const aloneSince = await aloneFrom(folder, label, ttl, now());

  let held: number | undefined = before + 1;
  const inTurn = queue();
  const lease: Lease = {
    renew: () =>
      inTurn(async () => {
        if (held === undefined) return false;
        held = (await advance(held, now() + ttl)) ? held + 1 : undefined;
        return held !== undefined;
      }),
    release: () =>
      inTurn(async () => {
        if (held !== undefined) await rm(file(held), { force: true });
        held = undefined;
      }),
  };
  return { lease, aloneSince };
}

/** The generations of each lease in the folder, lowest first. */
async function generations(folder: string): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (const entry of await readdir(folder)) {
    const [, label, generation] = /^lease-(.+)\.(\d+)$/.exec(entry) ?? [];
    if (label && generation) found.set(label, [...(found.get(label) ?? []), Number(generation)]);
  }
  for (const each of found.values()) each.sort((a, b) => a - b);
  return found;
}

async function aloneFrom(
  folder: string,
  mine: string,
  ttl: number,
  now: number,
): Promise<bigint | undefined> {
  let since: bigint | undefined;
  for (const [label, all] of await generations(folder)) {
    const path = join(folder, `lease-${label}.${all.at(-1)}`);
    if (label === mine) since = (await read(path))?.modifiedNs;
    else if (await isHeld(path, ttl, now)) return undefined;
  }
  return since;
}

async function isHeld(path: string, ttl: number, now: number): Promise<boolean> {
  const found = await read(path);
  if (!found) return true; // Somebody has just made the next generation.
  // Damaged, or just being written: nobody can say whose it is, so its age decides.
  if (!found.holder) return now - Number(found.modifiedNs / 1_000_000n) <= ttl;
  return found.holder.until > now && !isDead(found.holder);
}

async function read(path: string): Promise<{ modifiedNs: bigint; holder?: Holder } | undefined> {
  try {
    const file = await open(path, 'r');
    try {
      const { mtimeNs } = await file.stat({ bigint: true });
      const holder = parse(await file.readFile('utf8'));
      return { modifiedNs: mtimeNs, ...(holder && { holder }) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<Holder> | null;
    const usable = Number.isInteger(holder?.pid) && typeof holder?.until === 'number';
    return usable ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process is known to be gone, so that a restart after a kill need not wait for the lease to run out. */
function isDead(holder: Holder): boolean {
  if (holder.host !== hostname()) return false;
  if (holder.pid === process.pid) return holder.started !== performance.timeOrigin;
  try {
    process.kill(holder.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Runs one task after the other: a renewal under way must not make the release miss its generation. */
function queue(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return result;
  };
}
