/** Which entry a post is: minting ids, and finding the entry again that a post was under another name. */
import { dayIn } from '../content/dates.ts';
import type { Post } from '../content/post.ts';
import type { Placed } from '../publish/feed.ts';
import type { EntryRecord } from './ledger.ts';
import { areComparable, isLong, isTelling, likeness } from '../content/fingerprint.ts';

/**
 * A tag URI (RFC 4151) of the host, the day in UTC and the path, for a post whose author gave it no id: one that is not
 * `taken`. Paths that differ only in their extension are told apart by it.
 */
export function mintId(host: string, { published, path }: Post, taken: (id: string) => boolean): string {
  const mint = (name: string): string =>
    `tag:${host},${dayIn('UTC', published)}:${name.split('/').map(encodeURIComponent).join('/')}`;
  const plain = mint(path.replace(/\.[^./]+$/, ''));
  if (!taken(plain)) return plain;
  for (let number = 1; ; number++) {
    const id = mint(number === 1 ? path : `${path};${number}`);
    if (!taken(id)) return id;
  }
}

/** The day and the path in an id that was minted; empty for any other. */
function mintedName(id: string): string {
  return /^tag:[^,]+,(\d{4}-\d\d-\d\d:.*)$/.exec(id)?.[1] ?? '';
}

/** Whether an address is this machine's own: what was minted with it is not for ever. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[?::1\]?|0\.0\.0\.0|\[?::\]?)$/i.test(host);
}

/** Whether an id was minted while the site had no address but a loopback one. */
export function isProvisional(id: string): boolean {
  const host = /^tag:(.+?),\d{4}-\d\d-\d\d:/.exec(id)?.[1];
  return host !== undefined && isLoopback(host);
}

/** How alike two texts must be to be one that was renamed, when only their title, date or external URL agrees, */
const ALIKE = 0.93;
/** and when their title agrees as well, or their permalink does. */
const AKIN = 0.4;
/** How alike a text must be to what its file said before, to be the entry that went. */
const RESTORED = 0.5;

/**
 * Finds the entry that each post is, one-to-one, by the surest sign first: an id that the author wrote; the same file with the
 * same text; the same text; the same file that says much the same; nearly the same text with the same title, date, external URL or
 * permalink; the same file with something in common; the same file. An entry that went is found again too, by its likeness only if
 * it `isRecent`.
 */
export function identify(
  posts: readonly Placed[],
  entries: ReadonlyMap<string, EntryRecord>,
  isRecent: (record: EntryRecord) => boolean,
): Map<Post, string> {
  const found = new Map<Post, string>();
  const claimed = new Set<string>();
  const claim = (post: Post, id: string): void => {
    found.set(post, id);
    claimed.add(id);
  };
  const byPath = grouped(entries, ({ path }) => path);
  const atPath = (post: Post): [string, EntryRecord][] =>
    (byPath.get(post.path) ?? []).filter(([id]) => !claimed.has(id));
  let open: readonly Placed[] = posts;
  const rest = (): readonly Placed[] => (open = open.filter(({ post }) => !found.has(post)));
  const postAt = new Map(posts.map(({ post }) => [post.path, post]));

  for (const { post } of posts) {
    const record = post.id === undefined ? undefined : entries.get(post.id);
    if (!record || claimed.has(post.id!)) continue;
    // A copy that bears the id of a file that is still there is not the original.
    const original = postAt.get(record.path) ?? post;
    if (original === post || (original.id !== undefined && original.id !== post.id)) claim(post, post.id!);
  }
  for (const { post } of rest()) {
    const same = atPath(post).find(([, { text }]) => text === post.text);
    if (same) claim(post, same[0]);
  }

  // In the order of their paths, so that the same files always give the same answer.
  open = [...rest()].sort((a, b) => order(a.post.path, b.post.path));
  if (open.length === 0) return found;
  // In a ledger that was rebuilt from feeds, the id itself says most.
  const byName = grouped(entries, ({ path }, id) => (path === '' ? mintedName(id) : ''));
  if (byName.size > 0) {
    for (const { post } of rest()) {
      const [minted] = byName.get(mintedName(mintId('-', post, () => false))) ?? [];
      if (minted && !claimed.has(minted[0])) claim(post, minted[0]);
    }
  }
  const byText = grouped(entries, ({ text }) => text);
  for (const { post } of rest()) {
    const candidates = (byText.get(post.text) ?? []).filter(([id]) => !claimed.has(id));
    const [best] = candidates.sort(
      (a, b) => nearness(post, b[1]) - nearness(post, a[1]) || order(a[0], b[0]),
    );
    if (best) claim(post, best[0]);
  }
  // A file may have got another post's name, or its contents: so what it says counts before where it is.
  for (const { post } of rest()) {
    const alike = atPath(post).find(([, record]) => isMuchTheSame(post, record));
    if (alike) claim(post, alike[0]);
  }

  const free =
    rest().length === 0 ? [] : [...entries].filter(([id, each]) => !claimed.has(id) && isRecent(each));
  for (const { placed, id } of pairUp(open, free))
    if (!found.has(placed.post) && !claimed.has(id)) claim(placed.post, id);

  for (const placed of rest()) {
    const akin = atPath(placed.post).find(([, record]) => isAkin(placed, record));
    if (akin) claim(placed.post, akin[0]);
  }
  for (const { post } of rest()) {
    const same = atPath(post).find(([, { gone }]) => gone === undefined);
    if (same) claim(post, same[0]);
  }
  return found;
}

