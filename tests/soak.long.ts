/** A minute of many readers at once: polite, slow and rude ones, while posts are published. */
import { afterEach, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { hashOf } from '../src/publish/feed.ts';
import { temporaryFolder, write } from './blog.ts';
import { MAIN, endAll, start } from './processes.ts';
import { ask } from './serving.ts';

const SECONDS = 60;
const KEPT = 2000;
const SLOW = 50;
const RUDE = 20;
const SITE = ['--url', 'https://example.com/'];

afterEach(endAll);

const posts = (edit: number): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `content/p${at}.md`,
      `---\ntitle: Post ${at}\ndate: 2026-05-${1 + at}\ntags: [t${at % 10}]\n---\n${`Words ${at}. `.repeat(1000)}${at === edit % 30 ? `Edit ${edit}.` : ''}\n`,
    ]),
  );
const NAMES = [
  'feed.xml',
  'atom.xml',
  'feed.json',
  ...Array.from({ length: 10 }, (_, at) => `tags/t${at}/feed.xml`),
];

test(`${KEPT} connections are kept for ${SECONDS} seconds: no error, no torn body, no memory lost`, async () => {
  const folder = write(temporaryFolder(), posts(0));
  const build = (): void => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'build', ...SITE], { cwd: folder });
    expect([status, String(stderr)]).toEqual([0, '']);
  };
  build();
  const { child, url } = await start(['serve', '--port', '0', ...SITE], folder);
  const port = Number(new URL(url).port);
  const agent = new Agent({ keepAlive: true, maxSockets: KEPT });
  const until = Date.now() + SECONDS * 1000;
  const isOver = (): boolean => Date.now() >= until;
  const counted = { whole: 0, unchanged: 0, aborted: 0, slow: 0 };

  const polite = async (number: number): Promise<void> => {
    const tags = new Map<string, string>();
    for (let round = number; !isOver(); round++) {
      const name = NAMES[round % NAMES.length]!;
      const tag = round % 8 === 0 ? undefined : tags.get(name);
      const headers = { 'accept-encoding': 'gzip', ...(tag && { 'if-none-match': tag }) };
      const { status, headers: got, body } = await get(port, `/${name}`, headers, agent);
      expect([200, 304]).toContain(status);
      if (status === 200) {
        expect(got['content-length']).toBe(String(body.length));
        const bytes = got['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        expect(got.etag).toContain(hashOf(bytes).slice(0, 22));
        counted.whole += 1;
      } else counted.unchanged += 1;
      tags.set(name, got.etag!);
      await sleep(500);
    }
  };
  /** Takes a few kilobytes of a large feed in a second, to the end. */
  const slow = async (): Promise<void> => {
    while (!isOver()) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET /feed.xml HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      let bytes = 0;
      socket.on('data', (part: Buffer) => {
        bytes += part.length;
        socket.pause();
        setTimeout(() => socket.resume(), isOver() ? 0 : 250);
      });
      await once(socket, 'close');
      expect(bytes).toBeGreaterThan(100_000);
      counted.slow += 1;
    }
  };
  const rude = async (): Promise<void> => {
    while (!isOver()) {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET /feed.xml HTTP/1.1\r\nHost: x\r\n\r\n');
      await once(socket, 'data');
      socket.resetAndDestroy();
      counted.aborted += 1;
      await sleep(50);
    }
  };
  const publishing = async (): Promise<void> => {
    for (let edit = 1; !isOver(); edit++) {
      write(folder, posts(edit));
      build();
      await sleep(5000);
    }
  };
  const memory: number[] = [];
  const watching = async (): Promise<void> => {
    while (!isOver()) {
      memory.push(residentMemory(child.pid!));
      await sleep(1000);
    }
  };
  await Promise.all([
    ...Array.from({ length: KEPT }, (_, number) => polite(number)),
    ...Array.from({ length: SLOW }, slow),
    ...Array.from({ length: RUDE }, rude),
    publishing(),
    watching(),
  ]);
  agent.destroy();

  expect(counted.whole).toBeGreaterThan(KEPT);
  expect(counted.unchanged).toBeGreaterThan(KEPT);
  expect(counted.aborted).toBeGreaterThan(RUDE);
  expect(counted.slow).toBeGreaterThanOrEqual(SLOW);
  expect((await ask({ port }, '/readyz')).status).toBe(200);
  expect(child.exitCode).toBeNull();
  if (memory[0] !== 0) {
    const third = Math.floor(memory.length / 3);
    const most = (part: number[]): number => Math.max(...part);
    // What is warm by the end of the first third is all that is needed.
    expect(most(memory.slice(-third))).toBeLessThan(most(memory.slice(0, third)) * 1.3 + 20);
  }
}, 180_000);

/** MiB, where the system tells. */
function residentMemory(pid: number): number {
  const file = `/proc/${pid}/status`;
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1]) / 1024 : 0;
}

function get(
  port: number,
  path: string,
  headers: Record<string, string>,
  agent: Agent,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers, agent }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });
}
