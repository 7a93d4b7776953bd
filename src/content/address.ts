/** What front matter says for the addresses of posts, as other generators make them. */
import { readDate } from './dates.ts';
import type { Fields, LookUp } from './lookup.ts';
import type { Address, Moment } from './post.ts';
import { optional, textOf } from './values.ts';

const OFFSET = /(?:(Z|UTC|GMT)|([+-])(\d{2}):?(\d{2}))$/i;
const LONGEST_OFFSET = 6;

/** Undefined if it says nothing. `published` is the post's date, `slug` what it says as such. */
export function readAddress(
  fields: Fields,
  field: LookUp,
  slug: string | undefined,
  published: Moment,
): Address | undefined {
  const categories = categoriesOf(fields);
  const address: Address = {
    ...optional('slug', slug?.replace(/^\/+|\/+$/g, '') || undefined),
    ...optional('offset', offsetOf(textOf(field('published')?.value), published)),
    ...(categories.length > 0 && { categories }),
  };
  return Object.keys(address).length > 0 ? address : undefined;
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
