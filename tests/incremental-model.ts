/**
 * A blog that is edited while its worker runs, told each time what changed, and the same blog published by a new process after
 * each edit, with and without what the last one left in its cache, and by a worker that is started again now and then: all stores
 * must have the same bytes in every file.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ledgerBytes } from '../src/ledger/bytes.ts';
import { LEDGER, readLedger } from '../src/ledger/keep.ts';
import { memoryStore } from '../src/store/memory.ts';
import type { Store } from '../src/store/store.ts';
import { leave, run } from '../src/worker/run.ts';
import type { Memory, Outcome, RunInput } from '../src/worker/runs.ts';
import { HISTORY, OPTIONS, blogOf, write } from './blog.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 23, 12);

/** Fields of a post's front matter; a post is made of random ones. */
const FIELDS: readonly (readonly string[])[] = [
  ['title: One', 'title: Two', 'title: Three *and* more'],
  [
    ...['2026-11-01', '2026-11-20T08:00:00Z', '2026-11-23T12:05:00Z', '2026-11-24'].map(
      (date) => `date: ${date}`,
    ),
    ...Array.from({ length: 12 }, (_, at) => `date: 2026-05-${at + 10}T0${at % 3}:00:00Z`),
  ],
  ['', 'tags: [Rust]', 'tags: [rust, web]', 'tags: [RUST, C]', 'tags: [web]', 'tags: [alone]'],
  ['', '', 'author: Ada', 'authors: [Ada, Bob]'],
  [
    '',
    '',
    'external_url: https://weekly.example/a/',
    'external_url: https://weekly.example/b/\nsource: Weekly',
  ],
  ['', '', '', 'language: de'],
  ['', '', '', '', 'draft: true'],
  ['', '', '', '', 'expires: 2026-11-23T13:00:00Z', 'expires: 2026-11-26'],
  ['', '', '', '', 'updated: 2026-11-22', 'updated: 2026-11-23T12:30:00Z'],
  ['', '', '', '', '', '', 'id: "https://example.com/mine"', 'id: "https://example.com/yours"'],
  ['', '', '', '', '', '', 'url: /fixed/', 'url: /fixed/two/'],
  ['', '', '', '', '', '', 'enclosure: https://example.com/a.mp3', 'enclosure: b.mp3'],
  ['', '', '', '', '', '', '', '', '', '', '', '', 'title: [broken'],
];

/** Links to other posts, which come and go. */
const LINKS: readonly string[] = [
  '', '', '[a](p3.md)', '[b](./p1.md?x#a)', '[c](../p5.md)', '[d](@/p2.md)', '[e](@/sub/n1.md#a)', '[f](sub/n2.md)', '[g](n4.md)', '<a href="p4.md">h</a>', '[i](@/sub/_index.md)', '[j]({{< ref "n1" >}})', '[k]({% post_url sub/n2 %})', '[l]({{< ref "p3.md#a" >}})',
]; // prettier-ignore

function fileOf(seed: number): string {
  let rest = seed;
  const pick = <T>(values: readonly T[]): T => {
    rest = (Math.imul(rest, 1_103_515_245) + 12_345) >>> 0;
    return values[(rest >>> 8) % values.length]!;
  };
  const fields = FIELDS.map((values) => pick(values)).filter((field) => field !== '');
  const words = Array.from({ length: 30 }, () => `w${pick(Array.from({ length: 500 }, (_, at) => at))}`);
  const links = [pick(LINKS), pick(LINKS)].join(' ');
  return `---\n${fields.join('\n')}\n---\n${words.join(' ')} ![p](p.png) ${links}\n`;
}

interface Edit {
  does:
    | 'write'
    | 'edit'
    | 'break'
    | 'remove'
    | 'rename'
    | 'rename and break'
    | 'touch'
    | 'wait'
    | 'wait long'
    | 'look at everything';
  at: number;
}

const EDITS: readonly Edit['does'][] = [
  'write', 'write', 'write', 'write', 'edit', 'edit', 'edit', 'edit', 'edit', 'edit', 'break', 'remove', 'rename', 'rename and break', 'touch', 'wait', 'wait', 'wait long', 'look at everything',
]; // prettier-ignore

export interface Count {
  /** Runs, how many of them were partial, how many of new processes were, and how many of a worker that begins with what those left. */
  runs: number;
  partial: number;
  restored: number;
  restarted: number;
}

/** Random sequences of edits; throws with the shortest after which the two stores differ. */
export async function checkIncremental(sequences: number, edits: number, seed?: number): Promise<Count> {
  const count: Count = { runs: 0, partial: 0, restored: 0, restarted: 0 };
  const edit = fc.record({ does: fc.constantFrom(...EDITS), at: fc.nat(100_000) });
  const all = fc.array(edit, { minLength: 1, maxLength: edits, size: 'max' });
  await fc.assert(
    fc.asyncProperty(all, fc.constantFrom(0, 10 * MINUTE), fc.nat(1000), async (sequence, hold, first) => {
      const blog = blogOf({});
      try {
        await play(blog, sequence, hold, first, count);
      } finally {
        rmSync(blog.folder, { recursive: true, force: true });
      }
    }),
    { numRuns: sequences, ...(seed !== undefined && { seed }) },
  );
  return count;
}

