/** What MDX has beside markdown: components, which nobody knows here, so that what stands in them is published, and statements. */

/** A component's tag, alone on its line: MDX reads what is between such lines as markdown. */
export const COMPONENT = /^[ \t]*<(\/?)(?:[A-Z][\w.]{0,80}|[a-z]+-[\w-]{1,80})(?:\s[^<>]{0,2000})?>[ \t]*$/;

/** What the first line behind one begins with that is not blank, of blanks. */
export function indentBehind(lines: readonly string[], line: number): string {
  const next = lines.slice(line + 1, line + 20).find((each) => each.trim() !== '') ?? '';
  return /^[ \t]*/.exec(next)![0];
}

const MDX_STATEMENT =
  /^(?:import\s[^]*?\sfrom\s+['"][^'"]+['"]|import\s+['"][^'"]+['"]|export\s+(?:const|let|default|function)\b.*);?[ \t]*$/;
/** Lines that an import of several names may take. */
const IMPORT_LIMIT = 50;

/** The line after the import or export of MDX that begins at `at`, or `at` if none does. */
export function endOfStatement(lines: readonly string[], at: number): number {
  if (!/^(?:import|export)\b/.test(lines[at]!)) return at;
  if (MDX_STATEMENT.test(lines[at]!)) return at + 1;
  const [unquoted = ''] = lines[at]!.split(/['"]/, 1);
  const brace = unquoted.lastIndexOf('{');
  if (!unquoted.startsWith('import') || brace === -1 || lines[at]!.includes('}', brace)) return at;
  const end = lines
    .slice(at, at + IMPORT_LIMIT)
    .findIndex((line) => /\bfrom\s+['"][^'"]+['"];?[ \t]*$/.test(line));
  return end === -1 ? at : at + end + 1;
}
