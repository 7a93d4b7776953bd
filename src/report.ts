/** What commands tell people: problems and outcomes as lines of text. Pure. */
import type { Problem } from './content/post.ts';
import type { Failure } from './publish/feed.ts';
import type { Outcome } from './worker/run.ts';

/** `path:line:column: level: message (rule)`, as compilers write it; `folder` is put before the path. */
export function problemLine({ file, line, column, level, message, rule }: Problem, folder: string): string {
  return `${folder ? `${folder}/` : ''}${file}:${line}:${column ?? 1}: ${level}: ${message} (${rule})`;
}

export function failureLine({ file, entry, path, message }: Failure): string {
  const subject = entry === undefined ? 'its head' : `the entry "${entry}"${path ? ` of ${path}` : ''}`;
  return `${file}: error: ${subject} is not published as it is now: ${message} (parse-back)`;
}

/** One sentence about a run. */
export function outcomeLine(outcome: Outcome): string {
  const { written, removed, unchanged, feeds, posts } = outcome;
  switch (outcome.outcome) {
    case 'nothing':
      return posts > 0
        ? `Nothing is published yet: ${count(posts, 'post')} found, none of them due.`
        : 'Nothing is published yet: no posts found.';
    case 'held':
      return 'No posts are due now, but there were some: everything stays as it was published. Put the posts back, or empty the store by hand.';
    case 'unchanged':
      return `Nothing has changed: ${count(feeds.length, 'feed')} of ${count(posts, 'post')} are up to date.`;
    case 'published': {
      const changes = [
        `${written.length} written`,
        `${unchanged} unchanged`,
        ...(removed.length > 0 ? [`${removed.length} removed`] : []),
      ];
      return `Published ${count(posts, 'post')} in ${count(feeds.length, 'feed')} (files: ${changes.join(', ')}).`;
    }
  }
}

/** Whether something needs the operator: an error, an entry that failed, or everything held. */
export function hasFindings({ problems, failures, outcome }: Outcome): boolean {
  return outcome === 'held' || failures.length > 0 || problems.some(({ level }) => level === 'error');
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export const LOCAL_ADDRESS = 'No site.url is set: links lead to this machine only';

/** Why something failed, with the cause that Node keeps apart. */
export function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && !message.includes(cause.message)
    ? `${message}: ${cause.message}`
    : message;
}
