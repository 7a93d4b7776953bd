/** The flood guard: what one run may change of what subscribers have, before somebody must have a look. Pure. */
import type { Moment } from '../content/post.ts';
import type { Change, Effect } from './changes.ts';
import { isProvisional, isRewritten } from './identity.ts';
import type { Placed } from '../publish/feed.ts';
import type { EntryRecord } from './ledger.ts';

/** What would happen to one entry: `next` without `record` is a new one, `record` without `next` one that goes. */
export interface Move {
  id: string;
  /** Its id before. */
  was?: string;
  record?: EntryRecord;
  placed?: Placed;
  next?: EntryRecord;
}

/** However small a blog is, so many of its entries may change in one run. */
const ALWAYS_ALLOWED = 5;

/**
 * Decides which moves are held: the ones that make an entry another one, always; all that change an id, a moment or a text or
 * take an entry away, when they are more than may be; those that take the last entries away, however few.
 */
export function guard(
  moves: readonly Move[],
  {
    now,
    share,
    approved,
    rest,
  }: { now: Moment; share: number; approved: boolean; rest: { published: number; shown: number } },
) {
  const judged = moves.map((move) => ({ move, effects: effectsOf(move, now) }));
  const isShown = ({ record }: Move): boolean =>
    record !== undefined && record.gone === undefined && record.feeds.length > 0;
  const shown = judged.filter(({ move }) => isShown(move));
  const counted = shown.filter(({ effects }) => effects.some(counts)).length;
  const allowed = Math.max(ALWAYS_ALLOWED, Math.floor(share * (shown.length + rest.shown)));
  const isFlood = counted > allowed;
  const all =
    rest.published === 0 &&
    judged.every(({ move }) => !move.next) &&
    judged.some(({ effects }) => effects.includes('removed'));

  const holds = (move: Move, effects: Effect[]): boolean => {
    if (approved || !move.record || move.record.gone !== undefined) return false;
    if (effects.includes('taken for another')) return isShown(move) || isFlood;
    return effects.some(counts) && (isFlood || all);
  };
  const held = judged.map(({ move, effects }) => ({ move, effects, isHeld: holds(move, effects) }));
  return {
    held,
    changes: held
      .filter(({ effects }) => effects.length > 0)
      .map(({ move, effects, isHeld }) => toChange(move, effects, isShown(move), isHeld)),
    counts: { counted, allowed, all: all && !approved },
  };
}

/** Whether an effect is one that subscribers would be flooded by. */
function counts(effect: Effect): boolean {
  return (
    effect === 'taken for another' ||
    effect === 'edited visibly' ||
    effect === 're-dated' ||
    effect === 'removed'
  );
}

function effectsOf({ id, was, record, placed, next }: Move, now: Moment): Effect[] {
  if (!record) return ['new'];
  if (next === record && was === id) return [];
  if (!next) return [record.expires !== undefined && record.expires <= now ? 'expired' : 'removed'];
  const effects: Effect[] = [];
  if (was !== id && !isProvisional(was!)) effects.push('taken for another');
  if (record.gone !== undefined) effects.push('back again');
  if (record.published !== next.published) effects.push('re-dated');
  if (record.updated !== next.updated || isRewritten(placed!.post, record)) effects.push('edited visibly');
  if (record.path !== '' && record.path !== next.path) effects.push('renamed');
  if (record.permalinks.length > 0 && record.permalinks.at(-1) !== next.permalinks.at(-1))
    effects.push('moved');
  return effects;
}

function toChange({ id, was, record, next }: Move, effects: Effect[], shown: boolean, held: boolean): Change {
  const now = next ?? record!;
  const before = {
    ...(was !== undefined && was !== id && { id: was }),
    ...(record && record.path !== '' && record.path !== now.path && { path: record.path }),
  };
  return {
    id,
    path: now.path,
    title: now.title,
    effects,
    ...(Object.keys(before).length > 0 && { was: before }),
    shown,
    held,
  };
}
