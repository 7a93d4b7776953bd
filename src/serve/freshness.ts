/** For how long a feed need not be asked for again. Pure. */

import type { RawHeaders } from './headers.ts';

/** Bounds of `max-age`, in seconds. */
export interface Freshness {
  min: number;
  max: number;
}

/** How often a feed changes, as the catalogue tells it: all in milliseconds. */
export interface Timing {
  /** What usually passes between two entries. */
  every?: number;
  /** When it will be another by itself. */
  next?: number;
}

/** Who looks ten times between two entries has a new one after a twentieth of that time, on average. */
const LOOKS_PER_ENTRY = 10;

/** How long caches may use what they could not check, in seconds: a week, so that a broken origin is not noticed. */
const STALE_IF_ERROR = 604_800;

/** How long after its moment a due post is still waited for, in milliseconds. */
const OVERDUE = 60_000;
/** While it is: seconds. */
const SOON = 5;

/**
 * The `max-age` of a feed in whole seconds: by how often it has something new, within bounds, and never beyond the moment at
 * which it will be another by itself.
 */
export function maxAge({ every, next }: Timing, { min, max }: Freshness, now: number): number {
  const usual = every === undefined ? min : Math.round(every / LOOKS_PER_ENTRY / 1000);
  const age = Math.min(Math.max(usual, min), max);
  if (next === undefined || next < now - OVERDUE) return age;
  return Math.min(age, Math.max(Math.floor((next - now) / 1000), SOON));
}

/** The Cache-Control header (RFC 9111 section 5.2, RFC 5861), as name and value. */
export function cacheControl(age: number, { min }: Freshness): RawHeaders {
  return [
    'Cache-Control',
    `public, max-age=${age}, stale-while-revalidate=${Math.min(age, min)}, stale-if-error=${STALE_IF_ERROR}`,
  ];
}
