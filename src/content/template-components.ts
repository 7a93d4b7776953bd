/** Components of MDX, which nobody knows here: what stands in them is published. */

/** A component's tag, alone on its line: MDX reads what is between such lines as markdown. */
export const COMPONENT = /^[ \t]*<(\/?)(?:[A-Z][\w.]{0,80}|[a-z]+-[\w-]{1,80})(?:\s[^<>]{0,2000})?>[ \t]*$/;

/** What the first line behind one begins with that is not blank, of blanks. */
export function indentBehind(lines: readonly string[], line: number): string {
  const next = lines.slice(line + 1, line + 20).find((each) => each.trim() !== '') ?? '';
  return /^[ \t]*/.exec(next)![0];
}
