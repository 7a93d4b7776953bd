import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseLedger } from '../src/ledger/document.ts';
import { LEDGER } from '../src/ledger/keep.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import { hashOf } from '../src/publish/feed.ts';
import { validateDocument } from '../src/validate/validate.ts';
import { temporaryFolder, write } from './blog.ts';
import type { Item } from './blog.ts';

const MAIN = join(import.meta.dirname, '../dist/main.js');
const KILLS = 200;

const posts = (round: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `content/${at}.md`,
      `---\ntitle: Post ${at} of round ${round}\ndate: 2026-05-${(at % 28) + 1}\ntags: [t${at % 10}, r${round % 5}]\n---\n${`Round ${round}. `.repeat(300)}\n`,
    ]),
  );

/** How a page for people, and what belongs to it, ends if it is whole. */
const PAGE_ENDS = /(?:<\/html>|<\/opml>|<\/svg>|\}|Allow: \/)\n$/;

/** How many feeds are there now, with those of them, and of the pages, that are not whole and valid. */
async function inspect(folder: string): Promise<{ feeds: number; broken: string[] }> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !/(?:^|\/)\./.test(name) && statSync(join(folder, name)).isFile(),
  );
  const feeds = names.filter((name) => /(?:feed|atom)\.(?:xml|json)$/.test(name));
  const pages = names.filter((name) => !feeds.includes(name));
  const broken = pages.filter((name) => !PAGE_ENDS.test(readFileSync(join(folder, name), 'utf8')));
  for (const name of feeds) {
    const report = await validateDocument({ name, body: readFileSync(join(folder, name)) });
    if (!report.format || report.findings.some(({ level }) => level === 'error')) broken.push(name);
  }
  return { feeds: feeds.length, broken };
}

const ledgerOf = (cwd: string): Ledger => parseLedger(readFileSync(join(cwd, 'feeds', LEDGER)));

test(`${KILLS} times killed while it publishes, every file is a whole and valid feed, and every entry the same`, async () => {
  const cwd = temporaryFolder();
  // Every round edits every post, which would be held otherwise.
  const args = [MAIN, 'build', '--approve', '--url', 'https://example.com/'];
  const build = (): ReturnType<typeof spawn> => spawn(process.execPath, args, { cwd, stdio: 'ignore' });

  write(cwd, posts(0));
  const begun = performance.now();
  expect(await once(build(), 'exit')).toEqual([0, null]);
  const whole = performance.now() - begun;

  const ids = (): Record<string, string> => {
    const feed = JSON.parse(readFileSync(join(cwd, 'feeds/feed.json'), 'utf8')) as { items: Item[] };
    return Object.fromEntries(feed.items.map(({ title, id }) => [title.replace(/ of .*/, ''), id]));
  };
  const before = ids();
  let killed = 0;
  for (let round = 1; round <= KILLS; round++) {
    write(cwd, posts(round));
    const child = build();
    // Spread evenly over the second half of a run, where the files are written.
    const timer = setTimeout(() => child.kill('SIGKILL'), whole * (0.4 + (0.6 * round) / KILLS));
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    clearTimeout(timer);
    if (signal === 'SIGKILL') killed++;
    expect(await inspect(join(cwd, 'feeds'))).toMatchObject({ broken: [] });
    expect(ids()).toEqual(before);
    ledgerOf(cwd);
  }
  expect(killed).toBeGreaterThan(KILLS / 2);

  expect(await once(build(), 'exit')).toEqual([0, null]);
  const { feeds, broken } = await inspect(join(cwd, 'feeds'));
  expect({ feeds, broken }).toEqual({ feeds: 3 * (1 + 10 + 1 + 1), broken: [] });
  expect(ids()).toEqual(before);
  const { files, entries } = ledgerOf(cwd);
  for (const [name, { hash }] of files) expect(hashOf(readFileSync(join(cwd, 'feeds', name)))).toBe(hash);
  expect([...entries.values()].filter(({ gone }) => gone !== undefined)).toEqual([]);
  expect(entries.size).toBe(40);
  const leftovers = readdirSync(join(cwd, 'feeds'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.tmp'),
  );
  expect(leftovers).toEqual([]);
}, 900_000);
