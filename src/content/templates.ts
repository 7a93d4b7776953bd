/**
 * What site generators would have replaced and feeds must not show: Liquid and Jinja tags, Hugo and Zola shortcodes, imports of
 * MDX. Code keeps them, since there they are the subject.
 */

/**
 * One tag, or one code span, which is found only to be passed over. Both are bounded, and a tag ends where another begins, so
 * that no text takes more than linear time.
 */
const TAG =
  /(?<!`)(`+)(?!`)[^]{1,500}?(?<!`)\1(?!`)|\{%-?\s*raw\s*-?%\}(?<raw>(?:(?!\{%-?\s*(?:end)?raw)[^]){0,5000})\{%-?\s*endraw\s*-?%\}|\{%(?:(?!\{%)[^]){0,1000}?%\}|\{\{(?:(?!\{\{)[^]){0,1000}?\}\}|\{#(?:(?!\{#)[^]){0,1000}?#\}/g;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HIGHLIGHT = /^[ \t]*(?:\{%-?|\{\{[<%])\s*highlight\s+["']?([\w+#.-]+)[^%>]*(?:%\}|[%>]\}\})[ \t]*$/;
const END_HIGHLIGHT = /^[ \t]*(?:\{%-?\s*endhighlight\s*-?%\}|\{\{[<%]\s*\/\s*highlight\s*[%>]\}\})[ \t]*$/;
/** Tags that only say how others are to be read: nothing is lost with them. */
const SILENT = /^\{%-?\s*(?:raw|endraw)\s*-?%\}$/;
const MDX_STATEMENT =
  /^(?:import\s[^]*?\sfrom\s+['"][^'"]+['"]|import\s+['"][^'"]+['"]|export\s+(?:const|let|default|function)\b.*);?[ \t]*$/;

export interface Cleared {
  body: string;
  /** Lines of the body, counting from 0, with what was taken out of them. */
  removed: { line: number; what: string }[];
}

/** Takes templates out of a markdown body, line for line, so that the lines that follow keep their numbers. */
export function clearTemplates(body: string, isMdx: boolean): Cleared {
  const removed: Cleared['removed'] = [];
  if (!/\{[%{#]/.test(body) && !isMdx) return { body, removed };
  const lines = body.split('\n');
  const prose: { from: number; to: number }[] = [];
  let fence: string | undefined;
  let from = 0;
  let statementEnd = 0;
  const lastEnd = lines.findLastIndex((line) => END_HIGHLIGHT.test(line));
  lines.forEach((line, at) => {
    if (fence !== undefined) {
      // The generators' own way to write a block of code becomes a fence.
      const ends = fence === 'highlight' ? END_HIGHLIGHT.test(line) : closes(line, fence);
      if (!ends) return;
      if (fence === 'highlight') lines[at] = '```';
      fence = undefined;
      from = at + 1;
      return;
    }
    const language = HIGHLIGHT.exec(line)?.[1];
    const opened = FENCE.exec(line)?.[1];
    if (language && at < lastEnd) {
      prose.push({ from, to: at });
      lines[at] = `\`\`\`${language}`;
      fence = 'highlight';
    } else if (opened) {
      prose.push({ from, to: at });
      fence = opened;
    } else if (isMdx && at >= statementEnd && (statementEnd = endOfStatement(lines, at)) > at) {
      removed.push({ line: at, what: line.trim() });
      lines.fill('', at, statementEnd);
    }
  });
  if (fence === undefined) prose.push({ from, to: lines.length });
  for (const range of prose) clearRange(lines, range, removed);
  return { body: lines.join('\n'), removed: removed.sort((a, b) => a.line - b.line) };
}

/** Lines that an import of several names may take. */
const IMPORT_LIMIT = 50;

/** The line after the import or export of MDX that begins at `at`, or `at` if none does. */
function endOfStatement(lines: readonly string[], at: number): number {
  if (!/^(?:import|export)\b/.test(lines[at]!)) return at;
  if (MDX_STATEMENT.test(lines[at]!)) return at + 1;
  if (!/^import\s*[^'"]*\{[^}]*$/.test(lines[at]!)) return at;
  const end = lines
    .slice(at, at + IMPORT_LIMIT)
    .findIndex((line) => /\bfrom\s+['"][^'"]+['"];?[ \t]*$/.test(line));
  return end === -1 ? at : at + end + 1;
}

function closes(line: string, fence: string): boolean {
  const end = FENCE.exec(line)?.[1];
  return end !== undefined && end[0] === fence[0] && end.length >= fence.length && line.trim() === end;
}

function clearRange(
  lines: string[],
  { from, to }: { from: number; to: number },
  removed: Cleared['removed'],
): void {
  const code = indentedCode(lines, from, to);
  const text = lines.slice(from, to).join('\n');
  let line = from;
  let counted = 0;
  let changed = false;
  const cleared = text.replace(
    TAG,
    (tag, span: string | undefined, raw: string | undefined, offset: number) => {
      for (; counted < offset; counted++) if (text[counted] === '\n') line++;
      if (span !== undefined || code.has(line)) return tag;
      if (raw !== undefined) {
        changed = true;
        return raw;
      }
      if (!SILENT.test(tag)) removed.push({ line, what: tag });
      changed = true;
      return tag.replace(/[^\n]+/g, '');
    },
  );
  if (changed) lines.splice(from, to - from, ...cleared.split('\n'));
}

/** The lines that are code by their indentation: four blanks after an empty line, outside of lists. */
function indentedCode(lines: readonly string[], from: number, to: number): Set<number> {
  const code = new Set<number>();
  let inList = false;
  for (let at = from; at < to; at++) {
    const line = lines[at]!;
    if (/^(?: {4}|\t)/.test(line)) {
      if (!inList && (at === from || lines[at - 1]!.trim() === '' || code.has(at - 1))) code.add(at);
    } else if (line.trim() !== '')
      inList = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(line) || (inList && /^\s/.test(line));
  }
  return code;
}
