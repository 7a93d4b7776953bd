/** Who is measured: what each is called, whether it is here, its command line, and where its feeds end up. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
export const MAIN = join(here, '../dist/main.js');
const eleventy = join(here, 'eleventy/node_modules/@11ty');

const versionIn = (file) => JSON.parse(readFileSync(file, 'utf8')).version;
const ofPackage = (name) => `${name} ${versionIn(join(here, '../node_modules', name, 'package.json'))}`;
const hugo = spawnSync('hugo', ['version'], { encoding: 'utf8' }).stdout?.split(' ')[1];

/**
 * By name. `version` is undefined where it is not installed. `folder` is the one it works in, below the corpus, `feeds` where
 * its feeds are, `state` all that it leaves behind; removing that makes the next run a cold one.
 */
export const CONTENDERS = {
  feedwright: {
    version: versionIn(join(here, '../package.json')),
    command: [process.execPath, MAIN, 'build'],
    folder: 'feedwright',
    feeds: 'feedwright/feeds',
    state: ['feedwright/feeds', 'feedwright/.cache', 'feedwright/.feedwright'],
  },
  hugo: {
    version: hugo,
    command: ['hugo', '--quiet', '--destination', '../hugo-feeds'],
    folder: 'hugo',
    feeds: 'hugo-feeds',
    state: ['hugo-feeds', 'hugo/.cache', 'hugo/resources', 'hugo/.hugo_build.lock'],
  },
  eleventy: {
    version: existsSync(eleventy)
      ? `${versionIn(join(eleventy, 'eleventy/package.json'))}, eleventy-plugin-rss ${versionIn(join(eleventy, 'eleventy-plugin-rss/package.json'))}`
      : undefined,
    command: [process.execPath, join(eleventy, 'eleventy/cmd.cjs'), '--quiet', '--output=../eleventy-feeds'],
    folder: 'eleventy',
    feeds: 'eleventy-feeds',
    state: ['eleventy-feeds', 'eleventy/.cache'],
  },
  plain: {
    version: ['gray-matter', 'marked', 'feed'].map(ofPackage).join(', '),
    command: [process.execPath, join(here, 'plain.js'), 'posts', 'plain-feeds'],
    folder: '.',
    feeds: 'plain-feeds',
    state: ['plain-feeds', '.cache'],
  },
};
export const PEERS = Object.keys(CONTENDERS).filter((name) => name !== 'feedwright');

/**
 * Forgets everything that runs have left: puts it aside until all is removed at the end. Where thousands of files were removed within
 * the last minute ext4 looks at each of them before it makes a new one, which is not what is measured.
 */
export function forget(corpus, name) {
  const aside = mkdtempSync(join(corpus, 'forgotten-'));
  for (const [at, path] of CONTENDERS[name].state.entries())
    if (existsSync(join(corpus, path))) renameSync(join(corpus, path), join(aside, `${at}`));
}
