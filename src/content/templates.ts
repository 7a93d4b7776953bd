/**
 * What site generators would have replaced and feeds must not show: Liquid and Jinja tags, Hugo and Zola shortcodes, imports of
 * MDX. Code keeps them, since there they are the subject.
 */
import { finder } from './find.ts';
import { boxLine } from './template-boxes.ts';
import { codeBlocks } from './template-code.ts';
import { componentTag, endOfStatement, indentBehind, withTagsOnOneLine } from './template-components.ts';
import { tagReader } from './template-tags.ts';

/** Without one of these there are no templates. */
const OPENINGS = ['{%', '{{', '{#', '{::'];
const EVENT = /`+|\{(?:[%{#]|:[:/])/g;
/** A code span, which is found only to be passed over. */
const CODE_SPAN = /(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n)[^]){1,500}?(?<!`)\1(?!`)/y;
/** Markers of quotes and lists, then a fence; an info string of backticks holds none. */
const FENCE = /^((?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*)(?:(`{3,})[^`]*|(~{3,}).*)$/;
const RAW_IN_CODE =
  /^[ \t]*\{%-?\s*(end)?(?:raw|verbatim)\s*-?%\}[ \t]*(?:\n|$)|\{%-?\s*(end)?(?:raw|verbatim)\s*-?%\}/gm;
/** What stands before an address in markdown and in HTML. */
const BEFORE_URL =
  /(?:\]\([ \t]*<?|^ {0,3}\[[^\]]{1,500}\]:[ \t]*<?|\b(?:href|src|srcset|poster|cite)[ \t]*=[ \t]*["']?)$/i;
const BARE_URL = /^(?:href|src|srcset|poster|cite)=/i;
/** How far back an address may begin. */
const URL_LIMIT = 500;

/** A tag of HTML with more lines before an attribute is seldom. */
const TAG_LINES = 20;

/** An attribute whose value is an expression, but only of a text. */
const MDX_TEXT = /(\s[\w-]{1,50}=)\{\s*(["'`])([^"'`{}<>]{1,2000})\2\s*\}/g;

export interface Cleared {
  body: string;
  /** Lines of the body, counting from 0, with what was taken out of them. */
  removed: { line: number; what: string }[];
}

/** Takes templates out of the markdown body of the post at `path`. */
export function clearTemplates(written: string, path: string): Cleared {
  const isMdx = /\.mdx$/i.test(path);
  const body = isMdx ? withTagsOnOneLine(written) : written;
  if (!OPENINGS.some((opening) => body.includes(opening)) && !isMdx) return { body, removed: [] };
  const removed: Cleared['removed'] = [];
  const readTag = tagReader(body);
  const find = finder(body);
  const lines = body.split('\n');
  const blocks = codeBlocks(lines);
  const folder = /^(.*\/)index\.[^/]*$/i.exec(path)?.[1] ?? '';
  const out: string[] = [];
  /** What the last line was, as far as the next depends on it. */
  let state = { isBlank: true, isCode: false, inList: false, inHtml: false, isEmptied: false };
  let offset = 0;
  /** How far what stands in components is indented, which is no code there: the innermost last. */
  const indents: string[] = [];
  const dedented = (text: string): string => {
    const indent = indents.at(-1) ?? '';
    return indent && text.startsWith(indent) ? text.slice(indent.length) : text;
  };

  let tagged = { lines: -1, is: false };
  /** Whether the lines so far end within a tag: found out once, however many are left out behind them. */
  const endsInTag = (): boolean => {
    const lines = out.length;
    if (tagged.lines !== lines) tagged = { lines, is: isInTag(out.slice(-TAG_LINES).join('\n')) };
    return tagged.is;
  };

  /** A line of prose from `at` in it on, with those that its tags lead to; gives the number of the line that comes next. */
  const prose = (line: number): number => {
    const pieces: string[] = [];
    let tail = '';
    let lost = false;
    let from = offset;
    let at = offset;
    let number = line;
    let end = offset + lines[line]!.length;
    const add = (piece: string): void => {
      pieces.push(piece);
      tail = (piece.length < URL_LIMIT ? tail + piece : piece).slice(-URL_LIMIT);
    };
    for (;;) {
      const event = at < end ? find(EVENT, at) : undefined;
      if (!event || event.index >= end) break;
      at = event.index;
      if (event[0].startsWith('`')) {
        CODE_SPAN.lastIndex = at;
        const span = CODE_SPAN.exec(body)?.[0] ?? event[0];
        add(body.slice(from, at) + withoutRaw(span));
        at += span.length;
      } else {
        let url: string | undefined;
        const tag = readTag(at, () => {
          url = begunUrl(tail + body.slice(Math.max(from, at - URL_LIMIT), at));
          return { inUrl: url !== undefined, startsUrl: url === '', folder };
        });
        if (!tag) {
          at += event[0].length;
          continue;
        }
        add(body.slice(from, at));
        // Of an address that cannot be known nothing is left.
        if (tag.lost !== undefined && url) shorten(pieces, url.length);
        // `style={{ … }}` would be half an attribute.
        else if (isMdx || (url === undefined && isInTag(tail)))
          shorten(pieces, /\s[\w-]{1,50}=$/.exec(tail)?.[0].length ?? 0);
        // `<{{ … }}>` was to be a link.
        const isBracketed = tag.lost !== undefined && body[tag.end] === '>' && /(?:^|\s)<$/.test(tail);
        if (isBracketed) shorten(pieces, 1);
        add(tag.text);
        if (tag.lost !== undefined) removed.push({ line: number, what: tag.lost });
        lost ||= tag.text === '';
        at = isBracketed ? tag.end + 1 : tag.end;
      }
      from = at;
      while (at > end) end += 1 + lines[++number]!.length;
    }
    const cleared = pieces.join('') + body.slice(from, end);
    const text = isMdx ? dedented(cleared.replace(MDX_TEXT, '$1"$3"')) : cleared;
    offset = end + 1;
    const isBlank = text.trim() === '';
    // A blank line would end a tag of several lines.
    if (isBlank && lost && endsInTag()) return number + 1;
    out.push(text);
    const isList = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/.test(text);
    state = {
      isBlank,
      isCode: false,
      inList: isBlank ? state.inList : isList || (state.inList && /^\s/.test(text)),
      inHtml: !isBlank && (state.inHtml || /^ {0,3}</.test(text)),
      isEmptied: isBlank && lost,
    };
    return number + 1;
  };

  const copy = (line: number, text: string): number => {
    out.push(text);
    offset += lines[line]!.length + 1;
    return line + 1;
  };

  /** Code up to its fence; gives the number of the line that comes next. */
  const code = (line: number, prefix: string, fence: string): number => {
    const first = out.length;
    let next = copy(line, lines[line]!);
    while (next < lines.length) {
      const text = lines[next]!;
      if (prefix.includes('>') && !/^[ \t]*>/.test(text)) break;
      const mark = /^[ \t>]*(`{3,}|~{3,})[ \t]*$/.exec(text)?.[1] ?? '';
      next = copy(next, text);
      if (mark[0] === fence[0] && mark.length >= fence.length) break;
    }
    const inside = out.slice(first).map(dedented);
    const cleared = withoutRaw(inside.join('\n'));
    out.splice(first, out.length - first, cleared);
    return next;
  };

  /** The generators' own way to write a block of code becomes a fence. */
  const highlight = (line: number, close: number, language: string): number => {
    const inside = lines.slice(line + 1, close).join('\n');
    const longest = Math.max(2, ...Array.from(inside.matchAll(/^[ \t]*(`{3,})/gm), (run) => run[1]!.length));
    const fence = '`'.repeat(longest + 1);
    // Within a block of HTML there are no fences.
    if (state.inHtml) out.push('');
    out.push(fence + language);
    if (close > line + 1) out.push(withoutRaw(inside));
    out.push(fence);
    for (let at = line; at <= close; at++) offset += lines[at]!.length + 1;
    return close + 1;
  };

  let statementEnd = 0;
  for (let line = 0; line < lines.length;) {
    const text = lines[line]!;
    const { isBlank, isCode, inList, isEmptied } = state;
    const block = blocks.get(line);
    // Within a block of HTML such a mark would be text.
    const boxed = text.includes('{') && !state.inHtml ? boxLine(text) : undefined;
    const [, prefix = '', ticks, tildes] = FENCE.exec(text) ?? [];
    const fence = ticks ?? tildes;
    const component = isMdx ? componentTag(text) : undefined;
    const isIndented = /^(?: {4}|\t)/.test(dedented(text)) && !component;
    if (isIndented && !inList && (isBlank || isCode) && text.trim() !== '') {
      line = copy(line, withoutRaw(text));
      state = { ...state, isBlank: false, isCode: true };
    } else if (block) {
      line = highlight(line, block.close, block.language);
      state = { ...state, isBlank: false, isCode: false, inHtml: false, isEmptied: false };
    } else if (fence && (inList || !/^(?: {4}| {0,3}\t)/.test(dedented(prefix)))) {
      line = code(line, prefix, fence);
      const isListed = /[-*+\d]/.test(prefix) || (inList && /^\s/.test(text));
      state = { ...state, isBlank: false, isCode: false, inList: isListed, isEmptied: false };
    } else if (isMdx && line >= statementEnd && (statementEnd = endOfStatement(lines, line)) > line) {
      removed.push({ line, what: text.trim() });
      while (line < statementEnd) line = copy(line, '');
    } else if (component) {
      if (component === 'closes') indents.pop();
      else if (component === 'opens') indents.push(indentBehind(lines, line));
      line = copy(line, '');
      state = { ...state, isBlank: true, isCode: false, inHtml: false, isEmptied: false };
    } else if (boxed !== undefined) {
      line = copy(line, boxed);
      state = { ...state, isBlank: false, isCode: false, isEmptied: false };
    } else if (isEmptied && /^ {0,3}(?:=+|-{2,})[ \t]*$/.test(text)) {
      // What it underlined is gone.
      line = copy(line, '');
    } else line = prose(line);
  }
  return { body: out.join('\n'), removed };
}

