/** The worker: runs at start, when it is triggered, on its schedule and when something is due; never two runs at once. */
import type { Moment } from '../content/post.ts';
import { createAlarm } from './alarm.ts';
import type { Clock } from './alarm.ts';
import { startSchedule } from './schedule.ts';

/** Which files are other than at the last run: these at most, or, if that is not known, any. */
export type Changed = readonly string[] | undefined;

export interface WorkerOptions {
  /** One run; resolves with when the next is needed, if ever. What it rejects with is its own to log. */
  run: (changed: Changed) => Promise<Moment | undefined>;
  /** Cron expression and the zone it is in. */
  schedule: string;
  timezone: string;
  clock: Clock;
}

export interface Worker {
  /** Asks for a run: now, or once after the one that is under way. Resolves when that run is over. */
  trigger(changed: Changed): Promise<void>;
  /** When the next run is sure to come. */
  next(): Moment | undefined;
  /** Lets the run that is under way end, and starts no other. */
  stop(): Promise<void>;
}

export function startWorker({ run, schedule, timezone, clock }: WorkerOptions): Worker {
  let due: Moment | undefined;
  const alarm = createAlarm(clock, () => void queue.trigger([]));
  const queue = createQueue(async (changed) => {
    due = undefined;
    try {
      due = await run(changed);
    } finally {
      alarm.set(due);
    }
  });
  const cron = startSchedule(schedule, timezone, () => void queue.trigger(undefined));
  return {
    trigger: (changed) => queue.trigger(changed),
    next: () => {
      const moments = [cron.next()?.getTime(), due].filter((moment) => moment !== undefined);
      return moments.length > 0 ? Math.min(...moments) : undefined;
    },
    stop: async () => {
      await cron.stop();
      await queue.close();
      alarm.set(undefined);
    },
  };
}

export interface Queue {
  trigger(changed: Changed): Promise<void>;
  close(): Promise<void>;
}

/** A queue of depth one: however often it is triggered during a run, exactly one more follows, with all that changed. */
export function createQueue(run: (changed: Changed) => Promise<void>): Queue {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let waiting: Changed = [];
  let closed = false;
  const start = (): Promise<void> => {
    const changed = waiting;
    waiting = [];
    current = run(changed).finally(() => {
      current = undefined;
    });
    return current;
  };
  return {
    trigger: (changed) => {
      if (closed) return Promise.resolve();
      waiting = waiting && changed && [...new Set([...waiting, ...changed])];
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
