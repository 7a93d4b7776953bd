/** A blog in a temporary folder, for tests; removed when they are done. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Post } from '../src/content/post.ts';
import { readPost } from '../src/content/read-file.ts';
import { LEDGER } from '../src/ledger/keep.ts';
import { EMPTY_LEDGER } from '../src/ledger/ledger.ts';
import type { Entry, FeedFile, Site } from '../src/publish/feed.ts';
import type { FeedSummary, Publication, PublishOptions } from '../src/publish/publish.ts';
import { gate } from '../src/validate/gate.ts';
import { compose, filesOf } from '../src/worker/compose.ts';
import type { ComposeInput, Composition } from '../src/worker/compose.ts';
import { planRun } from '../src/worker/plan.ts';
import type { History, Plan } from '../src/worker/plan.ts';
import { run } from '../src/worker/run.ts';
import type { Outcome, RunInput } from '../src/worker/runs.ts';
import { memoryStore } from '../src/store/memory.ts';
import type { Store } from '../src/store/store.ts';

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder of one's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'feedwright-test-'));
  folders.push(folder);
  return folder;
}

/** Writes files, by their path below `folder`, and gives the folder. */
export function write(folder: string, files: Record<string, string | Uint8Array>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A post's file. */
export const markdown = (title: string, extra = '', body = `Text of ${title}.`): string =>
  `---\ntitle: ${title}\ndate: 2026-05-17\n${extra}---\n${body}\n`;

/** A blog in a folder, its store in memory, and runs of it at NOW plus what the clock was moved. */
export function blogOf(files: Record<string, string>) {
  const folder = write(temporaryFolder(), files);
  const puts: string[] = [];
  const clock = { now: NOW };
  const memory = memoryStore(() => clock.now);
  const store: Store = {
    ...memory,
    put: (name, body) => {
      puts.push(name);
      return memory.put(name, body);
    },
  };
  const input = (changed: Partial<RunInput> = {}): RunInput => ({
    contentFolder: folder,
    store,
    ledger: { store, name: LEDGER },
    site: SITE,
    options: OPTIONS,
    history: HISTORY,
    redirects: new Map(),
    gate,
    now: clock.now,
    wait: () => Promise.resolve(),
    ...changed,
  });
  const once = async (changed?: Partial<RunInput>): Promise<Outcome> => (await run(input(changed))).outcome;
  const text = async (name: string): Promise<string | undefined> =>
    (await memory.get(name))?.body.toString('utf8');
  const items = async (name = 'feed.json'): Promise<Item[]> =>
    (JSON.parse((await text(name)) ?? '{"items":[]}') as { items: Item[] }).items;
  const titles = async (name?: string): Promise<string[]> => (await items(name)).map(({ title }) => title);
  return { folder, store, puts, clock, input, once, text, items, titles };
}

/** An item of a JSON Feed, as far as tests look at it. */
export interface Item {
  id: string;
  url: string;
  title: string;
  content_html: string;
  date_published: string;
  date_modified: string;
}

export const NOW = Date.UTC(2026, 10, 23, 12);

/** A post as it would be read from a file with these fields and this body. */
export function post(fields: Record<string, unknown> = {}, body = 'Some text.', path = 'a-post.md'): Post {
  const written = { title: 'A post', date: '2026-05-17', ...fields };
  const reading = readPost(path, `${JSON.stringify(written)}\n${body}`, { timezone: 'UTC', now: NOW });
  if (reading.is !== 'post') throw new Error(`not a post: ${JSON.stringify(reading)}`);
  return reading.post;
}

export const SITE: Site = {
  title: 'Example',
  url: 'https://example.com/',
  feedsUrl: 'https://example.com/',
  timezone: 'UTC',
  language: 'en',
};

export const OPTIONS: PublishOptions = {
  permalink: '/posts/:slug/',
  limit: 20,
  bytes: 250_000,
  content: 'full',
  link: 'permalink',
  per: ['tag', 'source', 'author', 'kind'],
  pages: { feeds: false, entries: false },
  podcast: false,
  sources: new Map(),
};

export const HISTORY: History = { hold: 0, share: 0.2, tombstones: 30 * 86_400_000, approved: false };

export interface Made extends Publication {
  pages: Composition['pages'];
  files: FeedFile[];
  failedFiles: string[];
  feeds: FeedSummary[];
  problems: Plan['problems'];
  shown: Entry[];
}

/** What a first run makes of posts. `shown` are the entries that feeds show, by the path of their posts. */
export function publishPosts(posts: Post[], input: Partial<ComposeInput> & { now?: number } = {}): Made {
  const { now = NOW, site = SITE, options = OPTIONS, ledger = EMPTY_LEDGER, history = HISTORY } = input;
  const content = { folder: '/blog/content', posts, broken: [], hidden: [], problems: [], complete: true };
  const plan = planRun(content, ledger, site, options.permalink, history, now);
  const composition = compose({ plan, ledger, site, options, history, gate, last: new Map(), ...input });
  const { publication, pages } = composition;
  const shown = [...composition.shown.values()].map(({ rendered }) => rendered.whole());
  shown.sort((a, b) => (a.path < b.path ? -1 : 1));
  const made = [...publication.made.values()];
  return {
    ...publication,
    pages,
    files: filesOf(composition),
    failedFiles: made.flatMap(({ failed }) => failed),
    feeds: made.flatMap(({ summary }) => summary ?? []),
    problems: plan.problems,
    shown,
  };
}

/** A link post in the shape that link blogs' tools write: quoted date, folded texts, a body that is one pointer. */
export const LINK_POST = `---
title: Should You Keep a Changelog? What Readers & Robots Make of It
date: '2025-12-24T17:58:09+00:00'
tags:
- writing
source: Example Weekly
external_url: https://weekly.example/blog/should-you-keep-a-changelog/
post_kind: link
draft: false
tldr: 'A changelog tells people what is new. It’s short, and that is its
  strength: one line a change, written for whoever must decide whether to upgrade.
  Robots read it too.'
summary: 'A changelog tells people what is new. It’s short, and that is its
  strength: one line a change, written for whoever must decide whether to upgrade.
  Robots read it too. The longer answer looks at forty projects and what became
  of their changelogs after five years: most were kept, some were generated, and
  two had turned into novels.'
---
Open the original post ↗ https://weekly.example/blog/should-you-keep-a-changelog/
`;
