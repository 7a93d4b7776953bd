/** Makes a checkout ready to run: installs what is missing and builds what is out of date. Needs nothing but Node and npm. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    fail(`Node 20.19 or later is needed; this is ${process.versions.node}`);
  if (!isInstalled()) {
    console.error('Installing what Feedwright needs...');
    npm('ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error');
  }
  if (!isBuilt()) {
    console.error('Building...');
    npm('run', '--silent', 'build');
  }
}

/** Whether every package of the lockfile is there in its version. */
function isInstalled() {
  const wanted = packages('package-lock.json');
  const found = packages('node_modules/.package-lock.json');
  return Object.entries(wanted).every(
    ([name, { version, optional, peer }]) =>
      name === '' || optional || peer || found[name]?.version === version,
  );
}

function packages(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), 'utf8')).packages;
  } catch {
    return {};
  }
}

function isBuilt() {
  const built = changed(join(root, 'dist', 'main.js'));
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join(root, 'src', name));
  const rest = ['scripts/build.js', 'tsconfig.build.json', 'tsconfig.json', 'package-lock.json'];
  return [...sources, ...rest.map((name) => join(root, name))].every((name) => changed(name) <= built);
}

function changed(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

function npm(...args) {
  // npm tells its children where it is; on Windows it is no program that could be run by name.
  const npmCli = process.env.npm_execpath;
  const { status, error } = npmCli
    ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) fail(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ''}`);
}

function fail(sentence) {
  console.error(`feedwright: ${sentence}`);
  process.exit(3);
}
