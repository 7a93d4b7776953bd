/** Markdown -> safe HTML in which every URL is absolute. The only home of markdown-it and its plugins. */
import { footnote } from '@mdit/plugin-footnote';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { dropAttributes } from './attributes.ts';
import { LABELS, addBlocks, labelQuotes, tickBoxes } from './dialects.ts';
import { FOOTNOTES } from './footnotes.ts';
import { sanitize } from './html.ts';
import { once } from './once.ts';
import { clean, oneLine, withoutTags } from './text.ts';
import { PLAIN_LINK, linkUrl, mediaUrl } from './urls.ts';

export interface RenderOptions {
  /** Absolute URL that relative ones are resolved against: the permalink. */
  base: string;
  /** The absolute URL that a link means, undefined if it may not be published; without it, `linkUrl` says so. */
  link?: (url: string) => string | undefined;
  /** Put into the ids of footnotes, so that two entries in one document do not share any. */
  idPrefix: string;
}

interface Env extends Required<RenderOptions> {
  hasHtml: boolean;
}

const MORE = /^[ \t]*<!--\s*(?:more|truncate)\s*-->[ \t]*$|<!--\s*(?:more|truncate)\s*-->/im;

/** Where a reference leads, or the beginning of a footnote. */
const DEFINITION = /^ {0,3}\[[^\]\n]{1,999}\]:.*$/gm;

// Made when they are first needed: a run in which nothing changed needs none of them.
const markdown = once(createMarkdown);
const references = once(() => new MarkdownIt('zero').enable('entity'));
const phrases = once(() =>
  passPlainLinks(new MarkdownIt('zero').enable(['entity', 'link', 'image', 'backticks'])),
);
const STRONG = /(?<![\w*`])\*\*(?=\S)([^*`\n]{0,500}[^\s*`])\*\*(?![\w*`])/g;

/**
 * CommonMark with GFM's tables, strikethrough, task lists and autolinks, and footnotes. Raw HTML goes through an allow-list;
 * without any, what markdown-it writes is safe as it is, since links and pictures are checked here.
 */
export function renderMarkdown(source: string, options: RenderOptions): string {
  const { base, link = (url) => linkUrl(url, base) } = options;
  const env: Env = { ...options, link, hasHtml: false };
  const tokens = markdown().parse(source.includes('<!--') ? source.replace(MORE, '') : source, env);
  checkTokens(tokens, env);
  const html = markdown().renderer.render(tokens, markdown().options, env);
  // References like &#1; have become characters by now.
  return clean(env.hasHtml ? sanitize(html, base, link) : html).trim();
}

/** The text of the first heading, on one line, or undefined. */
export function firstHeading(source: string): string | undefined {
  const tokens = markdown().parse(source, {});
  const at = tokens.findIndex((token) => token.type === 'heading_open');
  return at === -1 ? undefined : plainText(tokens.slice(at + 1, at + 2)) || undefined;
}

/** What the author put before `<!--more-->` or `<!-- truncate -->`, as plain text on one line, or undefined. */
export function excerptOf(source: string): string | undefined {
  const more = source.includes('<!--') ? MORE.exec(source) : null;
  if (!more) return undefined;
  // Where links lead is mostly said at the end of a text.
  const definitions = source.slice(more.index).match(DEFINITION) ?? [];
  const before = [source.slice(0, more.index), ...definitions].join('\n\n');
  const tokens = markdown().parse(before, {});
  const notes = tokens.findIndex(({ type }) => type === 'footnote_block_open');
  return plainText(notes === -1 ? tokens : tokens.slice(0, notes)) || undefined;
}

