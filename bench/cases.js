/** What is measured. Each case gets the corpus as it is on disk and gives rows: one per contender. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTENDERS, MAIN, forget } from './contenders.js';
import { measure, startService } from './measure.js';
import { edit, startWorker } from './running.js';

/** One whole process of a contender. */
export const runOnce = (corpus, name) =>
  measure(CONTENDERS[name].command, join(corpus.folder, CONTENDERS[name].folder));

/** Whole processes of all contenders in turns; `prepare` is called before each, `check` after it, neither is measured. */
async function inTurns({ corpus, names, runs, say }, prepare, check = () => {}) {
  const rows = names.map((name) => ({ name, samples: [] }));
  for (let run = 0; run < runs; run++) {
    for (const row of rows) {
      if (row.failed) continue;
      say(`run ${run + 1} of ${runs}: ${row.name}`);
      await prepare(row.name, run);
      // What the one before has left to be written to the disk is not this one's to wait for.
      spawnSync('sync');
      try {
        row.samples.push(await runOnce(corpus, row.name));
        check(row.name, run);
      } catch (error) {
        row.failed = error.message;
      }
    }
  }
  return rows;
}

/** By name; `ours` are those that only Feedwright takes part in. */
export const CASES = {
  cold: {
    means: 'nothing published, no cache',
    run: (round) => inTurns(round, (name) => forget(round.corpus.folder, name)),
  },
  warm: {
    means: 'the whole process again, one post changed',
    run: (round) => {
      const edited = (name, run) => `Changed for ${name}, ${run}.`;
      const prepare = async (name, run) => {
        // So that no moment of the last run is the same second.
        await sleep(1100);
        appendFileSync(newestPost(round.corpus), `\n${edited(name, run)}\n`);
      };
      const check = (name, run) => {
        const feed = join(round.corpus.folder, CONTENDERS[name].feeds, 'feed.xml');
        if (!readFileSync(feed, 'utf8').includes(edited(name, run)))
          throw new Error(`${name} has not published the change`);
      };
      return inTurns(round, prepare, check);
    },
  },
  unchanged: {
    means: 'the whole process again, nothing changed',
    run: async (round) => {
      // What the posts have become by the other cases is published first.
      for (const name of round.names) await runOnce(round.corpus, name).catch(() => {});
      return inTurns(round, () => {});
    },
  },
  running: {
    means: 'a worker that watches: from saving one post to the last file renamed',
    ours: true,
    run: async ({ corpus, edits, say }) => {
      say(`${edits} edits`);
      const cwd = join(corpus.folder, CONTENDERS.feedwright.folder);
      const worker = startWorker([], cwd);
      let done;
      let used;
      try {
        await worker.next(['published', 'unchanged']);
        done = await edit({
          content: join(corpus.folder, 'posts'),
          feeds: join(corpus.folder, CONTENDERS.feedwright.feeds),
          count: corpus.posts,
          edits,
          published: worker.published,
        });
      } finally {
        used = await worker.stop();
      }
      const samples = done.map(({ took, ...rest }) => ({ seconds: took / 1000, ...rest }));
      return [{ name: 'feedwright', samples, peak: used.peak }];
    },
  },
  start: {
    means: 'feedwright start, nothing changed: until the first feed is served',
    ours: true,
    run: async ({ corpus, runs, say }) => {
      await runOnce(corpus, 'feedwright');
      const samples = [];
      for (let run = 0; run < runs; run++) {
        say(`run ${run + 1} of ${runs}`);
        samples.push(await startOnce(join(corpus.folder, CONTENDERS.feedwright.folder)));
      }
      return [{ name: 'feedwright', samples }];
    },
  },
};

async function startOnce(cwd) {
  const port = await freePort();
  const begun = performance.now();
  const { child, stop } = startService([MAIN, 'start', '--port', String(port)], cwd);
  let said = '';
  child.stdout.resume();
  child.stderr.on('data', (part) => (said = (said + part).slice(-2000)));
  try {
    while (!(await isServed(`http://127.0.0.1:${port}/feed.xml`))) {
      if (child.exitCode !== null) throw new Error(`feedwright start ended: ${said}`);
      await sleep(2);
    }
    return { seconds: (performance.now() - begun) / 1000 };
  } finally {
    await stop();
  }
}

/** Whether a URL answers 200 with a body that comes to its end. */
function isServed(url) {
  return new Promise((resolve) => {
    get(url, { agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode === 200));
      answer.on('error', () => resolve(false));
    }).on('error', () => resolve(false));
  });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

const newestPost = ({ folder, posts }) => join(folder, 'posts', `post-${posts - 1}.md`);
