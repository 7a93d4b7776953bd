/** A timer for one moment of the calendar, however far it is, and whatever happens to the clock in the meantime. */
import type { Moment } from '../content/post.ts';

/** Time as the process has it; tests drive their own. */
export interface Clock {
  now(): Moment;
  /** Calls back after so many milliseconds; the answer takes it back. */
  after(milliseconds: number, callback: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that was set, or a machine that slept, is noticed that soon; and Node's timers cannot wait for a month. */
const LOOK_EVERY = 15_000;

export interface Alarm {
  /** The moment to ring at, in place of any other; one that has passed rings at once. */
  set(moment: Moment | undefined): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let cancel: (() => void) | undefined;
  const set = (moment: Moment | undefined): void => {
    cancel?.();
    if (moment === undefined) cancel = undefined;
    else {
      const left = moment - clock.now();
      const look = (): void => (clock.now() >= moment ? ring() : set(moment));
      cancel = clock.after(Math.max(0, Math.min(left, LOOK_EVERY)), look);
    }
  };
  return { set };
}
