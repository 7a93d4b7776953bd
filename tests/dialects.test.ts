import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPost } from '../src/content/read-file.ts';
import { NOW } from './blog.ts';

const FOLDER = new URL('fixtures/posts/', import.meta.url);
const OPTIONS = { timezone: 'UTC', now: NOW };

/** What a fixture says of itself in its first comment. */
function about(text: string): { description: string; expect: Record<string, unknown> } {
  const found = /Description: (.*)\n.*?Expect: (\{.*\})/.exec(text);
  if (!found) throw new Error('the first comment must say Description and Expect');
  return { description: found[1]!, expect: JSON.parse(found[2]!) as Record<string, unknown> };
}

/** A reading as fixtures describe it: moments as text, problems as level and rule. */
function described(reading: ReturnType<typeof readPost>): Record<string, unknown> {
  const moment = (value: unknown): unknown =>
    typeof value === 'number' ? new Date(value).toISOString().replace('.000Z', 'Z') : value;
  const post: Record<string, unknown> =
    reading.is === 'post' ? { ...reading.post, body: reading.post.body() } : {};
  return {
    ...post,
    is: reading.is,
    problems: reading.problems.map(({ level, rule }) => `${level} ${rule}`),
    published: moment(post['published']),
    updated: moment(post['updated']),
    expires: moment(post['expires']),
  };
}

describe('posts as blogs write them', () => {
  test.each(readdirSync(FOLDER))('%s', (name) => {
    const text = readFileSync(new URL(encodeURIComponent(name), FOLDER), 'utf8');
    const { expect: expected } = about(text);
    expect(described(readPost(name, text, OPTIONS))).toMatchObject(expected);
  });
});

describe('one post in three dialects', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((each) => each.normalize('NFC'));
  const list = fc.array(text, { maxLength: 4 });
  const fields = fc.record(
    {
      title: text.filter((each) => each.trim() !== ''),
      date: fc
        .date({ min: new Date('1990-01-01'), max: new Date('2026-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      lastmod: fc.constantFrom('2026-02-03', '2026-02-30', 'soon', ''),
      tags: list,
      category: text,
      authors: list,
      summary: text,
      tldr: text,
      draft: fc.constantFrom('true', 'false', 'no', '', 'maybe'),
      slug: text,
      permalink: text,
      external_url: fc.oneof(fc.webUrl(), text),
      source: text,
      guid: text,
      lang: fc.constantFrom('en', 'pt_BR', 'nonsense language'),
      image: text,
    },
    { requiredKeys: ['title', 'date'] },
  );
  // JSON's strings are strings of the other two as well, but for what only JSON lets stand for itself.
  const quoted = (value: unknown): string =>
    JSON.stringify(value).replace(
      /[\u007F-\u009F\u2028\u2029\uFEFF]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  const dialects: Record<string, (written: Record<string, unknown>) => string> = {
    YAML: (written) =>
      `---\n${Object.entries(written)
        .map(([key, value]) => `${key}: ${quoted(value)}\n`)
        .join('')}---\n`,
    TOML: (written) =>
      `+++\n${Object.entries(written)
        .map(([key, value]) => `${key} = ${quoted(value)}\n`)
        .join('')}+++\n`,
    JSON: (written) => `${JSON.stringify(written, null, 2)}\n`,
  };

  test('is the same post', () => {
    fc.assert(
      fc.property(fields, fc.string({ unit: 'grapheme', maxLength: 60 }), (written, body) => {
        const [yaml, toml, json] = Object.values(dialects).map((write) => {
          const reading = readPost('a/one.md', write(written) + body, OPTIONS);
          return {
            is: reading.is,
            // Of all, only the file's hash is another.
            ...(reading.is === 'post' && {
              post: { ...reading.post, body: reading.post.body(), version: undefined },
            }),
            problems: reading.problems.map(({ rule, field }) => [rule, field]),
          };
        });
        expect(toml).toEqual(yaml);
        expect(json).toEqual(yaml);
      }),
      { numRuns: 1000 },
    );
  });
});
