/** The order of problems. */
import type { Problem } from './post.ts';

/** By file, line, column and rule: the same problems in the same order. */
export function byPlace(a: Problem, b: Problem): number {
  const text = a.file === b.file ? [a.rule, b.rule] : [a.file, b.file];
  const place = a.file === b.file ? a.line - b.line || (a.column ?? 1) - (b.column ?? 1) : 0;
  return place || (text[0]! < text[1]! ? -1 : text[0]! > text[1]! ? 1 : 0);
}
