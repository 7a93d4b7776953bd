/** Where in a JSON text each value stands, which JSON.parse does not tell. */
import type { Place } from './place.ts';
import { lineIndex } from './place.ts';

/** A value, and the values in it by key or index. */
interface Node {
  offset: number;
  parts: Map<PropertyKey, Node>;
}

export interface JsonPlaces {
  /** The place of what a path leads to, or of the nearest thing around it that exists. */
  of(path: readonly PropertyKey[]): Place;
  /** Keys that stand twice in one object: of such a pair some readers take the first, others the second. */
  repeated: { key: string; place: Place }[];
}

/** Places in a text that JSON.parse has accepted. */
export function placesIn(text: string): JsonPlaces {
  const placeOf = lineIndex(text);
  const root: Node = { offset: 0, parts: new Map() };
  const repeated: JsonPlaces['repeated'] = [];
  const open: { node: Node; array: boolean }[] = [];
  let key: { name: string; offset: number } | undefined;

  const add = (offset: number): Node => {
    const parent = open.at(-1);
    if (!parent) return Object.assign(root, { offset });
    const node: Node = { offset: key?.offset ?? offset, parts: new Map() };
    parent.node.parts.set(key?.name ?? parent.node.parts.size, node);
    key = undefined;
    return node;
  };

  const token = /[{}[\]"]|[^\s{}[\]",:]+/g;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [symbol] = match;
    const offset = match.index;
    if (symbol === '{' || symbol === '[') open.push({ node: add(offset), array: symbol === '[' });
    else if (symbol === '}' || symbol === ']') open.pop();
    else if (symbol !== '"') add(offset);
    else {
      token.lastIndex = endOfString(text, offset);
      const parent = open.at(-1);
      if (!parent || parent.array || key) {
        add(offset);
        continue;
      }
      const name = JSON.parse(text.slice(offset, token.lastIndex)) as string;
      if (parent.node.parts.has(name)) repeated.push({ key: name, place: placeOf(offset) });
      key = { name, offset };
    }
  }

  return {
    repeated,
    of(path) {
      let node = root;
      for (const step of path) {
        const part = node.parts.get(step);
        if (!part) break;
        node = part;
      }
      return placeOf(node.offset);
    },
  };
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); ; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
}
