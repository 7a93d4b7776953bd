import { test } from '@jest/globals';
import { checkModel } from './ledger-model.ts';

test('600 blogs to which 30 things happen: their subscribers see each entry once', async () => {
  await checkModel({ sequences: 600, steps: 30 });
}, 900_000);
