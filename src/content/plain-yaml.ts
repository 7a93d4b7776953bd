/**
 * The YAML of most front matter: lines of `key: value` with text, quoted text and lists of both. Reading that takes a tenth of what a
 * whole parser takes. What is anything else, or anything wrong, is left to the parser.
 */

/** As js-yaml reads it with text for scalars: `''` for what is empty. */
export type PlainYaml = Record<string, string | string[]>;

/** Characters that mean more than themselves, or may not be there. */
const UNUSUAL = /[^\n\u0020-\u007E\u00A0-\u2027\u202A-\uFEFE\uFF00-\uFFFD]/;
const FIELD = /^([A-Za-z_][\w-]{0,100}):(?: +(.*))?$/;
const ITEM = /^( {0,8})-(?: +(.*))?$/;
/** How text begins that is not quoted. */
const TEXT = /^[^\s?:,[\]{}#&*!|>'"%@`~=<-]/;
const QUOTED = /^(?:"((?:[^"\\]|\\["\\])*)"|'((?:[^']|'')*)')$/;

/** The fields of a block; undefined if it is not that plain. */
export function readPlainYaml(block: string): PlainYaml | undefined {
  if (UNUSUAL.test(block)) return undefined;
  const fields: PlainYaml = {};
  /** The list that the last field may turn out to be, with its indentation. */
  let list: { key: string; items: string[]; indent?: string } | undefined;
  for (const line of block.split('\n')) {
    if (line === '') continue;
    const [, key, written = ''] = FIELD.exec(line) ?? [];
    if (key !== undefined) {
      const text = trimEnd(written);
      const value = readValue(text);
      if (value === undefined || Object.hasOwn(fields, key) || key === '__proto__') return undefined;
      fields[key] = value;
      list = text === '' ? { key, items: [] } : undefined;
      continue;
    }
    const [, indent, item = ''] = ITEM.exec(line) ?? [];
    const text = list && readText(trimEnd(item));
    if (!list || indent === undefined || text === undefined || (list.indent ?? indent) !== indent)
      return undefined;
    list.indent = indent;
    list.items.push(text);
    fields[list.key] = list.items;
  }
  return fields;
}

function readValue(written: string): string | string[] | undefined {
  if (!written.startsWith('[')) return written === '' ? '' : readText(written);
  if (!written.endsWith(']')) return undefined;
  const inside = written.slice(1, -1);
  if (/[[\]{}:\\]/.test(inside)) return undefined;
  if (/^ *$/.test(inside)) return [];
  const items = inside.split(',').map((item) => readText(trimEnd(item.replace(/^ +/, ''))));
  return items.every((item) => item !== undefined) ? items : undefined;
}

/** Text on one line that is no list, map, comment or anything else; undefined for what may be. */
function readText(written: string): string | undefined {
  if (TEXT.test(written))
    return written.includes(': ') || written.includes(' #') || written.endsWith(':') ? undefined : written;
  const [, double, single] = QUOTED.exec(written) ?? [];
  return double?.replace(/\\(.)/g, '$1') ?? single?.replaceAll("''", "'");
}

/** Without the blanks that YAML takes for none of the text: others are. */
function trimEnd(text: string): string {
  return text.endsWith(' ') ? text.replace(/ +$/, '') : text;
}
