/** Text of a file -> its front matter as fields, and its body. The only home of gray-matter and of the parsers it is given. */
import { createRequire } from 'node:module';
import type matter from 'gray-matter';
import { CORE_SCHEMA, FAILSAFE_SCHEMA, YAMLException, defineScalarTag, load } from 'js-yaml';
import type { LoadOptions } from 'js-yaml';
import type * as toml from 'smol-toml';
import { FrontMatterError, findBlock } from './front-matter-block.ts';
import type { Block } from './front-matter-block.ts';
import { readHeader } from './header.ts';
import { readPlainYaml } from './plain-yaml.ts';
import { countLines } from './text.ts';

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

const require = createRequire(import.meta.url);
// Most posts need neither, and each takes as long to load as many posts take to read.
const grayMatter = (): typeof matter => require('gray-matter') as typeof matter;
const smolToml = (): typeof toml => require('smol-toml') as typeof toml;

const LIMIT = 64 * 1024;
const LINES = 5000;
const DEPTH = 20;
/** Values of all fields together, with each alias counted as often as it is used. */
const VALUES = 10_000;

// A scalar with a tag that means nothing here (`!!int`, `!date`) is its text.
const TEXT_TAGS = ['tag:yaml.org,2002:', '!'].map((prefix) =>
  defineScalarTag(prefix, { matchByTagPrefix: true, resolve: (source) => source, identify: () => false }),
);
const TEXT_SCHEMA = FAILSAFE_SCHEMA.withTags(...TEXT_TAGS);

const ENGINES: Record<string, (block: string) => unknown> = {
  yaml: (block) => loadYaml(block, { schema: TEXT_SCHEMA, maxAliases: 100, maxDepth: DEPTH }),
  toml: (block) => smolToml().parse(block, { maxDepth: DEPTH, integersAsBigInt: 'asNeeded' }),
  json: (block) => JSON.parse(withTextScalars(block)) as unknown,
};

/** What the parser says of a line that stands further left than it wants, and of how many that is mended. */
const OUTDENT = 'deficient indentation';
const OUTDENTED = 200;

/**
 * As generators' parsers read YAML: quoted text and brackets may go on at the very beginning of a line, though the specification
 * wants them further in. Not if that line looks like the next field: then it is more likely that they were never closed.
 */
