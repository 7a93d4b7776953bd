/** Text as YAML: a value that comes out as it went in, whichever program reads it. */

// YAML 1.1 takes these for booleans and nothing.
const WORDS = /^(?:true|false|yes|no|on|off|null|y|n|nan|inf)$/i;
/** Begins with a letter, a slash or an underscore, and holds nothing that YAML could take for more than text. */
const PLAIN = /^[\p{L}/_](?:[\p{L}\p{N}\p{M}_./%&=?~+@!-]|:(?=[\p{L}/])| (?=[\p{L}\p{N}]))*$/u;

/** One line of text as a scalar: plain where that is safe, else in double quotes. */
export function scalar(text: string): string {
  if (PLAIN.test(text) && !WORDS.test(text)) return text;
  // JSON's strings are YAML's, but for characters that YAML wants escaped.
  return JSON.stringify(text).replace(
    /[\u007F-\u009F\u2028\u2029\uFEFF]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Names with their values on one line. */
export function flowMap(values: object): string {
  const pairs = Object.entries(values).map(([key, value]) => `${key}: ${scalar(String(value))}`);
  return `{ ${pairs.join(', ')} }`;
}
