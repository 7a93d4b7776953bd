/** What MDX has beside markdown: components, which nobody knows here, so that what stands in them is published, and statements. */

/** A component's tag, alone on its line: MDX reads what is between such lines as markdown. */
const COMPONENT = /^[ \t]*<(\/?)(?:[A-Z][\w.]{0,80}|[a-z]+-[\w-]{1,80})(?:\s[^<>]{0,2000})?>[ \t]*$/;

/** The value of an attribute, or attributes altogether, that an expression gives. */
const EXPRESSION = /(?<=[=\s])\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g;

/** What a line does that is but a component's tag; undefined for any other. */
export function componentTag(text: string): 'opens' | 'closes' | 'both' | undefined {
  if (!text.includes('<')) return undefined;
  const [tag, slash] = COMPONENT.exec(text.replace(EXPRESSION, '""')) ?? [];
  if (tag === undefined || tag.includes('{')) return undefined;
  if (slash) return 'closes';
  return tag.trimEnd().endsWith('/>') ? 'both' : 'opens';
}

/** What the first line behind one begins with that is not blank, of blanks. */
export function indentBehind(lines: readonly string[], line: number): string {
  const next = lines.slice(line + 1, line + 20).find((each) => each.trim() !== '') ?? '';
  return /^[ \t]*/.exec(next)![0];
}

const TAG_BEGIN = /^[ \t]*<[A-Za-z][\w.-]*(?:[ \t][^<>]*)?$/;
/** A line that ends a tag, of which a `=>` is no end. */
const TAG_END = /^(?:[^<>]|=>)*\/?>[ \t]*$/;
const TAG_LINES = 30;
const FENCE = /^[ \t]*(`{3,}|~{3,})/;

/** The body of MDX with each tag that begins a line and takes several in its first one; the others stay, and are blank. */
export function withTagsOnOneLine(body: string): string {
  const lines = body.split('\n');
  let fence = '';
  for (let at = 0; at < lines.length; at++) {
    const [, marks] = FENCE.exec(lines[at]!) ?? [];
    if (marks !== undefined && (fence === '' || marks.startsWith(fence))) fence = fence === '' ? marks : '';
    if (marks !== undefined || fence !== '' || !TAG_BEGIN.test(lines[at]!)) continue;
    const rest = lines.slice(at + 1, at + TAG_LINES);
    const last = rest.findIndex((line) => line.trim() === '' || /<|(?<!=)>/.test(line));
    if (last === -1 || !TAG_END.test(rest[last]!)) continue;
    // Any other is one for HTML, too: but a line that begins with `>` would be a quote.
    if (!/^[ \t]*<(?:[A-Z]|[a-z]+-)/.test(lines[at]!) && !/^[ \t]*>/.test(rest[last]!)) continue;
    const parts = lines.splice(at, last + 2, ...Array<string>(last + 2).fill(''));
    lines[at] = [parts[0]!.trimEnd(), ...parts.slice(1).map((part) => part.trim())]
      .join(' ')
      .replace(/ (\/?>)$/, '$1');
  }
  return lines.join('\n');
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
  if (!isExport && !opensNames(first)) return at;
  const isEnd = isExport ? closes() : (line: string) => /\bfrom\s+['"][^'"]+['"];?[ \t]*$/.test(line);
  for (let end = at; end < Math.min(at + STATEMENT_LIMIT, lines.length); end++) {
    // Where another begins this one was over, so that no line is looked at for many.
    if (end > at && /^(?:import|export)\b/.test(lines[end]!)) break;
    if (isEnd(lines[end]!)) return end + 1;
  }
  return isExport ? at + 1 : at;
}

/** Whether the list of an import's names goes on in other lines. */
function opensNames(line: string): boolean {
  const [unquoted = ''] = line.split(/['"]/, 1);
  const brace = unquoted.lastIndexOf('{');
  return brace !== -1 && !line.includes('}', brace);
}

const QUOTED = /"(?:[^"\\]|\\.){0,500}"|'(?:[^'\\]|\\.){0,500}'|`(?:[^`\\]|\\.){0,500}`|(?:^|\s)\/\/.*$/g;

/** Whether all brackets are closed behind a line of a script, which is asked of each in its order. */
function closes(): (line: string) => boolean {
  let open = 0;
  return (line) => {
    const code = line.replace(QUOTED, "''");
    for (const [bracket] of code.matchAll(/[()[\]{}]/g)) open += '([{'.includes(bracket) ? 1 : -1;
    return open <= 0 && !/(?:=|=>|\|\||&&|[?:,])[ \t]*$/.test(code);
  };
}
