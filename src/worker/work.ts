/** The worker: runs at start, whenever it is triggered and on its schedule; never two runs at once. */
import { startSchedule } from './schedule.ts';

export interface WorkerOptions {
  /** One run; what it rejects with is its own to log. */
  run: () => Promise<void>;
  /** Cron expression and the zone it is in. */
  schedule: string;
  timezone: string;
}

export interface Worker {
  /** Asks for a run: now, or once after the one that is under way. Resolves when that run is over. */
  trigger(): Promise<void>;
  /** Lets the run that is under way end, and starts no other. */
  stop(): Promise<void>;
}

export function startWorker({ run, schedule, timezone }: WorkerOptions): Worker {
  const queue = createQueue(run);
  const cron = startSchedule(schedule, timezone, () => void queue.trigger());
  return {
    trigger: () => queue.trigger(),
    stop: async () => {
      await cron.stop();
      await queue.close();
    },
  };
}

/** A queue of depth one: however often it is triggered during a run, exactly one more follows. */
export function createQueue(run: () => Promise<void>): { trigger(): Promise<void>; close(): Promise<void> } {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let closed = false;
  const start = (): Promise<void> => {
    current = run().finally(() => {
      current = undefined;
    });
    return current;
  };
  return {
    trigger: () => {
      if (closed) return Promise.resolve();
      if (!current) return start();
      next ??= current
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          return closed ? undefined : start();
        });
      return next;
    },
    close: async () => {
      closed = true;
      await current?.catch(() => undefined);
    },
  };
}
