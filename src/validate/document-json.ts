/** JSON Feed as the rules see it. */
import type { JsonDocument, Text } from './document.ts';
import { html, placeOf, present } from './document.ts';
import { VERSION } from './json-feed.ts';
import { placesIn } from './json-places.ts';
import { readRfc3339 } from './moments.ts';

export function jsonDocument(text: string, feed: Record<string, unknown>): JsonDocument {
  const places = placesIn(text);
  const items = Array.isArray(feed['items']) ? feed['items'].map((item) => (isObject(item) ? item : {})) : [];
  const self = textIn(feed, 'feed_url');
  const textAt = (path: ['items', number] | [], name: string): Text | undefined => {
    const value = textIn(path.length === 0 ? feed : items[path[1]]!, name);
    return value === undefined
      ? undefined
      : { ...places.of([...path, name]), name, text: value, type: 'text' };
  };
  return {
    format: 'json',
    text,
    tree: { feed, items, places },
    self: self === undefined ? undefined : { ...places.of(['feed_url']), url: self },
    title: textAt([], 'title'),
    summaries: present([
      textAt([], 'description'),
      ...items.map((_, index) => textAt(['items', index], 'summary')),
    ]),
    languages: present([
      textAt([], 'language'),
      ...items.map((_, index) => textAt(['items', index], 'language')),
    ]).map((language) => ({ ...placeOf(language), tag: language.text })),
    dates: [],
    entries: items.map((item, index) => {
      const content = textIn(item, 'content_html');
      return {
        ...places.of(['items', index]),
        id: textIn(item, 'id'),
        title: textAt(['items', index], 'title'),
        published: momentIn(item, 'date_published'),
        updated: momentIn(item, 'date_modified'),
        html: content === undefined ? [] : [html(places.of(['items', index, 'content_html']), content)],
      };
    }),
  };
}

/** Whether a JSON value means to be a JSON Feed, of whatever version. */
export function isJsonFeed(value: unknown): value is Record<string, unknown> {
  return (
    isObject(value) &&
    (String(value['version']).startsWith(VERSION.slice(0, -2)) || Array.isArray(value['items']))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textIn(object: Record<string, unknown>, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

function momentIn(item: Record<string, unknown>, key: string): number | undefined {
  const reading = readRfc3339(textIn(item, key) ?? '');
  return 'moment' in reading ? reading.moment : undefined;
}
