/** Shortcodes and tags around boxes, alone on their line -> a mark as other markdown has it, which dialects.ts reads. */

const NAMES =
  'admonition|alert|attention|blockquote|callout|caution|collapse|danger|details|error|example|expand|hint|important|info|note|notice|question|quote|spoiler|success|tip|toggle|warn|warning';
const TAG = new RegExp(
  String.raw`^([ \t]*)(?:\{\{[<%]\s*(${NAMES})(?=[\s%>])([^{}]*)[%>]\}\}|\{%-?\s*(${NAMES})(?=[\s(%-])([^{}]*)%\})[ \t]*$`,
);
const ARGUMENT = /(?:([\w-]+)\s*=\s*)?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([\w-]+))/g;
/** What boxes of all kinds are called, which are told apart by an argument. */
const GENERAL = /^(?:admonition|alert|callout|notice)$/;
const KIND = /^(?:caution|danger|error|example|hint|important|info|note|question|success|tip|warning)$/i;

/** The mark of a box, for a line that is nothing but the tag that begins one; undefined for any other. */
export function boxLine(line: string): string | undefined {
  const [, indent = '', short, ofShort, liquid, ofLiquid] = TAG.exec(line) ?? [];
  const name = short ?? liquid;
  if (name === undefined) return undefined;
  let kind = name;
  let title = '';
  for (const [, key = '', double, single, raw, bare] of (ofShort ?? ofLiquid ?? '').matchAll(ARGUMENT)) {
    const quoted = double ?? single ?? raw;
    const value = quoted ?? bare ?? '';
    if (GENERAL.test(name) && /^(?:type|kind|)$/.test(key) && KIND.test(value)) kind = value;
    else if (/^(?:title|summary|author)$/.test(key) || (key === '' && quoted !== undefined)) title ||= value;
  }
  const words = title.replace(/[[\]{}\s]+/g, ' ').trim();
  return `${indent}::: ${kind}${words && `[${words}]`}`;
}
