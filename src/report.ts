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
export function outcomeLine({
  outcome,
  written,
  removed,
  unchanged,
  feeds,
  posts,
  scheduled,
}: Outcome): string {
  const ahead = scheduled > 0 ? `, ${scheduled} scheduled` : '';
  switch (outcome) {
    case 'nothing':
      return `Nothing is published yet: no post is due${ahead}.`;
    case 'held':
      return `No post is due now${ahead}, but there were some: everything stays as it was published. Put the posts back, or empty the store by hand.`;
    case 'unchanged':
      return `Nothing has changed: ${count(feeds.length, 'feed')} of ${count(posts, 'post')} are up to date${ahead}.`;
    case 'published': {
      const gone = removed.length > 0 ? `, ${removed.length} removed` : '';
      const files = `${written.length} written, ${unchanged} unchanged${gone}`;
      return `Published ${count(posts, 'post')} in ${count(feeds.length, 'feed')} (files: ${files}${ahead && `; posts: ${ahead.slice(2)}`}).`;
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
