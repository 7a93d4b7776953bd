/** What counts as the text of a post: of two versions with one text, no subscriber is told that anything changed. */
import { hash } from 'node:crypto';
import type { Post } from './post.ts';

/** What a post says, as far as its fingerprint depends on it. */
export type Said = Pick<Post, 'title' | 'summary' | 'shortSummary' | 'externalUrl' | 'enclosures'>;

/** Changes with the rules below: texts that were hashed by other rules are compared with none. */
const VERSION = '1';

/** How many parts a sketch has: one base64 character each. */
const PARTS = 128;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NOTHING = '.';

/**
 * What a text is known again by. `text`: a hash of everything that is text to a subscriber: title, summaries, external URL,
 * enclosures and the body's words. `sketch`: what it is like, but for its title, which is compared by itself.
 */
export function fingerprint(said: Said, body: string): Pick<Post, 'text' | 'sketch'> {
  const { title, summary, shortSummary, externalUrl, enclosures } = said;
  const words = plain(body);
  // None of these has a NUL or a line end in it, but for the last.
  const all = [title, summary, shortSummary, externalUrl, enclosures.map(({ url }) => url).join('\n'), words];
  const digest = hash('sha256', all.join('\0').normalize('NFC'), 'base64url');
  return { text: `${VERSION}:${digest.slice(0, 22)}`, sketch: sketchOf(`${summary ?? ''}\n${words}`) };
}

/** Whether two hashes were made by the same rules, so that they can be compared. */
export function areComparable(a: string, b: string): boolean {
  return a !== '' && a.slice(0, a.indexOf(':')) === b.slice(0, b.indexOf(':'));
}

/**
 * Markdown without its markup: two ways to write the same paragraphs, emphasis, lists, links and tables give the same text.
 * Where links and images lead is not text.
 */
export function plain(markdown: string): string {
  let text = withoutMarkers(withoutComments(markdown));
  // Looking for a character is much faster than for a pattern.
  if (text.includes('#')) text = text.replace(/[ \t]#+[ \t]*$/gm, '');
  if (text.includes(']')) text = text.replace(/\]\((?:[^()\\\n]|\\.|\([^()\n]*\))*\)|\]\[[^\]\n]*\]/g, '');
  if (/<[a-z/]/i.test(text))
    text = text.replace(/<((?:https?|mailto):[^<>\s]*)>/gi, '$1').replace(/<\/?[a-z][^<>]*>/gi, ' ');
  return (
    text
      .replace(/!(?=\[)|[*_`~[\]\\]/g, '')
      // Runs of blanks and bars become one blank; most are one already.
      .replace(
        /[|\t\n\v\f\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff][|\s]*| [|\s]+/g,
        ' ',
      )
      .trim()
  );
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

/**
 * A sketch of which words follow each other in a text, 128 characters long: two texts are as alike as their sketches have
 * parts in common (one-permutation MinHash over three words each).
 */
export function sketchOf(text: string): string {
  const least = new Uint32Array(PARTS).fill(0xffffffff);
  let first = 0;
  let second = 0;
  let word = FNV_OFFSET;
  const { length } = text;
  for (let at = 0; at <= length; at++) {
    const code = at < length ? text.charCodeAt(at) : SPACE;
    if (code !== SPACE && code !== LINE_END) {
      word = Math.imul(word ^ code, FNV_PRIME);
      // Scripts without blanks are taken by the character.
      if (code < 0x2e80) continue;
    }
    if (word === FNV_OFFSET) continue;
    const mixed = mix(Math.imul(first, 31) ^ Math.imul(second, 17) ^ word);
    const part = mixed & (PARTS - 1);
    const value = mixed >>> 7;
    if (value < least[part]!) least[part] = value;
    first = second;
    second = word;
    word = FNV_OFFSET;
  }
  let sketch = '';
  for (const value of least) sketch += value === 0xffffffff ? NOTHING : DIGITS[value & 63]!;
  return sketch;
}

const SPACE = 32;
const LINE_END = 10;
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Spreads what is in some bits over all of them (the end of MurmurHash3), as a 32-bit integer: larger numbers are slow. */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** How alike two texts are by their sketches, from 0 to 1; 0 if one is not known. */
export function likeness(a: string, b: string): number {
  if (a.length !== PARTS || b.length !== PARTS) return 0;
  let [same, either] = [0, 0];
  for (let at = 0; at < PARTS; at++) {
    if (a[at] === NOTHING && b[at] === NOTHING) continue;
    either++;
    if (a[at] === b[at]) same++;
  }
  return either === 0 ? 0 : same / either;
}

/** Below that many words a text is too short to be known again by its likeness. */
const TELLING = 16;

export function isTelling(sketch: string): boolean {
  return partsOf(sketch) >= TELLING;
}

/** Whether a text has some ninety words at least: nobody says so much twice without meaning the same. */
export function isLong(sketch: string): boolean {
  return partsOf(sketch) >= PARTS / 2;
}

function partsOf(sketch: string): number {
  let parts = 0;
  for (const part of sketch) if (part !== NOTHING) parts++;
  return parts;
}
