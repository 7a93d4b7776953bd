/** Components of MDX, which nobody knows here: what stands in them is published. */

/** A component's tag, alone on its line: MDX reads what is between such lines as markdown. */
export const COMPONENT = /^[ \t]*<(\/?)(?:[A-Z][\w.]{0,80}|[a-z]+-[\w-]{1,80})(?:\s[^<>]{0,2000})?>[ \t]*$/;

/** What the first line behind one begins with that is not blank, of blanks. */
export function indentBehind(lines: readonly string[], line: number): string {
  const next = lines.slice(line + 1, line + 20).find((each) => each.trim() !== '') ?? '';
  return /^[ \t]*/.exec(next)![0];
}

const IMPORT = /^import\s(?:[^]*?\sfrom\s+)?['"][^'"]+['"];?[ \t]*$/;
const EXPORT = /^export\s+(?:(?:const|let|var|default|async|function|class|type|interface)\b|[{*])/;
/** Lines that an import of several names, or a component that is written in place, may take. */
const STATEMENT_LIMIT = 200;

/** The line after the import or export of MDX that begins at `at`, or `at` if none does. */
export function endOfStatement(lines: readonly string[], at: number): number {
  const first = lines[at]!;
  const isExport = EXPORT.test(first);
  if (!isExport && !/^import\b/.test(first)) return at;
  if (!isExport && IMPORT.test(first)) return at + 1;
  if (!isExport && !/^import\s*[^'"]*\{[^}]*$/.test(first)) return at;
  const some = lines.slice(at, at + STATEMENT_LIMIT);
  const end = some.findIndex(isExport ? closes() : (line) => /\bfrom\s+['"][^'"]+['"];?[ \t]*$/.test(line));
  return end === -1 ? (isExport ? at + 1 : at) : at + end + 1;
}

/** Whether all brackets are closed behind a line of a script, which is asked of each in its order. */
function closes(): (line: string) => boolean {
  let open = 0;
  return (line) => {
    const code = line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|(?:^|\s)\/\/.*$/g, "''");
    for (const [bracket] of code.matchAll(/[()[\]{}]/g)) open += '([{'.includes(bracket) ? 1 : -1;
    return open <= 0 && !/(?:=|=>|\|\||&&|[?:,])[ \t]*$/.test(code);
  };
}
