/**
 * How much one post may ask for. What is above is a problem: rendering it would take longer than all other posts together, or
 * lose what is nested too deep. All limits count characters or levels, never time, so the same post is judged the same everywhere.
 */
import { ended } from './html.ts';
import { attributesIn, deepestLevel, rawHtml } from './markdown.ts';
import { clearTemplates } from './templates.ts';
import { countLines, escapeHtml } from './text.ts';

/** A smaller text is within all limits but depth, whatever is in it. */
const HARMLESS = 16 * 1024;
/** What costs time, with what each occurrence of it can cost at worst: measured, in microseconds, and rounded up. */
const COSTS: { what: string; pattern: RegExp; weight: number }[] = [
  { what: 'lines', pattern: /\n/g, weight: 4 },
  { what: 'marks', pattern: /[[\]<&*_~`!|^\\]/g, weight: 5 },
  { what: 'signs', pattern: /[:#+{}$%@-]/g, weight: 0.25 },
  { what: 'quotation marks', pattern: /"/g, weight: 0.6 },
  { what: 'attributes', pattern: /=/g, weight: 2.5 },
  { what: 'template tags', pattern: /\{[%{#]/g, weight: 9 },
  { what: 'addresses', pattern: /:\/\/|@|www\./gi, weight: 12 },
  { what: 'HTML tags', pattern: /<[a-z/]/gi, weight: 45 },
];
const BUDGET = 900_000;
/** Levels of quotes and lists, and of HTML elements. */
const DEPTH = 100;

/** Characters of HTML that references, notes and addresses may make, since they repeat what is written once. */
const OUTPUT = 5_000_000;
/** What each note makes, with its own address and the one back. */
const NOTE = 600;
/** What a relative address may become, which is written out from the permalink on. */
const ADDRESS = 600;
const RELATIVE =
  /\]\((?!\s*<?(?:[a-z][a-z\d+.-]*:|\/))|\b(?:href|src|cite|poster)\s*=(?!\s*["']?(?:[a-z][a-z\d+.-]*:|\/))/gi;
const ABSOLUTE = /^(?:[a-z][a-z\d+.-]*:|\/)/i;
const SRCSET = /\bsrcset\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*)/gi;
/** A paragraph with so many marks of emphasis may be nested too deep. */
const MARKS = 200;
/** Where emphasis surely ends. */
const EMPHASIS_END = /\n(?=[*_~\n])/;
/** Where a reference definition surely ends. */
const DEFINITION_END = /\n[ \t]*\n/g;

/** What is too much in the body of the post at `path`, in words and with the line of the body (counting from 0) where it is seen; undefined if nothing. */
export function excess(
  body: string,
  path: string,
): { rule: string; message: string; line: number } | undefined {
  if (body.length > HARMLESS) {
    const counted = COSTS.map(({ what, pattern, weight }) => ({ what, found: count(body, pattern), weight }));
    const spent = counted.reduce((sum, { found, weight }) => sum + found * weight, 0);
    if (spent > BUDGET) {
      const most = counted.reduce((a, b) => (a.found * a.weight >= b.found * b.weight ? a : b));
      const times = (spent / BUDGET).toFixed(1);
      return over(
        'markup',
        `${most.found} ${most.what} and more markup, ${times} times what one post may have`,
      );
    }
  }
  const line = tooDeepLine(body);
  if ((line !== undefined || isEmphatic(body)) && deepestLevel(body) >= DEPTH - 1) {
    const what = line === undefined ? 'emphasis' : 'quotes or lists';
    return { ...over('nesting', `${what} nested more than ${DEPTH} deep`), line: line ?? 0 };
  }
  const element = tooDeepElement(body);
  // In code, `Array<string>` is no element, nor is what ends itself.
  if (element !== undefined && tooDeepElement(ended(rawHtml(clearTemplates(body, path).body))) !== undefined)
    return { ...over('nesting', `HTML elements nested more than ${DEPTH} deep`), line: element };
  const made = multiplied(body);
  if (made > OUTPUT)
    return over(
      'output',
      `references, notes or relative addresses that may make ${made} characters of ${body.length}`,
    );
  return undefined;
}

/** Whether emphasis may be nested too deep. Few posts have that many marks at all, and they are counted fast. */
function isEmphatic(body: string): boolean {
  return hasMarks(body) && body.split(EMPHASIS_END).some(hasMarks);
}

function hasMarks(text: string): boolean {
  let marks = 0;
  for (const mark of '*_~') marks += countUpTo(MARKS, text, mark);
  return marks >= MARKS;
}

/** How often a character is in a text, where more than `most` are as good as that. */
function countUpTo(most: number, text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1 && found < most; at = text.indexOf(character, at + 1))
    found++;
  return found;
}

/** How many characters all that repeats something may make together, at most. */
function multiplied(body: string): number {
  let made = body.includes('^') ? NOTE * count(body, /\[\^|\^\[/g) : 0;
  // A shorter text has no room for as many addresses.
  if (body.length > HARMLESS) {
    made += ADDRESS * count(body, RELATIVE);
    if (body.includes('srcset'))
      for (const [candidates] of body.matchAll(SRCSET))
        made += ADDRESS * count(candidates, /,|&(?:#|comma)/g);
  }
  const longest = longestDefinition(body);
  const referred = longest === 0 ? 0 : (longest + ADDRESS) * count(body, /\[/g);
  // That many are seldom, and then looked at as they are.
  return made + (made + referred > OUTPUT ? lengthOfLinks(body) : referred);
}

/** Characters of addresses and titles, each as often as it is used; what is above the limit need not be all. */
function lengthOfLinks(body: string): number {
  let length = 0;
  for (const [name, value] of attributesIn(body)) {
    length += escapeHtml(value).length;
    if (name !== 'title' && !ABSOLUTE.test(value)) length += ADDRESS;
    if (length > OUTPUT) break;
  }
  return length;
}

/** More characters than any reference definition has; 0 if there are none. */
function longestDefinition(body: string): number {
  let longest = 0;
  let end = -1;
  for (let at = body.indexOf(']:'); at !== -1; at = body.indexOf(']:', at + 2)) {
    if (end < at) {
      DEFINITION_END.lastIndex = at;
      end = DEFINITION_END.exec(body)?.index ?? body.length;
    }
    longest = Math.max(longest, end - at);
  }
  return longest;
}

function over(rule: string, what: string): { rule: string; message: string; line: number } {
  return { rule: `limit-${rule}`, message: `there are ${what}; split the post`, line: 0 };
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) found++;
  return found;
}

/** What the line begins with of which that is to be found out: looking for that first is faster. */
const MARKED = /(?:^|[\n\r\u2028\u2029])[ \t\d.)>*+-]{39}/;

/** The first line that may be nested too deep: by its own markers, or by its indentation. Most posts have none. */
function tooDeepLine(body: string): number | undefined {
  if (!MARKED.test(body)) return undefined;
  const suspect = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){40}|^[ \t]{80}/m.exec(body);
  return suspect ? countLines(body.slice(0, suspect.index)) : undefined;
}

/** Elements whose end tag may be missing, and those that have none: they say nothing about depth. */
const UNNESTED = new Set(
  'p li dt dd td th tr thead tbody tfoot option rt rp colgroup area base br col embed hr img input link meta source track wbr'.split(
    ' ',
  ),
);

function tooDeepElement(body: string): number | undefined {
  if (countUpTo(DEPTH + 1, body, '<') <= DEPTH) return undefined;
  let depth = 0;
  /** How many drawings and formulas are open: within them an element may close itself. */
  let foreign = 0;
  let end = -1;
  for (const match of body.matchAll(/<(\/?)([a-z][a-z0-9-]*)/gi)) {
    const name = match[2]!.toLowerCase();
    if (UNNESTED.has(name)) continue;
    const isForeign = name === 'svg' || name === 'math';
    if (!match[1] && (isForeign || foreign > 0)) {
      if (end < match.index) end = body.indexOf('>', match.index);
      // What has no end is no tag, nor is anything behind it.
      if (end === -1) return undefined;
      if (body[end - 1] === '/') continue;
    }
    if (isForeign) foreign = Math.max(0, foreign + (match[1] ? -1 : 1));
    depth = match[1] ? Math.max(0, depth - 1) : depth + 1;
    if (depth > DEPTH) return countLines(body.slice(0, match.index));
  }
  return undefined;
}
