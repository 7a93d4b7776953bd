/** One step of the ledger: from what is remembered and what the posts say now, to what is published and remembered next. Pure. */
import type { Moment, Post, Problem } from '../content/post.ts';
import type { Change } from './changes.ts';
import { guard } from './guard.ts';
import type { Move } from './guard.ts';
import type { Identified, Placed } from '../publish/feed.ts';
import { identify, isLoopback, isProvisional, isRewritten, mintId } from './identity.ts';
import { GRACE, settled } from './ledger.ts';
import type { EntryRecord, Ledger } from './ledger.ts';

export interface Step {
  ledger: Ledger;
  /** Every post that is no draft, whether it is due or not; of two that want one id the first gets it. */
  posts: readonly Placed[];
  /** Whether nothing can be said now of the post that was in this file: broken, or in a folder that cannot be read. */
  inDoubt: (path: string) => boolean;
  /** Host name of the site, without a port. */
  host: string;
  /** As `steadyNow` gives it. */
  now: Moment;
  /** How long a new post is kept back from when it was first seen, in milliseconds. */
  hold: number;
  /** Which part of the entries that feeds show may change or go in one run; from 0 to 1. */
  share: number;
  /** Whether everything is let through. */
  approved: boolean;
  /** How long an entry that went can be found again by its likeness, in milliseconds. */
  tombstones: number;
  /** What is known of the rest, where `ledger` and `posts` are only those that anything can happen to. */
  rest?: Rest;
}

/** Entries that stay as they are whatever happens in this step. */
export interface Rest {
  /** How many are published, and how many of these some feed shows. */
  published: number;
  shown: number;
  /** Whether an id is that of one of them. */
  has: (id: string) => boolean;
}

const NO_REST: Rest = { published: 0, shown: 0, has: () => false };

export interface Advance {
  entries: Identified[];
  /** Ids of entries that are shown as they were last published; if such a form is lost, the post in `entries` stands in. */
  kept: string[];
  /** The records of the next ledger; which feeds show each is not known yet. */
  records: ReadonlyMap<string, EntryRecord>;
  waiting: ReadonlyMap<string, Moment>;
  /** Paths of the posts that are dated ahead or kept back. */
  ahead: string[];
  changes: Change[];
  problems: Problem[];
  /** How many shown entries would change or go, and how many may; `all`: no post is left at all. */
  guard: { counted: number; allowed: number; all: boolean };
  /** When a post next appears, goes or bears another moment by itself. */
  due: ReadonlyMap<Post, Moment>;
  /** The first of these moments. */
  nextDue?: Moment;
}

export function advance(step: Step): Advance {
  const { ledger, now, rest = NO_REST } = step;
  const isFirst = ledger.entries.size + rest.published === 0;
  const found = identify(
    step.posts,
    ledger.entries,
    ({ gone }) => gone === undefined || gone > now - step.tombstones,
  );
  const clock = createClock(now);
  const problems: Problem[] = [];
  const waiting = new Map<string, Moment>();
  const moves: Move[] = [];
  /** Ids that belong to somebody, or once did. */
  const taken = new Set(ledger.entries.keys());
  const present = new Set<string>();
  const refused = new Set<string>();
  const ahead: string[] = [];
  const seenAt = ({ path }: Post): Moment => settled(ledger.waiting.get(path) ?? now, now);
  const bearer = new Map<string, Post>([...found].map(([post, id]) => [id, post]));

  for (const placed of step.posts) {
    const { post } = placed;
    const was = found.get(post);
    const record = was === undefined ? undefined : ledger.entries.get(was)!;
    const other = post.id === undefined || post.id === was ? undefined : bearer.get(post.id);
    if (other) {
      problems.push(duplicateId(post, other));
      if (was !== undefined) refused.add(was);
      continue;
    }
    const isPublished = record !== undefined && record.gone === undefined;
    if (!clock.isDue(post, isPublished ? record : undefined)) {
      if (post.published > now) ahead.push(post.path);
      continue;
    }
    if (!record && !isFirst && step.hold > 0) {
      const seen = seenAt(post);
      // A run's moment is a whole second: at a part of one it would be too early again and again.
      if (clock.isAhead(post, Math.ceil((seen + step.hold) / 1000) * 1000)) {
        waiting.set(post.path, seen);
        ahead.push(post.path);
        continue;
      }
    }
    const id = idOf(post, was, step.host, (each) => taken.has(each) || rest.has(each));
    taken.add(id);
    bearer.set(id, post);
    if (was !== undefined) present.add(was);
    moves.push({ id, placed, next: nextRecord(placed, record, now), ...(record && { was: was!, record }) });
  }
  // A post that is dated ahead waits in the meantime, too.
  if (step.hold > 0)
    for (const { post } of step.posts)
      if (post.published > now && !found.has(post)) waiting.set(post.path, seenAt(post));

  const kept: string[] = [];
  for (const [id, record] of ledger.entries) {
    if (record.gone !== undefined || present.has(id)) continue;
    if (refused.has(id) || (!bearer.has(id) && step.inDoubt(record.path))) {
      if (record.feeds.length > 0) kept.push(id);
    } else moves.push({ id, was: id, record });
  }
  return finish(step, guard(moves, { ...step, rest }), kept, {
    waiting,
    problems,
    ahead,
    due: clock.moments,
    ...(clock.moments.size > 0 && { nextDue: earliest(clock.moments.values()) }),
  });
}

