/** Names as they stand in file names and URLs. */
import { hash } from 'node:crypto';

/** Bytes: well below what file systems take for one name. */
const LIMIT = 120;

/**
 * A label as one path segment: letters and digits of any script, in lower case, parted by single hyphens. `C++` and `C#`
 * stay apart from `C`. Never empty, never `.` or `..`, never with a slash.
 */
export function slugOf(label: string): string {
  const words = label
    .normalize('NFKC')
    .toLowerCase()
    .replace(/(?<=[\p{L}\p{N}])\++/gu, (pluses) => '-plus'.repeat(pluses.length))
    .replace(/(?<=[\p{L}\p{N}])#/gu, '-sharp')
    .replace(/(?<![\p{L}\p{N}])\.(?=[\p{L}\p{N}])/gu, 'dot-')
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .normalize('NFC');
  if (words === '') return `x-${shortHash(label)}`;
  return Buffer.byteLength(words) <= LIMIT ? words : `${cut(words)}-${shortHash(words)}`;
}

function cut(words: string): string {
  let kept = '';
  for (const character of words) {
    if (Buffer.byteLength(kept + character) > LIMIT) break;
    kept += character;
  }
  return kept;
}

/** Ten characters that stand for a text: enough to tell the labels of one blog apart. */
export function shortHash(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 10);
}
