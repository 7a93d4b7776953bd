/** A blog of `count` posts, the same for the same seed: 1 to 8 KB each, 200 tags of which few are common, a fifth link posts. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const WORDS =
  'feed reader post entry folder markdown quiet river stone paper window letter morning signal garden index archive list note page small large green old new open close read write send keep find follow answer change'.split(
    ' ',
  );

export function generate(folder, count, seed = 1) {
  const random = mulberry32(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const words = (n) => Array.from({ length: n }, () => pick(WORDS)).join(' ');
  const sentence = () => `${words(6 + Math.floor(random() * 12))}.`.replace(/^./, (c) => c.toUpperCase());
  const paragraph = () => Array.from({ length: 3 + Math.floor(random() * 4) }, sentence).join(' ');
  const tag = () => `tag ${Math.floor(200 ** random())}`;

  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < count; at++) {
    const moment = new Date(
      Date.UTC(2006, 0, 1) + Math.floor((at / count) * 20 * 365.25) * 86_400_000 + at * 1000,
    );
    const isLink = random() < 0.2;
    const front = [
      `title: "${words(5)} ${at}"`,
      `date: ${moment.toISOString()}`,
      `tags: [${[...new Set(Array.from({ length: 1 + Math.floor(random() * 3) }, tag))].join(', ')}]`,
      `author: ${pick(['Ann', 'Bob', 'Cem'])}`,
      `summary: ${paragraph()}`,
      ...(isLink
        ? [
            'post_kind: link',
            `source: ${pick(['One', 'Two', 'Three'])}`,
            `external_url: https://example.org/${at}`,
          ]
        : []),
    ];
    const size = 1000 + Math.floor(random() * 7000);
    const body = [];
    for (let length = 0; length < size;) {
      const kind = random();
      const block =
        kind < 0.05
          ? `\`\`\`js\nconst ${pick(WORDS)} = ${Math.floor(random() * 1e6)}; // ${words(6)}\n\`\`\``
          : kind < 0.1
            ? `| ${pick(WORDS)} | ${pick(WORDS)} |\n| --- | --- |\n| ${words(3)} | **${words(2)}** |`
            : kind < 0.15
              ? `- ${sentence()}\n- [${words(2)}](/${pick(WORDS)}/)\n- \`${pick(WORDS)}\``
              : kind < 0.18
                ? `![${words(3)}](${pick(WORDS)}.png)`
                : kind < 0.19
                  ? `<p class="x">${sentence()} <b>${words(2)}</b></p>`
                  : kind < 0.27
                    ? `## ${words(4)}`
                    : paragraph();
      body.push(block);
      length += block.length;
    }
    writeFileSync(join(folder, `post-${at}.md`), `---\n${front.join('\n')}\n---\n\n${body.join('\n\n')}\n`);
  }
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
