/** Text of a file -> its front matter as fields, and its body. The only home of gray-matter and of the parsers it is given. */
import matter from 'gray-matter';
import { CORE_SCHEMA, FAILSAFE_SCHEMA, YAMLException, defineScalarTag, load } from 'js-yaml';
import { TomlError, parse as parseToml } from 'smol-toml';

/** A value as it was written: scalars are text, whatever they look like. */
export type Value = string | Value[] | { [key: string]: Value };

export interface FrontMatter {
  fields: Record<string, Value>;
  body: string;
  /** The line of the file on which a top-level field is written, else that of the front matter's first line. */
  lineOf(field: string): number;
  /** The line of the file on which the body begins. */
  bodyLine: number;
}

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

const LIMIT = 64 * 1024;
const DEPTH = 20;
/** Values of all fields together, with each alias counted as often as it is used. */
const VALUES = 10_000;

/** What opens front matter in each dialect, and what closes it. */
const DIALECTS: { open: RegExp; close: RegExp; delimiter: string; language: string; size: number }[] = [
  {
    open: /^---[ \t]*([^\s-]\S*)?[ \t]*(?:\n|$)/,
    close: /^---[ \t]*$/m,
    delimiter: '---',
    language: 'yaml',
    size: 3,
  },
  {
    open: /^\+\+\+[ \t]*([^\s+]\S*)?[ \t]*(?:\n|$)/,
    close: /^\+\+\+[ \t]*$/m,
    delimiter: '+++',
    language: 'toml',
    size: 3,
  },
];

