/**
 * `npm run build`: src -> dist, from nothing, so that no file of an earlier version stays behind. Few large files, with the packages
 * that every run needs: loading hundreds of small ones takes longer than what most runs do.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'rolldown';
import { root } from './prepare.js';

const dist = join(root, 'dist');
rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const types = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
if (types.status !== 0) process.exit(types.status ?? 1);

const files = await bundle(dist, ['main']);
// What tests, benchmarks and scripts call of it; no part of the package.
await bundle(join(dist, 'parts'), ['content/read-file', 'publish/entry', 'settings', 'worker/run']);
writeFileSync(join(dist, 'LICENSES.txt'), licences(files));
chmodSync(join(dist, 'main.js'), 0o755);

/** Writes modules, and what they share, to one folder; gives the files they are made of. */
async function bundle(dir, modules) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { output } = await build({
    cwd: root,
    input: Object.fromEntries(modules.map((name) => [basename(name), `src/${name}.ts`])),
    platform: 'node',
    // What is only needed to develop is not there when the program runs: it becomes a part of it.
    external: Object.keys(dependencies),
    transform: { target: 'node20.19' },
    output: {
      dir,
      format: 'esm',
      chunkFileNames: '[name]-[hash].js',
      sourcemap: true,
      sourcemapExcludeSources: true,
    },
    logLevel: 'warn',
  });
  return output.flatMap(({ moduleIds = [] }) => moduleIds);
}

/** The licences of the packages among those files, which go where these go. */
function licences(names) {
  const folders = new Set(
    names.flatMap((name) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? []),
  );
  const texts = [...folders].sort().map((folder) => {
    const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const licence = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = licence ? `\n${readFileSync(join(folder, licence), 'utf8').trim()}\n` : '';
    return `${about.name} ${about.version}: ${about.license}\n${text}`;
  });
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}
