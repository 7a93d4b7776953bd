/**
 * Blogs to measure with: the same for the same seed, on every machine. `node bench/generate.js --out DIR --posts N --tags N
 * --seed N` writes one with a site for each contender around it (`sites.js`). Posts are written one after the other; none is
 * kept in memory.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSites } from './sites.js';
import { SCRIPTS, phrase, sentence, tagNames, title, word } from './words.js';

/** Posts are spread evenly over these twenty years. */
const FIRST = Date.UTC(2005, 0, 1);
const SPAN = 20 * 365.25 * 86_400_000;
/** Entries per feed. */
export const LIMIT = 20;

/**
 * Writes `count` posts of 1 to 8 KB into a folder. Tags follow Zipf's law, but each has one post at least, if there are as many
 * posts. A fifth are link posts, a tenth are in another script than Latin, one in twenty has raw HTML. Returns what is in them:
 * `bytes`, and for each feed's folder (`` or `tags/<slug>/`) the `dates` of its newest posts, newest first.
 */
export function generate(folder, count, { seed = 1, tags = 200 } = {}) {
  const random = mulberry32(seed);
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
  const names = tagNames(tags);
  const drawTag = zipf(tags, random);
  const dates = new Map([['', []]]);
  let bytes = 0;

  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < count; at++) {
    const moment = Math.floor((FIRST + ((at + random()) / count) * SPAN) / 1000) * 1000;
    const own = new Set(Array.from({ length: 1 + below(4) }, drawTag));
    if (at < tags) own.add(at);
    const text = post({ at, moment, tags: [...own].map((tag) => names[tag]) }, { random, below, pick });
    bytes += Buffer.byteLength(text);
    writeFileSync(join(folder, `post-${at}.md`), text);
    for (const place of ['', ...[...own].map((tag) => `tags/${names[tag].replaceAll(' ', '-')}/`)]) {
      const newest = dates.get(place) ?? [];
      dates.set(place, [moment, ...newest].slice(0, LIMIT));
    }
  }
  return { posts: count, tags, seed, bytes, dates };
}

function post({ at, moment, tags }, { random, below, pick }) {
  const script = random() < 0.1 ? pick(SCRIPTS) : undefined;
  const say = script ? () => pick(script.sentences) : () => sentence(pick, below);
  const paragraph = () =>
    Array.from({ length: 2 + below(5) }, say).join(script?.name === 'japanese' ? '' : ' ');
  const front = [
    `title: ${JSON.stringify(`${script ? pick(script.sentences).slice(0, -1) : title(pick)} ${at}`)}`,
    `date: ${new Date(moment).toISOString()}`,
    `tags: [${tags.join(', ')}]`,
    `author: ${pick(['Ann Example', 'Bo Example', 'Çem Örnek'])}`,
  ];
  if (random() < 0.6) front.push(`summary: ${JSON.stringify(say())}`);
  if (random() < 0.2)
    front.push(
      'post_kind: link',
      `source: ${pick(['One', 'Two', 'Three'])}`,
      `external_url: https://example.org/${at}`,
    );
  const blocks = [paragraph()];
  if (random() < 0.05) blocks.push(pick(RAW)({ pick, below, say }));
  const size = 1000 + below(6200);
  for (let length = Buffer.byteLength(blocks.join()); length < size;) {
    const block = random() < 0.7 ? paragraph() : pick(BLOCKS)({ pick, below, say });
    blocks.push(block);
    length += Buffer.byteLength(block) + 2;
  }
  return `---\n${front.join('\n')}\n---\n\n${blocks.join('\n\n')}\n`;
}

/** Everything but paragraphs. */
const BLOCKS = [
  ({ pick }) => `## The ${phrase(pick)}`,
  ({ say }) => `> ${say()}\n>\n> ${say()}`,
  ({ pick, say }) => `- ${say()}\n- [${phrase(pick)}](/${word(pick)}/)\n  - \`${word(pick)}\`\n- ${say()}`,
  ({ say }) => `1. ${say()}\n2. ${say()}\n3. ${say()}`,
  ({ pick, below }) =>
    `\`\`\`js\nfor (let ${word(pick)} = 0; ${word(pick)} < ${below(1e6)} && !done; step++) {\n  ${word(pick)}['${phrase(pick)}'] = "<${word(pick)}>"; // ${phrase(pick)}\n}\n\`\`\``,
  ({ pick, below }) =>
    `\`\`\`\n$ ${word(pick)} --${word(pick)}=${below(100)} > ${word(pick)}.txt\n${phrase(pick)}\n\`\`\``,
  ({ pick, below, say }) =>
    `| ${word(pick)} | ${word(pick)} | ${word(pick)} |\n| :-- | --: | --- |\n${Array.from({ length: 2 + below(5) }, () => `| ${phrase(pick)} | ${below(1e4)} | ${say().replaceAll('|', '')} |`).join('\n')}`,
  ({ pick, below, say }) =>
    `![${phrase(pick)}](/images/${word(pick)}-${below(1000)}.jpg "${phrase(pick)}")\n\n${say()}`,
];

/** What markdown does not say. */
const RAW = [
  ({ say }) => `<div class="note" style="color: teal"><p>${html(say())}</p></div>`,
  ({ pick, below, say }) =>
    `<figure><img src="/images/${word(pick)}-${below(1000)}.jpg" alt="${phrase(pick)}" width="640" height="480"><figcaption>${html(say())}</figcaption></figure>`,
  ({ pick, say }) => `<details><summary>${phrase(pick)}</summary>\n\n${say()}\n\n</details>`,
  ({ pick, say }) =>
    `<p align="center" onclick="show()"><b>${phrase(pick)}</b><br>${html(say())} H<sub>2</sub>O</p>`,
];

const html = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Draws numbers below `count`, the n-th n times as seldom as the first. */
function zipf(count, random) {
  const sums = [];
  for (let at = 0, sum = 0; at < count; at++) sums.push((sum += 1 / (at + 1)));
  return () => {
    const drawn = random() * sums.at(-1);
    return sums.findIndex((sum) => sum > drawn);
  };
}

function mulberry32(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole corpus: `posts/`, and a site for each contender. */
export function writeCorpus(folder, count, options) {
  const corpus = generate(join(folder, 'posts'), count, options);
  writeSites(folder, LIMIT);
  return corpus;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      posts: { type: 'string', default: '1000' },
      tags: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
    },
  });
  if (values.out === undefined) {
    console.error('--out DIR says where to');
    process.exit(2);
  }
  const { bytes, dates } = writeCorpus(values.out, Number(values.posts), {
    tags: Number(values.tags),
    seed: Number(values.seed),
  });
  console.log(`${values.posts} posts, ${(bytes / 1e6).toFixed(1)} MB, ${dates.size * 3} feeds`);
}
