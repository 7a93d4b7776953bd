/** What a run changes for subscribers, in words: for the plan, and for the log. */

/** What can happen to an entry in a run, in the order of how much a subscriber notices. */
export const EFFECTS = {
  'taken for another': 'readers show it a second time, as a new entry',
  new: 'readers show a new entry',
  'back again': 'readers that forgot it show it as new',
  removed: 'it is gone from the feeds; readers may keep their copy',
  expired: 'it is gone from the feeds; readers may keep their copy',
  're-dated': 'its date changes; readers may put it elsewhere in their lists',
  'edited visibly': 'its date of update changes; some readers show it as unread again',
  renamed: 'nothing; its id stays',
  moved: 'its link changes; its id stays',
  'edited silently': 'nothing, unless they read it again',
} as const;

export type Effect = keyof typeof EFFECTS;

/** One entry that a run changes. */
export interface Change {
  id: string;
  /** The file of its post, now or, if it is gone, before. */
  path: string;
  title: string;
  effects: Effect[];
  /** The id or the file it had before, if that is another. */
  was?: { id?: string; path?: string };
  /** Whether feeds show it, as they were last published. */
  shown: boolean;
  /** Whether it is shown as it was last published until somebody approves. */
  held: boolean;
}
