/** Which names a store takes: so that no name leads out of it, and none is stored that `list` would not show. */
import { PRIVATE } from './store.ts';

/** Throws for a name that is absolute, has an empty or hidden part, or holds a backslash or NUL. */
export function checkName(name: string): void {
  if (!isName(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of a stored file`);
}

/** Hidden parts, and with them `.` and `..`, are refused: only the private folder itself begins with a dot. */
export function isName(name: string): boolean {
  const path = name.startsWith(PRIVATE) ? name.slice(PRIVATE.length) : name;
  return !/[\\\0]/.test(name) && path.split('/').every((part) => part !== '' && !part.startsWith('.'));
}

/** Whether `list(prefix)` shows the file. */
export function isListed(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && (prefix.startsWith(PRIVATE) || !name.startsWith(PRIVATE));
}

export function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
