import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import RssParser from 'rss-parser';
import { LINK_POST, temporaryFolder, write } from './blog.ts';
import { MAIN, endAll, start } from './processes.ts';

afterEach(endAll);

function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          headers: answer.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      );
      answer.on('error', reject);
    });
    asked.on('error', reject).end();
  });
}

const POST = (title: string): string => `---\ntitle: ${title}\ndate: 2026-05-17\n---\nText.\n`;

describe('a folder in, a server up, a reader out', () => {
  test('start publishes, serves, and publishes again on SIGHUP without a restart', async () => {
    const cwd = write(temporaryFolder(), { 'content/link.md': LINK_POST });
    const { child, url, logged } = await start(
      ['start', '--port', '0', '--url', 'https://example.com/'],
      cwd,
    );
    await logged(/^Published 1 post/);

    const first = await get(`${url}feed.xml`);
    expect(first).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/rss+xml; charset=utf-8' },
    });
    expect((await new RssParser().parseString(first.body)).items[0]).toMatchObject({
      guid: 'tag:example.com,2025-12-24:link',
    });
    const validators = { 'if-none-match': String(first.headers['etag']) };
    expect((await get(`${url}feed.xml`, validators)).status).toBe(304);

    write(cwd, { 'content/new.md': POST('Brand new') });
    child.kill('SIGHUP');
    await logged(/^Published 2 posts/);
    for (let fresh = 304; fresh === 304;) {
      const answer = await get(`${url}feed.xml`, validators);
      fresh = answer.status;
      if (fresh === 200) expect(answer.body).toContain('Brand new');
    }

    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('start publishes what is saved, and what becomes due, though its schedule is yearly', async () => {
    const cwd = write(temporaryFolder(), { 'content/one.md': POST('One') });
    const { url, logged } = await start(
      ['start', '--port', '0', '--url', 'https://example.com/', '--schedule', '0 0 1 1 *'],
      cwd,
    );
    await logged(/^Published 1 post/);
    write(cwd, { 'content/deep/two.md': POST('Two') });
    await logged(/^Published 2 posts/);
    while (!(await get(`${url}feed.json`)).body.includes('"Two"'));

    const due = Math.floor(Date.now() / 1000) * 1000 + 2000;
    const scheduled = POST('Three').replace('2026-05-17', new Date(due).toISOString());
    write(cwd, { 'content/three.md': scheduled });
    const line = await logged(/1 scheduled/);
    expect(line['nextDue']).toBe(new Date(due).toISOString().replace('.000', ''));
    // The status follows the log line, and tells the same.
    for (let next = ''; next !== new Date(due).toISOString();) {
      if (Date.now() > due) throw new Error(`the status says ${next}`);
      ({ next } = JSON.parse((await get(`${url}readyz`)).body) as { next: string });
    }
    await logged(/^Published 3 posts/);
    expect(Date.now()).toBeGreaterThanOrEqual(due);

    // The folder is taken away and another put in its place, as some ways of deploying do.
    renameSync(join(cwd, 'content'), join(cwd, 'old'));
    await logged(/could not publish/);
    write(cwd, {
      'new/one.md': POST('One'),
      'new/four.md': POST('Four'),
      'new/deep/two.md': POST('Two'),
      'new/three.md': scheduled,
    });
    renameSync(join(cwd, 'new'), join(cwd, 'content'));
    await logged(/^Published 4 posts/);
    // The status follows the log line.
    for (let outcome = 'failed'; outcome === 'failed';) {
      const { lastRun } = JSON.parse((await get(`${url}readyz`)).body) as { lastRun: { outcome: string } };
      outcome = lastRun.outcome;
    }
  });

  test('two workers that see the same change wait for each other', async () => {
    const cwd = write(temporaryFolder(), { 'content/one.md': POST('One') });
    const args = ['work', '--url', 'https://example.com/', '--schedule', '0 0 1 1 *'];
    const workers = [await start(args, cwd), await start(args, cwd)];
    for (const { logged } of workers) await logged(/./);
    for (let posts = 2; posts < 5; posts++) {
      write(cwd, { [`content/${posts}.md`]: POST(`Post ${posts}`) });
      const said = await Promise.all(workers.map(({ logged }) => logged(/./)));
      expect(said.map(({ posts }) => posts)).toEqual([posts, posts]);
      expect(said.map(({ outcome }) => outcome).sort()).toEqual(['published', 'unchanged']);
    }
  });

  test('a server in a process of its own serves what a worker in another publishes', async () => {
    const cwd = write(temporaryFolder(), { 'content/one.md': POST('One') });
    const { child: worker, logged } = await start(
      ['work', '--url', 'https://example.com/', '--schedule', '* * * * * *'],
      cwd,
    );
    await logged(/^Published 1 post/);
    const { child: server, url } = await start(
      ['serve', '--port', '0', '--url', 'https://example.com/'],
      cwd,
    );
    expect((await get(`${url}feed.json`)).body).toContain('"One"');
    server.kill('SIGHUP');
    write(cwd, { 'content/two.md': POST('Two') });
    await logged(/^Published 2 posts/);
    while (!(await get(`${url}feed.json`)).body.includes('"Two"'));
    for (const child of [worker, server]) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  });

  test.each(['start', 'work'])('%s ends when it is told to, be it in the first run', async (command) => {
    const posts = Array.from({ length: 1500 }, (_, at) => [`content/${at}.md`, POST(`Post ${at}`)]);
    const cwd = write(temporaryFolder(), Object.fromEntries(posts) as Record<string, string>);
    const { child, logged } = await start(['work'], cwd, [
      process.execPath,
      [MAIN, command, '--port', '0', '--url', 'https://example.com/'],
    ]);
    while (!existsSync(join(cwd, 'feeds/.feedwright'))) await turn();
    child.kill('SIGTERM');
    expect((await logged(/./))['msg']).toBe('stopping');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('what is published already is served although the posts are gone', async () => {
    const cwd = write(temporaryFolder(), { 'content/one.md': POST('One') });
    const first = await start(['start', '--port', '0', '--url', 'https://example.com/'], cwd);
    first.child.kill('SIGTERM');
    await once(first.child, 'exit');
    const { url } = await start(
      ['start', '--port', '0', '--url', 'https://example.com/', '--content', 'nowhere'],
      cwd,
    );
    expect((await get(`${url}feed.json`)).body).toContain('"One"');
  });

  test('a port that is taken is one sentence', async () => {
    const cwd = write(temporaryFolder(), { 'content/one.md': POST('One') });
    const { url } = await start(['start', '--port', '0'], cwd);
    const second = spawn(process.execPath, [MAIN, 'serve', '--port', new URL(url).port], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    second.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    expect(await once(second, 'exit')).toEqual([3, null]);
    expect(stderr).toMatch(/^feedwright: .*port.*\n$/i);
  });
});
