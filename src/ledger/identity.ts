/** Which entry a post is: minting ids, and finding the entry again that a post was under another name. */
import { dayIn } from '../content/dates.ts';
import type { Post } from '../content/post.ts';
import type { Placed } from '../publish/feed.ts';
import type { EntryRecord } from './ledger.ts';
import { areComparable, likeness } from '../content/fingerprint.ts';
import { RESTORED, isPlainEdit, order, pairUp } from './resemblance.ts';

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

/**
 * Finds the entry that each post is, one-to-one, by the surest sign first: an id that the author wrote; the same file with the
 * same text; the same text; the same file with little changed; nearly the same text with the same file, title, date, external URL
 * or permalink; the same file with something in common; the same file. An entry that went is found again too, by its likeness only
 * if it `isRecent`.
 */
export function identify(
  posts: readonly Placed[],
  entries: ReadonlyMap<string, EntryRecord>,
  isRecent: (record: EntryRecord) => boolean,
): Map<Post, string> {
  const found = new Map<Post, string>();
  if (entries.size === 0) return found;
  const claimed = new Set<string>();
  const claim = (post: Post, id: string): void => {
    found.set(post, id);
    claimed.add(id);
  };
  const byPath = grouped(entries, ({ path }) => path);
  // A file may have been several entries, one after the other: it is the last, not one that went.
  for (const group of byPath.values()) group.sort(byPresence);
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
  // In a ledger that was rebuilt from feeds, the id itself says most; and all of those that went.
  const byName = grouped(entries, ({ path }, id) => (path === '' ? mintedName(id) : ''));
  const claimByName = (isMeant: (record: EntryRecord) => boolean): void => {
    if (byName.size === 0) return;
    for (const { post } of rest()) {
      const named = byName.get(mintedName(mintId('-', post, () => false))) ?? [];
      const minted = named.find(([id, record]) => !claimed.has(id) && isMeant(record));
      if (minted) claim(post, minted[0]);
    }
  };
  claimByName(({ gone }) => gone === undefined);
  const byText = grouped(entries, ({ text }) => text);
  for (const { post } of rest()) {
    const candidates = (byText.get(post.text) ?? []).filter(([id]) => !claimed.has(id));
    const [best] = candidates.sort(
      (a, b) => nearness(post, b[1]) - nearness(post, a[1]) || byPresence(a, b) || order(a[0], b[0]),
    );
    if (best) claim(post, best[0]);
  }
  // Most that were edited: what follows costs more.
  for (const { post } of rest()) {
    const plain = atPath(post).find(([, record]) => isPlainEdit(post, record));
    if (plain) claim(post, plain[0]);
  }

  const free =
    rest().length === 0 ? [] : [...entries].filter(([id, each]) => !claimed.has(id) && isRecent(each));
  for (const { placed, id } of pairUp(open, free))
    if (!found.has(placed.post) && !claimed.has(id)) claim(placed.post, id);

  claimByName(({ gone }) => gone !== undefined);
  // A file may have got another post's name, or its contents: so where it is counts only now.
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

/** Entries that are published come before those that went. */
function byPresence([, a]: [string, EntryRecord], [, b]: [string, EntryRecord]): number {
  return Number(a.gone !== undefined) - Number(b.gone !== undefined);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
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
