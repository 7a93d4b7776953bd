/** Front matter's fields -> a Post or Problems. Which keys mean what is said in aliases.ts. */
import { readAddress, readPermalinks } from './address.ts';
import { ALIASES } from './aliases.ts';
import type { FieldName } from './aliases.ts';
import { readBody } from './body.ts';
import { readDate } from './dates.ts';
import { readEnclosures } from './enclosures.ts';
import type { FrontMatter, Value } from './front-matter.ts';
import { fingerprint } from './fingerprint.ts';
import type { Said } from './fingerprint.ts';
import { linkedFiles } from './links.ts';
import { excerptOf, plainSummary } from './markdown.ts';
import type { Kind, Moment, Post, Problem, Report } from './post.ts';
import { isHidden } from './hidden.ts';
import { isLanguageTag } from './language.ts';
import { dateInPath, slugFromPath } from './path.ts';
import { gather, lookIn } from './lookup.ts';
import type { Field, Fields, LookUp } from './lookup.ts';
import { clean, oneLine } from './text.ts';
import { readTitle } from './title.ts';
import { webUrl } from './urls.ts';
import { readAuthors, readImage, readTags, textOf } from './values.ts';

export interface FieldOptions {
  /** IANA name of the zone that dates without one are in. */
  timezone: string;
  now: Moment;
  /** Where the content folder is: its name may tell which generator it is for. */
  folder?: string;
}

/** What a file turned out to be: a post, something the author keeps back, or broken; with what is wrong in it. */
export type Reading =
  | { is: 'post'; post: Post; problems: Problem[] }
  | { is: 'hidden'; problems: Problem[] }
  | { is: 'broken'; problems: Problem[] };

/** Reads what a file's front matter and name say. `path` is relative to the content folder, `version` the file's hash. */
export function readFields(
  path: string,
  version: string,
  matter: FrontMatter,
  options: FieldOptions,
): Reading {
  const problems: Problem[] = [];
  const report: Report = (level, rule, message, field) => {
    problems.push({
      level,
      file: path,
      line: field ? matter.lineOf(field) : matter.lineOf('title'),
      ...(field && { field }),
      rule,
      message,
    });
  };
  const fields = gather(matter.fields);
  const field = lookIn(fields);

  if (isHidden(path, field, fields, report)) return { is: 'hidden', problems };

  const published = readPublished(path, field, options, report);
  // Of what is no post there is nothing else to say.
  if (published === undefined) return { is: 'broken', problems };

  const { body, problems: inBody } = readBody(path, matter);
  problems.push(...inBody);
  if (body === undefined) return { is: 'broken', problems };

  const title = readTitle(path, field, matter, body, report);
  if (title === undefined) return { is: 'broken', problems };

  const moment = (name: 'updated' | 'expires'): Moment | undefined => {
    const found = field(name);
    if (!found) return undefined;
    const reading = readDate(textOf(found.value), options.timezone, options.now);
    if ('moment' in reading) return reading.moment;
    report('warning', 'date', `${found.key} is ignored: ${reading.reason}`, found.key);
    return undefined;
  };
  const updated = moment('updated');
  const expires = moment('expires');
  const externalUrl = readExternalUrl(field, report);
  const summary = summaryText(field('summary')) ?? excerptOf(body);
  const shortSummary = summaryText(field('shortSummary')) ?? summary;
  const kind: Kind =
    textOf(field('kind')?.value).toLowerCase() === 'link' || externalUrl ? 'link' : 'article';

  const enclosures = atMost(readEnclosures(fields, field), 'enclosures', field, report);
  const said: Said = { title, enclosures };
  put(said, 'externalUrl', externalUrl);
  put(said, 'shortSummary', shortSummary);
  put(said, 'summary', summary);
  const slug = cleanText(field('slug')?.value);
  const marks = fingerprint(said, body);
  const post: Post = Object.assign(said, {
    path,
    version,
    published,
    kind,
    slug: lastPart(slug) ?? slugFromPath(path),
    authors: atMost(readAuthors(field('authors')?.value), 'authors', field, report),
    tags: atMost(readTags(tagValues(fields, path, options)), 'tags', field, report),
    text: marks.text,
    sketch: marks.sketch,
    body: () => body,
  });
  put(post, 'id', readId(fields));
  put(post, 'updated', updated === undefined ? undefined : Math.max(updated, published));
  put(post, 'expires', expires);
  const permalinks = readPermalinks(fields, report);
  put(post, 'permalink', Object.values(permalinks)[0]);
  put(post, 'address', readAddress(fields, field, slug, published, permalinks));
  put(post, 'source', text(field('source')));
  put(post, 'language', readLanguage(field, report));
  put(post, 'image', readImage(field('image')?.value));
  put(post, 'links', linkedFiles(body, path));
  return { is: 'post', post, problems };
}

