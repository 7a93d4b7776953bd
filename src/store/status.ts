/** How the last run ended: left in the store by a worker that goes on, for servers to tell. */
import { PRIVATE } from './store.ts';
import type { Store } from './store.ts';

const STATUS = `${PRIVATE}status.json`;

export interface Status {
  version: 1;
  /** When the last run ended. Moments are texts as in RFC 3339. */
  at: string;
  /** What came of it, in a word; `failed` if nothing could be published. */
  outcome: string;
  /** The same in a sentence. */
  message: string;
  posts?: number;
  errors?: number;
  held?: number;
  /** How long it took, in seconds. */
  took?: number;
  /** When the next run is sure to come. */
  next?: string;
  /** How many runs there were since the worker started, by outcome, and how long they took together, in seconds. */
  runs?: Record<string, number>;
  seconds?: number;
}

/** The status, or undefined if no worker has left one that can be read. */
export async function readStatus(store: Store): Promise<Status | undefined> {
  const stored = await store.get(STATUS);
  try {
    const read = stored && (JSON.parse(stored.body.toString('utf8')) as Partial<Status> | null);
    return read?.version === 1 ? (read as Status) : undefined;
  } catch {
    return undefined;
  }
}

export async function writeStatus(store: Store, status: Omit<Status, 'version'>): Promise<void> {
  await store.put(STATUS, Buffer.from(`${JSON.stringify({ version: 1, ...status }, null, 1)}\n`));
}

/** The later of two. */
export function laterStatus(one: Status | undefined, other: Status | undefined): Status | undefined {
  if (!one || !other) return one ?? other;
  return Date.parse(one.at) > Date.parse(other.at) ? one : other;
}