async function play(
  { folder, clock, input, store }: ReturnType<typeof blogOf>,
  sequence: readonly Edit[],
  hold: number,
  first: number,
  count: Count,
): Promise<void> {
  const other = memoryStore(() => clock.now);
  const cached = memoryStore(() => clock.now);
  const restarted = memoryStore(() => clock.now);
  const texts = new Map<string, number>();
  const put = (path: string, text: number): void => {
    texts.set(path, text);
    write(folder, { [path]: fileOf(text) });
  };
  for (let at = 0; at < 9; at++) put(`p${at}.md`, first * 9 + at);
  clock.now = START;
  let memory: Memory = {};
  let again: Memory = {};
  let runs = 0;
  const both = async (changed: readonly string[] | undefined): Promise<void> => {
    const common: Partial<RunInput> = {
      options: { ...OPTIONS, limit: 4, per: ['tag', 'author', 'kind', 'language', 'source'], pages: { feeds: true, entries: false } },
      history: { ...HISTORY, hold, tombstones: 2 * DAY },
    }; // prettier-ignore
    const { state } = memory;
    const going = await run(input({ ...common, memory, ...(changed && { changed }) }));
    memory = going.memory;
    count.runs++;
    runs++;
    if (state && memory.state === state) count.partial++;
    const fresh = await run(input({ ...common, store: other, ledger: { store: other, name: LEDGER } }));
    const warm = await run(
      input({ ...common, store: cached, ledger: { store: cached, name: LEDGER }, cache: true }),
    );
    if (warm.memory.isRestored) count.restored++;
    const ofRestarted = {
      ...common,
      store: restarted,
      ledger: { store: restarted, name: LEDGER },
      cache: true,
    };
    if (changed === undefined || runs % 5 === 0) {
      await leave(input(ofRestarted), again);
      again = {};
    }
    const begun = await run(input({ ...ofRestarted, memory: again, ...(changed && { changed }) }));
    if (again.state && begun.memory.state === again.state) count.restarted++;
    again = begun.memory;
    const theirs = await allOf(other);
    for (const [{ outcome }, each] of [
      [going, store],
      [warm, cached],
      [begun, restarted],
    ] as const) {
      same(said(outcome), said(fresh.outcome), 'what is said');
      const mine = await allOf(each);
      for (const name of new Set([...mine.keys(), ...theirs.keys()]))
        same(mine.get(name), theirs.get(name), name);
    }
  };
  await both(undefined);
  for (const { does, at } of sequence) {
    const paths = [...texts.keys()].sort();
    const path = paths[at % (paths.length || 1)];
    if (does === 'look at everything') await both(undefined);
    else if (does === 'wait' || does === 'wait long') {
      clock.now += does === 'wait' ? [1000, 5 * MINUTE, 20 * MINUTE][at % 3]! : DAY;
      await both([]);
    } else if (does === 'write') {
      const name = at % 3 === 0 ? `n${at}.md` : `sub/n${at % 7}.md`;
      put(name, at);
      await both([name]);
    } else if (path !== undefined) {
      const changed = [path];
      if (does === 'edit') write(folder, { [path]: `${fileOf(texts.get(path)!)} Another line, ${at}.\n` });
      else if (does === 'break') write(folder, { [path]: '---\ntitle: [broken\n---\n' });
      else if (does === 'touch') write(folder, { [path]: fileOf(texts.get(path)!) });
      else {
        rmSync(join(folder, path));
        const text = texts.get(path)!;
        texts.delete(path);
        if (does === 'rename') {
          put(`r${at}.md`, text);
          changed.push(`r${at}.md`);
        }
        if (does === 'rename and break') {
          const to = `m${at % 3}/${path.slice(path.lastIndexOf('/') + 1)}`;
          put(to, text);
          write(folder, { [to]: '---\ntitle: [broken\n---\n' });
          changed.push(to);
        }
      }
      await both(changed.sort());
    }
  }
}

/** What an outcome says that does not depend on what was written before. */
function said({
  posts,
  scheduled,
  feeds,
  problems,
  changes,
  guard,
  nextDue,
  written,
  removed,
}: Outcome): string {
  const all = { posts, scheduled, feeds, problems, changes, guard: guard.counted, nextDue, written, removed };
  return JSON.stringify(all, null, 1);
}

/** Every file of a store as text, the ledger with its journal carried out, and no caches. */
async function allOf(store: Store): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const names = [...(await store.list()), ...(await store.list('.feedwright/'))].map(({ name }) => name);
  for (const name of names)
    if (!/^\.feedwright\/(?:ledger|cache)/.test(name))
      files.set(name, (await store.get(name))!.body.toString('utf8'));
  const ledger = await readLedger({ store, name: LEDGER });
  if (ledger) files.set(LEDGER, ledgerBytes(ledger.ledger).toString('utf8'));
  return files;
}

function same(mine: string | undefined, theirs: string | undefined, what: string): void {
  if (mine === theirs) return;
  const [a, b] = [(mine ?? 'nothing').split('\n'), (theirs ?? 'nothing').split('\n')];
  const at = a.findIndex((line, number) => line !== b[number]);
  throw new Error(`${what} differs: going on it is ${a[at]}\nfrom the beginning it is ${b[at]}`);
}
