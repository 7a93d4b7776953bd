/** Long work in one process with a server, which has its turn in between. */
import { setImmediate as breath } from 'node:timers/promises';

/** Milliseconds after which others get their turn. */
const SLICE = 10;

/** To be called and waited for after each step; waits only when it is others' turn. */
export function turns(): () => Promise<void> | undefined {
  let begun = performance.now();
  const next = async (): Promise<void> => {
    await breath();
    begun = performance.now();
  };
  return () => (performance.now() - begun < SLICE ? undefined : next());
}
