/**
 * A blog to which anything happens, and what its subscribers must see: whatever was done to it, an entry has one id for ever, is
 * shown once, and nothing about it comes from the future. The model knows which post is which by a number in its title.
 */
import { renameSync, rmSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { LEDGER } from '../src/ledger/keep.ts';
import { readCatalogue } from '../src/store/catalogue.ts';
import type { FileRecord } from '../src/store/catalogue.ts';
import { run } from '../src/worker/run.ts';
import type { Memory } from '../src/worker/runs.ts';
import { HISTORY, OPTIONS, SITE, blogOf, write } from './blog.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

interface ModelPost {
  number: number;
  /** How often its text was edited. */
  edits: number;
  /** Days before the first run; below 0 it is dated ahead. */
  age: number;
  tags: string[];
  draft: boolean;
  order: boolean;
}

interface World {
  blog: ReturnType<typeof blogOf>;
  posts: Map<string, ModelPost>;
  deleted: [string, ModelPost][];
  numbers: number;
  host: string;
  memory: Memory;
  /** What subscribers have seen: the id of each post, and the post of each id. */
  ids: Map<number, string>;
  /** What each was when it was last seen, since when those are gone that the feed showed, and which were so for long. */
  seen: Map<number, { path: string; edits: number; age: number }>;
  gone: Map<number, number>;
  hidden: Set<number>;
  owners: Map<string, number>;
  files: Readonly<Record<string, FileRecord>>;
  /** Which posts the feed showed last, and the age of each. */
  shown: Map<number, number>;
  /** The moments that a run took for now, or gave to a file. */
  moments: Set<number>;
}

/** What was seen before a clock went back by less than this is kept; one that goes back further is believed. */
const GRACE = 2 * 60 * MINUTE;

const words = (seed: number): string =>
  Array.from({ length: 60 }, (_, at) => `w${(seed * 7919 + at * at * 31 + at * 977) % 9973}x${seed}`).join(
    ' ',
  );

function fileOf(post: ModelPost, start: number): string {
  const date = new Date(start - post.age * DAY).toISOString();
  const lines = [
    `title: Post ${post.number}`,
    `date: ${date}`,
    `tags: [${post.tags.join(', ')}]`,
    `draft: ${post.draft}`,
  ];
  if (post.order) lines.reverse();
  return `---\n${lines.join('\n')}\n---\n${words(post.number)}${' An edit more.'.repeat(post.edits)}\n`;
}

/** One thing that happens. `at` picks a post. */
type Step = {
  does: string;
  act: (world: World, pick: (values: string[]) => string | undefined, random: number) => void | Promise<void>;
};

const STEPS: readonly Step[] = [
  { does: 'add',
    act: async (world, _, random) => {
      const number = ++world.numbers;
      // Some take a name that another post had before; in one run with its going, that would be an edit.
      const old = world.deleted[random % (world.deleted.length + 1)]?.[0];
      const path = old && !world.posts.has(old) ? old : `posts/p${number}.md`;
      if (path === old) await publish(world);
      put(world, path, { number, edits: 0, age: random % 9 === 0 ? -2 - number / 100 : 400 + number * 3, tags: [`t${random % 3}`], draft: false, order: false });
  } },
  { does: 'edit', act: (world, pick) => change(world, pick, (post) => ({ ...post, edits: post.edits + 1 })) },
  { does: 'tag', act: (world, pick, random) => change(world, pick, (post) => ({ ...post, tags: [`t${random % 4}`] })) },
  { does: 'reorder', act: (world, pick) => change(world, pick, (post) => ({ ...post, order: !post.order })) },
  { does: 're-date',
    act: async (world, pick, random) => {
      // With another name, another text and another date at once it would be another post.
      await publish(world);
      change(world, pick, (post) => ({ ...post, age: 300 + (random % 90) }));
      await publish(world);
    },
  },
  { does: 'draft', act: (world, pick) => change(world, pick, (post) => ({ ...post, draft: !post.draft })) },
  { does: 'touch', act: ({ blog, posts }) => {
    for (const path of posts.keys()) utimesSync(join(blog.folder, path), new Date(), new Date());
  } },
  { does: 'rename', act: (world, pick, random) => {
    const path = pick([...world.posts.keys()]);
    if (path !== undefined) return moveAll(world, [[path, `${dirname(path)}/r${random}.md`]]);
  } },
  { does: 'rename and edit', act: async (world, pick, random) => {
    await publish(world);
    const path = pick([...world.posts.keys()]);
    // What was hidden for long, and has another name and another text, is not known again.
      if (path === undefined || world.posts.get(path)!.draft) return;
    const to = `${dirname(path)}/e${random}.md`;
    move(world, path, to);
    const post = world.posts.get(to)!;
    put(world, to, { ...post, edits: post.edits + 1 });
    await publish(world);
  } },
  { does: 'change places', act: async (world, pick, random) => {
    await publish(world);
    const [one, other] = [pick([...world.posts.keys()]), [...world.posts.keys()].sort()[random % 7]];
    if (one === undefined || other === undefined || one === other) return;
    const [first, second] = [world.posts.get(one)!, world.posts.get(other)!];
    // What was hidden for long is another under another name and with another text.
    if (first.draft || second.draft) return;
    put(world, one, { ...second, edits: second.edits + 1 });
    put(world, other, { ...first, edits: first.edits + 1 });
    await publish(world);
  } },
  { does: 'move folder', act: (world, _, random) =>
    moveAll(world, [...world.posts.keys()].map((path) => [path, path.replace(/^[^/]+/, `f${random % 5}`)])),
  },
  { does: 'delete', act: (world, pick) => {
    const path = pick([...world.posts.keys()]);
    if (path === undefined) return;
    world.deleted.push([path, world.posts.get(path)!]);
    world.posts.delete(path);
    rmSync(join(world.blog.folder, path));
  } },
  { does: 'restore', act: async (world, _, random) => {
    // Where another post was until now, it would be taken for that one, edited.
    await publish(world);
    const [path, post] = world.deleted.splice(random % (world.deleted.length || 1), 1)[0] ?? [];
    if (path !== undefined) put(world, world.posts.has(path) ? `back/${random}.md` : path, post!);
  } },
  { does: 'change the address', act: (world, _, random) => void (world.host = ['example.com', 'other.example', 'third.example'][random % 3]!) },
  { does: 'restart', act: (world) => void (world.memory = {}) },
  { does: 'lose the ledger', act: async (world, _, random) => {
    await publish(world); // What happened since the last run would be lost with it.
    for (const { name } of await world.blog.store.list('.feedwright/')) if (name === LEDGER || random % 2 === 0) await world.blog.store.remove(name);
    // Without the catalogue there are only the store's own moments.
    if (random % 2 === 0) world.files = {};
    // Of what feeds do not show, nothing is known any more.
    const shown = new Set((await world.blog.items()).map(({ id }) => id));
    for (const [number, id] of world.ids) if (!shown.has(id)) world.ids.delete(number);
    for (const id of [...world.owners.keys()]) if (!shown.has(id)) world.owners.delete(id);
    // What is deleted before the next run would leave no text to be known again by.
    await publish(world);
  } },
  { does: 'wait', act: ({ blog }, _, random) => void (blog.clock.now += [1, 500, 1000, 5 * MINUTE, DAY, 20 * DAY, 40 * DAY][random % 7]!) },
  { does: 'set the clock back', act: ({ blog }, _, random) => void (blog.clock.now -= [500, 2000, 30 * MINUTE, 3 * DAY][random % 4]!) },
  { does: 'publish', act: publish },
  { does: 'publish again', act: publish },
]; // prettier-ignore

function put({ blog, posts }: World, path: string, post: ModelPost): void {
  posts.set(path, post);
  write(blog.folder, { [path]: fileOf(post, START) });
}

const START = Date.UTC(2026, 10, 23, 12);

function change(
  world: World,
  pick: (values: string[]) => string | undefined,
  to: (post: ModelPost) => ModelPost,
): void {
  const path = pick([...world.posts.keys()]);
  if (path !== undefined) put(world, path, to(world.posts.get(path)!));
}

function move({ blog, posts }: World, from: string, to: string): void {
  if (from === to || posts.has(to)) return;
  write(blog.folder, { [to]: '' });
  renameSync(join(blog.folder, from), join(blog.folder, to));
  posts.set(to, posts.get(from)!);
  posts.delete(from);
}

/** Moves files; where a post was deleted since the last run, another in its place would be taken for it, edited. */
async function moveAll(world: World, moves: [from: string, to: string][]): Promise<void> {
  if (moves.some(([, to]) => world.deleted.some(([path]) => path === to))) await publish(world);
  for (const [from, to] of moves) move(world, from, to);
}

function check(holds: boolean, what: string, details: unknown): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(details)}`);
}

/** Publishes, and looks at what subscribers get. */
async function publish(world: World): Promise<void> {
  const { blog, posts, ids, owners, seen, gone, hidden } = world;
  const url = `https://${world.host}/`;
  const input = blog.input({
    site: { ...SITE, url, feedsUrl: url },
    options: { ...OPTIONS, limit: 0, per: ['tag'] },
    history: { ...HISTORY, approved: true },
    wait: (milliseconds) => Promise.resolve((blog.clock.now += milliseconds)),
  });
  const { outcome, memory } = await run({ ...input, memory: world.memory });
  world.memory = memory;
  const now = Math.floor(blog.clock.now / 1000) * 1000; // After the run, which may have waited for the next second.
  world.moments.add(now);
  const limit = Math.max(...[...world.moments].filter((moment) => moment - now < GRACE));
  const catalogue = await readCatalogue(blog.store);
  const items = await blog.items();

  const shown = items.map(({ title }) => Number(title.slice('Post '.length)));
  for (const { number, draft, age } of posts.values()) {
    const published = START - age * DAY;
    const stays = world.shown.get(number) === age && published - now < GRACE;
    const details = { number, draft, published: new Date(published), now: new Date(now), shown };
    if (shown.includes(number))
      check(!draft && (published <= limit || stays), 'the feed shows a post that is not due', details);
    else check(draft || (published > now && !stays), 'the feed does not show a post that is due', details);
  }
  const ages = new Map([...posts.values()].map(({ number, age }) => [number, age]));
  check(
    shown.every((number) => ages.has(number)),
    'the feed shows what is gone',
    shown,
  );
  check(new Set(shown).size === shown.length, 'the feed shows a post twice', shown);
  // Some two hours about the thirtieth day are either, since a run may take another moment for now than the clock's.
  for (const [number, since] of gone) if (now - since > 30 * DAY - GRACE) hidden.add(number);
  for (const number of world.shown.keys()) gone.set(number, gone.get(number) ?? now);
  for (const number of shown) gone.delete(number);
  world.shown = new Map(shown.map((number) => [number, ages.get(number)!]));
  check(new Set(items.map(({ id }) => id)).size === items.length, 'two entries have one id', items);
  // With another name, another text, and another date or long hidden, a post is another.
  for (const [path, { number, edits, age, draft }] of posts) {
    if (draft) continue;
    const before = seen.get(number);
    const isLong = hidden.delete(number);
    if (before && before.path !== path && before.edits !== edits && (before.age !== age || isLong))
      ids.delete(number);
    seen.set(number, { path, edits, age });
  }
  items.forEach(({ id, title, date_published, date_modified }, at) => {
    const number = shown[at]!;
    check((ids.get(number) ?? id) === id, `${title} has another id than before`, {
      was: ids.get(number),
      id,
    });
    check((owners.get(id) ?? number) === number, 'an id is used again for another post', {
      id,
      was: owners.get(id),
      number,
    });
    ids.set(number, id);
    owners.set(id, number);
    check(Date.parse(date_published) <= Date.parse(date_modified), 'updated before published', {
      title,
      date_published,
      date_modified,
    });
    check(Date.parse(date_modified) <= limit, 'updated ahead of now', {
      title,
      date_modified,
      limit: new Date(limit),
    });
  });

  const files = catalogue?.files ?? {};
  for (const [name, { hash, modified }] of Object.entries(files)) {
    world.moments.add(modified);
    const before = world.files[name];
    if (!before) continue;
    if (before.hash === hash)
      check(before.modified === modified, 'Last-Modified moved with unchanged bytes', { name });
    else
      check(modified >= before.modified + 1000, 'Last-Modified did not move forward', {
        name,
        modified,
        before,
      });
  }
  world.files = files;

  blog.puts.length = 0;
  const again = await run({ ...input, memory: world.memory });
  check(blog.puts.length === 0 && outcome.outcome !== 'held', 'a second run writes', {
    puts: blog.puts,
    outcome: again.outcome.written,
  });
}

