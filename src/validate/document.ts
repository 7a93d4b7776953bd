/** A feed as the rules see it: its own tree, and beside it what every format says, in the same words. */
import type { FormatName } from '../publish/feed.ts';
import type { Mark, Tag } from './html.ts';
import { marksOf, openings } from './html.ts';
import type { JsonPlaces } from './json-places.ts';
import type { Reading } from './moments.ts';
import type { Place } from './place.ts';
import type { XmlElement } from './xml.ts';

export interface Html extends Place {
  tags(): Iterable<Tag>;
  /** Its closing tags too; of XHTML there is nothing to say, since the XML parser has judged it. */
  marks(): Iterable<Mark>;
  /** Relative URLs in it have a base to be read against (xml:base). */
  based: boolean;
}

/** A text that readers show without looking for markup in it, unless it says that it has some. */
export interface Text extends Place {
  name: string;
  text: string;
  type: 'text' | 'html' | 'xhtml';
  /** In RSS, how it is written in the file: the form of its references tells careful readers what they mean. */
  source?: string | undefined;
}

export interface EntryReading extends Place {
  id: string | undefined;
  title: Text | undefined;
  published: number | undefined;
  updated: number | undefined;
  html: Html[];
}

export interface FeedDocument<Format = FormatName, Tree = unknown> {
  format: Format;
  text: string;
  tree: Tree;
  self: (Place & { url: string; type?: string | undefined }) | undefined;
  title: Text | undefined;
  /** Descriptions and summaries, of the feed and its entries, that are no HTML by their format. */
  summaries: Text[];
  languages: (Place & { tag: string })[];
  /** When the feed says that it changed. */
  dates: (Place & { moment: number })[];
  entries: EntryReading[];
}

/** What a feed's text does not say of itself. */
export interface Circumstances {
  bytes: number;
  /** Milliseconds since 1970; where it is not known, nothing is still to come. */
  now?: number | undefined;
  /** How it was served, if it was; '' if it had no such header. */
  contentType?: string | undefined;
  url?: string | undefined;
  headers?: ServedHeaders | undefined;
}

/** Headers by their names in any case, as `fetch` gives them. */
export interface ServedHeaders {
  get(name: string): string | null;
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

/** HTML is read when the first rule asks for it, and once. */
export function html(place: Place, text: string, based = false): Html {
  let read: Mark[] | undefined;
  const marks = (): Mark[] => (read ??= [...marksOf(text)]);
  return { ...place, tags: () => openings(marks()), marks, based };
}

export function placeOf({ line, column }: Place): Place {
  return { line, column };
}

export function linkIn(link: XmlElement): FeedDocument['self'] {
  return { ...placeOf(link), url: link.attributes['href'] ?? '', type: link.attributes['type'] };
}

export function present<Value>(values: (Value | undefined)[]): Value[] {
  return values.filter((value) => value !== undefined);
}

export function momentOf(
  read: (text: string) => Reading,
  element: XmlElement | undefined,
): number | undefined {
  const reading = element && read(element.text);
  return reading && 'moment' in reading ? reading.moment : undefined;
}

export function datesOf(read: (text: string) => Reading, elements: XmlElement[]): FeedDocument['dates'] {
  return elements.flatMap((element) => {
    const moment = momentOf(read, element);
    return moment === undefined ? [] : [{ ...placeOf(element), moment }];
  });
}
