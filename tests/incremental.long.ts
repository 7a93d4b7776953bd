/** A run after a few changes gives what a run of everything gives, many times over. */
import { expect, test } from '@jest/globals';
import { checkIncremental } from './incremental-model.ts';

test('two hundred and fifty blogs, edited while they are published', async () => {
  const { runs, partial, restored, restarted } = await checkIncremental(250, 25);
  expect(partial).toBeGreaterThan(runs / 5);
  expect(restored).toBeGreaterThan(runs / 10);
  expect(restarted).toBeGreaterThan(runs / 10);
}, 900_000);
