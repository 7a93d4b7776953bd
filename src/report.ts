/** What commands tell people: problems and outcomes as lines of text. Pure. */
import type { Problem } from './content/post.ts';
import { EFFECTS } from './ledger/changes.ts';
import type { Change, Effect } from './ledger/changes.ts';
import type { Failure } from './publish/feed.ts';
import type { Outcome } from './worker/runs.ts';

/** `path:line:column: level: message (rule)`, as compilers write it; `folder` is put before the path. */
export function problemLine(
  { file, line, column, level, message, rule }: Problem,
  folder: string,
  colours = false,
): string {
  const shown = colours ? `\u001b[${level === 'error' ? 31 : 33}m${level}\u001b[0m` : level;
  return `${folder ? `${folder}/` : ''}${file}:${line}:${column ?? 1}: ${shown}: ${message} (${rule})`;
}

/** How many warnings of one rule a build tells one by one. */
const TOLD = 20;

/** Problems as lines: every error, of each rule the first warnings, and how many others there are. */
export function problemLines(problems: readonly Problem[], folder: string, colours = false): string[] {
  const warnings = new Map<string, number>();
  const lines: string[] = [];
  for (const problem of problems) {
    const before = warnings.get(problem.rule) ?? 0;
    if (problem.level === 'warning') warnings.set(problem.rule, before + 1);
    if (problem.level === 'error' || before < TOLD) lines.push(problemLine(problem, folder, colours));
  }
  for (const [rule, all] of warnings)
    if (all > TOLD) lines.push(`and ${all - TOLD} more of (${rule}); "feedwright check" lists them all`);
  return lines;
}

export function failureLine({ file, entry, path, message }: Failure): string {
  const subject = entry === undefined ? 'its head' : `the entry "${entry}"${path ? ` of ${path}` : ''}`;
  return `${file}: error: ${subject} is not published as it is now: ${message} (parse-back)`;
}

/** One sentence about a run. */
export function outcomeLine({
  outcome,
  written,
  removed,
  unchanged,
  feeds,
  posts,
  scheduled,
  changes,
}: Outcome): string {
  const ahead = scheduled > 0 ? `, ${scheduled} scheduled` : '';
  switch (outcome) {
    case 'nothing':
      return `Nothing is published yet: no post is due${ahead}.`;
    case 'held':
      return `No post is left${ahead}, but there were some: everything stays as it was published. Put the posts back, or let it through with "feedwright build --approve".`;
    case 'unchanged':
      if (changes.some(({ held }) => held))
        return `What has changed is held: ${count(feeds.length, 'feed')} of ${count(posts, 'post')} stay as they were published${ahead}.`;
      return `${changes.length > 0 ? 'No feed shows what has changed' : 'Nothing has changed'}: ${count(feeds.length, 'feed')} of ${count(posts, 'post')} are up to date${ahead}.`;
    case 'published': {
      const gone = removed.length > 0 ? `, ${removed.length} removed` : '';
      const files = `${written.length} written, ${unchanged} unchanged${gone}`;
      return `Published ${count(posts, 'post')} in ${count(feeds.length, 'feed')} (files: ${files}${ahead && `; posts: ${ahead.slice(2)}`}).`;
    }
  }
}

/** What a run did to entries, what was wrong, and how long it took. */
export function summaryLine({ posts, changes, problems, failures }: Outcome, milliseconds: number): string {
  const having = (...effects: Effect[]): number =>
    changes.filter((each) => !each.held && effects.some((effect) => each.effects.includes(effect))).length;
  const fresh = having('new', 'back again');
  const changed = having('edited visibly', 're-dated', 'renamed', 'moved');
  const gone = having('removed', 'expired');
  const held = changes.filter((each) => each.held).length;
  const errors = problems.filter(({ level }) => level === 'error').length + failures.length;
  return [
    `Entries: ${fresh} new, ${changed} changed, ${Math.max(posts - fresh - changed, 0)} unchanged`,
    gone > 0 ? `, ${gone} gone` : '',
    held > 0 ? `, ${held} held` : '',
    `; ${count(errors, 'error')}, ${count(problems.length + failures.length - errors, 'warning')}`,
    `; ${(milliseconds / 1000).toFixed(1)} s.`,
  ].join('');
}

/** What subscribers need not be asked about, but the operator may want to know; undefined if there is nothing. */
export function movedLine(changes: readonly Change[]): string | undefined {
  const moved = changes.filter(({ effects, held }) => !held && effects.includes('moved')).length;
  if (moved === 0) return undefined;
  return `${count(moved, 'entry has', 'entries have')} another link than before, and the same id.`;
}

/** Whether something needs the operator: an error, an entry that failed, or everything held. */
export function hasFindings({ problems, failures, changes }: Outcome): boolean {
  return (
    changes.some(({ held }) => held) || failures.length > 0 || problems.some(({ level }) => level === 'error')
  );
}

export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : nouns}`;
}

/** How many changes of one kind are listed by name. */
const LISTED = 20;

/** What a run would change for subscribers: a table by what they notice, and what would be held. */
export function planLines({ changes, guard }: Outcome): string[] {
  if (changes.length === 0) return ['Nothing would change for subscribers.'];
  const lines: string[] = [];
  const kinds = Object.entries(EFFECTS) as [Effect, string][];
  for (const [effect, notice] of kinds) {
    const those = changes.filter(({ effects }) => effects[0] === effect);
    if (those.length === 0) continue;
    lines.push(`${effect} (${those.length}): ${notice}`);
    for (const { path, id, title, was, effects, shown, held } of those.slice(0, LISTED)) {
      const others = effects
        .slice(1)
        .map((each) => `, ${each}`)
        .join('');
      const before = was?.path ? `, was ${was.path}` : '';
      const named = was?.id ? `, id ${was.id} -> ${id}` : '';
      lines.push(
        `  ${held ? 'HELD  ' : ''}${path || id}  "${title}"${others}${before}${named}${shown || effect === 'new' ? '' : ' (no feed shows it)'}`,
      );
    }
    if (those.length > LISTED) lines.push(`  and ${those.length - LISTED} more; --json lists them all`);
  }
  const line = heldLine(changes, guard);
  return line === undefined ? lines : [...lines, line];
}

/** What is held and why, in a sentence; undefined if nothing is. */
export function heldLine(
  changes: readonly Change[],
  { counted, allowed, all }: Outcome['guard'],
): string | undefined {
  const held = changes.filter((each) => each.held);
  if (held.length === 0) return undefined;
  const how = 'see "feedwright plan", then undo it, or let it through with "feedwright build --approve"';
  if (all) return `Held: no post is left, so everything stays as it was published; ${how}.`;
  const shown = count(held.length, 'entry', 'entries');
  if (counted > allowed)
    return `Held: ${counted} entries that subscribers have would change or go in one run, and ${allowed} may; ${shown} stay as they were published; ${how}.`;
  return `Held: ${shown} would get another id, and readers would show them twice; they stay as they were published; ${how}.`;
}

export const LOCAL_ADDRESS = 'No site.url is set: links lead to this machine only';

/** Why something failed, with the cause that Node keeps apart, unless the message names it already. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  const { code = cause.message } = cause as NodeJS.ErrnoException;
  return message.includes(code) || message.includes(cause.message) ? message : `${message}: ${cause.message}`;
}
