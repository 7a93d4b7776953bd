/** Looking for patterns in one text, again and again. */

/**
 * Gives the first match of a global pattern from an offset on. What was found ahead is not looked for again, so that it takes linear
 * time to ask from every place of a text, in their order.
 */
export function finder(text: string): (pattern: RegExp, from: number) => RegExpExecArray | undefined {
  const found = new Map<string, RegExpExecArray | null>();
  return (pattern, from) => {
    const before = found.get(pattern.source);
    if (before === null || (before && before.index >= from)) return before ?? undefined;
    pattern.lastIndex = from;
    const now = pattern.exec(text);
    found.set(pattern.source, now);
    return now ?? undefined;
  };
}
