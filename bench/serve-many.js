/** 10,000 feeds of 60 KB, asked for at random, within the default memory; quiet, and while a run replaces 1,000 of them. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ask, load, startServer } from './serve-load.js';

const FEEDS = 10_000;
const CHANGED = 1000;
const SECONDS = 10;
const name = (at) => `tags/t${at}/feed.xml`;
const hashOf = (body) => createHash('sha256').update(body).digest('base64url');

const WORDS = readFileSync(new URL('../README.md', import.meta.url), 'utf8').match(/\w+/g);
/** A feed like no other, of about 60 KB. */
function feed(at, version) {
  const items = Array.from({ length: 20 }, (_, item) => {
    const words = Array.from(
      { length: 400 },
      (_, word) => WORDS[(at * 7919 + item * 104729 + word * 31 * (version + 1)) % WORDS.length],
    );
    return `<item><title>${at} ${item}</title><description>${words.join(' ')}</description></item>`;
  });
  return Buffer.from(
    `<?xml version="1.0"?><rss version="2.0"><channel><title>${at} of ${version}</title>${items.join('')}</channel></rss>`,
  );
}

export async function manyFeeds(folder, main) {
  const { fileStore } = await import(join(dirname(main), 'store/files.js'));
  const { CATALOGUE, catalogueBytes } = await import(join(dirname(main), 'store/catalogue.js'));
  const store = fileStore(folder);
  const catalogue = { version: 1, feeds: [], files: new Map(), redirects: {} };
  const publish = async (from, to, version) => {
    for (let at = from; at < to; at++) {
      const body = feed(at, version);
      await store.put(name(at), body);
      catalogue.files.set(name(at), { hash: hashOf(body), modified: Date.now() - 5000 + version * 1000 });
      if (version === 0) catalogue.feeds.push({ folder: `tags/t${at}/`, title: `t${at}`, entries: 20 });
    }
    await store.put(CATALOGUE, catalogueBytes(catalogue));
  };
  await publish(0, FEEDS, 0);
  const { child, match } = await startServer(
    [process.execPath, main, 'serve', '--out', folder, '--port', '0', '--url', 'https://example.com/'],
    /all feeds\s+(http\S+)/,
  );
  const url = match[1];
  const script = join(folder, '../random.lua');
  writeFileSync(
    script,
    `request = function() return wrk.format("GET", "/tags/t" .. math.random(0, ${FEEDS - 1}) .. "/feed.xml") end\n`,
  );
  const gzip = { 'Accept-Encoding': 'gzip' };
  const peak = () =>
    Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;

  await load(url, gzip, SECONDS, script);
  const quiet = { name: 'quiet', ...(await load(url, gzip, SECONDS, script)), memory: peak() };
  let over = false;
  const checking = check(url, () => over);
  const loading = load(url, gzip, SECONDS, script);
  await publish(0, CHANGED, 1);
  const busy = { name: `while ${CHANGED} are replaced`, ...(await loading), memory: peak() };
  over = true;
  const checked = await checking;
  return [
    quiet,
    busy,
    {
      name: `(of them looked at whole: ${checked})`,
      perSecond: checked / SECONDS,
      p50: 0,
      p99: 0,
      memory: peak(),
    },
  ];
}

/** Asks for feeds that change, and throws if headers and body do not belong together. */
async function check(url, isOver) {
  let checked = 0;
  while (!isOver()) {
    const { status, headers, body } = await ask(url + name(checked % CHANGED), { 'accept-encoding': 'gzip' });
    const whole = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    if (status !== 200 || !headers.etag.startsWith(`"${hashOf(whole).slice(0, 22)}`))
      throw new Error(`${status} ${headers.etag}: not the headers of this body`);
    checked += 1;
  }
  return checked;
}
