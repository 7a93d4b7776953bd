/** Bytes -> a feed whose rules can be checked, or why they are none. */
import type { AnyDocument } from './document.ts';
import { atomDocument } from './document-atom.ts';
import { isJsonFeed, jsonDocument } from './document-json.ts';
import { rssDocument } from './document-rss.ts';
import { marksOf } from './html.ts';
import type { Place } from './place.ts';
import { START, lineIndex } from './place.ts';
import { fault, found, quote } from './rule.ts';
import type { Found, RuleRow } from './rule.ts';
import { OPENING } from './rules-opening.ts';
import { NS, XmlError, child, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

export interface Opened {
  document?: AnyDocument;
  findings: Found[];
}

export function openFeed(body: Uint8Array): Opened {
  const text = decode(body);
  if (text === undefined) {
    return refusal(
      OPENING.utf8,
      placeOfBadByte(body),
      'From here on the file is not UTF-8: save it as UTF-8.',
    );
  }
  if (!text.startsWith('\uFEFF')) return openText(text);
  const { document, findings } = openText(text.slice(1));
  const bom = found(
    OPENING.bom,
    fault(
      START,
      'The file begins with a byte order mark, which some readers stumble over: save it as UTF-8 without BOM.',
    ),
  );
  return { ...(document && { document }), findings: [bom, ...findings] };
}

function openText(text: string): Opened {
  if (!text.trim()) return refusal(OPENING.empty, START, 'The file is empty: there is no feed in it.');
  const start = text.slice(prologLength(text));
  if (/^<(?:!doctype\s+html|html)[\s>]/i.test(start))
    return refusal(OPENING.webPage, START, `This is a web page, not a feed: ${feedIn(start)}.`);
  if (start.startsWith('<')) return openXml(text);
  if (/^[{[]/.test(start)) return openJson(text);
  return refusal(
    OPENING.noFeed,
    START,
    `This is no feed: it begins with ${quote(start.slice(0, 30))}, where <rss>, <feed> or { should be.`,
  );
}

function openXml(text: string): Opened {
  let root: XmlElement;
  try {
    root = parseXml(text);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    return refusal(OPENING.wellFormed, error, error.message);
  }
  const findings: Found[] = [];
  const encoding = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)/.exec(text)?.[1];
  if (encoding && encoding.toLowerCase() !== 'utf-8') {
    findings.push(
      found(
        OPENING.encoding,
        fault(START, `The XML declaration says ${encoding}, but the file is UTF-8: write encoding="utf-8".`),
      ),
    );
  }
  const channel = root.name === 'rss' && child(root, 'channel');
  if (channel) return { document: rssDocument(text, root, channel), findings };
  if (root.name === 'feed' && root.uri === NS.atom) return { document: atomDocument(text, root), findings };
  return refusal(
    OPENING.noFeed,
    root,
    NO_FEED[root.name] ??
      `This is no feed: its root element is <${root.name}>, where <rss> or <feed> should be.`,
  );
}

/** Near misses, by their root element. */
const NO_FEED: Record<string, string> = Object.assign(Object.create(null) as object, {
  rss: 'There is no <channel> in <rss>: add it, in no namespace.',
  feed: `The <feed> is not in the namespace of Atom 1.0: write <feed xmlns="${NS.atom}">.`,
  RDF: 'This is RSS 1.0, which is not judged here: publish RSS 2.0 or Atom.',
});

function openJson(text: string): Opened {
  let feed: unknown;
  try {
    feed = JSON.parse(text);
  } catch (error) {
    const place = placeOfJsonError(text, (error as SyntaxError).message);
    const where = place === START ? 'somewhere' : 'here';
    return refusal(
      OPENING.json,
      place,
      `This is not JSON: look ${where} for a comma, quote or bracket too many or too few.`,
    );
  }
  if (isJsonFeed(feed)) return { document: jsonDocument(text, feed), findings: [] };
  return refusal(
    OPENING.noFeed,
    START,
    'This is JSON, but no JSON Feed: it has neither its version nor items.',
  );
}

function refusal(row: RuleRow, place: Place, message: string): Opened {
  return { findings: [found(row, fault(place, message))] };
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** Halves the bytes until the longest start that is UTF-8 is known. */
function placeOfBadByte(body: Uint8Array): Place {
  let [good, bad] = [0, body.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(body.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  const start = new TextDecoder('utf-8').decode(body.subarray(0, good), { stream: true });
  return lineIndex(start)(start.length);
}

/** How much white space, declarations and comments stand before the root element. */
function prologLength(text: string): number {
  const part = /\s+|<\?[^]*?\?>|<!--[^]*?-->/y;
  let end = 0;
  while (part.test(text)) end = part.lastIndex;
  return end;
}

function feedIn(html: string): string {
  for (const { name, attributes } of marksOf(html)) {
    if (
      name === 'link' &&
      /\balternate\b/i.test(attributes.get('rel') ?? '') &&
      /(?:rss|atom|feed)\+/.test(attributes.get('type') ?? '')
    ) {
      return `its feed is at ${attributes.get('href')}`;
    }
  }
  return 'give the address of the feed itself';
}

/** Node tells an offset, or only the text around the fault. */
function placeOfJsonError(text: string, message: string): Place {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position) return lineIndex(text)(Number(position));
  if (message.includes('end of JSON')) return lineIndex(text)(text.length);
  const around = /^Unexpected token '?(.+?)'?, (?:\.\.\.)?"([^]*)"(?:\.\.\.)? is not valid JSON$/.exec(
    message,
  );
  const at = around ? text.indexOf(around[2]!) : -1;
  if (at < 0 || text.includes(around![2]!, at + 1)) return START;
  return lineIndex(text)(at + Math.max(0, around![2]!.lastIndexOf(around![1]!)));
}
