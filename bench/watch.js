/**
 * `npm run bench:watch`: how long it takes from saving one post to all its feeds being renamed into place, by a worker that has
 * everything loaded; and from the moment a scheduled post is due until it is published.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from './generate.js';

const { values } = parseArgs({
  options: { posts: { type: 'string', default: '10000' }, edits: { type: 'string', default: '50' } },
});
/** Milliseconds without a change that the watch waits for, before it asks for a run. */
const SETTLE = 200;

const folder = mkdtempSync(join(tmpdir(), 'feedwright-bench-'));
const content = join(folder, 'content');
const feeds = join(folder, 'feeds');
const count = Number(values.posts);
generate(content, count);

const main = join(dirname(fileURLToPath(import.meta.url)), '../dist/main.js');
const args = [
  main,
  'work',
  '--content',
  content,
  '--out',
  feeds,
  '--url',
  'https://example.com/',
  '--schedule',
  '0 0 1 1 *',
];
const worker = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] });
const lines = createInterface(worker.stderr)[Symbol.asyncIterator]();
/** The next run that published something, and when its line came. */
const published = async () => {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error('the worker has ended');
    const line = JSON.parse(value);
    if (line.outcome === 'published') return { ...line, at: Date.now() };
  }
};

try {
  const first = await published();
  const edits = [];
  for (let edit = 0; edit < Number(values.edits); edit++) {
    // So that Last-Modified need not wait for the next second.
    await sleep(1200);
    const path = join(content, `post-${count - 1 - (edit % 20)}.md`);
    const text = readFileSync(path, 'utf8');
    const begun = Date.now();
    writeFileSync(path, `${text}\nEdit ${edit}.\n`);
    const { at, ms } = await published();
    edits.push({ took: at - begun - SETTLE, run: ms, ...writtenSince(begun) });
  }
  const of = (key) => edits.map((each) => each[key]).sort((a, b) => a - b);
  const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))];

  const due = Math.floor(Date.now() / 1000) * 1000 + 3000;
  writeFileSync(
    join(content, 'due.md'),
    `---\ntitle: Due\ndate: ${new Date(due).toISOString()}\n---\nText.\n`,
  );
  const late = (await published()).at - due;

  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0].model.trim()}; ${count} posts, first run ${first.ms} ms; ${edits.length} edits\n`,
  );
  console.log('| | median | p99 |\n| --- | ---: | ---: |');
  for (const [name, key, unit] of [
    ['from saving to the last file in place, without the settle delay', 'took', 'ms'],
    ['of that, the run', 'run', 'ms'],
    ['files written', 'files', ''],
    ['bytes written', 'bytes', ''],
  ])
    console.log(`| ${name} | ${at(of(key), 0.5)} ${unit} | ${at(of(key), 0.99)} ${unit} |`);
  console.log(`\nA scheduled post was published ${late} ms after its moment.`);
} finally {
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

function writtenSince(moment) {
  const changed = readdirSync(feeds, { recursive: true })
    .map((name) => statSync(join(feeds, name), { throwIfNoEntry: false }))
    .filter((stat) => stat?.isFile() && stat.ctimeMs >= moment);
  return { files: changed.length, bytes: changed.reduce((sum, { size }) => sum + size, 0) };
}
