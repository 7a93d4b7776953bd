/** `npm run build`: src -> dist, from nothing, so that no file of an earlier version stays behind. */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
rmSync(join(root, 'dist'), { recursive: true, force: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
// tsc writes the bin without the right to be run.
if (status === 0) chmodSync(join(root, 'dist/main.js'), 0o755);
process.exit(status ?? 1);
