/** The generators' own ways to write a block of code: Liquid's `highlight`, and shortcodes. */

/** Shortcodes that sites have for blocks of code, by what they are mostly called; the language may be a part of the name. */
const CODE = String.raw`highlight|high|code(?:block|[-_][\w+#-]+)?|terminal|console|shell|prism|sourcecode`;
const HIGHLIGHT = new RegExp(
  String.raw`^[ \t]*(?:\{%-?\s*(highlight)\b|\{\{[<%]\s*(${CODE})(?=[\s%>]))([^%>]*)(?<!/)(?:%\}|[%>]\}\})[ \t]*$`,
);
const END_HIGHLIGHT = new RegExp(
  String.raw`^[ \t]*(?:\{%-?\s*end(highlight)\s*-?%\}|\{\{[<%]\s*/\s*(${CODE})\s*[%>]\}\})[ \t]*$`,
);

export interface CodeBlock {
  /** The line that ends it. */
  close: number;
  language: string;
}

/** Blocks of code by the line that begins each: in one pass, however many begin and never end. */
export function codeBlocks(lines: readonly string[]): ReadonlyMap<number, CodeBlock> {
  const blocks = new Map<number, CodeBlock>();
  const open = new Map<string, { line: number; language: string }[]>();
  lines.forEach((text, line) => {
    if (!/^[ \t]*\{/.test(text)) return;
    const [, liquid, short, written = ''] = HIGHLIGHT.exec(text) ?? [];
    const name = liquid ?? short;
    if (name !== undefined) {
      const key = liquid === undefined ? name : `%${name}`;
      const begun = { line, language: languageOf(name, written) };
      // What these two highlight may speak of them. Others may have no end, and take nothing in that follows.
      open.set(key, name === 'highlight' ? [...(open.get(key) ?? []).slice(-9), begun] : [begun]);
      return;
    }
    const [, liquidEnd, shortEnd] = END_HIGHLIGHT.exec(text) ?? [];
    const key = liquidEnd === undefined ? shortEnd : `%${liquidEnd}`;
    if (key === undefined) return;
    for (const begun of open.get(key) ?? [])
      blocks.set(begun.line, { close: line, language: begun.language });
    open.delete(key);
  });
  return blocks;
}

/** By its own argument, by the first, or by the name: `code-rust`. */
function languageOf(name: string, written: string): string {
  const [, own] = /\blang(?:uage)?\s*=\s*["']?([\w+#.-]+)/.exec(written) ?? [];
  const [, first] = /^\s+["']?([\w+#.-]+)(?!\s*=|[\w+#.-])/.exec(written) ?? [];
  const [, part = ''] = /^code[-_](.+)$/.exec(name) ?? [];
  return own ?? (part || (first ?? ''));
}