/** Random sequences of what happens to a blog; throws with the shortest that shows something wrong. */
export async function checkModel({
  sequences,
  steps,
  seed,
}: {
  sequences: number;
  steps: number;
  seed?: number;
}): Promise<void> {
  const step = fc.tuple(fc.constantFrom(...STEPS.map(({ does }) => does)), fc.nat(1000));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: steps, size: 'max' }), async (sequence) => {
      const blog = blogOf({});
      const world: World = {
        blog,
        posts: new Map(),
        deleted: [],
        numbers: 0,
        host: 'example.com',
        memory: {},
        ids: new Map(),
        seen: new Map(),
        gone: new Map(),
        hidden: new Set(),
        owners: new Map(),
        files: {},
        shown: new Map(),
        moments: new Set(),
      };
      const done: string[] = [];
      try {
        for (let number = 0; number < 3; number++) await STEPS[0]!.act(world, () => undefined, number + 1);
        for (const [does, at] of sequence) {
          done.push(`${does} ${at}`);
          const { act } = STEPS.find((each) => each.does === does)!;
          await act(world, (values) => values.sort()[at % (values.length || 1)], at);
        }
        await publish(world);
      } catch (error) {
        throw new Error(`after ${done.join(', ')}: ${(error as Error).message}`, { cause: error });
      } finally {
        rmSync(blog.folder, { recursive: true, force: true });
      }
    }),
    { numRuns: sequences, ...(seed !== undefined && { seed }) },
  );
}
