/** Cleaning of text, done once where it comes in, so that no format has to. */

// XML 1.0 section 2.2 allows tab, line feed, carriage return and everything from U+0020 but surrogates, U+FFFE and U+FFFF.
// U+FFFD only ever stands for a character that was lost.
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFD-\uFFFF]|[\uD800-\uDFFF]/u;
const ALL_FORBIDDEN = new RegExp(FORBIDDEN.source, 'gu');

/** Text without what XML 1.0 forbids (lone surrogates too) and with `\n` as its only line end. */
export function clean(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return FORBIDDEN.test(lines) ? lines.replace(ALL_FORBIDDEN, '') : lines;
}

/** Clean text on one line: every run of white space is one blank, none at the ends. */
export function oneLine(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim();
}

/** Text that means itself in HTML, in content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) =>
    c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&quot;',
  );
}
