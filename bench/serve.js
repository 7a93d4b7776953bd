/**
 * `npm run bench:serve`: how many requests for a feed of about 60 KB are answered, by us and by others with the same bytes, in
 * turns; and how 10,000 such feeds are served within the default memory, also while 1,000 of them change. Load is wrk's, from
 * one core; servers have the other. `--rounds N --seconds N --only one|many --json`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { generate } from './generate.js';
import { NGINX, ask, load, median, startServer, startSilent, stopAll } from './serve-load.js';
import { manyFeeds } from './serve-many.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '../dist/main.js');
const folder = mkdtempSync(join(tmpdir(), 'feedwright-bench-'));
const SITE = ['--url', 'https://example.com/'];
const CASES = [
  ['200 identity', {}],
  ['200 gzip', { 'Accept-Encoding': 'gzip' }],
  ['304', {}],
];

/** Where each case is asked for at each server, with the validator of that server for the 304. */
async function targets() {
  const feeds = join(folder, 'feeds');
  generate(join(folder, 'content'), 200);
  execFileSync(process.execPath, [main, 'build', '--content', join(folder, 'content'), '--out', feeds, '--limit', '10', ...SITE]); // prettier-ignore
  const body = readFileSync(join(feeds, 'feed.xml'));
  const web = join(folder, 'web');
  mkdirSync(web);
  writeFileSync(join(web, 'feed.xml'), body);
  writeFileSync(join(web, 'feed.xml.gz'), gzipSync(body, { level: 9 }));

  const ours = await startServer(
    [process.execPath, main, 'serve', '--out', feeds, '--port', '0', ...SITE],
    /all feeds\s+(http\S+)/,
  );
  const url = `${ours.match[1]}feed.xml`;
  await ask(url, { 'accept-encoding': 'gzip' });
  const tag = (await ask(url)).headers.etag;
  const asked = [{}, { 'accept-encoding': 'gzip' }, { 'if-none-match': tag }];
  const answers = [];
  for (const headers of asked) {
    const { status, rawHeaders, body } = await ask(url, headers);
    const own = [];
    for (let at = 0; at < rawHeaders.length; at += 2)
      if (!/^(?:date|connection|keep-alive)$/i.test(rawHeaders[at]))
        own.push(rawHeaders[at], rawHeaders[at + 1]);
    answers.push({ status, headers: own, body: body.toString('base64') });
  }
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
  const peers = join(here, 'serve-peers.js');
  const bare = JSON.parse(
    (await startServer([process.execPath, peers, 'bare', join(folder, 'answers.json')], /(\[.*\])/)).match[1],
  );
  const [port] = JSON.parse(
    (await startServer([process.execPath, peers, 'express', web], /(\[.*\])/)).match[1],
  );
  const at = (path) => `http://127.0.0.1:${port}/${path}`;
  const all = {
    feedwright: [url, url, url],
    'bare node:http': bare.map((each) => `http://127.0.0.1:${each}/feed.xml`),
    'express send': [at('send/feed.xml'), at('send/feed.xml.gz'), at('send/feed.xml')],
    'express.static': [at('static/feed.xml'), undefined, at('static/feed.xml')],
  };
  if (NGINX) {
    const free = 20_000 + (process.pid % 20_000);
    writeFileSync(join(folder, 'nginx.conf'), nginxConfig(free, web));
    startSilent(['nginx', '-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'nginx.log')]);
    const address = `http://127.0.0.1:${free}/feed.xml`;
    const isUp = () => ask(address).then(() => true, () => false); // prettier-ignore
    for (let tries = 1; !(await isUp()); tries++) {
      if (tries === 50)
        throw new Error(`nginx does not answer: ${readFileSync(join(folder, 'nginx.log'), 'utf8')}`);
      await sleep(100);
    }
    all.nginx = [address, address, address];
  }
  return { all, sizes: answers.map(({ body }) => Buffer.from(body, 'base64').length) };
}

function nginxConfig(port, root) {
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off; sendfile on; keepalive_requests 10000000; types { application/rss+xml xml; } charset utf-8; charset_types application/rss+xml;
  open_file_cache max=1000; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port}; root ${root}; gzip_static on; gzip_vary on; etag on;
    add_header Cache-Control "public, max-age=300, stale-while-revalidate=300, stale-if-error=604800"; add_header Access-Control-Allow-Origin "*";
    add_header Access-Control-Expose-Headers "ETag, Last-Modified, Link"; add_header X-Content-Type-Options nosniff; add_header Cross-Origin-Resource-Policy cross-origin;
    add_header Link '<https://example.com/feed.xml>; rel="self"'; }
}
`;
}

async function oneFeed() {
  const { all, sizes } = await targets();
  const measured = [];
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [at, [name, headers]] of CASES.entries())
      for (const [server, urls] of Object.entries(all)) {
        const url = urls[at];
        if (url === undefined) continue;
        const validator = name === '304' ? { 'If-None-Match': (await ask(url)).headers.etag } : {};
        const result = await load(url, { ...headers, ...validator }, Number(values.seconds));
        measured.push({ name, server, ...result });
      }
  const rows = CASES.flatMap(([name], at) =>
    Object.keys(all).flatMap((server) => {
      const those = measured.filter((each) => each.name === name && each.server === server);
      if (those.length === 0) return [];
      const rates = those.map(({ perSecond }) => perSecond);
      return [{ name, server, perSecond: median(rates), least: Math.min(...rates), most: Math.max(...rates), p50: median(those.map(({ p50 }) => p50)), p99: median(those.map(({ p99 }) => p99)), bytes: sizes[at] }];
    }),
  ); // prettier-ignore
  const ours = (name) => rows.find((row) => row.name === name && row.server === 'feedwright').perSecond;
  return rows.map((row) => ({ ...row, ratio: ours(row.name) / row.perSecond }));
}

const results = {};
try {
  if (values.only !== 'many') results.one = await oneFeed();
  await stopAll();
  if (values.only !== 'one') results.many = await manyFeeds(join(folder, 'many'), main);
} finally {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
}
const machine = `Node ${process.version}, ${cpus().length} x ${cpus()[0].model.trim().split(' ').slice(0, 2).join(' ')}`;
if (values.json) console.log(JSON.stringify({ machine, ...results }, null, 2));
else {
  const whole = (number) => Math.round(number).toLocaleString('en');
  console.log(
    `${machine}; wrk with 32 connections; ${values.rounds} rounds of ${values.seconds} s in turns, medians\n`,
  );
  if (results.one) {
    console.log(
      '| answer | server | requests per second (min to max) | p50 ms | p99 ms | bytes | ours, as a multiple |',
    );
    console.log('| --- | --- | ---: | ---: | ---: | ---: | ---: |');
    for (const row of results.one)
      console.log(
        `| ${row.name} | ${row.server} | ${whole(row.perSecond)} (${whole(row.least)} to ${whole(row.most)}) | ${row.p50.toFixed(2)} | ${row.p99.toFixed(2)} | ${row.bytes} | ${row.ratio.toFixed(2)} |`,
      );
    console.log(
      '\nTargets: 0.95 of bare node:http; 4 times express send; level with nginx on 200s, 0.8 of it on 304s.\n',
    );
  }
  if (results.many) {
    console.log('| 10,000 feeds of 60 KB, at random | requests per second | p50 ms | p99 ms | memory |');
    console.log('| --- | ---: | ---: | ---: | ---: |');
    for (const row of results.many)
      console.log(
        `| ${row.name} | ${whole(row.perSecond)} | ${row.p50.toFixed(1)} | ${row.p99.toFixed(1)} | ${whole(row.memory)} MiB |`,
      );
  }
}