function loadYaml(text: string, options: LoadOptions): unknown {
  const lines = text.split('\n');
  for (let left = OUTDENTED; ; left--) {
    try {
      return load(lines.join('\n'), options);
    } catch (error) {
      const at = error instanceof YAMLException && error.reason === OUTDENT ? (error.mark?.line ?? 0) : 0;
      const line = lines[at] ?? '';
      if (at === 0 || left === 0 || /^[ \t]*["']?[\w-]+["']?[ \t]*:(?:[ \t]|$)/.test(line)) throw error;
      const before = /^ */.exec(lines[at - 1] ?? '')![0];
      lines[at] = ` ${before}${line}`;
    }
  }
}

/** JSON whose numbers and booleans are text as they were written; what is no JSON throws as JSON.parse does. */
function withTextScalars(block: string): string {
  JSON.parse(block);
  return block.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

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
 * (`+++`), JSON (`{`) or lines up to a blank one. A text without front matter is all body. Throws FrontMatterError.
 */
export function readFrontMatter(text: string): FrontMatter {
  const block = findBlock(text);
  if (!block) return { fields: {}, body: text, lineOf: () => 1, bodyLine: 1 };
  const { line, body, bodyLine } = block;
  // gray-matter's own search for comments takes quadratic time on empty lines.
  if (bodyLine - line > LINES) {
    throw new FrontMatterError(
      'front-matter-size',
      `the front matter has more than ${LINES} lines; shorten it`,
      line,
    );
  }
  if (Buffer.byteLength(block.text) > LIMIT) {
    throw new FrontMatterError(
      'front-matter-size',
      `the front matter is larger than ${LIMIT / 1024} KB; shorten it`,
      line,
    );
  }
  return {
    fields: toFields(parse(block), line),
    body,
    bodyLine,
    lineOf: (field) => line + lineIn(block.text, field),
  };
}

function parse(block: Block): unknown {
  if (block.language === 'header') return readHeader(block.text);
  // gray-matter would end the block at any line that begins like its delimiter.
  const early = block.text.search(/^---/m);
  if (early !== -1) {
    const line = block.line + countLines(block.text.slice(0, early));
    throw new FrontMatterError(
      'front-matter-delimiter',
      'a line inside the front matter begins with ---; indent or quote it',
      line,
    );
  }
  const plain = block.language === 'yaml' ? readPlainYaml(block.text) : undefined;
  if (plain) return plain;
  try {
    // Always with options: without them gray-matter caches, and answers {} for broken YAML it has seen before.
    return grayMatter()(`---${block.language}\n${block.text}\n---\n`, { engines: GRAY_MATTER_ENGINES }).data;
  } catch (error) {
    throw syntaxError(error, block);
  }
}

/** What most often stands behind what the parser says, by how that begins. */
const YAML_HINTS: readonly (readonly [string, string])[] = [
  ['bad indentation of a mapping entry', 'put a value in quotes if it has ": " in it, or begins with a sign like @ or %'],
  [OUTDENT, 'a quotation mark or bracket before it is not closed'],
  ['can not read a block mapping entry', 'a line before it has no ":" behind its key'],
  ['end of the stream or a document separator is expected', 'a line before it has no ":" behind its key'],
  ['tab characters must not be used', 'use blanks'],
  ['object-based map does not support complex keys', 'put a value in quotes if it begins with { or ['],
  ['unidentified alias', 'put a value in quotes if it begins with *'],
]; // prettier-ignore

/** What is wrong in YAML, and what to do about it. */
function yamlReason({ reason }: YAMLException): string {
  const hint = YAML_HINTS.find(([beginning]) => reason.startsWith(beginning))?.[1];
  return hint === undefined ? reason : `${reason}; ${hint}`;
}

/** What a parser throws, as a problem in the file. The text that gray-matter hands on begins with a line end. */
function syntaxError(error: unknown, { text, line, language }: Block): FrontMatterError {
  if (error instanceof YAMLException) {
    const { line: at = 1, column = 0 } = error.mark ?? {};
    return new FrontMatterError(
      'yaml',
      `the YAML cannot be read: ${yamlReason(error)}`,
      line - 1 + at,
      column + 1,
    );
  }
  if (language === 'toml' && error instanceof smolToml().TomlError) {
    const reason = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return new FrontMatterError(
      'toml',
      `the TOML cannot be read: ${reason}`,
      line - 2 + error.line,
      error.column,
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  // Node puts the text itself behind it, with its line ends.
  const reason = message.replace(
    /(?:,? (?:\.{3})?".*"(?:\.{3})? is not valid JSON| in JSON at position \d+.*)$/s,
    '',
  );
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
  const at = line + countLines(text.slice(0, Math.max(0, position - 1)));
  return new FrontMatterError('json', `the JSON cannot be read: ${reason}`, at);
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
  if (typeof data !== 'object') return `${data as string | number | boolean | bigint}`;
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
  return at === -1 ? 0 : countLines(block.slice(0, at));
}

/** Reads a whole YAML document, as settings are written; throws YAMLException, which names the line. */
export function readYaml(text: string): unknown {
  return load(text, { schema: CORE_SCHEMA, maxAliases: 100, maxDepth: DEPTH });
}

/** Reads a YAML document as other generators' settings are written, where a key may be given again: the last counts. */
export function readLooseYaml(text: string): unknown {
  return loadYaml(text, { schema: CORE_SCHEMA, maxAliases: 100, maxDepth: DEPTH, json: true });
}

/** Where what `readYaml` threw is, counted from 1, and what it says. */
export function yamlFault(error: unknown): { line: number; reason: string } {
  return error instanceof YAMLException
    ? { line: (error.mark?.line ?? 0) + 1, reason: yamlReason(error) }
    : { line: 1, reason: (error as Error).message };
}

/** Reads a whole TOML document, as other generators' settings are written; throws TomlError, which names the line. */
export function readToml(text: string): unknown {
  return smolToml().parse(text, { maxDepth: DEPTH, integersAsBigInt: 'asNeeded' });
}