/** Whether a text ends within a tag of HTML that has a name. */
function isInTag(text: string): boolean {
  return /<[a-z][^<>]*$/i.test(text);
}

/** Takes so many characters from the end of what pieces say together. */
function shorten(pieces: string[], length: number): void {
  for (let rest = length; rest > 0 && pieces.length > 0;) {
    const piece = pieces.pop()!;
    if (piece.length > rest) pieces.push(piece.slice(0, -rest));
    rest -= piece.length;
  }
}

/** The part of an address that stands at the end of a text; undefined if none does. */
function begunUrl(text: string): string | undefined {
  let begin = text.length;
  while (begin > 0 && !/[\s"'<>()]/.test(text[begin - 1]!)) begin--;
  const word = text.slice(begin);
  const bare = BARE_URL.exec(word)?.[0];
  if (bare !== undefined) return word.slice(bare.length);
  return BEFORE_URL.test(text.slice(text.lastIndexOf('\n') + 1, begin)) ? word : undefined;
}

/** Code of which a generator would have read `{% raw %}` before it was code. */
function withoutRaw(code: string): string {
  if (!code.includes('{%')) return code;
  let isOpen = false;
  let isPaired = true;
  const cleared = code.replace(RAW_IN_CODE, (_, line: string | undefined, within: string | undefined) => {
    isPaired &&= isOpen === Boolean(line ?? within);
    isOpen = !isOpen;
    return '';
  });
  return isPaired && !isOpen ? cleared : code;
}
