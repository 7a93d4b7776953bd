/**
 * `npm run bench`: Feedwright and its peers over the same posts, as whole processes in turns. Options: `--posts 1000,10000`,
 * `--tags N`, `--seed N`, `--runs N`, `--edits N`, `--cases cold,warm,...`, `--peers hugo,...` (or `none`), `--json FILE`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CASES, runOnce } from './cases.js';
import { CONTENDERS, PEERS } from './contenders.js';
import { writeCorpus } from './generate.js';
import { METER } from './measure.js';
import { heading, summarise, tables } from './report.js';
import { validateFeeds, verifyFeeds } from './verify.js';

const { values } = parseArgs({
  options: {
    posts: { type: 'string', default: '1000,10000' },
    tags: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    edits: { type: 'string', default: '30' },
    cases: { type: 'string', default: Object.keys(CASES).join(',') },
    peers: { type: 'string', default: PEERS.join(',') },
    json: { type: 'string' },
  },
});
const cases = chosen('--cases', values.cases, Object.keys(CASES));
const peers = values.peers === 'none' ? [] : chosen('--peers', values.peers, PEERS);
const [runs, edits, tags, seed] = ['runs', 'edits', 'tags', 'seed'].map((name) => number(name, values[name]));
const counts = values.posts.split(',').map((count) => number('posts', count));

const isHere = (name) => CONTENDERS[name].version !== undefined;
for (const name of peers.filter((name) => !isHere(name)))
  console.error(`${name} is not installed and left out; bench/README.md says how to get it`);
const names = ['feedwright', ...peers.filter(isHere)];

const results = {
  machine: {
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: platform(),
  },
  versions: {
    node: process.version,
    ...Object.fromEntries(names.map((name) => [name, CONTENDERS[name].version])),
  },
  commandLine: ['npm run bench --', ...process.argv.slice(2)].join(' '),
  meter: METER,
  runs,
  at: new Date().toISOString(),
  corpora: [],
};

console.log(`${heading(results)}\n`);
for (const count of counts) {
  results.corpora.push(await bench(count));
  console.log(`${tables(results.corpora.at(-1))}\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

/** All cases with one corpus. */
async function bench(count) {
  const folder = mkdtempSync(join(tmpdir(), 'feedwright-bench-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  try {
    progress(`${count} posts: writing them`);
    const { dates, ...corpus } = { folder, ...writeCorpus(folder, count, { tags, seed }) };
    const made = [];
    for (const name of names) made.push(await makeOnce(corpus, name, dates));
    const able = names.filter((name) => made.some((each) => each.name === name && !each.failed));
    const measured = {};
    for (const kind of cases) {
      const { run, means, ours = false } = CASES[kind];
      const say = (what) => progress(`${count} posts, ${kind}: ${what}`);
      // What has been measured so far is not lost if a case cannot be.
      const failed = (error) => [{ name: 'feedwright', samples: [], failed: error.message }];
      const rows = await run({ corpus, names: able, runs, edits, say }).catch(failed);
      measured[kind] = { means, ours, rows: summarise(rows) };
    }
    progress('');
    const { bytes, posts } = corpus;
    return { corpus: { posts, tags, seed, bytes, feeds: dates.size * 3 }, made, cases: measured };
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** Nobody is measured who has not made what was asked for. Feedwright's feeds are valid, too, or nothing is measured at all. */
async function makeOnce(corpus, name, dates) {
  try {
    progress(`${corpus.posts} posts: what ${name} makes of them`);
    await runOnce(corpus, name);
    const feeds = join(corpus.folder, CONTENDERS[name].feeds);
    const counted = verifyFeeds(name, feeds, dates);
    if (name === 'feedwright') validateFeeds(feeds);
    return { name, ...counted };
  } catch (error) {
    if (name === 'feedwright') throw error;
    return { name, failed: error.message };
  }
}

function chosen(option, list, known) {
  const names = list.split(',');
  for (const name of names)
    if (!known.includes(name)) fail(`${option} knows ${known.join(', ')}, not ${name}`);
  return names;
}

function number(option, text) {
  return /^[1-9]\d*$/.test(text) ? Number(text) : fail(`--${option} must be a number, not ${text}`);
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

/** One line that is written over, for a person who waits. */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
