/** Whether the service does what it should, in words for an operator. Pure. */
import type { Status } from '../store/status.ts';

export interface Condition {
  /** How many feeds are published. */
  feeds: number;
  status?: Status;
  /** Why the store cannot be read now, if it cannot. */
  storeFailure?: string;
  /** Why a feed cannot be read now, by its name. */
  unreadable: ReadonlyMap<string, string>;
  now: number;
}

export interface Readiness {
  /** 200 as long as there are feeds: whoever is sent here gets them, whatever else is wrong. */
  code: 200 | 503;
  body: object;
}

/** How long a run that was announced is waited for before the worker is taken for dead, in milliseconds. */
const OVERDUE = 300_000;
/** How many feeds that cannot be read are named. */
const NAMED = 10;

export function readiness({ feeds, status, storeFailure, unreadable, now }: Condition): Readiness {
  const problems = [
    ...(storeFailure === undefined
      ? []
      : [`the store cannot be read, what was read before is served: ${storeFailure}`]),
    ...[...unreadable].slice(0, NAMED).map(([name, reason]) => `${name} cannot be read: ${reason}`),
    ...(status?.outcome === 'failed' ? [`the last run failed: ${status.message}`] : []),
    ...(status?.next !== undefined && Date.parse(status.next) < now - OVERDUE
      ? [`no run since ${status.at}, though one was due at ${status.next}: is the worker running?`]
      : []),
  ];
  const word = feeds === 0 ? 'nothing is published yet' : problems.length > 0 ? 'degraded' : 'ok';
  const { version: _version, next, ...lastRun } = status ?? { version: 1 };
  return {
    code: feeds > 0 ? 200 : 503,
    body: {
      status: word,
      feeds,
      ...(problems.length > 0 && { problems }),
      ...(status && { lastRun }),
      ...(next !== undefined && { next }),
    },
  };
}
