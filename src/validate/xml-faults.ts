/** What the XML parser complains of, in words that a person who writes a feed can act on. */

/** The first place where a text is not XML that feed readers accept. Line and column count from 1. */
export class XmlError extends Error {
  override name = 'XmlError';
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, message: string) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

/** The element that was closed last. */
type Closed = { name: string; prefix: string; line: number } | undefined;

// prettier-ignore
const MESSAGES: [RegExp, (detail: string, closed: Closed) => string][] = [
  [/^disallowed character\.$/, () => 'There is a character that XML does not allow here: remove it, or write &lt; if it is a <.'],
  [/^malformed character entity/, () => 'There is a reference to a character that XML does not allow: remove it.'],
  [/^undefined entity/, () => 'There is a named entity that XML does not know: write the character itself, or its number like &#160;.'],
  [/^unclosed tag: (.*)/, (name) => `The document ends, but <${name}> is not closed: add </${name}>.`],
  [/^unexpected close tag/, (_, closed) => `${tagOf(closed)} is not closed before this closing tag: close it first.`],
  [/^unmatched closing tag: (.*?)\.?$/, (name) => `There is a </${name}> that closes nothing: remove it.`],
  [/^unbound namespace prefix: "(.*)"/, (prefix) => `The prefix ${prefix}: is not declared: add xmlns:${prefix}="..." to the root element.`],
  [/^duplicate attribute: (.*?)\.?$/, (name) => `The attribute ${name} is written twice in one tag: remove one.`],
  [/^the string "\]\]>"/, () => 'There is a ]]> in the text: write ]]&gt; for it.'],
  [/^document must contain a root/, () => 'The document has no element.'],
  [/^text data outside/, () => 'There is text outside of the root element: remove it.'],
  [/^documents may contain only one root/, () => 'There is a second root element: remove what follows the first.'],
  [/^an XML declaration must be at the start/, () => 'The XML declaration <?xml ...?> is not at the very start: remove what stands before it.'],
  [/^unquoted attribute value/, () => 'An attribute value has no quotes: add them.'],
  [/^attribute without value/, () => 'An attribute has no value: write name="...".'],
  [/^malformed comment/, () => 'There is a -- inside a comment: remove it.'],
];

/** The fault behind an error of saxes, given where the parser stands. */
export function faultOf(
  error: Error,
  text: string,
  at: { line: number; column: number; position: number },
  closed: Closed,
): XmlError {
  const ampersand = bareAmpersand(text.slice(0, at.position));
  if (ampersand >= 0)
    return faultAt(text, ampersand, 'There is an & that begins no character: write &amp; for it.');
  for (const [pattern, say] of MESSAGES) {
    const match = pattern.exec(error.message);
    if (match) return new XmlError(at.line, Math.max(1, at.column), say(match[1] ?? '', closed));
  }
  return new XmlError(at.line, Math.max(1, at.column), `This is not well-formed XML: ${error.message}`);
}

/** A fault at an offset into the text. */
export function faultAt(text: string, offset: number, message: string): XmlError {
  const before = text.slice(0, offset).split(/\r\n?|\n/);
  return new XmlError(before.length, [...before.at(-1)!].length + 1, message);
}

/** Where the commonest of all faults is, which saxes sees only at the next semicolon, and not as what it is; else -1. */
function bareAmpersand(text: string): number {
  const pattern =
    /<!\[CDATA\[[^]*?(?:\]\]>|$)|<!--[^]*?(?:-->|$)|<\?[^]*?(?:\?>|$)|&(?!#\d+;|#x[\da-f]+;|[\p{L}\d_.:-]+;)/giu;
  for (const match of text.matchAll(pattern)) if (match[0] === '&') return match.index;
  return -1;
}

function tagOf(closed: Closed): string {
  if (!closed) return 'An element';
  return `<${closed.prefix && `${closed.prefix}:`}${closed.name}> of line ${closed.line}`;
}