/** What a title says that was written to be put into HTML: character references and simple elements are read, once. */
export function plainTitle(written: string): string {
  return /&[#a-z]|</i.test(written) ? plainText(references().parseInline(withoutTags(written), {})) : written;
}

/** The same for a summary, in which there may be links, code and strong words as in markdown. */
export function plainSummary(written: string): string {
  const text = written.includes('**') ? written.replace(STRONG, '$1') : written;
  return /&[#a-z]|[<`]|\]\(/i.test(text) ? plainText(phrases().parseInline(withoutTags(text), {})) : text;
}

/** How a text begins: its first paragraph or list item that says something, on one line. */
export function beginningOf(source: string): string | undefined {
  for (const token of markdown().parse(source, {})) {
    const text = token.type === 'inline' ? plainText([token]) : '';
    if (text) return text;
  }
  return undefined;
}

/** A body as paragraphs of plain text and the URLs it links to: for telling a pointer to another page from an article. */
export function outline(source: string): { blocks: string[]; links: string[] } {
  const tokens = markdown().parse(source, {});
  const links = tokens
    .flatMap((token) => token.children ?? [])
    .flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? []);
  const blocks = tokens
    .filter((token) => token.type !== 'inline' && !/_(?:open|close)$/.test(token.type))
    .map((token) => token.content);
  return {
    blocks: [
      ...blocks,
      ...tokens.filter((token) => token.type === 'inline').map((token) => plainText([token])),
    ],
    links,
  };
}

/** Where the links of a text lead that is taken for one paragraph, as they are written there. */
export function linksOf(text: string): string[] {
  const tokens = markdown()
    .parseInline(text, {})
    .flatMap((token) => token.children ?? []);
  return tokens.flatMap((token) => (token.type === 'link_open' ? (token.attrGet('href') ?? []) : []));
}

/** The deepest level of quotes, lists and emphasis; markdown-it leaves out blocks that are deeper than 100. */
export function deepestLevel(source: string): number {
  const deepest = (tokens: Token[]): number =>
    tokens.reduce(
      (level, token) =>
        Math.max(level, token.level, token.children ? token.level + deepest(token.children) : 0),
      0,
    );
  return deepest(markdown().parse(source, {}));
}

/** The attributes of everything in a text: where links lead, and what they and pictures are called. */
export function attributesIn(source: string): [name: string, value: string][] {
  const written = ({ attrs, children }: Token): [string, string][] => [
    ...(attrs ?? []),
    ...(children ?? []).flatMap(written),
  ];
  return markdown().parse(source, {}).flatMap(written);
}

/** All HTML that a text holds itself, without what stands around it. */
export function rawHtml(source: string): string {
  const written = (token: Token): string =>
    token.type.startsWith('html_') ? token.content : (token.children ?? []).map(written).join('');
  return markdown().parse(source, {}).map(written).join('');
}

function createMarkdown(): MarkdownIt {
  const md = new MarkdownIt({ html: true, linkify: true });
  md.use(footnote);
  addBlocks(md.block.ruler);
  md.core.ruler.after('inline', 'task_lists', ({ tokens }) => tickBoxes(tokens));
  md.core.ruler.after('inline', 'quotes', ({ tokens }) => labelQuotes(tokens));
  md.core.ruler.after('inline', 'attributes', ({ tokens }) => dropAttributes(tokens));
  // Links are judged by checkTokens, where the base is known.
  md.validateLink = () => true;
  linkWords(md);
  passPlainLinks(md);
  Object.assign(md.renderer.rules, LABELS, FOOTNOTES);
  return md;
}

/** Longer than any address that somebody would want to be a link. */
const WORD_LIMIT = 2000;

/**
 * Links what GFM links: URLs, www. and mail addresses; `README.md` is none. Word by word, since no address holds a blank, and
 * linkify-it takes quadratic time on text without an end.
 */
function linkWords(md: MarkdownIt): void {
  md.linkify.set({ fuzzyLink: false });
  md.linkify.add('www.', {
    validate: (text: string, at: number) =>
      /^(?:[\w-]+\.)+[a-z]{2,}(?:[/?#][^\s<>"]*[^\s<>"?!.,:*_~'])?/i.exec(text.slice(at))?.[0].length ?? 0,
    normalize: (match: { url: string }) => {
      match.url = `http://${match.url}`;
    },
  });
  const match = md.linkify.match.bind(md.linkify);
  md.linkify.pretest = mayLink;
  md.linkify.test = mayLink;
  md.linkify.match = (text) => {
    const found = [];
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      if (word.length > WORD_LIMIT || !mayLink(word)) continue;
      for (const link of match(word) ?? []) {
        link.index += index;
        link.lastIndex += index;
        found.push(link);
      }
    }
    return found;
  };
  const matchAtStart = md.linkify.matchAtStart.bind(md.linkify);
  md.linkify.matchAtStart = (text) => {
    const [word] = /^\S*/.exec(text.slice(0, WORD_LIMIT + 1))!;
    return word.length > WORD_LIMIT ? null : matchAtStart(word);
  };
}

/** Whether a text has what no address is without. Looking for that is much faster than for what may stand before an address. */
function mayLink(text: string): boolean {
  return text.includes('@') || (text.includes('//') && text.includes(':')) || /www\./i.test(text);
}

/** What is plain it would take apart, encode by the character and put together again. */
function passPlainLinks(md: MarkdownIt): MarkdownIt {
  const normalize = md.normalizeLink.bind(md);
  md.normalizeLink = (url) => (PLAIN_LINK.test(url) ? url : normalize(url));
  return md;
}

/** Makes URLs absolute, drops those that may not be published, and notes raw HTML. Changes the tokens, which are ours. */
function checkTokens(tokens: Token[], env: Env): void {
  let isDropped = false;
  for (const token of tokens) {
    if (token.type === 'html_block' || token.type === 'html_inline') env.hasHtml = true;
    else if (token.type === 'link_open') {
      const url = env.link(token.attrGet('href') ?? '');
      setOrDrop(token, 'href', url);
      // Links are never nested.
      token.hidden = isDropped = url === undefined;
    } else if (token.type === 'link_close') token.hidden = isDropped;
    else if (token.type === 'image') checkImage(token, env.base);
    else if (token.type === 'th_open' || token.type === 'td_open') alignWithoutStyle(token);
    if (token.children && token.type !== 'image') checkTokens(token.children, env);
  }
}

function checkImage(token: Token, base: string): void {
  const src = mediaUrl(token.attrGet('src') ?? '', base);
  if (src) return token.attrSet('src', src);
  token.type = 'text';
  token.content = plainText(token.children ?? []);
}

/** Readers and the W3C validator distrust style attributes; `align` means the same in every reader. */
function alignWithoutStyle(token: Token): void {
  const align = /text-align:(\w+)/.exec(token.attrGet('style') ?? '')?.[1];
  setOrDrop(token, 'style', undefined);
  if (align) token.attrSet('align', align);
}

function setOrDrop(token: Token, name: string, value: string | undefined): void {
  if (value) token.attrSet(name, value);
  else token.attrs = token.attrs?.filter(([key]) => key !== name) ?? null;
}

function plainText(tokens: Token[]): string {
  const collect = (token: Token): string => {
    if (token.type === 'html_inline' || token.type === 'html_block' || token.type.startsWith('footnote'))
      return '';
    if (token.type === 'softbreak' || token.type === 'hardbreak') return ' ';
    if (token.children) return token.children.map(collect).join('') + (token.type === 'inline' ? ' ' : '');
    return token.type === 'text' || token.type.startsWith('code') || token.type === 'fence'
      ? token.content
      : '';
  };
  return oneLine(tokens.map(collect).join(''));
}
