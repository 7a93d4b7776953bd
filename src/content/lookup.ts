/** Front matter's fields by the names of aliases.ts, whatever key the author chose. */
import { ALIASES } from './aliases.ts';
import type { FieldName } from './aliases.ts';
import type { Value } from './front-matter.ts';
import { isEmpty, isMap, textOf } from './values.ts';

/** A key as it was written, with its value. */
export type Field = { key: string; value: Value } | undefined;
/** The field that counts for a name, by the order of its aliases. */
export type LookUp = (name: FieldName) => Field;

/** By key as `folded` has it; none of them empty. */
export type Fields = Map<string, { key: string; value: Value }>;

/** Zola and Hugo keep some fields in a table of their own; what stands at the top goes first. */
const TABLES = ['taxonomies', 'extra', 'params'];

/** One key, however its words are put together: `external_url`, `external-url`, `externalUrl`. */
function folded(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, '');
}

/** All fields that are not empty, by their folded key. */
export function gather(written: Record<string, Value>): Fields {
  const fields: Fields = new Map();
  for (const table of [written, ...TABLES.map((name) => written[name]).filter(isMap)]) {
    for (const [key, value] of Object.entries(table)) {
      const name = folded(key);
      if (!fields.has(name) && !isEmpty(value)) fields.set(name, { key, value });
    }
  }
  return fields;
}

const FOLDED = Object.fromEntries(
  Object.entries(ALIASES).map(([name, aliases]) => [name, aliases.map(folded)]),
) as Record<FieldName, string[]>;

/** The values of all aliases of a name. */
export function all(fields: Fields, name: FieldName): Value[] {
  return FOLDED[name].flatMap((alias) => fields.get(alias)?.value ?? []);
}

export function lookIn(fields: Fields): LookUp {
  return (name) => {
    for (const alias of FOLDED[name]) {
      const found = fields.get(alias);
      // `published: false` says that a post is hidden, not when it was published.
      if (found && (alias !== 'published' || /\d/.test(textOf(found.value)))) return found;
    }
    return undefined;
  };
}
