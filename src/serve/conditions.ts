/** What conditional requests mean (RFC 9110 section 13). Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { tagOf } from './headers.ts';

/** What is compared with a request's conditions. */
export interface Validated {
  /** Of the bytes before encoding, as `hashOf` gives it. */
  hash: string;
  /** Milliseconds since 1970. */
  modified: number;
}

/** Whether a request asks only in case that the file is another: then it costs nothing to ask often. */
export function isConditional(headers: IncomingHttpHeaders): boolean {
  return Boolean(headers['if-none-match']?.trim() || headers['if-modified-since']?.trim());
}

/** Whether a request asks for a version that is not there (sections 13.1.1 and 13.1.4): the answer is 412. */
export function isAnother(headers: IncomingHttpHeaders, file: Validated, now: number): boolean {
  const tags = headers['if-match']?.trim();
  if (tags) return tags !== '*' && !hasTag(tags, tagOf(file.hash), isStrong);
  const written = headers['if-unmodified-since'];
  const since = written === undefined ? undefined : parseHttpDate(written, now);
  return since !== undefined && seconds(file.modified) > since;
}

/** Whether the client has the file already (sections 13.1.2 and 13.1.3): the answer is 304. `now` tells the century of two-digit years. */
export function isUnchanged(headers: IncomingHttpHeaders, file: Validated, now: number): boolean {
  const tags = headers['if-none-match']?.trim();
  if (tags) return tags === '*' || hasTag(tags, tagOf(file.hash), isAny);
  const written = headers['if-modified-since'];
  const since = written === undefined ? undefined : parseHttpDate(written, now);
  return since !== undefined && seconds(file.modified) <= since;
}

/**
 * Whether the client has the beginning of this very body (section 13.1.5), so that a part is of use to it. Our dates are strong
 * validators: no two bodies of a file have the same.
 */
export function isSamePart(condition: string | undefined, etag: string, modified: number): boolean {
  if (condition === undefined) return true;
  const written = condition.trim();
  return written === etag || written === new Date(modified).toUTCString();
}

function seconds(moment: number): number {
  return Math.floor(moment / 1000) * 1000;
}

/**
 * What we, and proxies that compress by themselves, put after a tag: `-br`, Apache's `-gzip`, Jetty's `--gzip`, LiteSpeed's `;br`,
 * Traffic Server's `-df`. Whatever it is: who has all of our tag was given it with these bytes.
 */
const SUFFIXES = /^(?:[-;:+.][a-z\d]{0,9})*$/i;

/** What ends a tag of ours. */
const OWN_ENDS = new Set(['"', '-gzip"', '-br"']);

const isAny = (): boolean => true;
const isStrong = (written: string): boolean => !written.startsWith('W/');

/** A tag of another encoding is as good: it says that the client has the same feed. */
function hasTag(list: string, tag: string, counts: (written: string) => boolean): boolean {
  // Most send the one tag that they were given.
  if (list.startsWith(tag, 1) && list.startsWith('"') && OWN_ENDS.has(list.slice(tag.length + 1)))
    return true;
  for (const [whole, quoted = whole] of list.matchAll(/(?:W\/)?"([^"]*)"|[^\s,"]+/g)) {
    if (quoted.startsWith(tag) && SUFFIXES.test(quoted.slice(tag.length)) && counts(whole)) return true;
  }
  return false;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = '(?<hour>[01]\\d|2[0-3]):(?<minute>[0-5]\\d):(?<second>[0-5]\\d|60)';

/** RFC 9110 section 5.6.7: the form that is sent, and the two old ones that are still to be understood. */
const DATE_FORMS = [
  `[A-Z][a-z]{2}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} GMT`,
  `[A-Z][a-z]+day, (?<day>\\d\\d)-${MONTH}-(?<year>\\d\\d) ${TIME} GMT`,
  `[A-Z][a-z]{2} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/** Milliseconds since 1970, or undefined if the text is no HTTP date. */
export function parseHttpDate(text: string, now: number): number | undefined {
  const form = DATE_FORMS.find((each) => each.test(text.trim()));
  const found = form?.exec(text.trim())?.groups;
  if (!found) return undefined;
  const [day, hour, minute, second] = [found.day, found.hour, found.minute, found.second].map(Number);
  const month = MONTHS.indexOf(found.month ?? '');
  const date = new Date(Date.UTC(fullYear(found.year ?? '', now), month, day, hour, minute, second));
  return date.getUTCMonth() === month ? date.getTime() : undefined;
}

/** A year of two digits that seems to be more than 50 years ahead is the last one that ended like that. */
function fullYear(written: string, now: number): number {
  if (written.length === 4) return Number(written);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(written);
  return year > thisYear + 50 ? year - 100 : year;
}
