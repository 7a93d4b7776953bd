/** The header policy of feed files: what is sent with them, and what conditional requests mean. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';

export type Encoding = 'br' | 'gzip' | 'identity';

/** The best first: where a client wants two equally, it gets the smaller body. */
const PREFERRED: readonly Encoding[] = ['br', 'gzip', 'identity'];

/** How long caches may use what they could not check, in seconds: a week, so that a broken origin is not noticed. */
const STALE_IF_ERROR = 604_800;

export interface Representation {
  type: string;
  /** SHA-256 of the bytes before encoding, in base64url. */
  hash: string;
  /** Milliseconds since 1970. */
  modified: number;
  encoding: Encoding;
  /** Bytes as sent. */
  length: number;
  /** The feed's canonical URL. */
  url: string;
  /** Seconds. */
  maxAge: number;
}

export type HeaderSet = Readonly<Record<string, string>>;

/** All headers of a 200 and of a 304. Readers replace their validators with those of a 304, so it must carry them. */
export function headersOf(file: Representation): { ok: HeaderSet; notModified: HeaderSet } {
  const { maxAge, encoding } = file;
  const notModified = {
    ETag: `"${tagOf(file.hash)}${encoding === 'identity' ? '' : `-${encoding}`}"`,
    'Last-Modified': new Date(file.modified).toUTCString(),
    'Cache-Control': `public, max-age=${maxAge}, stale-while-revalidate=${maxAge}, stale-if-error=${STALE_IF_ERROR}`,
    Vary: 'Accept-Encoding',
    Link: `<${file.url}>; rel="self"`,
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag, Last-Modified, Link',
  };
  const ok = {
    'Content-Type': `${file.type}; charset=utf-8`,
    'Content-Length': String(file.length),
    ...(encoding !== 'identity' && { 'Content-Encoding': encoding }),
    ...notModified,
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
  return { ok, notModified };
}

/** The part of a file's ETags that all its encodings share: 132 bits are enough to tell any two bodies apart. */
function tagOf(hash: string): string {
  return hash.slice(0, 22);
}

type Negotiation = { encoding(available: readonly string[], options: object): string | undefined };

/** The encoding to answer with, by RFC 9110 section 12.5.3; undefined if the client accepts none of them. */
export function chooseEncoding(
  accepted: string | undefined,
  available: readonly Encoding[],
): Encoding | undefined {
  if (accepted === undefined) return 'identity';
  const negotiator = new Negotiator({ headers: { 'accept-encoding': accepted } });
  // The package's types do not know the option yet; without it a client's `gzip, br` would get gzip.
  const chosen = (negotiator as Negotiation).encoding(available, { preferred: PREFERRED });
  return chosen as Encoding | undefined;
}

/** Whether a GET or HEAD is answered with 304, by RFC 9110 section 13.2.2. `now` tells the century of two-digit years. */
export function isUnchanged(
  headers: IncomingHttpHeaders,
  file: { hash: string; modified: number },
  now: number,
): boolean {
  const tags = headers['if-none-match']?.trim();
  if (tags) return tags === '*' || hasTag(tags, tagOf(file.hash));
  const since = parseHttpDate(headers['if-modified-since'] ?? '', now);
  return since !== undefined && Math.floor(file.modified / 1000) * 1000 <= since;
}

/** What we, and proxies that compress by themselves, put after a tag: `-br`, Apache's `-gzip`, Jetty's `--gzip`, `;gzip`. */
const ENCODING_SUFFIXES = /^(?:(?:-{1,2}|;)(?:br|gzip|gz|zstd|deflate))*$/;

/** Weak comparison. A tag of another encoding is as good: it says that the client has the same feed. */
function hasTag(list: string, tag: string): boolean {
  for (const [whole, quoted = whole] of list.matchAll(/"([^"]*)"|[^\s,"]+/g)) {
    if (quoted.startsWith(tag) && ENCODING_SUFFIXES.test(quoted.slice(tag.length))) return true;
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
