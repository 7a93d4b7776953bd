/** The generators' own ways to write a block of code: Liquid's `highlight`, and shortcodes. */

/** Shortcodes that sites have for blocks of code, by what they are mostly called; the language may be a part of the name. */
const CODE = String.raw`highlight|high|code(?:block|[-_][\w+#-]+)?|terminal|console|shell|prism|sourcecode`;
const HIGHLIGHT = new RegExp(
  String.raw`^[ \t]*(?:\{%-?\s*(highlight)\b|\{\{[<%]\s*(${CODE})(?=[\s%>]))([^%>]*)(?<!/)(?:%\}|[%>]\}\})[ \t]*$`,
);
const END_HIGHLIGHT = new RegExp(
  String.raw`^[ \t]*(?:\{%-?\s*end(highlight)\s*-?%\}|\{\{[<%]\s*/\s*(${CODE})\s*[%>]\}\})[ \t]*$`,
);

/** The last line of a text that ends such a block; -1 if there is none. */
export function lastEndOfCode(lines: readonly string[]): number {
  return lines.findLastIndex((line) => END_HIGHLIGHT.test(line));
}

/** The end of a block of code that begins in a line, before another of its name does, and its language. */
export function codeBlock(
  lines: readonly string[],
  line: number,
  last: number,
): { close: number; language: string } | undefined {
  const [, liquid, short, written = ''] = HIGHLIGHT.exec(lines[line]!) ?? [];
  const name = liquid ?? short;
  if (name === undefined) return undefined;
  for (let close = line + 1; close <= last; close++) {
    const [, liquidEnd, shortEnd] = END_HIGHLIGHT.exec(lines[close]!) ?? [];
    if (name === (liquid ? liquidEnd : shortEnd)) return { close, language: languageOf(name, written) };
    const [, another, anotherShort] = HIGHLIGHT.exec(lines[close]!) ?? [];
    if (name === (liquid ? another : anotherShort)) return undefined;
  }
  return undefined;
}

/** By its own argument, by the first, or by the name: `code-rust`. */
function languageOf(name: string, written: string): string {
  const [, own] = /\blang(?:uage)?\s*=\s*["']?([\w+#.-]+)/.exec(written) ?? [];
  const [, first] = /^\s+["']?([\w+#.-]+)(?!\s*=|[\w+#.-])/.exec(written) ?? [];
  const [, part = ''] = /^code[-_](.+)$/.exec(name) ?? [];
  return own ?? (part || (first ?? ''));
}
