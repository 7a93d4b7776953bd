/** Front matter's fields -> a Post or Problems. Which keys mean what is said in aliases.ts. */
import { readAddress } from './address.ts';
import type { FieldName } from './aliases.ts';
import { readBody } from './body.ts';
import { readDate } from './dates.ts';
import type { FrontMatter, Value } from './front-matter.ts';
import { fingerprint } from './fingerprint.ts';
import { linkedFiles } from './links.ts';
import { excerptOf, firstHeading } from './markdown.ts';
import type { Moment, Post, Problem } from './post.ts';
import { isLanguageTag } from './language.ts';
import { dateInPath, slugFromPath } from './path.ts';
import { all, gather, lookIn } from './lookup.ts';
import type { Field, Fields, LookUp } from './lookup.ts';
import { clean, oneLine } from './text.ts';
import { webUrl } from './urls.ts';
import { optional, readAuthors, readEnclosures, readImage, readTags, textOf } from './values.ts';

export interface FieldOptions {
  /** IANA name of the zone that dates without one are in. */
  timezone: string;
  now: Moment;
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
  const report = (level: Problem['level'], rule: string, message: string, field?: string): void => {
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

  if (isHidden(field, fields, report)) return { is: 'hidden', problems };

  const { body, problems: inBody } = readBody(path, matter);
  problems.push(...inBody);
  if (body === undefined) return { is: 'broken', problems };

  const title = readTitle(path, field, matter, body, report);
  const published = readPublished(path, field, options, report);
  if (title === undefined || published === undefined) return { is: 'broken', problems };

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
  const summary = text(field('summary')) ?? excerptOf(body);
  const shortSummary = text(field('shortSummary')) ?? summary;
  const kind = textOf(field('kind')?.value).toLowerCase() === 'link' || externalUrl ? 'link' : 'article';

  const enclosures = atMost(readEnclosures(all(fields, 'enclosures')), 'enclosures', field, report);
  const said = {
    title,
    enclosures,
    ...optional('externalUrl', externalUrl),
    ...optional('shortSummary', shortSummary),
    ...optional('summary', summary),
  };
  const slug = cleanText(field('slug')?.value);
  const post: Post = {
    ...said,
    path,
    version,
    published,
    kind,
    slug: lastPart(slug) ?? slugFromPath(path),
    authors: atMost(readAuthors(field('authors')?.value), 'authors', field, report),
    tags: atMost(readTags(all(fields, 'tags')), 'tags', field, report),
    ...fingerprint(said, body),
    body: () => body,
    ...optional('id', cleanText(field('id')?.value)),
    ...optional('updated', updated === undefined ? undefined : Math.max(updated, published)),
    ...optional('expires', expires),
    ...optional('permalink', readPermalink(field, report)),
    ...optional('address', readAddress(fields, field, slug, published)),
    ...optional('source', text(field('source'))),
    ...optional('language', readLanguage(field, report)),
    ...optional('image', readImage(field('image')?.value)),
    ...optional('links', linkedFiles(body, path)),
  };
  return { is: 'post', post, problems };
}

type Report = (level: Problem['level'], rule: string, message: string, field?: string) => void;

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

const NO = /^(?:false|no|off|0)$/i;
const YES = /^(?:true|yes|on|1)$/i;

/** Whether the author keeps the post back. Anything but a clear no makes a draft. */
function isHidden(field: LookUp, fields: Fields, report: Report): boolean {
  const draft = field('draft');
  if (draft) {
    const written = textOf(draft.value);
    if (!NO.test(written)) {
      if (!YES.test(written)) {
        report(
          'error',
          'draft',
          `"draft: ${written}" is neither true nor false; the post is kept back`,
          draft.key,
        );
      }
      return true;
    }
  }
  const listing = field('listing');
  return NO.test(textOf(listing?.value)) || NO.test(textOf(fields.get('published')?.value));
}

function readTitle(
  path: string,
  field: LookUp,
  matter: FrontMatter,
  body: string,
  report: Report,
): string | undefined {
  const written = matter.fields['title'] ?? field('title')?.value;
  if (written !== undefined && typeof written !== 'string') {
    report('error', 'title', 'the title is a list or a map; put it in quotes', 'title');
    return undefined;
  }
  const title = oneLine(written ?? '');
  if (title) return title;
  const heading = firstHeading(body);
  const fallback = heading ?? (oneLine(slugFromPath(path).replace(/[-_]+/g, ' ')) || 'Untitled');
  report(
    'warning',
    'title',
    `there is no title; "${fallback.slice(0, 80)}" from the ${heading ? 'first heading' : 'file name'} stands in`,
  );
  return fallback;
}

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
    if (standIn === undefined) report('error', 'date', 'there is no date; add one like "date: 2026-05-17"');
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

/** A longer one is no address that anybody would share, and is repeated with every relative link. */
const PERMALINK_LIMIT = 500;

function readPermalink(field: LookUp, report: Report): string | undefined {
  const written = field('permalink');
  const permalink = clean(textOf(written?.value)).replace(/\s+/g, '');
  if (permalink.length <= PERMALINK_LIMIT) return permalink || undefined;
  report(
    'warning',
    'permalink',
    `${written!.key} is ignored: it has more than ${PERMALINK_LIMIT} characters`,
    written!.key,
  );
  return undefined;
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
