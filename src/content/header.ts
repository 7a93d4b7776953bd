/**
 * Front matter without a line that opens it: `Title: …` lines up to the first blank one, as MultiMarkdown and Pelican have them, and
 * YAML that is only closed, as Hexo has it.
 */

/** Lines of `key: value`, and what goes on further in or as a list. */
const LINES =
  /^[A-Za-z][\w -]{0,40}:(?:[ \t].*)?\n(?:[A-Za-z][\w -]{0,40}:(?:[ \t].*)?\n|(?:[ \t]+|-[ \t]+)\S.*\n)*/;
const FIELD = /^([A-Za-z][\w -]*):[ \t]*(.*)$/;

/** Of a document that begins so: how long these lines are, how long with what ends them, and whether they are YAML. */
export function findHeader(document: string): { text: number; all: number; isYaml: boolean } | undefined {
  const lines = LINES.exec(document.slice(0, 8192))?.[0] ?? '';
  const says = (key: string): boolean => new RegExp(`^${key}[ \\t]*:[ \\t]*\\S`, 'im').test(lines);
  const [close, dashes] = /^(---)?[ \t]*(?:\n|$)/.exec(document.slice(lines.length)) ?? [];
  // With one of the two it may be a heading, or but a sentence with a colon.
  if (!says('title') || !says('date') || close === undefined) return undefined;
  return { text: lines.length, all: lines.length + close.length, isYaml: dashes !== undefined };
}

/** The fields of such lines, as text; what goes on in another line belongs to the one before. */
export function readHeader(lines: string): Record<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of lines.split('\n')) {
    const [, key, value = ''] = FIELD.exec(line) ?? [];
    if (key !== undefined) {
      last = fields.has(key) ? '' : key;
      if (last !== '') fields.set(key, value.trim());
    } else if (last !== '') fields.set(last, `${fields.get(last)!} ${line.trim()}`.trim());
  }
  return Object.fromEntries(fields);
}
