/** Work in steps, and a server in the same process that has its turn in between. */
import { turns } from '../content/turns.ts';
import type { Steps } from '../publish/steps.ts';

export async function unhurried<T>(steps: Steps<T>): Promise<T> {
  const turn = turns();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await turn();
  }
}
