/** The right to publish: one process at a time has it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lease, Store } from '../store/store.ts';

const LEASE = 'publish';
/** Milliseconds; whoever goes on longer renews it. */
export const LEASE_TTL = 30_000;

/** Waits up to `patience` milliseconds for a process that has it; rejects if it goes on. */
export async function takeLease(store: Store, patience: number): Promise<Lease> {
  for (let waited = 0; ; waited += 100) {
    const lease = await store.lease(LEASE, LEASE_TTL);
    if (lease) return lease;
    if (waited >= patience)
      throw new Error('another Feedwright is publishing to this store; try again when it is done');
    await sleep(100);
  }
}
