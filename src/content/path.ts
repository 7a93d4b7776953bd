/** What the path of a post's file says about it, and about those beside it. */
import { normalize } from 'node:path/posix';

/** Names of files that are posts. */
export const POST = /\.(?:md|markdown|mdown|mkdn?|mdx)$/i;

const DATED_NAME = /^\d{4}-\d{1,2}-\d{1,2}(?:[-_ ]+|$)/;
const DATED_PATH = /(?:^|\/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[-_/ .]|$)/;

/** The file's name, or its folder's for `name/index.md`, without extension and leading date. */
export function slugFromPath(path: string): string {
  const parts = path.split('/');
  const name = parts.at(-1)!.replace(/\.[^.]+$/, '');
  const own = name.toLowerCase() === 'index' && parts.length > 1 ? parts.at(-2)! : name;
  return own.replace(DATED_NAME, '') || own;
}

/** The day in names like `2024-05-17-title.md` and folders like `2024/05/17/`, as it would be written in front matter. */
export function dateInPath(path: string): string | undefined {
  return DATED_PATH.exec(path)?.slice(1, 4).join('-');
}

/**
 * The file that a relative URL in a post means, or one from the content folder's root; relative to that. Undefined for what is
 * elsewhere, or hidden.
 */
export function pathFrom(url: string, postPath: string): string | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return undefined;
  }
  const from = path.startsWith('/') ? '' : postPath.slice(0, postPath.lastIndexOf('/') + 1);
  const whole = normalize(from + path.replace(/^\/+/, ''));
  return /(?:^|\/)\.|\0/.test(whole) ? undefined : whole;
}
