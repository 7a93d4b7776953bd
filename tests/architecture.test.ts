import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const SRC = join(import.meta.dirname, '../src');

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort();
const source = (file: string): string => readFileSync(join(SRC, file), 'utf8');
const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : file);

/** What a file imports: its own project's files by their path below src, packages by their name. */
function importsOf(file: string): { own: string[]; packages: string[] } {
  const specifiers = [
    ...source(file).matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom '([^']+)'|\bimport\('([^']+)'\)/gm),
  ].map((match) => match[1] ?? match[2]!);
  return {
    own: specifiers
      .filter((each) => each.startsWith('.'))
      .map((each) => relative(SRC, join(SRC, dirname(file), each))),
    packages: specifiers
      .filter((each) => !each.startsWith('.') && !each.startsWith('node:'))
      .map((each) =>
        each
          .split('/')
          .slice(0, each.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
  };
}

/** Which rooms, or which of their files, each room may import. Imports point upstream. */
const MAY_IMPORT: Record<string, string[]> = {
  content: [],
  publish: ['content'],
  validate: ['content', 'publish/feed.ts'],
  ledger: ['content', 'publish/feed.ts', 'store'],
  store: ['content/turns.ts', 'publish/feed.ts'],
  serve: ['content/post.ts', 'publish/feed.ts', 'store'],
  setup: [
    'content',
    'publish/generators.ts',
    'publish/permalinks.ts',
    'publish/placeholders.ts',
    'settings.ts',
  ],
  worker: ['content', 'publish', 'validate', 'ledger', 'store'],
};

/** Where each package may be imported. */
const HOMES: Record<string, string[]> = {
  '@mdit/plugin-footnote': ['content/markdown.ts'],
  commander: ['cli.ts'],
  express: ['serve/pages.ts'],
  feed: ['publish/rss-atom-entry.ts', 'publish/rss-atom.ts'],
  'gray-matter': ['content/front-matter.ts'],
  helmet: ['serve/pages.ts'],
  'ipaddr.js': ['serve/client.ts', 'serve/fair-use.ts'],
  'js-yaml': ['content/front-matter.ts'],
  'lru-cache': ['serve/client.ts', 'serve/fair-use.ts', 'serve/shelf.ts', 'serve/slot.ts'],
  'markdown-it': ['content/markdown.ts'],
  negotiator: ['serve/negotiate.ts'],
  'node-cron': ['worker/schedule.ts'],
  'p-limit': ['enclosures.ts', 'worker/together.ts'],
  pino: ['log.ts'],
  'pino-pretty': ['log.ts'],
  'prom-client': ['serve/metrics.ts'],
  'proxy-addr': ['serve/client.ts'],
  'rss-parser': ['validate/parse-back.ts'],
  'sanitize-html': ['content/html.ts'],
  saxes: ['validate/xml.ts'],
  'smol-toml': ['content/front-matter.ts'],
  zod: [
    'ledger/document.ts',
    'ledger/journal.ts',
    'setting-values.ts',
    'settings.ts',
    'validate/json-feed.ts',
    'validate/rules-json.ts',
  ],
};

describe('rooms', () => {
  test.each(Object.entries(MAY_IMPORT))('%s imports only what is upstream of it', (room, allowed) => {
    for (const file of files.filter((each) => roomOf(each) === room)) {
      const foreign = importsOf(file).own.filter((each) => roomOf(each) !== room);
      expect({
        file,
        foreign: foreign.filter((each) => !allowed.includes(roomOf(each)) && !allowed.includes(each)),
      }).toEqual({ file, foreign: [] });
    }
  });

  test('no file knows both the worker and the server: they meet through the store', () => {
    const both = files.filter((file) => {
      const rooms = new Set(importsOf(file).own.map(roomOf));
      return rooms.has('worker') && rooms.has('serve');
    });
    expect(both).toEqual([]);
  });

  test('no file imports itself, by whatever way round', () => {
    const graph = new Map(files.map((file) => [file, importsOf(file).own]));
    // Types are gone at run time, but a circle of them is still one that a reader runs in.
    const circles: string[][] = [];
    const visit = (file: string, path: string[]): void => {
      const at = path.indexOf(file);
      if (at !== -1) circles.push([...path.slice(at), file]);
      else if (!done.has(file)) {
        for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
        done.add(file);
      }
    };
    const done = new Set<string>();
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

describe('packages', () => {
  test('each has its home, and is used there', () => {
    const used: Record<string, string[]> = {};
    for (const file of files)
      for (const name of new Set(importsOf(file).packages)) (used[name] ??= []).push(file);
    expect(used).toEqual(HOMES);
  });

  test('are those that package.json names, or become a part of the program', () => {
    const manifest = JSON.parse(readFileSync(join(SRC, '../package.json'), 'utf8')) as {
      dependencies: object;
      devDependencies: object;
    };
    const installed = Object.keys(manifest.dependencies);
    const licences = readFileSync(join(SRC, '../dist/LICENSES.txt'), 'utf8');
    const bundled = [...licences.matchAll(/^(\S+) \d+\.\d+\.\d+: /gm)].map(([, name]) => name!);
    const own = bundled.filter((name) => name in manifest.devDependencies);
    expect([...installed, ...own].sort()).toEqual(Object.keys(HOMES).sort());
  });
});

describe('purity', () => {
  test.each(['publish', 'validate', 'ledger'])(
    '%s looks at no clock, no file, no environment and no chance',
    (room) => {
      for (const file of files.filter((each) => roomOf(each) === room)) {
        const text = source(file);
        expect({
          file,
          impure: text.match(
            /Date\.now|new Date\(\)|Math\.random|process\.|node:fs|performance\.|randomUUID|node:os/g,
          ),
        }).toEqual({ file, impure: null });
      }
    },
  );

  test('no text or date depends on the machine’s locale or zone', () => {
    for (const file of files) {
      const found = source(file).match(
        /\.getHours|\.getDate\(|\.getMonth|\.getFullYear|\.getDay\(|toLocale|localeCompare|Intl\.Collator/g,
      );
      expect({ file, found }).toEqual({ file, found: null });
    }
  });

  test('only the edge reads the environment', () => {
    expect(files.filter((file) => source(file).includes('process.env'))).toEqual(['log.ts', 'main.ts']);
  });
});

test('files stay small enough to be read at once', () => {
  const long = files
    .map((file) => [file, source(file).split('\n').length] as const)
    .filter(([, lines]) => lines > 260);
  expect(long).toEqual([]);
});
