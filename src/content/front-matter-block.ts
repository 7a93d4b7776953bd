/** Where front matter begins and ends in a text, and in which language it is. */
import { findHeader } from './header.ts';
import { countLines } from './text.ts';

/** Front matter that cannot be read; line and column count from 1 in the file. */
export class FrontMatterError extends Error {
  readonly line: number;
  readonly column: number | undefined;
  readonly rule: string;

  constructor(rule: string, message: string, line: number, column?: number) {
    super(message);
    this.rule = rule;
    this.line = line;
    this.column = column;
  }
}

export type Language = 'yaml' | 'toml' | 'json' | 'header';

export interface Block {
  /** The front matter without its delimiters. */
  text: string;
  language: Language;
  /** The lines of the file on which the front matter and the body begin. */
  line: number;
  bodyLine: number;
  body: string;
}

/** The delimiter lines of each dialect; a word behind the first one names another language. */
const DIALECTS: { open: RegExp; close: RegExp; delimiter: string; language: Language }[] = [
  { open: /^---[ \t]*([^\s-]\S*)?[ \t]*(?:\n|$)/, close: /^---[ \t]*$/m, delimiter: '---', language: 'yaml' },
  {
    open: /^\+\+\+[ \t]*([^\s+]\S*)?[ \t]*(?:\n|$)/,
    close: /^\+\+\+[ \t]*$/m,
    delimiter: '+++',
    language: 'toml',
  },
];

const NAMED = new Map<string, Language>([['yaml', 'yaml'], ['yml', 'yaml'], ['toml', 'toml'], ['json', 'json']]); // prettier-ignore

/**
 * Finds front matter at the start of a text, after a byte order mark and blank lines; undefined if there is none. Throws
 * FrontMatterError if it is never closed, or in a language that is not read.
 */
export function findBlock(text: string): Block | undefined {
  const start = /^\uFEFF?(?:[ \t]*\n)*/.exec(text)![0].length;
  const [from, to, body, language] =
    findJson(text, start) ?? findDelimited(text, start) ?? findUnopened(text, start) ?? [];
  if (from === undefined || to === undefined || body === undefined || language === undefined)
    return undefined;
  const line = 1 + countLines(text.slice(0, from));
  const bodyLine = 1 + countLines(text.slice(0, body));
  return { text: text.slice(from, to), language, line, bodyLine, body: text.slice(body) };
}

/** Where the front matter begins and ends and where the body begins, as offsets. */
type Found = [from: number, to: number, body: number, language: Language];

function findDelimited(text: string, start: number): Found | undefined {
  const document = text.slice(start);
  const dialect = DIALECTS.find(({ open }) => open.test(document));
  if (!dialect) return undefined;
  const [opening, name] = dialect.open.exec(document)!;
  const line = 1 + countLines(text.slice(0, start));
  const language = name === undefined ? dialect.language : NAMED.get(name.toLowerCase());
  if (!language) {
    const message = `front matter in "${name}" is not read; write it as YAML, TOML or JSON`;
    throw new FrontMatterError('front-matter-language', message, line);
  }
  const from = start + opening.length;
  const close = dialect.close.exec(text.slice(from));
  if (!close) {
    const message = `the front matter is never closed; end it with a line ${dialect.delimiter}`;
    throw new FrontMatterError('front-matter-open', message, line);
  }
  const to = from + close.index;
  const end = to + close[0].length;
  return [from, to, text[end] === '\n' ? end + 1 : end, language];
}

function findUnopened(text: string, start: number): Found | undefined {
  const header = findHeader(text.slice(start));
  return header && [start, start + header.text, start + header.all, header.isYaml ? 'yaml' : 'header'];
}

/** JSON front matter is an object at the very start; text that only happens to begin with a brace is body. */
function findJson(text: string, start: number): Found | undefined {
  if (text[start] !== '{') return undefined;
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c === '\\') at++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) {
      const rest = /^[ \t]*(?:\n|$)/.exec(text.slice(at + 1));
      return rest ? [start, at + 1, at + 1 + rest[0].length, 'json'] : undefined;
    }
  }
  if (!/^\{\s*"/.test(text.slice(start, start + 1000))) return undefined;
  const message = 'the JSON front matter is never closed; end it with }';
  throw new FrontMatterError('front-matter-open', message, 1 + countLines(text.slice(0, start)));
}
