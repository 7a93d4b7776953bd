/** Looking into the store again and again, so that what is published is served soon. */
import type { Log } from './log.ts';
import type { Operations } from './operations.ts';
import type { Shelf } from './shelf.ts';

export interface Refreshing {
  /** Looks into the store now. Never rejects: if the store fails, what is in memory stays served. */
  refresh: () => Promise<void>;
  stop: () => void;
}

/** Looks into the store, and again `pause` milliseconds after it was looked into, until it is stopped. */
export function refreshing(shelf: Shelf, operations: Operations, log: Log, pause: number): Refreshing {
  const refresh = inTurn(refresher(shelf, operations, log));
  return { refresh, stop: poll(refresh, pause) };
}

/** Looks into the store; that it fails is told when it begins, and when it works again. */
function refresher(shelf: Shelf, operations: Operations, log: Log): () => Promise<void> {
  let failing: string | undefined;
  return async () => {
    const reason = await shelf.refresh().then(
      () => undefined,
      (error: Error) => error.message,
    );
    operations.storeFailed(reason);
    if (reason === undefined && failing !== undefined) log.info({}, 'the store can be read again');
    if (reason !== undefined && reason !== failing)
      log.warn({ error: reason }, 'the store cannot be read; serving what was read before');
    failing = reason;
  };
}

/** Calls wait for the one before: each sees all that was stored before it was asked for. */
function inTurn(work: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => (last = last.then(work));
}

/** Does the work again and again, `pause` milliseconds after it was done, until the answer is called. */
function poll(work: () => Promise<void>, pause: number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const wait = (): void => {
    if (!stopped) timer = setTimeout(() => void work().then(wait), pause).unref();
  };
  wait();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
