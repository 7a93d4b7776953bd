/** `npm run bench`: whole processes from nothing to feeds, ours and the plain script's in turns; medians and ratios. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from './generate.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    posts: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'feedwright-bench-'));
const results = [];
try {
  for (const count of values.posts.split(',').map(Number)) {
    const content = join(folder, `posts-${count}`);
    generate(content, count);
    const contenders = {
      feedwright: (out) => [
        join(here, '../dist/main.js'),
        'build',
        '--content',
        content,
        '--out',
        out,
        '--url',
        'https://example.com/',
      ],
      'plain script': (out) => [join(here, 'plain.js'), content, out],
    };
    const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, args] of Object.entries(contenders)) {
        const out = join(folder, `out-${name.replace(' ', '-')}`);
        runs[name].push(measure(args(out)));
        runs[name].at(-1).files = readdirSync(out, { recursive: true }).filter(
          (file) => /\.(?:xml|json)$/.test(file) && !file.startsWith('.'),
        ).length;
        rmSync(out, { recursive: true });
      }
    }
    for (const [name, measured] of Object.entries(runs)) {
      const of = (key) => measured.map((run) => run[key]).sort((a, b) => a - b);
      results.push({
        posts: count,
        name,
        seconds: median(of('seconds')),
        fastest: of('seconds')[0],
        slowest: of('seconds').at(-1),
        cpu: median(of('cpu')),
        peak: median(of('peak')),
        files: measured[0].files,
      });
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

if (values.json) console.log(JSON.stringify(results, null, 2));
else {
  console.log(
    `Node ${process.version}, ${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB; ${rounds} interleaved rounds, medians\n`,
  );
  console.log(
    '| posts | what | seconds (min to max) | posts per second | CPU seconds | peak memory | files | time, as a ratio |',
  );
  console.log('| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const each of results) {
    const ours = results.find(({ posts, name }) => posts === each.posts && name === 'feedwright');
    const cells = [
      each.posts,
      each.name,
      `${each.seconds.toFixed(2)} (${each.fastest.toFixed(2)} to ${each.slowest.toFixed(2)})`,
      Math.round(each.posts / each.seconds),
      each.cpu.toFixed(2),
      `${Math.round(each.peak / 2 ** 20)} MiB`,
      each.files,
      (each.seconds / ours.seconds).toFixed(2),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function measure(args) {
  const begun = performance.now();
  const { status, output, stderr } = spawnSync(
    process.execPath,
    ['--import', pathToFileURL(join(here, 'peak.js')).href, ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      cwd: folder,
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return { seconds: (performance.now() - begun) / 1000, ...JSON.parse(output[3]) };
}

function median(sorted) {
  return sorted[Math.floor(sorted.length / 2)];
}
