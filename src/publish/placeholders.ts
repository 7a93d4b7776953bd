/** What may stand in a permalink's pattern: one row for each placeholder. */
import { isoIn } from '../content/dates.ts';
import type { Named, Rules } from './generators.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' '); // prettier-ignore
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const DAY = 86_400_000;

type Value = (post: Named, rules: Rules, at: () => Date) => string;

const two = (number: number): string => `${number}`.padStart(2, '0');

const DATES: Record<string, (at: Date) => string> = {
  year: (at) => `${at.getUTCFullYear()}`.padStart(4, '0'),
  short_year: (at) => two(at.getUTCFullYear() % 100),
  month: (at) => two(at.getUTCMonth() + 1),
  i_month: (at) => `${at.getUTCMonth() + 1}`,
  short_month: (at) => MONTHS[at.getUTCMonth()]!.slice(0, 3).toUpperCase(),
  long_month: (at) => MONTHS[at.getUTCMonth()]!,
  monthname: (at) => MONTHS[at.getUTCMonth()]!,
  day: (at) => two(at.getUTCDate()),
  i_day: (at) => `${at.getUTCDate()}`,
  y_day: (at) => `${dayOfYear(at)}`.padStart(3, '0'),
  yearday: (at) => `${dayOfYear(at)}`,
  w_year: (at) => `${thursday(at).getUTCFullYear()}`,
  week: (at) => two(Math.ceil(dayOfYear(thursday(at)) / 7)),
  w_day: (at) => `${at.getUTCDay() || 7}`,
  weekday: (at) => `${at.getUTCDay()}`,
  weekdayname: (at) => DAYS[at.getUTCDay()]!,
  short_day: (at) => DAYS[at.getUTCDay()]!.slice(0, 3).toUpperCase(),
  long_day: (at) => DAYS[at.getUTCDay()]!,
  hour: (at) => two(at.getUTCHours()),
  minute: (at) => two(at.getUTCMinutes()),
  second: (at) => two(at.getUTCSeconds()),
};

const slugOr: Value = (post, rules) => segments(rules, (post.slug ?? post.name).split('/'));
const own: Value = (post, rules) => segments(rules, [post.name]);

const NAMES: Record<string, Value> = {
  slug: (post, rules) => segments(rules, [rules.slug(post)]),
  path: (post, rules) => segments(rules, rules.path(post)),
  title: (post, rules) => segments(rules, [rules.title(post)]),
  filename: own,
  contentbasename: own,
  slugorfilename: slugOr,
  slugorcontentbasename: slugOr,
};

const PLACES: Record<string, Value> = {
  section: ({ folders }, rules) => segments(rules, folders.slice(0, 1)),
  sections: ({ folders }, rules) => segments(rules, folders),
  categories: ({ post }, rules) => segments(rules, unique(post, rules)),
  output_ext: () => '.html',
};

const VALUES: Record<string, Value> = {
  ...NAMES,
  ...PLACES,
  ...Object.fromEntries(
    Object.entries(DATES).map(([name, read]): [string, Value] => [
      name,
      (_post, { segment }, at) => segment(read(at())),
    ]),
  ),
};

export const PLACEHOLDERS: readonly string[] = Object.keys(VALUES);
/** One of these must be in a pattern, for posts to have addresses of their own. */
export const TELLING: readonly string[] = Object.keys(NAMES);

const TOKEN = /:([a-z][a-z\d_]*)/gi;

/** The placeholders in a pattern, without their colon. */
export function placeholdersIn(pattern: string): string[] {
  return [...pattern.matchAll(TOKEN)].map((match) => match[1]!);
}

/** A pattern with what a post says in place of its placeholders, encoded for a URL. */
export function filledIn(pattern: string, post: Named, rules: Rules, timezone: string): string {
  let clock: Date | undefined;
  const at = (): Date => (clock ??= clockOf(post, rules, timezone));
  let isGap = false;
  const made = pattern.replace(TOKEN, (written, name: string) => {
    const value = Object.hasOwn(VALUES, name) ? VALUES[name]!(post, rules, at) : written;
    isGap ||= value === '';
    return value;
  });
  return isGap ? made.replace(/\/{2,}/g, '/') : made;
}

/** What the clock shows at a post's date, as if it were UTC. */
function clockOf({ post }: Named, { day }: Rules, timezone: string): Date {
  const offset = day === 'written' ? post.address?.offset : undefined;
  if (offset !== undefined) return new Date(post.published + offset * 60_000);
  return new Date(`${isoIn(timezone, post.published).slice(0, 19)}Z`);
}

function dayOfYear(at: Date): number {
  return Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0)) / DAY) + 1;
}

/** The Thursday of the week (ISO 8601): its year is the week's. */
function thursday(at: Date): Date {
  return new Date(at.getTime() + (4 - (at.getUTCDay() || 7)) * DAY);
}

function segments({ segment, encode }: Rules, names: readonly string[]): string {
  return names.map((name) => encode(segment(name))).join('/');
}

function unique({ address }: Named['post'], { category }: Rules): string[] {
  return [...new Set((address?.categories ?? []).map(category))];
}
