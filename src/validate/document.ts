/** A feed as the rules see it: its own tree, and beside it what every format says, in the same words. */
import type { FormatName } from '../publish/feed.ts';
import type { Tag } from './html.ts';
import { tagsIn, tagsOf } from './html.ts';
import { VERSION } from './json-feed.ts';
import type { JsonPlaces } from './json-places.ts';
import { placesIn } from './json-places.ts';
import { readRfc3339, readRfc822 } from './moments.ts';
import type { Reading } from './moments.ts';
import type { Place } from './place.ts';
import { NS, child, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface Html extends Place {
  tags(): Iterable<Tag>;
  /** Relative URLs in it have a base to be read against (xml:base). */
  based: boolean;
}

export interface EntryReading extends Place {
  id: string | undefined;
  /** As written; `html` if its markup counts. */
  title: string | undefined;
  titleType: 'text' | 'html' | 'xhtml';
  published: number | undefined;
  updated: number | undefined;
  html: Html[];
}

export interface FeedDocument<Format = FormatName, Tree = unknown> {
  format: Format;
  text: string;
  tree: Tree;
  self: (Place & { url: string }) | undefined;
  entries: EntryReading[];
  /** How it was served, if it was. */
  contentType?: string | undefined;
  url?: string | undefined;
}

export interface RssTree {
  root: XmlElement;
  channel: XmlElement;
  items: XmlElement[];
}

export interface AtomTree {
  feed: XmlElement;
  entries: XmlElement[];
}

export interface JsonTree {
  feed: Record<string, unknown>;
  items: Record<string, unknown>[];
  places: JsonPlaces;
}

export type RssDocument = FeedDocument<'rss', RssTree>;
export type AtomDocument = FeedDocument<'atom', AtomTree>;
export type JsonDocument = FeedDocument<'json', JsonTree>;

/** Told apart by its format. */
export type AnyDocument = RssDocument | AtomDocument | JsonDocument;

export function rssDocument(text: string, root: XmlElement, channel: XmlElement): RssDocument {
  const items = children(channel, 'item');
  const self = children(channel, 'link', NS.atom).find(({ attributes }) => attributes['rel'] === 'self');
  return {
    format: 'rss',
    text,
    tree: { root, channel, items },
    self: self && { line: self.line, column: self.column, url: self.attributes['href'] ?? '' },
    entries: items.map((item) => ({
      line: item.line,
      column: item.column,
      id: child(item, 'guid')?.text,
      title: child(item, 'title')?.text,
      titleType: 'text',
      published: momentOf(readRfc822, child(item, 'pubDate')),
      updated: undefined,
      html: [child(item, 'description'), child(item, 'encoded', NS.content)]
        .filter((element) => element !== undefined)
        .map(({ line, column, text }) => ({ line, column, tags: () => tagsOf(text), based: false })),
    })),
  };
}

export function atomDocument(text: string, feed: XmlElement): AtomDocument {
  const entries = children(feed, 'entry', NS.atom);
  const self = children(feed, 'link', NS.atom).find(({ attributes }) => attributes['rel'] === 'self');
  return {
    format: 'atom',
    text,
    tree: { feed, entries },
    self: self && { line: self.line, column: self.column, url: self.attributes['href'] ?? '' },
    entries: entries.map((entry) => {
      const title = child(entry, 'title', NS.atom);
      return {
        line: entry.line,
        column: entry.column,
        id: child(entry, 'id', NS.atom)?.text,
        title: title?.text,
        titleType: title ? textType(title) : 'text',
        published: momentOf(readRfc3339, child(entry, 'published', NS.atom)),
        updated: momentOf(readRfc3339, child(entry, 'updated', NS.atom)),
        html: [child(entry, 'summary', NS.atom), child(entry, 'content', NS.atom)]
          .filter((element) => element !== undefined && textType(element) !== 'text')
          .map((element) => atomHtml(element!, [feed, entry])),
      };
    }),
  };
}

function atomHtml(element: XmlElement, around: XmlElement[]): Html {
  return {
    line: element.line,
    column: element.column,
    tags: () => (textType(element) === 'xhtml' ? tagsIn(element) : tagsOf(element.text)),
    based: [...around, element].some(({ attributes }) => attributes['xml:base'] !== undefined),
  };
}

/** What a text construct is written in (RFC 4287, section 3.1.1); media types are not looked into. */
export function textType(element: XmlElement): 'text' | 'html' | 'xhtml' {
  const type = element.attributes['type'];
  return type === 'html' || type === 'xhtml' ? type : 'text';
}

export function jsonDocument(text: string, feed: Record<string, unknown>): JsonDocument {
  const places = placesIn(text);
  const items = Array.isArray(feed['items']) ? feed['items'].map((item) => (isObject(item) ? item : {})) : [];
  const self = textIn(feed, 'feed_url');
  return {
    format: 'json',
    text,
    tree: { feed, items, places },
    self: self === undefined ? undefined : { ...places.of(['feed_url']), url: self },
    entries: items.map((item, index) => {
      const html = textIn(item, 'content_html');
      return {
        ...places.of(['items', index]),
        id: textIn(item, 'id'),
        title: textIn(item, 'title'),
        titleType: 'text',
        published: momentIn(item, 'date_published'),
        updated: momentIn(item, 'date_modified'),
        html:
          html === undefined
            ? []
            : [{ ...places.of(['items', index, 'content_html']), tags: () => tagsOf(html), based: false }],
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

function momentOf(read: (text: string) => Reading, element: XmlElement | undefined): number | undefined {
  const reading = element && read(element.text);
  return reading && 'moment' in reading ? reading.moment : undefined;
}

function momentIn(item: Record<string, unknown>, key: string): number | undefined {
  const reading = readRfc3339(textIn(item, key) ?? '');
  return 'moment' in reading ? reading.moment : undefined;
}
