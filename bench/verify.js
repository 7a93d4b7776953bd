/** Whether contenders have made the same: each feed that there should be, in three formats, with its newest entries and no others. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from './contenders.js';

const FORMATS = { 'feed.xml': /<item>/g, 'atom.xml': /<entry>/g };
const DATES = { 'feed.xml': /<pubDate>([^<]+)/g, 'atom.xml': /<published>([^<]+)/g };

/** Counts feed files, entries and bytes; throws if a feed is missing, is one too many, or has other entries than the newest. */
export function verifyFeeds(name, folder, dates) {
  const counted = { files: 0, entries: 0, bytes: 0 };
  for (const [place, newest] of dates) {
    for (const file of ['feed.xml', 'atom.xml', 'feed.json']) {
      const path = join(folder, place, file);
      if (!existsSync(path)) throw new Error(`${name} has not made ${place}${file}`);
      const text = readFileSync(path, 'utf8');
      const { entries, shown } = file === 'feed.json' ? readJson(text) : readXml(text, file);
      const wanted = newest.join();
      if (
        entries !== newest.length ||
        (shown.length > 0 && shown.toSorted((a, b) => b - a).join() !== wanted)
      )
        throw new Error(
          `${name} has other entries in ${place}${file} than the ${newest.length} newest: ${entries}`,
        );
      counted.files += 1;
      counted.entries += entries;
      counted.bytes += Buffer.byteLength(text);
    }
  }
  const made = feedFiles(folder);
  if (made.length !== counted.files)
    throw new Error(`${name} has made ${made.length} feeds instead of ${counted.files}`);
  return counted;
}

/** Has our own feeds judged by `feedwright validate`; throws what it says of one that is not valid. */
export function validateFeeds(folder) {
  const files = feedFiles(folder);
  for (let at = 0; at < files.length; at += 100) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [MAIN, 'validate', ...files.slice(at, at + 100)],
      { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26 },
    );
    if (status !== 0) throw new Error(`validate: ${stdout.slice(-1000)}${stderr.slice(-1000)}`);
  }
}

function readXml(text, file) {
  return {
    entries: text.match(FORMATS[file])?.length ?? 0,
    shown: [...text.matchAll(DATES[file])].map(([, date]) => Date.parse(date)),
  };
}

function readJson(text) {
  const { items } = JSON.parse(text);
  return { entries: items.length, shown: items.map(({ date_published: date }) => Date.parse(date)) };
}

function feedFiles(folder) {
  return readdirSync(folder, { recursive: true }).filter(
    (file) => !file.startsWith('.') && /(?:^|[\\/])(?:feed\.xml|atom\.xml|feed\.json)$/.test(file),
  );
}
