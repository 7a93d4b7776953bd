/** Which part of a body a Range header asks for (RFC 9110 section 14). Pure. */

export interface Part {
  /** First and last byte. */
  start: number;
  end: number;
}

/**
 * The one part that is asked for of a body of `size` bytes. Undefined if the header is to be ignored: one that is malformed, of
 * another unit, or for several parts at once, which no reader of feeds needs.
 */
export function partOf(header: string, size: number): Part | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || first + last === '') return undefined;
  // The last so many bytes; all of them, if there are fewer.
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start < size && end >= start ? { start, end } : 'unsatisfiable';
}
