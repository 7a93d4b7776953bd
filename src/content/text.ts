/** Cleaning of text, done once where it comes in, so that no format has to. */

// XML 1.0 section 2.2 allows tab, line feed, carriage return and everything from U+0020 but surrogates, U+FFFE and U+FFFF.
// U+FFFD only ever stands for a character that was lost. Control characters from U+007F on are allowed, discouraged and no text.
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFD-\uFFFF]|[\uD800-\uDFFF]/gu;
/** Most texts have nothing but this and are looked through twice as fast. */
const BEYOND_ASCII = /[^\t\n\u0020-\u007E]/;
/** Finds the same and whole pairs, without putting pairs together: most other texts have neither. */
const SUSPECT = /[^\t\n\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFC]/;

/** Text without control characters and what XML 1.0 forbids (lone surrogates too), and with `\n` as its only line end. */
export function clean(text: string): string {
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return BEYOND_ASCII.test(lines) && SUSPECT.test(lines) ? lines.replace(FORBIDDEN, ofControl) : lines;
}

/** U+0085 ends a line, but parts no text for those who read it. */
function ofControl(character: string): string {
  return character === '\u0085' ? ' ' : '';
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

const REFERENCES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' };

/**
 * The beginning of what safe HTML says, as plain text of at most `limit` characters, cut between words: its prose without
 * headings, code, tables and footnotes.
 */
export function teaserOf(html: string, limit: number): string {
  // Mostly the beginning of a long content says as much as all of it: up to the end of a tag, if nothing is open there.
  const begin = withoutAsides(html.slice(0, html.lastIndexOf('>', limit * 6) + 1));
  const text = OPEN.test(begin) ? '' : proseOf(begin);
  return shortened(text.length > limit ? text : proseOf(withoutAsides(html)), limit);
}

/** What is no prose. */
const ASIDES = /<(h[1-6]|pre|table|sup|section|figcaption)\b.*?<\/\1>/gs;
/** What may end only behind the beginning: an element like those, or a tag with another in it. */
const OPEN = /<(?:h[1-6]|pre|table|sup|section|figcaption)\b|<[^>]*</;

function withoutAsides(html: string): string {
  return html.replace(ASIDES, ' ');
}

function proseOf(html: string): string {
  const prose = html
    .replace(/<\/?(?:a|abbr|b|code|em|i|kbd|mark|q|s|small|span|strong|sub|u|var)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => REFERENCES[name]!);
  return oneLine(prose);
}

/** A text of at most `limit` characters, cut between words. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // A cut in the middle of a character would leave half of it, and of a long word (or of a script without blanks) is allowed.
  const cut = clean(text.slice(0, limit));
  const word = cut.lastIndexOf(' ');
  return `${word > limit / 2 ? cut.slice(0, word) : cut}…`;
}

/** An element with nothing but text in it that sticks to its tags, or code in backticks, whose tags are its subject. */
const ELEMENT =
  /`[^`]{1,500}`|<(a|abbr|b|blockquote|cite|code|del|div|em|i|ins|kbd|li|mark|ol|p|pre|q|rp|rt|ruby|s|samp|small|span|strong|sub|sup|u|ul|var)(?:\s[^<>]{0,500})?>(?=[^\s<>])([^<]{0,2000}[^\s<])<\/\1>/gi;

/**
 * Text without the tags of simple HTML. Only what can be nothing but markup is taken for it: in `From <b> to </b>` and
 * `The <br> element` tags are what the text is about.
 */
export function withoutTags(text: string): string {
  let bare = text;
  for (let depth = 0; depth < 4 && bare.includes('</'); depth++) {
    const before = bare;
    bare = bare.replace(ELEMENT, (whole, name: string | undefined, inside: string) =>
      name === undefined ? whole : /^(?:blockquote|div|li|ol|p|ul)$/i.test(name) ? ` ${inside} ` : inside,
    );
    if (bare === before) break;
  }
  return bare.replace(/(?<=\S)<(?:br|wbr)\s*\/?>|<(?:br|wbr)\s*\/?>(?=\S)/gi, ' ');
}

/** How many lines end in a text. */
export function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
