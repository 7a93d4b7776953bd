/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): what a schema cannot say. */
import type { JsonDocument, JsonTree } from './document.ts';
import {
  VERSION,
  jsonFeed,
  jsonFeedAttachment,
  jsonFeedAuthor,
  jsonFeedHub,
  jsonFeedItem,
} from './json-feed.ts';
import { START } from './place.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';

/** What the specification calls fine. */
const FINE = 250_000;

export const JSON_KEY_RULES: Rule<JsonDocument>[] = [
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
        // Of what is no item at all other rules speak.
        if (item['url'] === undefined && Object.keys(item).length > 0)
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
  {
    name: 'external-url',
    level: 'warning',
    section: 'JSON Feed 1.1, external_url',
    *check({ tree: { items, places } }) {
      for (const [index, item] of items.entries()) {
        if (item['external_url'] !== undefined && item['external_url'] === item['url'])
          yield fault(
            places.of(['items', index, 'external_url']),
            'external_url is the same as url, but is for the page of somebody else that you write about: remove it, or let url be your own page.',
          );
      }
    },
  },
  {
    name: 'hub-type',
    level: 'warning',
    section: 'JSON Feed 1.1, hubs',
    *check({ tree: { feed, places } }) {
      const hubs: unknown[] = Array.isArray(feed['hubs']) ? feed['hubs'] : [];
      for (const [index, hub] of hubs.entries()) {
        const type = (hub as { type?: unknown } | null)?.type;
        if (typeof type === 'string' && type.trim() && !/^(?:WebSub|rssCloud)$/.test(type))
          yield fault(
            places.of(['hubs', index, 'type']),
            `The type of the hub is ${quote(type)}, which readers do not know: write WebSub.`,
          );
      }
    },
  },
  {
    name: 'json-size',
    level: 'warning',
    section: 'JSON Feed 1.1, Suggestions for Publishers',
    *check(_, { bytes }) {
      if (bytes > FINE)
        yield fault(
          START,
          `The feed has ${Math.ceil(bytes / 1000)} KB, of which every reader loads all; 100 is ideal and 250 fine: show fewer entries.`,
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
