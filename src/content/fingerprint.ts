/** What counts as the text of a post: of two versions with one text, no subscriber is told that anything changed. */
import { hash } from 'node:crypto';
import { withoutMarkup } from './markup.ts';
import type { Post } from './post.ts';

/** What a post says, as far as its fingerprint depends on it. */
export type Said = Pick<Post, 'title' | 'summary' | 'shortSummary' | 'externalUrl' | 'enclosures'>;

/** Changes with the rules below: texts that were hashed by other rules are compared with none. */
const VERSION = '2';

/** How many parts a sketch has: one base64 character each. */
const PARTS = 128;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NOTHING = '.';
const DIGIT_CODES = Buffer.from(DIGITS);
const NOTHING_CODE = NOTHING.charCodeAt(0);

/**
 * What a text is known again by. `text`: a hash of everything that is text to a subscriber: title, summaries, external URL,
 * enclosures and the body's words. `sketch`: what it is like, but for its title, which is compared by itself.
 */
export function fingerprint(said: Said, body: string): Pick<Post, 'text' | 'sketch'> {
  const { title, summary = '', shortSummary, externalUrl, enclosures } = said;
  // None of these has a NUL or a line end in it, but for the last.
  const others = [title, summary, shortSummary, externalUrl, ...enclosures.map(({ url }) => url), ''].join(
    '\0',
  );
  const sketch = emptySketch();
  squeeze(0, write(summary, 0), sketch);
  const begin = writeComposed(others, 0);
  const end = squeeze(begin, writeComposed(withoutMarkup(body), begin), sketch);
  const digest = hash('sha256', bytes.subarray(0, end), 'base64url');
  return { text: `${VERSION}:${digest.slice(0, 22)}`, sketch: sketchText(sketch) };
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
  return bytes.toString('utf8', 0, squeeze(0, write(withoutMarkup(markdown), 0), emptySketch()));
}

/**
 * A sketch of which words follow each other in a text, 128 characters long: two texts are as alike as their sketches have
 * parts in common (one-permutation MinHash over three words each). Marks of emphasis are no part of it.
 */
export function sketchOf(text: string): string {
  const sketch = emptySketch();
  squeeze(0, write(text, 0), sketch);
  return sketchText(sketch);
}

/** A sketch that is being made: the least value of each part, and the last two words. */
interface Sketch {
  least: Uint32Array;
  first: number;
  second: number;
}

function emptySketch(): Sketch {
  return { least: new Uint32Array(PARTS).fill(0xffffffff), first: 0, second: 0 };
}

function sketchText({ least }: Sketch): string {
  const text = Buffer.allocUnsafe(PARTS);
  for (let part = 0; part < PARTS; part++) {
    const value = least[part]!;
    text[part] = value === 0xffffffff ? NOTHING_CODE : DIGIT_CODES[value & 63]!;
  }
  return text.toString('latin1');
}

/** What each byte of UTF-8 is to `squeeze`; 0 is text. */
const BLANK = 1;
const MARK = 2;
const EXCLAMATION = 3;
const LONG = 4;
const KINDS = new Uint8Array(256).fill(LONG, 0x80);
for (const blank of ' |\t\n\v\f\r') KINDS[blank.charCodeAt(0)] = BLANK;
for (const mark of '*_`~[]\\') KINDS[mark.charCodeAt(0)] = MARK;
KINDS['!'.charCodeAt(0)] = EXCLAMATION;
const BLANKS = new Set(
  Array.from('\u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff', (c) => c.charCodeAt(0)),
);
for (let code = 0x2000; code <= 0x200a; code++) BLANKS.add(code);

const SPACE = 32;
const BRACKET = '['.charCodeAt(0);
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Where texts are written to be looked through byte by byte: with strings that takes twice as long. */
const SPACE_FOR_MOST = Buffer.allocUnsafeSlow(65_536);
let bytes = SPACE_FOR_MOST;

/** Writes a text at `from`; gives where it ends. */
function write(text: string, from: number): number {
  const most = from + text.length * 3;
  if (from === 0) bytes = SPACE_FOR_MOST;
  if (most > bytes.length) {
    const larger = Buffer.allocUnsafeSlow(most);
    bytes.copy(larger, 0, 0, from);
    bytes = larger;
  }
  return from + bytes.write(text, from);
}

/** The same in Unicode's composed form, which ASCII is: one byte for each character. */
function writeComposed(text: string, from: number): number {
  const end = write(text, from);
  return end - from === text.length ? end : write(text.normalize('NFC'), from);
}

/**
 * Writes the text that stands from `from` to `end` anew, without marks between words and with one blank for any number of blanks
 * and bars, and adds its words to a sketch; gives where it ends. All in one loop, since this sees every character of every post.
 */
function squeeze(from: number, end: number, sketch: Sketch): number {
  const all = bytes;
  const { least } = sketch;
  let { first, second } = sketch;
  let word = FNV_OFFSET;
  let out = from;
  let isApart = false;
  for (let at = from; at <= end; at++) {
    const byte = at < end ? all[at]! : SPACE;
    let kind = KINDS[byte]!;
    if (kind === EXCLAMATION) kind = at + 1 === end || all[at + 1] !== BRACKET ? 0 : MARK;
    if (kind === 0) {
      if (isApart) {
        if (out > from) all[out++] = SPACE;
        isApart = false;
      }
      all[out++] = byte;
      word = Math.imul(word ^ byte, FNV_PRIME);
      // Mostly more of the same follows.
      while (at + 1 < end) {
        const next = all[at + 1]!;
        if (KINDS[next] !== 0) break;
        all[out++] = next;
        word = Math.imul(word ^ next, FNV_PRIME);
        at++;
      }
      continue;
    }
    if (kind === BLANK) isApart = true;
    else if (kind === LONG) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      const code = byte >= 0xf0 ? 0x10000 : codeAt(all, at, byte);
      if (BLANKS.has(code)) isApart = true;
      else {
        if (isApart && out > from) all[out++] = SPACE;
        isApart = false;
        for (let each = at; each < at + length; each++) {
          word = Math.imul(word ^ all[each]!, FNV_PRIME);
          all[out++] = all[each]!;
        }
      }
      at += length - 1;
      // Scripts without blanks are taken by the character.
      if (!isApart && code < 0x2e80) continue;
    } else continue;
    if (word === FNV_OFFSET) continue;
    const mixed = mix(Math.imul(first, 31) ^ Math.imul(second, 17) ^ word);
    const part = mixed & (PARTS - 1);
    const value = mixed >>> 7;
    if (value < least[part]!) least[part] = value;
    first = second;
    second = word;
    word = FNV_OFFSET;
  }
  sketch.first = first;
  sketch.second = second;
  return out;
}

/** The code of a character of two or three bytes. */
function codeAt(all: Buffer, at: number, byte: number): number {
  if (byte < 0xe0) return ((byte & 0x1f) << 6) | (all[at + 1]! & 0x3f);
  return ((byte & 0x0f) << 12) | ((all[at + 1]! & 0x3f) << 6) | (all[at + 2]! & 0x3f);
}

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
