/** A blog in a temporary folder, for tests; removed when they are done. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import type { Post } from '../src/content/post.ts';
import { readPost } from '../src/content/read.ts';
import type { Site } from '../src/publish/feed.ts';
import type { PublishOptions } from '../src/publish/publish.ts';

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
  sources: new Map(),
};

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
