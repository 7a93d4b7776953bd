/** What the path of a post's file says about it. */

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
