/** One folder of everything that authors and attackers can put into it, published once, and judged. */
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FORMS, parseForms } from '../src/ledger/forms.ts';
import { LEDGER } from '../src/ledger/keep.ts';
import { memoryStore } from '../src/store/memory.ts';
import { gate } from '../src/validate/gate.ts';
import { parseXml } from '../src/validate/xml.ts';
import { run } from '../src/worker/run.ts';
import type { Outcome } from '../src/worker/runs.ts';
import { HISTORY, NOW, OPTIONS, SITE, temporaryFolder, write } from './blog.ts';
import { CORPUS } from './hostile/corpus.ts';
import {
  brief,
  differences,
  entryFaults,
  hasForbidden,
  htmlFaults,
  isWeb,
  itemFaults,
  problemFaults,
  readAtom,
  readJson,
  readRss,
} from './hostile/judge.ts';
import type { Item, Said } from './hostile/judge.ts';
import { SECRET, TRACE } from './hostile/row.ts';
import type { Row } from './hostile/row.ts';

const GOOD = ['Good one', 'Good two', 'Good three'];
const goodPost = (title: string): string =>
  `---\ntitle: ${title}\ndate: 2026-05-17\n---\nText of ${title}.\n`;

const cleanups: (() => void)[] = [];
let root: string;
let before: string[];
let outcome: Outcome;
/** Everything in the store, by name. */
const stored = new Map<string, string>();
/** Published entries by the path of their file. */
const items = new Map<string, Item>();
let rss: Map<string, Said>;
let atom: Map<string, Said>;
let json: Item[];

/** Every file and folder below `path`, byte for byte, since names need not be UTF-8. */
function here(path: Buffer): string[] {
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' })
    .flatMap((entry) => {
      const inside = Buffer.concat([path, Buffer.from('/'), entry.name]);
      return [inside.toString('latin1'), ...(entry.isDirectory() ? here(inside) : [])];
    })
    .sort();
}

async function create({ name, bytes }: Row, content: string): Promise<void> {
  const path = join(content, name);
  mkdirSync(dirname(path), { recursive: true });
  if (typeof bytes !== 'function') writeFileSync(path, bytes);
  else cleanups.push((await bytes(path)) ?? (() => undefined));
}

beforeAll(async () => {
  root = write(temporaryFolder(), {
    'outside/secret.md': goodPost(SECRET),
    'content-too/secret.md': goodPost(SECRET),
    'content/good-one.md': goodPost(GOOD[0]!),
    'content/good-two.md': goodPost(GOOD[1]!),
    'content/zz/good-three.md': goodPost(GOOD[2]!),
  });
  const content = join(root, 'content');
  for (const each of CORPUS) await create(each, content);
  before = here(Buffer.from(root));

  const store = memoryStore();
  const options = { ...OPTIONS, limit: 0, per: ['tag', 'source', 'author', 'language'] as const };
  ({ outcome } = await run({
    contentFolder: content,
    store,
    ledger: { store, name: LEDGER },
    site: SITE,
    options,
    history: HISTORY,
    redirects: new Map(),
    gate,
    now: NOW,
  }));

  for (const { name } of await store.list()) stored.set(name, (await store.get(name))!.body.toString('utf8'));
  json = readJson(stored.get('feed.json')!);
  rss = new Map(readRss(stored.get('feed.xml')!).map((said) => [said.id, said]));
  atom = new Map(readAtom(stored.get('atom.xml')!).map((said) => [said.url, said]));
  const byId = new Map(json.map((item) => [item.id, item]));
  for (const { name } of await store.list(FORMS)) {
    for (const { path, id } of parseForms((await store.get(name))!.body)) {
      const item = byId.get(id);
      if (item) items.set(path, item);
    }
  }
}, 300_000);

afterAll(() => {
  for (const cleanup of cleanups) cleanup();
  rmSync(TRACE, { force: true });
});