// A scalar with a tag that means nothing here (`!!int`, `!date`) is its text.
const TEXT_TAGS = ['tag:yaml.org,2002:', '!'].map((prefix) =>
  defineScalarTag(prefix, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
);
const TEXT_SCHEMA = FAILSAFE_SCHEMA.withTags(...TEXT_TAGS);

const ENGINES: Record<string, (block: string) => unknown> = {
  yaml: (block) => load(block, { schema: TEXT_SCHEMA, maxAliases: 100, maxDepth: DEPTH }),
  toml: (block) => parseToml(block, { maxDepth: DEPTH }),
  json: (block) => JSON.parse(block) as unknown,
};
const LANGUAGES: Record<string, string> = { yaml: 'yaml', yml: 'yaml', toml: 'toml', json: 'json' };

const refused = (): never => {
  throw new Error('front matter is never executed');
};
// gray-matter would evaluate these two by default.
const GRAY_MATTER_ENGINES = { ...ENGINES, javascript: refused, js: refused } as unknown as Record<
  string,
  (text: string) => object
>;

/**
 * Splits a file's text (with `\n` line ends) into front matter and body, and reads the front matter as YAML (`---`), TOML
 * (`+++`) or JSON (`{`). A text without front matter is all body. Throws FrontMatterError.
 */
export function readFrontMatter(text: string): FrontMatter {
  const lead = /^\uFEFF?(?:[ \t]*\n)*/.exec(text)![0];
  const document = text.slice(lead.length);
  const firstLine = 1 + count(lead);
  const found = document.startsWith('{') ? findJson(document, firstLine) : findDelimited(document, firstLine);
  if (!found) return { fields: {}, body: text, lineOf: () => 1, bodyLine: 1 };

  const { block, language, rest } = found;
  const blockLine = firstLine + (language === 'json' && document.startsWith('{') ? 0 : 1);
  if (Buffer.byteLength(block) > LIMIT) {
    throw new FrontMatterError(
      'front-matter-size',
      `the front matter is larger than ${LIMIT / 1024} KB; shorten it`,
      firstLine,
    );
  }
  const data = parse(block, language, blockLine);
  return {
    fields: toFields(data, blockLine),
    body: rest,
    lineOf: (field) => blockLine + lineIn(block, field),
    bodyLine: firstLine + count(document.slice(0, document.length - rest.length)),
  };
}

interface Found {
  block: string;
  language: string;
  rest: string;
}

function findDelimited(document: string, firstLine: number): Found | undefined {
  for (const dialect of DIALECTS) {
    const open = dialect.open.exec(document);
    if (!open) continue;
    const named = open[1]?.toLowerCase();
    const language = named === undefined ? dialect.language : LANGUAGES[named];
    if (!language) {
      throw new FrontMatterError(
        'front-matter-language',
        `front matter in "${named!}" is not read; write it as YAML, TOML or JSON`,
        firstLine,
      );
    }
    const inside = document.slice(open[0].length);
    const close = dialect.close.exec(inside);
    if (!close) {
      throw new FrontMatterError(
        'front-matter-open',
        `the front matter is never closed; end it with a line ${dialect.delimiter}`,
        firstLine,
      );
    }
    // gray-matter ends the block at any line that begins with the delimiter.
    const early = inside
      .slice(0, close.index)
      .search(new RegExp(`^${dialect.delimiter.replace(/\+/g, '\\+')}`, 'm'));
    if (early !== -1) {
      throw new FrontMatterError(
        'front-matter-delimiter',
        `a line inside the front matter begins with ${dialect.delimiter}; indent or quote it`,
        firstLine + 1 + count(inside.slice(0, early)),
      );
    }
    return {
      block: inside.slice(0, close.index),
      language,
      rest: inside.slice(close.index + close[0].length).replace(/^\n/, ''),
    };
  }
  return undefined;
}

/** JSON front matter is an object at the very start; text that only happens to begin with a brace is body. */
function findJson(document: string, firstLine: number): Found | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < document.length; i++) {
    const c = document[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) {
      const rest = document.slice(i + 1);
      if (!/^[ \t]*(?:\n|$)/.test(rest)) return undefined;
      return { block: document.slice(0, i + 1), language: 'json', rest: rest.replace(/^[ \t]*\n?/, '') };
    }
  }
  if (/^\{\s*"/.test(document))
    throw new FrontMatterError(
      'front-matter-open',
      'the JSON front matter is never closed; end it with }',
      firstLine,
    );
  return undefined;
}

function parse(block: string, language: string, blockLine: number): unknown {
  try {
    // Always with options: without them gray-matter caches, and answers {} for broken YAML it has seen before.
    return matter(`---${language}\n${block}\n---\n`, { engines: GRAY_MATTER_ENGINES }).data;
  } catch (error) {
    throw syntaxError(error, block, blockLine);
  }
}

function syntaxError(error: unknown, block: string, blockLine: number): FrontMatterError {
  if (error instanceof YAMLException) {
    // The block that the engine saw begins with the rest of the delimiter's line.
    const line = blockLine - 1 + (error.mark?.line ?? 0);
    return new FrontMatterError(
      'yaml',
      `the YAML cannot be read: ${error.reason}`,
      line,
      (error.mark?.column ?? 0) + 1,
    );
  }
  if (error instanceof TomlError) {
    const reason = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return new FrontMatterError(
      'toml',
      `the TOML cannot be read: ${reason}`,
      blockLine - 2 + error.line,
      error.column,
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
  return new FrontMatterError(
    'json',
    `the JSON cannot be read: ${message}`,
    blockLine + count(block.slice(0, Math.max(0, position - 1))),
  );
}

function toFields(data: unknown, line: number): Record<string, Value> {
  if (data === null || data === undefined || data === '') return {};
  if (typeof data !== 'object' || Array.isArray(data)) {
    throw new FrontMatterError(
      'front-matter-map',
      'the front matter is not a list of "key: value" lines',
      line,
    );
  }
  return toValue(data, new Set(), { values: 0, line }) as Record<string, Value>;
}

/** Any parser's values as text, lists and maps; `within` holds the lists and maps that this value stands in. */
function toValue(data: unknown, within: Set<object>, tally: { values: number; line: number }): Value {
  if (++tally.values > VALUES) {
    throw new FrontMatterError(
      'front-matter-values',
      `the front matter has more than ${VALUES} values`,
      tally.line,
    );
  }
  if (data === null || data === undefined) return '';
  if (typeof data !== 'object') return String(data as string | number | boolean | bigint);
  if (data instanceof Date) return Number.isNaN(data.getTime()) ? '' : data.toISOString(); // TOML's dates keep their form.
  if (within.has(data))
    throw new FrontMatterError('front-matter-cycle', 'a value contains itself', tally.line);
  if (within.size >= DEPTH) {
    throw new FrontMatterError(
      'front-matter-depth',
      `the front matter is nested more than ${DEPTH} deep`,
      tally.line,
    );
  }
  within.add(data);
  const value = Array.isArray(data)
    ? data.map((item) => toValue(item, within, tally))
    : Object.fromEntries(Object.entries(data).map(([key, item]) => [key, toValue(item, within, tally)]));
  within.delete(data);
  return value;
}

function lineIn(block: string, field: string): number {
  const key = field.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const at = block.search(new RegExp(`^[ \\t{,]*["']?${key}["']?[ \\t]*[:=]`, 'im'));
  return at === -1 ? 0 : count(block.slice(0, at));
}

function count(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Reads a whole YAML document, as settings are written; throws YAMLException, which names the line. */
export function readYaml(text: string): unknown {
  return load(text, { schema: CORE_SCHEMA, maxAliases: 100, maxDepth: DEPTH });
}
