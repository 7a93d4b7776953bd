/** When to publish, by cron expression. The only home of node-cron. */
import { createRequire } from 'node:module';
import type cron from 'node-cron';

const require = createRequire(import.meta.url);
// Who only builds, at the default schedule, needs none of it.
const nodeCron = (): typeof cron => require('node-cron') as typeof cron;

export function isSchedule(expression: string): boolean {
  return nodeCron().validate(expression);
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
  const task = nodeCron().schedule(expression, fire, { timezone });
  return {
    next: () => task.getNextRun() ?? undefined,
    stop: async () => {
      await task.destroy();
    },
  };
}
