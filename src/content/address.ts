/** What front matter says for the addresses of posts, as other generators make them. */
import { ALIASES } from './aliases.ts';
import { readDate } from './dates.ts';
import { isEpisode } from './enclosures.ts';
import type { Fields, LookUp } from './lookup.ts';
import type { Address, Moment, Report } from './post.ts';
import { clean } from './text.ts';
import { optional, textOf } from './values.ts';

const OFFSET = /(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2}))$/i;
const LONGEST_OFFSET = 6;

/** Undefined if it says nothing. `published` is the post's date, `slug` what it says as such. */
export function readAddress(
  fields: Fields,
  field: LookUp,
  slug: string | undefined,
  published: Moment,
  permalinks: Readonly<Record<string, string>>,
): Address | undefined {
  const categories = categoriesOf(fields);
  const address: Address = {
    ...optional('slug', slug?.replace(/^\/+|\/+$/g, '') || undefined),
    ...optional('offset', offsetOf(textOf(field('published')?.value), published)),
    ...(categories.length > 0 && { categories }),
    ...(Object.keys(permalinks).length > 0 && { permalinks }),
  };
  return Object.keys(address).length > 0 ? address : undefined;
}

const TEMPLATE = /\{[{%]|<%/;

/** A longer one is no address that anybody would share, and is repeated with every relative link. */
const PERMALINK_LIMIT = 500;

/** The whole permalinks by their key, in the order of the aliases; some generators know one of these keys only. */
export function readPermalinks(fields: Fields, report: Report): Record<string, string> {
  const permalinks: Record<string, string> = {};
  for (const alias of ALIASES.permalink) {
    const written = fields.get(alias);
    if (!written || isEpisode(written.value)) continue;
    const permalink = clean(textOf(written.value)).replace(/\s+/g, '');
    const fault = TEMPLATE.test(permalink)
      ? 'is ignored: what the template in it makes is not known; write it out, or set content.permalink'
      : permalink.length > PERMALINK_LIMIT && `is ignored: it has more than ${PERMALINK_LIMIT} characters`;
    if (fault) report('warning', 'permalink', `${written.key} ${fault}`, written.key);
    else if (permalink !== '') permalinks[alias] = permalink;
  }
  return permalinks;
}

/** Minutes; undefined if the date has no offset, or is not what the post is dated by. */
function offsetOf(date: string, published: Moment): number | undefined {
  const match = OFFSET.exec(date.slice(-LONGEST_OFFSET));
  // What a day ends with is none.
  if (!match || !/:\d{2}/.test(date.slice(0, -match[0].length))) return undefined;
  const reading = readDate(date, 'UTC', published);
  if (!('moment' in reading) || reading.moment !== published) return undefined;
  const minutes = match[1] ? 0 : Number(match[3]) * 60 + Number(match[4]);
  return match[2] === '-' ? -minutes : minutes;
}

/** `categories`, parted by blanks if they are no list, and `category` as a whole. */
export function categoriesOf(fields: Fields): string[] {
  const several = fields.get('categories')?.value ?? [];
  const one = textOf(fields.get('category')?.value);
  const list = Array.isArray(several) ? several.map(textOf) : textOf(several).split(/\s+/);
  return [...new Set([...list, one].filter(Boolean))];
}
