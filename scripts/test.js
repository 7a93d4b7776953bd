/** `npm test`: the tests, from a fresh checkout. `--long` runs those that take minutes; other arguments are jest's. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.js';

prepare();
const isLong = process.argv.includes('--long');
const args = process.argv.slice(2).filter((arg) => arg !== '--long');
// Those that load a server, or count on how long a run takes, need the machine for themselves.
if (isLong) args.unshift('--runInBand');
const { status } = spawnSync(
  process.execPath,
  ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js'), ...args],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...(isLong && { LONG: '1' }) },
  },
);
process.exit(status ?? 1);
