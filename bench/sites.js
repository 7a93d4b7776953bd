/** A site for each contender around the same posts: `feedwright/`, `hugo/` and `eleventy/` beside `posts/`. The plain script needs none. */
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export function writeSites(folder, limit) {
  const ours = join(folder, 'feedwright');
  mkdirSync(ours, { recursive: true });
  symlinkSync('../posts', join(ours, 'content'));
  // One feed for all and one per tag, no pages, and no limit of bytes before that of entries: what the others make.
  writeFileSync(
    join(ours, 'feedwright.yml'),
    `site: { title: Example, url: 'https://example.com/', language: en, author: Example }
feeds: { limit: ${limit}, bytes: 10000000, per: [tag] }
pages: { feeds: false }
`,
  );

  cpSync(join(here, 'hugo'), join(folder, 'hugo'), { recursive: true });

  const eleventy = join(folder, 'eleventy');
  mkdirSync(eleventy);
  for (const name of ['package.json', 'eleventy.config.js', 'feeds', '_includes'])
    cpSync(join(here, 'eleventy', name), join(eleventy, name), { recursive: true });
  symlinkSync('../posts', join(eleventy, 'posts'));
  const modules = join(here, 'eleventy/node_modules');
  if (existsSync(modules)) symlinkSync(modules, join(eleventy, 'node_modules'));
}