describe('a folder of hostile files', () => {
  test('holds many files, each once', () => {
    expect(CORPUS.length).toBeGreaterThan(170);
    expect(CORPUS.map(({ name }) => name).filter((name, at, all) => all.indexOf(name) !== at)).toEqual([]);
  });

  test('is published, and the good posts with it', () => {
    expect(outcome.outcome).toBe('published');
    const titles = json.map(({ title }) => title);
    expect(GOOD.filter((title) => !titles.includes(title))).toEqual([]);
  });

  test('runs nothing, writes nothing elsewhere, and reads nothing from elsewhere', () => {
    expect(existsSync(TRACE)).toBe(false);
    expect(here(Buffer.from(root))).toEqual(before);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const leaks = [...stored].filter(([, text]) => text.includes(SECRET) || text.includes('root:x:0:0'));
    expect(leaks.map(([name]) => name)).toEqual([]);
  });

  test('puts its feeds where feeds belong', () => {
    const odd = [...stored.keys()].filter(
      (name) =>
        !/^(?:(?:tags|sources|authors|languages)\/[\p{L}\p{N}\p{M}-]+\/)?(?:feed\.xml|atom\.xml|feed\.json)$|^\.feedwright\/[\w.-]+$/u.test(name) ||
        name.split('/').some((part) => Buffer.byteLength(part) > 255),
    ); // prettier-ignore
    expect(odd.map(brief)).toEqual([]);
  });

  test('passes the gate', () => {
    const failures = outcome.failures.map(({ path, file, message }) => `${path ?? file}: ${message}`);
    expect(failures.map((each) => each.slice(0, 160))).toEqual([]);
  });

  test('makes feeds that every parser reads, without characters that were lost', () => {
    const faults = [...stored].flatMap(([name, text]) => {
      if (name.startsWith('.feedwright/')) return [];
      try {
        if (name.endsWith('.xml')) parseXml(text);
        return hasForbidden(name.endsWith('.json') ? JSON.parse(text) : text) ? [`${name}: a character`] : [];
      } catch (error) {
        return [`${name}: ${(error as Error).message.slice(0, 100)}`];
      }
    });
    expect(faults).toEqual([]);
  });

  test('gives every format the same entries, and no two one id or permalink', () => {
    expect([rss.size, atom.size, items.size]).toEqual([json.length, json.length, json.length]);
    expect(new Set(json.map(({ url }) => url)).size).toBe(json.length);
  });

  test('has footnotes whose ids are those of one entry', () => {
    const owners = new Map<string, Set<string>>();
    for (const path of ['md-footnotes-a.md', 'md-footnotes-b.md', 'md-footnotes-loop.md']) {
      for (const [, id] of items.get(path)?.content.matchAll(/ id="([^"]+)"/g) ?? [])
        owners.set(id!, (owners.get(id!) ?? new Set()).add(path));
    }
    expect(owners.size).toBeGreaterThan(4);
    expect([...owners].filter(([, paths]) => paths.size > 1)).toEqual([]);
  });

  test('is reported file by file, sorted, line by line', () => {
    const nowhere = outcome.problems.filter(({ file, line, rule, message }) => !file || !(line >= 1) || !rule || !message);
    expect(nowhere).toEqual([]);
    expect(outcome.problems.filter(({ message }) => message.length > 2000).map(({ rule }) => rule)).toEqual([]);
  }); // prettier-ignore

  test('is judged by somebody who would notice', () => {
    const html =
      '<p onclick=x><script>1</script><a href="/x">y</a><img src="javascript:x" srcset="x 1x"><!-- -->';
    expect(htmlFaults(html)).toHaveLength(6);
    expect(htmlFaults('<a href="java&Tab;script:x">&#0;&#1;</a>')).toHaveLength(2);
    expect(htmlFaults(`${'<div>'.repeat(300)}`)).toHaveLength(1);
    expect(['/x', 'http:///x', 'javascript:x', 'https://a b/'].filter(isWeb)).toEqual([]);
  });
});

describe('what becomes of', () => {
  CORPUS.forEach((row, at) => {
    test(`${at} ${row.name.replace(/[^\w.-]/g, '_').slice(0, 50)}`, () => {
      const path = row.name.normalize('NFC');
      const item = items.get(path);
      const { file } = row.expect;
      const problems = outcome.problems.filter((each) => (file ? file.test(each.file) : each.file === path));
      const faults = [
        ...entryFaults(row, item),
        ...problemFaults(row, problems, item !== undefined),
        ...(item ? itemFaults(item) : []),
        ...(item ? differences(item, rss.get(item.id), atom.get(item.url)) : []),
      ];
      expect(faults.slice(0, 8).map((fault) => fault.slice(0, 200))).toEqual([]);
    });
  });
});
