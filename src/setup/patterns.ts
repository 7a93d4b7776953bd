/** Permalink patterns of generators, and ours. */
import { slugFromPath } from '../content/path.ts';
import type { Written } from './layout.ts';

const TOKEN = /:([a-z_]+(?:\[[^\]]*\])?)/g;

/** A generator's pattern in our words; `ours` has ours by theirs. `lost` are those that we have none for. */
export function translate(
  pattern: string,
  ours: Readonly<Record<string, string>>,
): { pattern: string; lost: string[] } {
  const lost: string[] = [];
  const made = pattern.replace(TOKEN, (written, token: string) => {
    if (!Object.hasOwn(ours, token)) lost.push(written);
    return Object.hasOwn(ours, token) ? ours[token]! : '';
  });
  const path = `/${made}`.replace(/\/[-_.]*(?=\/)/g, '');
  return { pattern: /:(?:slug|path)\b/.test(path) ? path : `${path.replace(/\/*$/, '/')}:slug/`, lost };
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

/** The tokens of a day like 2026-05-17. */
export function dayValues(day: string): { year: string; month: string; day: string } {
  const [year, month, date] = day.split('-') as [string, string, string];
  return { year, month, day: date };
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
export function byFolder(section: string, prefix = '', end = '/'): string[] {
  return [`${prefix}/:path${end}`, `${prefix}/${section && `${section}/`}:slug${end}`];
}

/** The sentence about tokens that were left out; none if there are none. */
export function lostNote(generator: string, lost: readonly string[]): string[] {
  if (lost.length === 0) return [];
  const tokens = [...new Set(lost)].join(' and ');
  return [
    `${generator} makes addresses with ${tokens}, which content.permalink does not know: links will lead nowhere unless each post has an address of its own`,
  ];
}
