/** Markdown's markup, as far as a pattern can tell it from text: nothing is parsed. */

/** Where a link leads, behind its text: `(https://example.org/a_(b))` or `[name]`. */
const ADDRESS = /\](?:\([^()\\\n]*(?:(?:\\.|\([^()\n]*\))[^()\\\n]*)*\)|\[[^\]\n]*\])/g;

/** Without comments, tags, addresses and what stands at the beginning of lines; marks between words stay. */
export function withoutMarkup(markdown: string): string {
  let text = withoutMarkers(withoutComments(markdown));
  // Looking for a character is much faster than for a pattern.
  if (text.includes('#')) text = text.replace(/[ \t]#+[ \t]*$/gm, '');
  if (text.includes(']')) text = text.replace(ADDRESS, '');
  if (hasTag(text, /[hm]/i)) text = text.replace(/<((?:https?|mailto):[^<>\s]*)>/gi, '$1');
  if (hasTag(text, /[a-z/]/i)) text = text.replace(/<\/?[a-z][^<>]*>/gi, ' ');
  return text;
}

/** Whether any tag or address in brackets begins like that. */
function hasTag(text: string, first: RegExp): boolean {
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1))
    if (first.test(text.charAt(at + 1))) return true;
  return false;
}

function withoutComments(markdown: string): string {
  let text = '';
  let from = 0;
  for (;;) {
    const begin = markdown.indexOf('<!--', from);
    const end = begin === -1 ? -1 : markdown.indexOf('-->', begin + 4);
    if (end === -1) return text + markdown.slice(from);
    text += `${markdown.slice(from, begin)} `;
    from = end + 3;
  }
}

/** Lines that are markup alone: fences, underlines, rules, the row below a table's head; and where references lead. */
const MARKUP_LINE = /[ \t>|:\-*_=+]+$|[ \t>]*(?:`{3,}[^`\n]*|~{3,}.*)$| {0,3}\[[^\]^\n][^\]\n]*\]:.*$/my;
/** What stands at the beginning of lines. */
const MARKERS = /[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|#{1,6}(?=[ \t]))[ \t]*)+/y;
/** What one of both may begin with: most lines do not, and are passed over. */
const FIRST = new Set(Array.from(' \t>|:-*_=+`~[#0123456789', (first) => first.charCodeAt(0)));
/** What patterns take for the end of a line; mostly it is the first alone, which is found much faster. */
const LINE_ENDS = /[\n\r\u2028\u2029]/g;

function withoutMarkers(markdown: string): string {
  const hasOtherEnds = ['\r', '\u2028', '\u2029'].some((end) => markdown.includes(end));
  const endOfLine = (at: number): number => {
    if (!hasOtherEnds) return markdown.indexOf('\n', at);
    LINE_ENDS.lastIndex = at;
    return LINE_ENDS.exec(markdown)?.index ?? -1;
  };
  let text = '';
  let from = 0;
  for (let at = 0; ; at++) {
    if (FIRST.has(markdown.charCodeAt(at))) {
      const end = endOf(MARKUP_LINE, markdown, at) ?? endOf(MARKERS, markdown, at);
      if (end !== undefined) {
        text += markdown.slice(from, at);
        at = from = end;
      }
    }
    at = endOfLine(at);
    if (at === -1) return text + markdown.slice(from);
  }
}

/** Where what begins at `at` ends; undefined if nothing does. */
function endOf(sticky: RegExp, text: string, at: number): number | undefined {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}
