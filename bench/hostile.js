/**
 * `npm run bench:hostile`: how long the worst inputs take. Each flood is published alone, in this process; then a new process
 * publishes all of them together, and says how much memory it took.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { readPost } from '../dist/parts/read-file.js';
import { toEntry } from '../dist/parts/entry.js';
import { floods } from './floods.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { sizes: { type: 'string', default: '50000,250000,800000,5000000' } },
});
const SIZES = values.sizes.split(',').map(Number);
/** Characters of each when all are published in one run. */
const TOGETHER = 250_000;
const ROUNDS = 3;
const front = '---\ntitle: A flood\ndate: 2026-01-01\n---\n';
const options = { timezone: 'UTC', now: Date.UTC(2026, 10, 23) };

const measured = [];
for (const size of SIZES) {
  for (const [name, body] of Object.entries(floods(size))) {
    const times = Array.from({ length: ROUNDS }, () => publishAlone(front + body)).sort((a, b) => a - b);
    measured.push({ name, size, ms: times[Math.floor(ROUNDS / 2)], slowest: times.at(-1) });
  }
}
measured.sort((a, b) => b.ms - a.ms);
console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0].model.trim()}; ${measured.length} inputs, medians of ${ROUNDS}; the slowest:\n`,
);
console.log('| input | characters | ms | slowest round |\n| --- | ---: | ---: | ---: |');
for (const { name, size, ms, slowest } of measured.slice(0, 10))
  console.log(`| ${name} | ${size} | ${ms.toFixed(0)} | ${slowest.toFixed(0)} |`);

const folder = mkdtempSync(join(tmpdir(), 'feedwright-hostile-'));
try {
  mkdirSync(join(folder, 'content'));
  for (const [name, body] of Object.entries(floods(TOGETHER)))
    writeFileSync(join(folder, 'content', `${name}.md`), front + body);
  const { status, output } = spawnSync(
    process.execPath,
    [
      '--import',
      pathToFileURL(join(here, 'peak.js')).href,
      join(here, '../dist/main.js'),
      'build',
      '--url',
      'https://example.com/',
    ],
    { cwd: folder, stdio: ['ignore', 'ignore', 'ignore', 'pipe'], encoding: 'utf8' },
  );
  console.log(
    `\nAll together, of ${TOGETHER} characters each: exit code ${status}, peak memory ${Math.round(JSON.parse(output[3]).peak / 2 ** 20)} MiB.`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function publishAlone(text) {
  const begun = performance.now();
  const reading = readPost('flood.md', text, options);
  if (reading.is === 'post')
    toEntry(
      { post: reading.post, id: 'x', url: 'https://example.com/x/' },
      { sources: new Map(), content: 'full' },
    );
  return performance.now() - begun;
}
