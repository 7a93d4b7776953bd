/** A worker that has everything loaded: how long it takes from saving one post to the last file of its feeds in its place. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAIN } from './contenders.js';
import { startService } from './measure.js';

/** Milliseconds without a change that the watch waits for, before it asks for a run. */
const SETTLE = 200;

/** Starts `feedwright work`; `published` waits for the next run that published something: its log line, and when that came. */
export function startWorker(args, cwd) {
  const { child, stop } = startService([MAIN, 'work', '--schedule', '0 0 1 1 *', ...args], cwd);
  child.stdout.resume();
  const lines = createInterface(child.stderr)[Symbol.asyncIterator]();
  /** The next run's line; of all runs, or only of those that published. */
  const next = async (outcomes) => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the worker has ended');
      const line = JSON.parse(value);
      if (outcomes.includes(line.outcome)) return { ...line, at: Date.now() };
    }
  };
  return { next, published: () => next(['published']), stop };
}

/**
 * Saves one of the twenty newest of `count` posts after the other, `edits` times. Milliseconds until the last file was renamed
 * (`took`) and that the run took by its own account (`run`), both without the settle delay; files and bytes written.
 */
export async function edit({ content, feeds, count, edits, published }) {
  const done = [];
  for (let at = 0; at < edits; at++) {
    // So that Last-Modified need not wait for the next second.
    await sleep(1200);
    const path = join(content, `post-${count - 1 - (at % Math.min(20, count))}.md`);
    const text = readFileSync(path, 'utf8');
    const begun = Date.now();
    writeFileSync(path, `${text}\nEdit ${at}.\n`);
    const { ms } = await published();
    const written = writtenSince(feeds, begun);
    done.push({ took: written.last - begun - SETTLE, run: ms, files: written.files, bytes: written.bytes });
  }
  return done;
}

/** Files that were renamed into a folder since a moment: renaming changes their ctime. Not how the run ended, which is written last of all. */
function writtenSince(folder, moment) {
  const changed = readdirSync(folder, { recursive: true })
    .filter((name) => name !== join('.feedwright', 'status.json'))
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .filter((stat) => stat?.isFile() && stat.ctimeMs >= moment);
  return {
    files: changed.length,
    bytes: changed.reduce((sum, { size }) => sum + size, 0),
    last: Math.max(...changed.map(({ ctimeMs }) => ctimeMs)),
  };
}
