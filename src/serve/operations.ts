/** What operators are told: readiness and metrics, put together when they ask. */
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import { FORMAT_FILES } from '../publish/feed.ts';
import { laterStatus, readStatus } from '../store/status.ts';
import type { Status } from '../store/status.ts';
import type { Store } from '../store/store.ts';
import { createMetrics } from './metrics.ts';
import type { Metrics } from './metrics.ts';
import { readiness } from './readiness.ts';
import type { Readiness } from './readiness.ts';
import type { Shelf } from './shelf.ts';

export interface Operations {
  metrics: Metrics;
  ready(): Promise<Readiness>;
  measured(): Promise<string>;
  /** Gives it the server, whose connections it counts. */
  watch(server: Server): void;
  /** Remembers that the store cannot be read, or that it can again. */
  storeFailed(reason: string | undefined): void;
  /** Remembers that a feed cannot be read; it is forgotten as soon as the feed is in memory. */
  feedFailed(name: string, reason: string): void;
}

/** `lastRun` is what a worker in the same process says of its last run, whether or not the store took it. */
export function createOperations(
  store: Store,
  shelf: Shelf,
  now: () => number,
  lastRun?: () => Status | undefined,
): Operations {
  const metrics = createMetrics();
  let watched: Server | undefined;
  let storeFailure: string | undefined;
  let status: Status | undefined;
  const unreadable = new Map<string, string>();

  async function look(): Promise<void> {
    // A store that is away does not make us forget what it said.
    status = laterStatus(await readStatus(store).catch(() => status), lastRun?.());
    for (const name of unreadable.keys()) {
      const file = shelf.find(name);
      if (!file || file.current) unreadable.delete(name);
    }
  }
  return {
    metrics,
    async ready() {
      await look();
      return readiness({
        feeds: shelf.shown().length,
        unreadable,
        now: now(),
        ...(status && { status }),
        ...(storeFailure !== undefined && { storeFailure }),
      });
    },
    async measured() {
      await look();
      return metrics.text({
        feeds: shelf.shown().map(({ folder, formats }) => {
          const changed = formats.map((format) => shelf.changed(folder + FORMAT_FILES[format].file) ?? 0);
          return { folder, changed: Math.max(...changed) };
        }),
        cache: shelf.held(),
        connections: watched ? await connectionsOf(watched) : 0,
        storeFailure: storeFailure !== undefined,
        unreadable: unreadable.size,
        ...(status && { status }),
      });
    },
    watch: (server) => void (watched = server),
    storeFailed: (reason) => void (storeFailure = reason),
    feedFailed: (name, reason) => void unreadable.set(name, reason),
  };
}

function connectionsOf(server: Server): Promise<number> {
  return promisify(server.getConnections.bind(server))();
}