/** What a pair of a post and an entry may agree in besides its text. */
interface Signs {
  title: string;
  published: number;
  url?: string | undefined;
  externalUrl?: string | undefined;
  sketch: string;
}

function signsOf({ title, published, url, externalUrl, sketch }: Signs): string[] {
  return [
    `by ${title}`,
    `on ${published}`,
    ...(url === undefined ? [] : [`at ${url}`]),
    ...(externalUrl === undefined ? [] : [`to ${externalUrl}`]),
    ...(isLong(sketch) ? [`as ${sketch}`] : []),
  ];
}

/** Pairs of posts and entries that are one by their likeness, the likest first. */
function pairUp(posts: readonly Placed[], records: readonly [string, EntryRecord][]) {
  const bySign = new Map<string, [string, EntryRecord][]>();
  for (const entry of records) {
    for (const sign of signsOf({ ...entry[1], url: entry[1].permalinks.at(-1) })) {
      if (!bySign.has(sign)) bySign.set(sign, []);
      bySign.get(sign)!.push(entry);
    }
  }
  const pairs = new Map<string, { placed: Placed; id: string; alike: number }>();
  for (const placed of posts) {
    for (const sign of signsOf({ ...placed.post, url: placed.url })) {
      for (const [id, record] of bySign.get(sign) ?? []) {
        const alike = likeness(placed.post.sketch, record.sketch);
        if (isOne(placed, record, alike)) pairs.set(`${placed.post.path}\n${id}`, { placed, id, alike });
      }
    }
  }
  return [...pairs.values()].sort(
    (a, b) => b.alike - a.alike || order(a.placed.post.path, b.placed.post.path) || order(a.id, b.id),
  );
}

/** Whether a post is an entry that was in another file, if they agree in one of their signs. */
function isOne({ post, url }: Placed, record: EntryRecord, alike: number): boolean {
  const isTitle = record.title === post.title;
  const isDate = record.published === post.published;
  const isTarget = post.externalUrl !== undefined && record.externalUrl === post.externalUrl;
  const isUrl = record.permalinks.at(-1) === url;
  // Where there is too little text to compare, the surer signs must do, unless the two lead elsewhere; the others do not.
  if (isShort(post, record))
    return (
      !leadsElsewhere(post, record) && (isUrl || (isTitle && (isDate || isTarget)) || (isDate && isTarget))
    );
  if (isUrl || (isTitle && (isDate || isTarget)) || (isDate && isTarget)) return alike >= AKIN;
  // A title alone is no surer than a date alone.
  if (isTitle || isDate || isTarget) return alike >= ALIKE && !leadsElsewhere(post, record);
  // All else is another, but so long a text is not written twice.
  return record.gone === undefined && isLong(post.sketch) && record.sketch === post.sketch;
}

/** Whether a file says what it said as an entry, but for some of it. */
function isMuchTheSame(post: Post, record: EntryRecord): boolean {
  const isTitle = record.title === post.title;
  if (isTitle && record.published === post.published) return true;
  if (isShort(post, record)) return isTitle && !leadsElsewhere(post, record);
  return likeness(post.sketch, record.sketch) >= (isTitle ? AKIN : RESTORED);
}

function isShort(post: Post, record: EntryRecord): boolean {
  return !isTelling(record.sketch) || !isTelling(post.sketch);
}

function leadsElsewhere(post: Post, { externalUrl }: EntryRecord): boolean {
  return externalUrl !== undefined && post.externalUrl !== undefined && externalUrl !== post.externalUrl;
}

/** Whether a file that was an entry before says something that has to do with it. */
function isAkin({ post, url }: Placed, record: EntryRecord): boolean {
  return (
    (record.text === '' && record.sketch === '') ||
    record.published === post.published ||
    record.title === post.title ||
    (record.externalUrl !== undefined && record.externalUrl === post.externalUrl) ||
    (record.gone === undefined && record.permalinks.at(-1) === url) ||
    likeness(post.sketch, record.sketch) >= RESTORED
  );
}

/** Of entries with one text, which is more likely to be the post: one of its date, one whose file had its name. */
function nearness(post: Post, record: EntryRecord): number {
  const sameDate = record.published === post.published ? 2 : 0;
  return sameDate + (fileName(record.path) === fileName(post.path) ? 1 : 0);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function grouped(
  entries: ReadonlyMap<string, EntryRecord>,
  keyOf: (record: EntryRecord, id: string) => string,
): Map<string, [string, EntryRecord][]> {
  const groups = new Map<string, [string, EntryRecord][]>();
  for (const entry of entries) {
    const key = keyOf(entry[1], entry[0]);
    if (key === '') continue;
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return groups;
}

/** Whether a post's text is another than its entry's; a text that is not known, or was hashed by other rules, is the same. */
export function isRewritten(post: Post, record: EntryRecord): boolean {
  return post.text !== record.text && areComparable(post.text, record.text);
}
