/** How often a feed has something new. Pure. */
import type { Moment } from '../content/post.ts';

/**
 * The usual time between two entries, in milliseconds: the median of the gaps between them;
 * undefined for less than two, and where most bear one moment.
 */
export function cadenceOf(newestFirst: readonly Moment[]): number | undefined {
  const gaps = newestFirst.slice(1).map((moment, at) => newestFirst[at]! - moment);
  return gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] || undefined;
}
