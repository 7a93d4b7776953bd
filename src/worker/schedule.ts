/** When to publish, by cron expression. The only home of node-cron. */
import cron from 'node-cron';

export function isSchedule(expression: string): boolean {
  return cron.validate(expression);
}

export interface Schedule {
  /** When it fires next, or undefined if never. */
  next(): Date | undefined;
  stop(): Promise<void>;
}

/**
 * Calls `fire` at each slot of a cron expression (five fields, or six with seconds first) in `timezone`. Slots that were
 * missed while the machine slept are not made up for. Overlap is the caller's to prevent.
 */
export function startSchedule(expression: string, timezone: string, fire: () => void): Schedule {
  const task = cron.schedule(expression, fire, { timezone });
  return {
    next: () => task.getNextRun() ?? undefined,
    stop: async () => {
      await task.destroy();
    },
  };
}
