/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the schema, and what a schema cannot say. */
import type { z } from 'zod';
import type { JsonDocument, JsonTree } from './document.ts';
import {
  VERSION,
  jsonFeed,
  jsonFeedAttachment,
  jsonFeedAuthor,
  jsonFeedHub,
  jsonFeedItem,
} from './json-feed.ts';
import { fault } from './rule.ts';
import type { Rule } from './rule.ts';

export const JSON_RULES: Rule<JsonDocument>[] = [
  {
    name: 'json-feed',
    level: 'error',
    section: 'JSON Feed 1.1',
    *check({ tree: { feed, places } }) {
      const result = jsonFeed.safeParse(feed, { reportInput: true });
      for (const issue of result.error?.issues ?? []) yield fault(places.of(issue.path), inWords(issue));
    },
  },
  {
    name: 'version-first',
    level: 'warning',
    section: 'JSON Feed 1.1, version',
    *check({ tree: { feed, places } }) {
      if (feed['version'] === VERSION && Object.keys(feed)[0] !== 'version') {
        yield fault(
          places.of(['version']),
          'version is not the first key, where readers look for it: move it to the top.',
        );
      }
    },
  },
  {
    name: 'self-link',
    level: 'warning',
    section: 'JSON Feed 1.1, feed_url and home_page_url',
    *check({ tree: { feed, places } }) {
      for (const name of ['feed_url', 'home_page_url']) {
        if (feed[name] === undefined)
          yield fault(places.of([]), `The feed has no ${name}, which readers need to find it again: add it.`);
      }
    },
  },
  {
    name: 'item-url',
    level: 'warning',
    section: 'JSON Feed 1.1, url',
    *check({ tree: { items, places } }) {
      for (const [index, item] of items.entries()) {
        if (item['url'] === undefined)
          yield fault(
            places.of(['items', index]),
            'The item has no url, so there is no page to open: add it.',
          );
      }
    },
  },
  {
    name: 'deprecated-author',
    level: 'warning',
    section: 'JSON Feed 1.1, authors',
    *check({ tree: { feed, items, places } }) {
      for (const [path, object] of [
        [[], feed] as const,
        ...items.map((item, index) => [['items', index], item] as const),
      ]) {
        if (object['author'] !== undefined && object['authors'] === undefined) {
          yield fault(
            places.of([...path, 'author']),
            'author is of version 1.0: write authors, a list, in its place or beside it.',
          );
        }
      }
    },
  },
  {
    name: 'unknown-key',
    level: 'warning',
    section: 'JSON Feed 1.1, Extensions',
    *check({ tree }) {
      for (const { path, object, known } of objectsIn(tree)) {
        for (const key of Object.keys(object)) {
          if (key.startsWith('_') || Object.hasOwn(known, key)) continue;
          yield fault(
            tree.places.of([...path, key]),
            `JSON Feed has no ${key} here, so readers ignore it: correct its name, or let it begin with _ as an extension.`,
          );
        }
      }
    },
  },
  {
    name: 'repeated-key',
    level: 'warning',
    section: 'RFC 8259, 4',
    *check({ tree: { places } }) {
      for (const { key, place } of places.repeated)
        yield fault(
          place,
          `The key ${key} stands twice in one object, and readers differ in which they take: leave one.`,
        );
    },
  },
];

/** What stands in lists in other objects, and what it may hold. */
const PARTS = {
  authors: jsonFeedAuthor,
  attachments: jsonFeedAttachment,
  hubs: jsonFeedHub,
  items: jsonFeedItem,
};

type Part = { path: (string | number)[]; object: Record<string, unknown>; known: object };

/** Every object that the specification describes. */
function* objectsIn({ feed }: JsonTree): Generator<Part> {
  const rest: Part[] = [{ path: [], object: feed, known: jsonFeed.shape }];
  for (let part = rest.pop(); part; part = rest.pop()) {
    yield part;
    for (const [name, { shape }] of Object.entries(PARTS)) {
      const list = Object.hasOwn(part.known, name) ? part.object[name] : undefined;
      if (!Array.isArray(list)) continue;
      for (const [index, one] of (list as unknown[]).entries()) {
        if (typeof one === 'object' && one)
          rest.push({
            path: [...part.path, name, index],
            object: one as Record<string, unknown>,
            known: shape,
          });
      }
    }
  }
}

/** An issue of zod's -> a sentence. */
function inWords(issue: z.core.$ZodIssue): string {
  const name =
    issue.path.reduce<string>(
      (path, step) =>
        typeof step === 'number' ? `${path}[${step}]` : `${path}${path && '.'}${String(step)}`,
      '',
    ) || 'the feed';
  if (issue.code !== 'invalid_type') return `${name} ${issue.message}.`;
  if (issue.input === undefined) return `${name} is missing: add it.`;
  return `${name} must be ${article(issue.expected)}, but is ${article(kindOf(issue.input))}.`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function article(kind: string): string {
  if (kind === 'null') return kind;
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
