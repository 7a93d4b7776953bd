/** The element names that a format knows, and which of them may stand in one place more than once. */
import { fault } from './rule.ts';
import type { Fault } from './rule.ts';
import type { XmlElement } from './xml.ts';

/** The names in a list, and whether each may be repeated: the starred may. */
export function named(list: string): Map<string, boolean> {
  return new Map(list.split(' ').map((name) => [name.replace('*', ''), name.endsWith('*')]));
}

/** Each child in the namespace `uri` that stands in the element again, though it may not. */
export function* repeatedIn(element: XmlElement, uri: string, known: Map<string, boolean>): Generator<Fault> {
  const seen = new Set<string>();
  for (const one of element.children) {
    if (one.uri !== uri || known.get(one.name) !== false) continue;
    if (seen.has(one.name))
      yield fault(one, `This is the second <${one.name}> of its <${element.name}>: leave one.`);
    seen.add(one.name);
  }
}