type Guarded = ReturnType<typeof guard>;

function finish(
  step: Step,
  { held, changes, counts }: Guarded,
  kept: string[],
  others: Pick<Advance, 'waiting' | 'problems' | 'ahead' | 'due' | 'nextDue'>,
): Advance {
  const { ledger, now } = step;
  const records = new Map(ledger.entries);
  // What went when the clock was wrong by far has gone now: else its tombstone would be of the future, and stay until then.
  for (const [id, record] of ledger.entries)
    if (record.gone !== undefined && settled(record.gone, now) !== record.gone)
      records.set(id, { ...record, gone: now });
  const entries: Identified[] = [];
  for (const { move, isHeld } of held) {
    const { id, was, placed, next, record } = move;
    if (isHeld && record) {
      if (record.feeds.length > 0) kept.push(was!);
      if (placed) entries.push({ id: was!, published: record.published, updated: record.updated, ...placed });
    } else if (!next) records.set(id, { ...record!, gone: now });
    else {
      if (was !== undefined && was !== id) {
        if (isProvisional(was)) records.delete(was);
        else records.set(was, { ...record!, gone: now });
      }
      records.set(id, next);
      entries.push({ id, published: next.published, updated: next.updated, ...placed! });
    }
  }
  return { entries, kept, records, changes, guard: counts, ...others };
}

/** The entry's id: the author's; else what it has been; else one that is minted now. */
function idOf(post: Post, was: string | undefined, host: string, taken: (id: string) => boolean): string {
  if (post.id !== undefined) return post.id;
  if (was !== undefined && !(isProvisional(was) && !isLoopback(host))) return was;
  return mintId(host, post, taken);
}

function nextRecord({ post, url }: Placed, record: EntryRecord | undefined, now: Moment): EntryRecord {
  const { path, title, text, published, externalUrl, expires } = post;
  const updated = updatedOf(post, record, now);
  const permalinks = permalinksOf(url, record);
  const isSameText = record?.text === text && record.sketch !== '';
  if (
    record && isSameText && record.gone === undefined && record.path === path && record.title === title &&
    record.externalUrl === externalUrl && record.permalinks === permalinks && record.published === published &&
    record.updated === updated && record.expires === expires
  ) return record; // prettier-ignore
  return {
    path,
    title,
    ...(externalUrl !== undefined && { externalUrl }),
    permalinks,
    text,
    sketch: isSameText ? record.sketch : post.sketch,
    published,
    updated,
    ...(expires !== undefined && { expires }),
    first: record?.first ?? now,
    feeds: record?.feeds ?? [],
  };
}

/** What the author wrote, unless it is ahead; else when its text last changed. Never before `published`, never ahead. */
function updatedOf(post: Post, record: EntryRecord | undefined, now: Moment): Moment {
  const { published, updated } = post;
  const isWritten = updated !== undefined && updated <= now;
  const seen = !record ? published : isRewritten(post, record) ? now : settled(record.updated, now);
  return Math.max(published, isWritten ? updated : seen);
}

/** Addresses of one's own machine are not remembered. */
function permalinksOf(url: string, record: EntryRecord | undefined): readonly string[] {
  const known = record?.permalinks ?? [];
  if (known.at(-1) === url) return known;
  const lasting = known.filter((each) => each !== url && !isLoopback(new URL(each).hostname));
  return [...lasting, url];
}

function earliest(moments: Iterable<Moment>): Moment {
  let first = Infinity;
  for (const moment of moments) if (moment < first) first = moment;
  return first;
}

/** Tells what is due, and remembers of each post the next moment that it was asked about and is still ahead. */
function createClock(now: Moment) {
  const moments = new Map<Post, Moment>();
  const isAhead = (post: Post, moment: Moment): boolean => {
    if (moment <= now) return false;
    moments.set(post, Math.min(moment, moments.get(post) ?? moment));
    return true;
  };
  return {
    isAhead,
    /** A clock that was set back does not take back what is published already. */
    isDue: (post: Post, record: EntryRecord | undefined): boolean => {
      const { published, expires, updated } = post;
      if (updated !== undefined) isAhead(post, updated);
      const isOut = record?.published === published && published - now < GRACE;
      if (isAhead(post, published) && !isOut) return false;
      return expires === undefined || isAhead(post, expires);
    },
    moments,
  };
}

function duplicateId(post: Post, other: Post): Problem {
  const message = `its id "${post.id}" is that of ${other.path}, which had it first and keeps it; give this post one of its own`;
  return { level: 'error', file: post.path, line: 1, rule: 'duplicate-id', message };
}