/** Gives an object that is being made a property, or none: there are many posts, and spreading takes long. */
function put<T extends object, K extends keyof T>(object: T, name: K, value: T[K] | undefined): void {
  if (value !== undefined) object[name] = value;
}

/** More of anything than this is a mistake, and would make as many feeds. */
const LIST_LIMIT = 100;

function atMost<T>(items: T[], name: FieldName, field: LookUp, report: Report): T[] {
  if (items.length <= LIST_LIMIT) return items;
  report(
    'error',
    'too-many',
    `there are ${items.length} ${name}; only the first ${LIST_LIMIT} are published`,
    field(name)?.key,
  );
  return items.slice(0, LIST_LIMIT);
}

function cleanText(value: Value | undefined): string | undefined {
  return clean(textOf(value)).trim() || undefined;
}

/** The last part of what may be a path. */
function lastPart(slug = ''): string | undefined {
  return slug
    .split('/')
    .filter((part) => !/^\.*$/.test(part))
    .at(-1);
}

function text(field: Field): string | undefined {
  return (field && oneLine(textOf(field.value))) || undefined;
}

function summaryText(field: Field): string | undefined {
  return (field && oneLine(plainSummary(textOf(field.value)))) || undefined;
}

const NO_DATE = 'a page without a date is no post; to publish it, add one like "date: 2026-05-17"';

function readPublished(
  path: string,
  field: LookUp,
  options: FieldOptions,
  report: Report,
): Moment | undefined {
  const written = field('published');
  const inPath = dateInPath(path) ?? dateInPath(textOf(field('permalink')?.value));
  const fallback = inPath && readDate(inPath, options.timezone, options.now);
  const standIn = fallback && 'moment' in fallback ? fallback.moment : undefined;
  if (!written) {
    if (fallback && 'reason' in fallback) report('error', 'date', `the date in its path: ${fallback.reason}`);
    else if (!fallback) report('warning', 'no-date', NO_DATE);
    return standIn;
  }
  const reading = readDate(textOf(written.value), options.timezone, options.now);
  if ('moment' in reading) return reading.moment;
  if (standIn === undefined) report('error', 'date', `${written.key}: ${reading.reason}`, written.key);
  else
    report(
      'warning',
      'date',
      `${written.key}: ${reading.reason}; the date in the file's path stands in`,
      written.key,
    );
  return standIn;
}

function readExternalUrl(field: LookUp, report: Report): string | undefined {
  const written = field('externalUrl');
  if (!written) return undefined;
  const url = webUrl(textOf(written.value));
  if (!url)
    report('error', 'external-url', `${written.key} is left out: it is not a whole http(s) URL`, written.key);
  return url;
}

function readLanguage(field: LookUp, report: Report): string | undefined {
  const written = field('language');
  const tag = textOf(written?.value).replace(/_/g, '-');
  if (!written || isLanguageTag(tag)) return tag || undefined;
  report(
    'warning',
    'language',
    `${written.key} is ignored: "${tag.slice(0, 40)}" is no language tag like en or pt-BR`,
    written.key,
  );
  return undefined;
}

/** A number is what a database called the post, and no feed: only as a guid is it meant as an id. */
function readId(fields: Fields): string | undefined {
  const written = ALIASES.id.map((key) => ({ key, value: cleanText(fields.get(key)?.value) }));
  return written.find(({ key, value }) => value !== undefined && (key !== 'id' || !/^\d+$/.test(value)))
    ?.value;
}

/** Where Jekyll looks for posts, which it knows by their dated names. */
const JEKYLL = /(?:^|[\\/])_posts[\\/](?:[^\\]*[\\/])?\d{4}-\d{1,2}-\d{1,2}-[^\\/]*$/;

/** The values of all keys for tags. Jekyll's are separated by blanks: only `tag` and `category` may have some. */
function tagValues(fields: Fields, path: string, { folder = '' }: FieldOptions): Value[] {
  const isJekyll = JEKYLL.test(`${folder}/${path}`);
  return ALIASES.tags.flatMap((key): Value[] => {
    const value = fields.get(key)?.value;
    if (value === undefined) return [];
    const isWords = isJekyll && (key === 'tags' || key === 'categories');
    return [isWords && typeof value === 'string' && !value.includes(',') ? value.trim().split(/\s+/) : value];
  });
}
