/** Work in steps, and a server in the same process that has its turn in between. */
import { setImmediate as breath } from 'node:timers/promises';
import type { Steps } from '../publish/steps.ts';

/** Milliseconds after which others get their turn. */
const SLICE = 10;

export async function unhurried<T>(steps: Steps<T>): Promise<T> {
  for (let begun = performance.now(); ;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - begun < SLICE) continue;
    await breath();
    begun = performance.now();
  }
}
