/** Reading of values whose shape varies between blogs: lists or text, maps or names. */
import type { Value } from './front-matter.ts';
import type { Author } from './post.ts';
import { clean, oneLine } from './text.ts';
import { webUrl } from './urls.ts';

export function isMap(value: Value | undefined): value is Record<string, Value> {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Blank, an empty list or map, or what YAML calls null. */
export function isEmpty(value: Value): boolean {
  return typeof value === 'string' ? /^(?:\s*|~|null)$/i.test(value) : Object.keys(value).length === 0;
}

/** A scalar's text without blanks at its ends; '' for lists and maps. */
export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** A property with its value, or nothing: for objects whose keys are absent rather than undefined. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [k in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [k in K]?: V };
}

/** A list as it is; anything else that is not empty as a list of one. */
export function list(value: Value | undefined): Value[] {
  if (value === undefined || isEmpty(value)) return [];
  return Array.isArray(value) ? value : [value];
}

/** The first of all items with one key, without regard to case. */
export function uniqueBy<T>(items: T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const folded = key(item).normalize('NFC').toLowerCase();
    return !seen.has(folded) && seen.add(folded);
  });
}

/**
 * Names as text, in a list, or as maps with name, email and url. Text with a comma is one name: what follows it is mostly a title
 * or an office ("Ann Lee, Editor and Publisher"), and somebody who is two people is worse than two who are one.
 */
export function readAuthors(value: Value | undefined): Author[] {
  const authors = list(value).flatMap((item): Author[] => {
    if (isMap(item)) {
      const name = oneLine(textOf(item['name']));
      const url = webUrl(textOf(item['url'] ?? item['link']));
      const email = /^[^\s@<>()]+@[^\s@<>()]+$/.exec(textOf(item['email']))?.[0];
      return name ? [{ name, ...optional('email', email), ...optional('url', url) }] : [];
    }
    const names = Array.isArray(value) ? [textOf(item)] : splitNames(oneLine(textOf(item)));
    return names.map(oneLine).filter(Boolean).map(readName);
  });
  // A dash is nobody.
  const named = authors.filter(({ name }) => /[\p{L}\p{N}]/u.test(name));
  return uniqueBy(named, (author) => author.name);
}

function splitNames(text: string): string[] {
  // Most names are one, and this is much faster than to part them.
  if (!/[;,&]| and /.test(text)) return [text];
  // Behind a mail address nothing of the same name follows.
  return text.split(/;|(?<=>)\s*,/).flatMap((name) => (name.includes(',') ? name : name.split(/ & | and /)));
}

/** A name, with the mail address that may stand behind it as in mails: `Bob <bob@example.com>`. */
function readName(written: string): Author {
  const [, name = '', email] = /^([^<>]*[^<>\s])\s*<([^\s@<>()]+@[^\s@<>()]+)>$/.exec(written) ?? [];
  return email === undefined ? { name: written } : { name, email };
}

/** Tags of all given values: lists, or text with commas. */
export function readTags(values: Value[]): string[] {
  const written = values.flatMap((value) =>
    typeof value === 'string' ? value.split(',') : list(value).map(textOf),
  );
  return uniqueBy(
    written.map(oneLine).filter((tag) => !isEmpty(tag)),
    (tag) => tag,
  );
}

/** The first picture of a name, a list or a map. */
export function readImage(value: Value | undefined): string | undefined {
  if (Array.isArray(value)) return readImage(value[0]);
  if (isMap(value)) return readImage(value['src'] ?? value['url'] ?? value['image'] ?? value['path']);
  const written = clean(textOf(value));
  return /\{[{%]/.test(written) ? undefined : written || undefined;
}
