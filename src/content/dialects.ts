/** What markdown of GitHub, Obsidian, Docusaurus, VitePress, kramdown and others says beside CommonMark, in words of HTML. */
import { escapeHtml, oneLine } from './text.ts';

/** A token of markdown-it, as far as it is looked at here. */
interface Token {
  type: string;
  content: string;
  children: Token[] | null;
}

/** A text that markdown-it goes through by lines. */
interface Lines {
  src: string;
  bMarks: number[];
  eMarks: number[];
  tShift: number[];
  sCount: number[];
  blkIndent: number;
  line: number;
  push(type: string, tag: string, nesting: 0): Token;
}

/** Where a block's rule goes, and what it may break off. */
interface Ruler {
  before(
    name: string,
    own: string,
    rule: (lines: Lines, line: number, end: number, isAsked: boolean) => boolean,
    options: { alt: string[] },
  ): void;
}

/** Boxes that are called like these say so themselves; others only with a title. */
const KINDS =
  /^(?:abstract|attention|bug|caution|danger|error|example|hint|important|info|note|question|success|tip|todo|warn|warning)$/i;

/** Marks of boxes, and what is nothing to be read. */
export function addBlocks(ruler: Ruler): void {
  const alt = ['paragraph', 'reference', 'blockquote', 'list'];
  ruler.before('fence', 'box', box, { alt });
  ruler.before('fence', 'abbreviation', abbreviation, { alt: ['paragraph', 'reference'] });
  ruler.before('fence', 'contents', contents, { alt: [] });
  ruler.before('html_block', 'markdown_inside', markdownInside, { alt });
}

/** How tokens that are made here are written; a label is plain text. */
export const LABELS: Readonly<Record<string, (tokens: { content: string }[], at: number) => string>> = {
  label: (tokens, at) => `<strong>${escapeHtml(tokens[at]!.content)}</strong>`,
  label_block: (tokens, at) => `<p><strong>${escapeHtml(tokens[at]!.content)}</strong></p>\n`,
};

const BOX =
  /^:{3,}[ \t]*(?:([a-z][\w-]{0,40})(?:[ \t]*\[([^\]]*)\])?(?:[ \t]*\{[^{}]*\})?(?:[ \t]+([^\s{}][^{}]*)?)?(?:\{[^{}]*\})?)?$/i;

/** `::: tip Title` and `:::`: lines around a box, of which the title is kept. */
function box(lines: Lines, line: number, _end: number, isAsked: boolean): boolean {
  const written = begun(lines, line, ':');
  const match = written?.startsWith(':::') ? BOX.exec(written.trimEnd()) : null;
  if (!match) return false;
  if (isAsked) return true;
  const [, kind = '', bracketed, rest] = match;
  const title = oneLine(bracketed ?? rest ?? '').replace(/^"(.*)"$/, '$1');
  const label = title || (KINDS.test(kind) ? capitalised(kind) : '');
  if (label) lines.push('label_block', '', 0).content = label;
  lines.line = line + 1;
  return true;
}

/** `*[HTML]: HyperText Markup Language` */
function abbreviation(lines: Lines, line: number, _end: number, isAsked: boolean): boolean {
  const written = begun(lines, line, '*');
  if (!written || !/^\*\[[^\]]{1,100}\]:[ \t]*\S/.test(written)) return false;
  if (!isAsked) lines.line = line + 1;
  return true;
}

const SAYS_MARKDOWN =
  /^<[a-z][\w-]*(?=\s)[^<>]*\smarkdown\s*=\s*(["']?)(?:1|block|span)\1(?:\s[^<>]*)?>[ \t]*$/i;

/** `<div markdown="1">`: kramdown reads what is in such an element, which to others is HTML up to a blank line. */
function markdownInside(lines: Lines, line: number, _end: number, isAsked: boolean): boolean {
  const tag = begun(lines, line, '<');
  if (tag === undefined || !SAYS_MARKDOWN.test(tag)) return false;
  if (isAsked) return true;
  lines.push('html_block', '', 0).content = `${tag}\n`;
  lines.line = line + 1;
  return true;
}

/** `[[toc]]`, in whose place generators put a table of contents. */
function contents(lines: Lines, line: number, end: number, isAsked: boolean): boolean {
  const isMark = /^\[(?:\[toc\]|toc)\][ \t]*$/i.test(begun(lines, line, '[') ?? '');
  const isAlone =
    line + 1 >= end || lines.bMarks[line + 1]! + lines.tShift[line + 1]! >= lines.eMarks[line + 1]!;
  if (!isMark || !isAlone) return false;
  if (!isAsked) lines.line = line + 1;
  return true;
}

/** A line from its first sign on, if that is `sign` and it is not indented like code. */
function begun(lines: Lines, line: number, sign: string): string | undefined {
  const begin = lines.bMarks[line]! + lines.tShift[line]!;
  if (lines.src[begin] !== sign || lines.sCount[line]! - lines.blkIndent >= 4) return undefined;
  const end = lines.eMarks[line]!;
  return end - begin > 500 ? undefined : lines.src.slice(begin, end);
}

/** GFM's task lists, with characters for boxes: readers take form elements out. */
export function tickBoxes(tokens: Token[]): void {
  tokens.forEach((token, at) => {
    if (token.type !== 'inline' || tokens[at - 2]?.type !== 'list_item_open') return;
    const box = /^\[([ xX])\][ \u00A0]/.exec(token.content);
    const text = token.children?.[0];
    if (box && text?.type === 'text')
      text.content = `${box[1] === ' ' ? '☐' : '☑'} ${text.content.slice(box[0].length)}`;
  });
}

/** `> [!NOTE]` and Obsidian's `> [!tip]- Title`: quotes that begin with what they are. */
export function labelQuotes(tokens: Token[]): void {
  tokens.forEach((token, at) => {
    if (token.type !== 'inline' || tokens[at - 2]?.type !== 'blockquote_open') return;
    const [text, next] = token.children ?? [];
    const match = text?.type === 'text' && /^\[!([a-z][\w-]{0,40})\][+-]?(.*)$/is.exec(text.content);
    if (!match) return;
    text.type = 'label';
    text.content = oneLine(match[2]!) || capitalised(match[1]!);
    if (next?.type === 'softbreak') next.type = 'hardbreak';
  });
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}
