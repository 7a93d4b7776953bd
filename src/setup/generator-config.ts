/** What generators' configuration files say. JavaScript is never run: only what stands there as plain text is found. */
import { readLooseYaml, readToml } from '../content/front-matter.ts';
import { oneLine } from '../content/text.ts';
import { optional } from '../content/values.ts';
import { ConfigError } from './layout.ts';
import type { Files, SiteWords } from './layout.ts';

export type Data = Record<string, unknown>;

const READERS: Record<string, (text: string) => unknown> = {
  toml: readToml,
  yaml: readLooseYaml,
  yml: readLooseYaml,
  json: (text) => JSON.parse(text) as unknown,
};

/** The first of these files that there is, by its extension. */
export function readConfig(files: Files, names: readonly string[]): { name: string; data: Data } | undefined {
  for (const name of names) {
    const text = files.text(name);
    if (text === undefined) continue;
    try {
      return { name, data: mapOf(READERS[name.split('.').at(-1)!]!(text)) };
    } catch (error) {
      const reason = oneLine((error as Error).message.split('\n')[0]!);
      throw new ConfigError(`${name} cannot be read: ${reason}; correct it, or write feedwright.yml by hand`);
    }
  }
  return undefined;
}

/** A script with its comments left out and its strings taken out: `'0'` stands for the first of `strings`. */
export interface Script {
  name: string;
  code: string;
  strings: string[];
}

/** The first of these scripts that there is. */
export function readScript(files: Files, names: readonly string[]): Script | undefined {
  for (const name of names) {
    const text = files.text(name);
    if (text !== undefined) return { name, ...takenApart(text) };
  }
  return undefined;
}

const STRING = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`|\/\*[^]*?\*\/|\/\/.*/g;

function takenApart(text: string): Pick<Script, 'code' | 'strings'> {
  const strings: string[] = [];
  const code = text.replace(STRING, (_, double?: string, single?: string, template?: string) => {
    const written = double ?? single ?? template;
    if (written === undefined) return ' ';
    if (template?.includes('${')) return "'?'";
    return `'${strings.push(written.replace(/\\(.)/g, '$1')) - 1}'`;
  });
  return { code, strings };
}

/** A script without its comments. */
export function withoutComments(text: string): string {
  return text.replace(STRING, (whole) => (/^\/[*/]/.test(whole) ? ' ' : whole));
}

/** The plain text behind a name in a script: `name: '…'`, `name = '…'` or `name('…')`; undefined for anything computed. */
export function literal(script: Script | undefined, name: string, code = script?.code): string | undefined {
  const quoted = script?.strings.flatMap((text, at) => (text === name ? [`'${at}'`] : [])) ?? [];
  const names = [`(?<![\\w$-])${name}`, ...quoted].join('|');
  const at = new RegExp(`(?:${names})\\s*[:=(]\\s*'(\\d+)'(?!\\s*[+.])`).exec(code ?? '')?.[1];
  return (at !== undefined && oneLine(script!.strings[Number(at)]!)) || undefined;
}

export function mapOf(value: unknown): Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

/** The text at the end of a path of keys; undefined if there is none, or it is blank. */
export function textAt(data: unknown, ...keys: string[]): string | undefined {
  let value = data;
  for (const key of keys) value = mapOf(value)[key];
  const text = typeof value === 'string' || typeof value === 'number' ? oneLine(String(value)) : '';
  return text || undefined;
}

/** The first of these values that names somebody, as text or as a map. */
export function authorOf(...values: unknown[]): Pick<SiteWords, 'author'> {
  for (const value of values) {
    const name = textAt({ value }, 'value') ?? textAt(value, 'name');
    if (name === undefined) continue;
    const url = textAt(value, 'url') ?? textAt(value, 'uri');
    return { author: { name, ...optional('email', textAt(value, 'email')), ...optional('url', url) } };
  }
  return {};
}
