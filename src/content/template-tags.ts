/**
 * What one template tag stands for in a text: Liquid, Jinja and their like, shortcodes of Hugo and Zola, kramdown's extensions.
 * Nothing is evaluated but what is plain from the tag itself.
 */
import { finder } from './find.ts';
import { referenceUrl } from './references.ts';
import { embedOf } from './template-embeds.ts';
import { pictureOf } from './template-pictures.ts';
import { UNKNOWN } from './urls.ts';

export interface TagReading {
  /** Offset behind the tag, and behind all that goes with it. */
  end: number;
  text: string;
  /** What is lost to the reader by it; nothing with tags that only say how others are to be read, and with comments. */
  lost?: string;
}

/** Where in a text a tag stands: within the address of a link or picture, or elsewhere. */
export interface TagPlace {
  inUrl: boolean;
  /** Whether nothing of the address stands before the tag. */
  startsUrl: boolean;
  /** The folder of a post that has one of its own, with `/` at its end, or ''. */
  folder: string;
}

/** A longer tag is no tag, but two braces that have nothing to do with each other. */
const TAG_LIMIT = 10_000;
/** Blocks of which it is not known whether, how often or where a generator shows them, and those it never does. */
const HIDING = new Set(
  'comment doc if ifchanged unless case for tablerow capture macro css js javascript stylesheet schema'.split(
    ' ',
  ),
);
/** Tags that keep a value for others: what those would have shown is told where they stand. */
const SILENT = new Set(['assign', 'set']);
const COMMENTS = new Set(['comment', 'doc']);
const RAW = new Set(['raw', 'verbatim']);

/**
 * Reads the tags of one text. No text takes more than linear time, whatever is never closed in it. Where a tag stands is asked only of
 * one that is one.
 */
