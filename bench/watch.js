/**
 * `npm run bench:watch`: how long it takes from saving one post to all its feeds being renamed into place, by a worker that has
 * everything loaded; and from the moment a scheduled post is due until it is published.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generate } from './generate.js';
import { percentile } from './measure.js';
import { edit, startWorker } from './running.js';

const { values } = parseArgs({
  options: { posts: { type: 'string', default: '10000' }, edits: { type: 'string', default: '50' } },
});
const folder = mkdtempSync(join(tmpdir(), 'feedwright-bench-'));
const content = join(folder, 'content');
const feeds = join(folder, 'feeds');
const count = Number(values.posts);
generate(content, count);

const { published, stop } = startWorker(
  ['--content', content, '--out', feeds, '--url', 'https://example.com/'],
  folder,
);
try {
  const first = await published();
  const edits = await edit({ content, feeds, count, edits: Number(values.edits), published });

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
    ['the run, by its own account', 'run', 'ms'],
    ['files written', 'files', ''],
    ['bytes written', 'bytes', ''],
  ]) {
    const of = edits.map((each) => each[key]);
    console.log(
      `| ${name} | ${Math.round(percentile(of, 0.5))} ${unit} | ${Math.round(percentile(of, 0.99))} ${unit} |`,
    );
  }
  console.log(`\nA scheduled post was published ${late} ms after its moment.`);
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
