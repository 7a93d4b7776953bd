/** Which post and which entry are one by what they say, where neither an id nor the same text tells. Pure. */
import { isLong, isTelling, likeness } from '../content/fingerprint.ts';
import type { Post } from '../content/post.ts';
import type { Placed } from '../publish/feed.ts';
import type { EntryRecord } from './ledger.ts';

/** How alike two texts must be to be one that was renamed, when only their title, date or external URL agrees, */
const ALIKE = 0.93;
/** and when their title agrees as well, or their permalink does. */
const AKIN = 0.4;
/** How alike a text must be to what its file said before, to be the same entry, whatever else there is; */
export const RESTORED = 0.5;
/** and how alike, if title and date are the same, for no other to be looked for. */
const LITTLE_CHANGED = 0.8;

/** What a post and an entry may agree in besides what they say. */
interface Signs {
  path: string;
  title: string;
  published: number;
  url?: string | undefined;
  externalUrl?: string | undefined;
  sketch: string;
}

function signsOf({ path, title, published, url, externalUrl, sketch }: Signs): string[] {
  return [
    `in ${path}`,
    `by ${title}`,
    `on ${published}`,
    ...(url === undefined ? [] : [`at ${url}`]),
    ...(externalUrl === undefined ? [] : [`to ${externalUrl}`]),
    ...(isLong(sketch) ? [`as ${sketch}`] : []),
  ];
}

/** What so many have in common is no sign of one, and comparing all with each other would take too long. */
const COMMON = 100;

/** Pairs of posts and entries that may be one, the surest first: by their likeness, but what has title and date is before all else. */
export function pairUp(posts: readonly Placed[], records: readonly [string, EntryRecord][]) {
  const bySign = new Map<string, [string, EntryRecord][]>();
  for (const entry of records) {
    for (const sign of signsOf({ ...entry[1], url: entry[1].permalinks.at(-1) })) {
      if (!bySign.has(sign)) bySign.set(sign, []);
      bySign.get(sign)!.push(entry);
    }
  }
  const pairs = new Map<string, { placed: Placed; id: string; sure: number }>();
  for (const placed of posts) {
    const { post, url } = placed;
    for (const sign of signsOf({ ...post, url })) {
      const candidates = bySign.get(sign) ?? [];
      if (candidates.length > COMMON) continue;
      for (const [id, record] of candidates) {
        const alike = likeness(post.sketch, record.sketch);
        if (!isOne(placed, record, alike)) continue;
        const sure =
          alike + (isOfTitleAndDate(post, record) ? 1 : 0) + (record.path === post.path ? SAME_FILE : 0);
        pairs.set(`${post.path}\n${id}`, { placed, id, sure });
      }
    }
  }
  return [...pairs.values()].sort(
    (a, b) => b.sure - a.sure || order(a.placed.post.path, b.placed.post.path) || order(a.id, b.id),
  );
}

/** What the same file is worth, in likeness. */
const SAME_FILE = 0.1;

/** Whether a post may be an entry, if they agree in one of their signs. */
function isOne({ post, url }: Placed, record: EntryRecord, alike: number): boolean {
  const isFile = record.path === post.path;
  const isTitle = record.title === post.title;
  const isDate = record.published === post.published;
  const isTarget = post.externalUrl !== undefined && record.externalUrl === post.externalUrl;
  const isUrl = record.permalinks.at(-1) === url;
  if (isFile && isTitle && isDate) return true;
  const isSure = (isTitle && (isDate || isTarget || isFile)) || (isDate && isTarget);
  // Where there is too little text to compare, the surer signs must do, unless the two lead elsewhere; the others do not.
  if (isShort(post, record)) return (isSure || (isUrl && !isFile)) && !leadsElsewhere(post, record);
  if (isSure || (isUrl && !isFile)) return alike >= AKIN;
  if (isFile) return alike >= RESTORED;
  // A title alone is no surer than a date alone.
  if (isTitle || isDate || isTarget) return alike >= ALIKE && !leadsElsewhere(post, record);
  // All else is another, but so long a text is not written twice.
  return record.gone === undefined && isLong(post.sketch) && record.sketch === post.sketch;
}

/** Whether a file says what it said as an entry, but for little. */
export function isPlainEdit(post: Post, record: EntryRecord): boolean {
  if (!isOfTitleAndDate(post, record)) return false;
  return isShort(post, record)
    ? !leadsElsewhere(post, record)
    : likeness(post.sketch, record.sketch) >= LITTLE_CHANGED;
}

function isOfTitleAndDate(post: Post, { title, published }: EntryRecord): boolean {
  return title === post.title && published === post.published;
}

function isShort(post: Post, record: EntryRecord): boolean {
  return !isTelling(record.sketch) || !isTelling(post.sketch);
}

function leadsElsewhere(post: Post, { externalUrl }: EntryRecord): boolean {
  return externalUrl !== undefined && post.externalUrl !== undefined && externalUrl !== post.externalUrl;
}

/** In the order of their characters, wherever this runs. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