export function tagReader(body: string): (at: number, place: () => TagPlace) => TagReading | undefined {
  const find = finder(body);

  /** Names of blocks that are not closed as often as they are opened. */
  const unbalanced = new Set(RAW);
  /** The end of a block that began before `from`: blocks of one name may stand in each other. */
  const endOfBlock = (name: string, from: number): { begin: number; end: number } | undefined => {
    const pattern = new RegExp(`\\{%-?\\s*(?:(end${name}\\s*-?%\\})|${name}(?![\\w-]))`, 'g');
    pattern.lastIndex = from;
    let depth = unbalanced.has(name) ? 0 : 1;
    for (let tag = depth ? pattern.exec(body) : null; tag; tag = pattern.exec(body)) {
      depth += tag[1] ? -1 : 1;
      if (depth === 0) return { begin: tag.index, end: tag.index + tag[0].length };
    }
    unbalanced.add(name);
    if (!RAW.has(name) && !COMMENTS.has(name)) return undefined;
    const first = find(new RegExp(`\\{%-?\\s*end${name}\\s*-?%\\}`, 'g'), from);
    return first && { begin: first.index, end: first.index + first[0].length };
  };

  const statement = (at: number, placeOf: () => TagPlace): TagReading | undefined => {
    const end = closing(body, at, '{%', '%}');
    if (end === undefined) return undefined;
    const tag = body.slice(at, end);
    const name = /^\{%-?\s*([\w#]+)/.exec(tag)?.[1] ?? '';
    // What ends was told where it began.
    if (name.startsWith('#') || /^end/.test(name)) return { end, text: '' };
    if (RAW.has(name)) {
      const close = endOfBlock(name, end);
      return close ? { end: close.end, text: body.slice(end, close.begin) } : { end, text: '' };
    }
    const reference = referenceUrl(tag);
    if (reference !== undefined && placeOf().startsUrl) return { end, text: reference };
    const embedded = embedOf(tag);
    if (embedded !== undefined && !placeOf().inUrl) return { end, text: embedded };
    if (SILENT.has(name) && tag.includes('=')) return { end, text: '' };
    const close =
      HIDING.has(name) || (name === 'set' && !tag.includes('=')) ? endOfBlock(name, end) : undefined;
    if (!close) return { end, text: '', lost: tag };
    return { end: close.end, text: '', ...(!COMMENTS.has(name) && { lost: tag }) };
  };

  const output = (at: number, placeOf: () => TagPlace): TagReading | undefined => {
    const comment = sticky(/\{\{-?\s*\/\*/y, body, at) && find(/\*\/\s*-?\}\}/g, at);
    if (comment) return { end: comment.index + comment[0].length, text: '' };
    const escaped = sticky(/\{\{([<%])\/\*((?:(?!\*\/)[^\n]){0,1000})\*\/[%>]\}\}/y, body, at);
    if (escaped) {
      const [whole, mark = '', inner = ''] = escaped;
      const text = `{{${mark}${inner}${mark === '<' ? '>' : mark}}}`;
      return { end: at + whole.length, text };
    }
    const opened = sticky(
      /\{\{([<%])\s*(comment|draft|hidden|internal|private|secret)(?=[\s%>])[^{}]*[%>]\}\}/y,
      body,
      at,
    );
    const name = opened?.[2] ?? '';
    const close =
      opened && find(new RegExp(String.raw`\{\{[<%]\s*/\s*${name}\s*[%>]\}\}`, 'g'), at + opened[0].length);
    if (close) {
      const end = close.index + close[0].length;
      return { end, text: '', ...(name !== 'comment' && { lost: opened[0] }) };
    }
    const literal = sticky(LITERAL, body, at);
    const end = literal ? at + literal[0].length : closing(body, at, '{{', '}}');
    if (end === undefined) return undefined;
    const tag = body.slice(at, end);
    const place = placeOf();
    const shown = place.inUrl ? undefined : (pictureOf(tag, place.folder) ?? embedOf(tag));
    if (shown !== undefined) return { end, text: shown };
    if (/^\{\{[<%]\s*\//.test(tag)) return { end, text: '' };
    const reference = place.startsUrl ? referenceUrl(tag) : undefined;
    if (reference !== undefined) return { end, text: reference };
    const value = valueOf(tag);
    if (value === undefined) return { end, text: '', lost: tag };
    if (!place.inUrl) return value === '' ? { end, text: '', lost: tag } : { end, text: value };
    const isAll = place.startsUrl && value === '' && /[)"'>\s]/.test(body[end] ?? ' ');
    return { end, text: isAll ? '/' : value.replace(/\s/g, '%20') };
  };

  const extension = (at: number): TagReading | undefined => {
    const tag = sticky(/\{:(?::([a-z]+)(?:[ \t][^{}\n]{0,1000})?|\/[a-z]*)\}/y, body, at);
    if (!tag) return undefined;
    const end = at + tag[0].length;
    const close = tag[1] === 'comment' && find(/\{:\/(?:comment)?\}/g, end);
    return { end: close ? close.index + close[0].length : end, text: '' };
  };

  const comment = (at: number): TagReading | undefined => {
    // `{#name}` is the id of a heading.
    if (sticky(/\{#[\w:.-]+\}/y, body, at)) return undefined;
    const close = find(/#\}/g, at + 2);
    return close && close.index - at < TAG_LIMIT ? { end: close.index + 2, text: '' } : undefined;
  };

  return (at, placeOf) => {
    const mark = body[at + 1];
    if (mark === '#') return comment(at);
    if (mark === ':') return extension(at);
    let place: TagPlace | undefined;
    const placeOnce = (): TagPlace => (place ??= placeOf());
    const reading = mark === '%' ? statement(at, placeOnce) : output(at, placeOnce);
    // Within an address, what is lost leaves its mark.
    return reading?.lost !== undefined && placeOnce().inUrl ? { ...reading, text: UNKNOWN } : reading;
  };
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}

/** Where a tag ends that begins at `at`; undefined if another begins before. */
function closing(body: string, at: number, open: string, close: string): number | undefined {
  const within = body.slice(at + 2, at + TAG_LIMIT);
  const found = (open === '{%' ? /\{%|%\}/ : /\{\{|\}\}/).exec(within);
  return found?.[0] === close ? at + 2 + found.index + 2 : undefined;
}

/** A text in quotes, perhaps with braces in it. */
const LITERAL = /\{\{-?\s*(?:"[^"\n]{0,1000}"|'[^'\n]{0,1000}')\s*(?:\|[^|{}\n]{0,200}){0,5}-?\}\}/y;
const VALUE = /^\{\{-?\s*(?:"([^"]*)"|'([^']*)'|([\w.]+))\s*((?:\|[^|]*)*?)-?\}\}$/;
/** The address of the site: links without it lead to the same pages. */
const SITE = /^(?:site\.(?:base_?url|url)|root_url|base_?url)$/i;
const ROOTED = /^(?:relative_url|absolute_url|prepend:\s*site\.\w+)$/;
const HARMLESS = /^(?:url|safe|e|escape|strip|xml_escape)$/;

/** The text that an output tag stands for, if it says so itself. */
function valueOf(tag: string): string | undefined {
  const [, double, single, name, written = ''] = VALUE.exec(tag) ?? [];
  const literal = double ?? single;
  if (literal === undefined && !(name && SITE.test(name))) return undefined;
  let value = literal ?? '';
  for (const filter of written.split('|').slice(1)) {
    if (ROOTED.test(filter.trim())) value = /^(?:\/|[a-z][a-z\d+.-]*:)/i.test(value) ? value : `/${value}`;
    else if (!HARMLESS.test(filter.trim())) return undefined;
  }
  return value;
}
