/** A run after a few changes gives what a run of everything gives. */
import { expect, test } from '@jest/globals';
import { checkIncremental } from './incremental-model.ts';

test('a worker that goes on publishes the same bytes as one that begins anew', async () => {
  const { runs, partial } = await checkIncremental(25, 12);
  expect(partial).toBeGreaterThan(runs / 5);
}, 120_000);
