/** The package as npm makes it: installed from its tarball into an empty folder, it is the same program. */
import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINK_POST, temporaryFolder, write } from './blog.ts';

const ROOT = join(import.meta.dirname, '..');

test('holds what runs and its documentation, and publishes', () => {
  const folder = temporaryFolder();
  const run = (program: string, args: string[], cwd: string): string =>
    execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], ROOT)) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path);
  expect(paths.filter((path) => !/^(?:dist\/(?:[\w-]+\.js(?:\.map)?|LICENSES\.txt)|docs\/[\w-]+\.(?:md|png)|[A-Z]+\.md|LICENSE|package\.json|feedwright\.schema\.json)$/.test(path))).toEqual([]); // prettier-ignore
  expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'README.md', 'LICENSE', 'CHANGELOG.md']));

  write(folder, {
    'package.json': '{ "private": true }',
    'content/link.md': LINK_POST,
  });
  run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
  const bin = join(folder, 'node_modules/.bin/feedwright');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(run(bin, ['--version'], folder)).toBe(`${version}\n`);
  expect(run(bin, ['build', '--url', 'https://example.com/'], folder)).toMatch(/^Published 1 post/);
  expect(run(bin, ['validate', 'feeds/feed.xml', 'feeds/atom.xml', 'feeds/feed.json'], folder)).toMatch(/^(?:.*: .*0 errors.*\n){3}$/); // prettier-ignore
}, 300_000);
