/** What can go wrong with a store and a worker, done for real while readers poll: they get whole feeds all the while. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { hashOf } from '../src/publish/feed.ts';
import { temporaryFolder, write } from './blog.ts';
import { MAIN, endAll, fullDisk, start } from './processes.ts';
import { ask } from './serving.ts';

afterEach(endAll);

const SITE = ['--url', 'https://example.com/'];
const FEEDS = ['feed.xml', 'atom.xml', 'feed.json', 'tags/a/feed.xml', 'tags/a/atom.xml'];
const posts = (count: number, text = ''): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `content/p${at}.md`,
      `---\ntitle: Post ${at}\ndate: 2026-05-${10 + at}\ntags: [a]\n---\n${`Words of ${at}. `.repeat(200)}${text}\n`,
    ]),
  );

function build(folder: string): void {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, 'build', ...SITE], { cwd: folder });
  if (status !== 0) throw new Error(String(stderr));
}

/** Readers who ask for the feeds again and again, in every encoding, with and without validators. */
function readers(port: number): { stop: () => Promise<void>; rounds: number } {
  const state = { stop: () => Promise.resolve(), rounds: 0 };
  let over = false;
  const read = async (encoding: string, conditional: boolean): Promise<void> => {
    const tags = new Map<string, string>();
    while (!over) {
      for (const name of FEEDS) {
        const tag = conditional ? tags.get(name) : undefined;
        const asked = { 'accept-encoding': encoding, ...(tag && { 'if-none-match': tag }) };
        const { status, headers, body } = await ask({ port }, `/${name}`, asked);
        expect([200, 304]).toContain(status);
        tags.set(name, String(headers.etag));
        if (status === 304) continue;
        const sent = headers['content-encoding'];
        const whole = sent === 'br' ? brotliDecompressSync(body) : sent === 'gzip' ? gunzipSync(body) : body;
        expect(headers.etag).toContain(hashOf(whole).slice(0, 22));
        expect(whole.toString()).toMatch(/(<\/rss>|<\/feed>|\})\n?$/);
      }
      state.rounds += 1;
    }
  };
  const all = Promise.all([
    read('br', false),
    read('gzip', true),
    read('identity', false),
    read('br, gzip', true),
  ]);
  // Told when they are stopped, not before.
  all.catch(() => {});
  state.stop = async () => {
    over = true;
    await all;
  };
  return state;
}

/** Lets the readers ask for everything a few times more. */
async function aWhile(state: { rounds: number }): Promise<void> {
  const until = state.rounds + 20;
  while (state.rounds < until) await new Promise((resolve) => setImmediate(resolve));
}

async function readiness(port: number): Promise<{ status: string; problems?: string[] }> {
  const { status, body } = await ask({ port }, '/readyz');
  expect(status).toBe(200);
  return JSON.parse(body.toString()) as { status: string; problems?: string[] };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds()));
}

describe('readers who poll get whole feeds', () => {
  async function serving(folder: string): Promise<number> {
    const { url } = await start(['serve', '--port', '0', ...SITE], folder);
    const port = Number(new URL(url).port);
    for (const name of FEEDS) await ask({ port }, `/${name}`);
    return port;
  }

  test('while the store is removed, and published anew', async () => {
    const folder = write(temporaryFolder(), posts(5));
    build(folder);
    const port = await serving(folder);
    const polling = readers(port);
    rmSync(join(folder, 'feeds'), { recursive: true });
    await until(async () => (await readiness(port)).status === 'degraded');
    await aWhile(polling);
    write(folder, posts(6));
    build(folder);
    await until(async () => (await ask({ port }, '/feed.json')).body.includes('Post 5'));
    await until(async () => (await readiness(port)).status === 'ok');
    await polling.stop();
  });

  test('while files in it are cut off and emptied from outside', async () => {
    const folder = write(temporaryFolder(), posts(5));
    build(folder);
    const port = await serving(folder);
    const polling = readers(port);
    for (const [at, name] of FEEDS.entries()) truncateSync(join(folder, 'feeds', name), at * 200);
    await aWhile(polling);
    // A publish writes them again, whole.
    write(folder, posts(6));
    build(folder);
    await until(async () => (await ask({ port }, '/feed.json')).body.includes('Post 5'));
    await polling.stop();
    for (const name of FEEDS)
      expect(readFileSync(join(folder, 'feeds', name), 'utf8')).toMatch(/(<\/rss>|<\/feed>|\})\n?$/);
  });

  test('while its index is damaged', async () => {
    const folder = write(temporaryFolder(), posts(5));
    build(folder);
    const port = await serving(folder);
    const polling = readers(port);
    const index = join(folder, 'feeds/.feedwright/index.json');
    const bytes = readFileSync(index, 'utf8');
    write(folder, { 'feeds/.feedwright/new.json': bytes.slice(0, bytes.length / 2) });
    renameSync(join(folder, 'feeds/.feedwright/new.json'), index);
    await until(async () => (await readiness(port)).status === 'degraded');
    await aWhile(polling);
    build(folder);
    await until(async () => (await readiness(port)).status === 'ok');
    await polling.stop();
  });

  test('while the disk is full for who publishes', async () => {
    const folder = write(temporaryFolder(), posts(5));
    build(folder);
    const port = await serving(folder);
    const polling = readers(port);
    write(folder, posts(6));
    for (const blocks of [0, 1, 8]) {
      const { status, stderr } = spawnSync(...fullDisk(blocks, ['build', ...SITE]), { cwd: folder });
      expect([status, String(stderr)]).toEqual([3, expect.stringContaining('too large')]);
      await aWhile(polling);
    }
    build(folder);
    await until(async () => (await ask({ port }, '/feed.json')).body.includes('Post 5'));
    await polling.stop();
  });

  test('while the disk is full for who publishes and serves, and operators are told', async () => {
    const folder = write(temporaryFolder(), posts(5));
    build(folder);
    write(folder, posts(6));
    const args = ['start', '--port', '0', ...SITE];
    const { url, logged } = await start(args, folder, fullDisk(0, args));
    const port = Number(new URL(url).port);
    await logged(/status of the run could not be stored/);
    const polling = readers(port);
    await aWhile(polling);
    const { status, problems } = await readiness(port);
    expect([status, problems]).toEqual([
      'degraded',
      [
        expect.stringMatching(
          /^the last run failed: could not publish[^;]*; what is published stays: Cannot write [^:]*: file too large \(EFBIG\)$/,
        ),
      ],
    ]);
    const metrics = (await ask({ port }, '/metrics')).body.toString();
    expect(metrics).toContain('\nfeedwright_runs_total{outcome="failed"} 1\n');
    await polling.stop();
  });

  test('while the worker is killed in the middle of its work', async () => {
    const folder = write(temporaryFolder(), posts(5));
    build(folder);
    const port = await serving(folder);
    const polling = readers(port);
    for (let round = 0; round < 6; round++) {
      write(folder, posts(5, `Edited ${round}.`));
      const { child } = await start(['work', ...SITE], folder);
      for (let waited = 0; waited < round * 40; waited += 1)
        await new Promise((resolve) => setImmediate(resolve));
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await aWhile(polling);
    write(folder, posts(5, 'The last edit.'));
    build(folder);
    await until(async () => (await ask({ port }, '/feed.json')).body.includes('The last edit.'));
    await polling.stop();
  });
});
