/** Permalink patterns of generators, and ours. */
import type { Generator } from '../publish/generators.ts';
import { PLACEHOLDERS, TELLING, placeholdersIn } from '../publish/placeholders.ts';
import { slugFromPath } from '../content/path.ts';
import type { Addressing, Written } from './layout.ts';

const TOKEN = /:([a-z_]+(?:\[[^\]]*\])?)/g;

/** A generator's pattern in our words; `ours` has ours by theirs. What we have no word for is left out. */
export function translate(pattern: string, ours: Readonly<Record<string, string>>): string {
  const made = pattern.replace(TOKEN, (_, token: string) => (Object.hasOwn(ours, token) ? ours[token]! : ''));
  const path = `/${made}`.replace(/\/[-_.]*(?=\/)/g, '');
  return isTelling(path) ? path : `${path.replace(/\/*$/, '/')}:slug/`;
}

/** The placeholders of a generator's pattern that ours do not have. */
export function lostIn(pattern: string): string[] {
  return [...pattern.matchAll(TOKEN)]
    .filter(([, token]) => !PLACEHOLDERS.includes(token!))
    .map(([written]) => written);
}

/** The pattern as its generator has it, without what we have no word for; undefined if all posts would have one address. */
export function verbatim(pattern: string): string | undefined {
  const made = pattern.replace(TOKEN, (written, token: string) =>
    PLACEHOLDERS.includes(token) ? written : '',
  );
  const path = lostIn(pattern).length > 0 ? made.replace(/\/[-_.]*(?=\/)/g, '') : made;
  return isTelling(path) ? `/${path}`.replace(/\/{2,}/g, '/') : undefined;
}

function isTelling(pattern: string): boolean {
  return placeholdersIn(pattern).some((name) => TELLING.includes(name));
}

/** What a pattern is for a post; undefined if one of its tokens is not among the values. */
export function expand(
  pattern: string,
  values: Readonly<Record<string, string | undefined>>,
): string | undefined {
  let known = true;
  const made = pattern.replace(TOKEN, (_, token: string) => {
    known &&= values[token] !== undefined;
    return values[token] ?? '';
  });
  return known ? `/${made}`.replace(/\/{2,}/g, '/') : undefined;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' '); // prettier-ignore

/** The tokens of a day like 2026-05-17, as far as generators agree on them. */
export function dayValues(day: string): Record<string, string> {
  const [year, month, date] = day.split('-') as [string, string, string];
  return {
    year,
    short_year: year.slice(2),
    month,
    i_month: `${Number(month)}`,
    monthname: MONTHS[Number(month) - 1]!,
    long_month: MONTHS[Number(month) - 1]!,
    day: date,
    i_day: `${Number(date)}`,
  };
}

/** A post's folders and the name that its address ends with: without extension, and of the folder for `name/index.md`. */
export function placeOf({ path }: Pick<Written, 'path'>): { folders: string[]; name: string } {
  const folders = path
    .replace(/\.[^./]+$/, '')
    .replace(/\/index$/i, '')
    .split('/');
  return { folders, name: folders.pop()! };
}

/** The same without the date that it begins with. */
export function undatedName({ path }: Pick<Written, 'path'>): string {
  return slugFromPath(path);
}

/** Our two patterns for posts that are addressed by where they are: the first for all, the second if all are in one folder. */
export function byFolder(section: string, prefix = '', end = '/'): Addressing[] {
  return [
    { permalink: `${prefix}/:path${end}` },
    { permalink: `${prefix}/${section && `${section}/`}:slug${end}` },
  ];
}

/** Where the files are, by the rules of a generator. */
export function byPath(generator: Generator, prefix = '', end = '/'): Addressing {
  return { permalink: `${prefix}/:path${end}`, generator };
}

/** The sentence about tokens that were left out; none if there are none. */
export function lostNote(generator: string, lost: readonly string[]): string[] {
  if (lost.length === 0) return [];
  const tokens = [...new Set(lost)].join(' and ');
  return [
    `${generator} makes addresses with ${tokens}, which content.permalink does not know: links will lead nowhere unless each post has an address of its own`,
  ];
}
