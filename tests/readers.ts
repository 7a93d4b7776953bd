/** Feed readers as a server meets them: what they ask with, what they remember, and when they come back. */
import type { OutgoingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parseAtomFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import type { Answer } from './serving.ts';

/** Sends one request, from the reader's address. */
export type Ask = (path: string, headers: OutgoingHttpHeaders, method?: string) => Promise<Answer>;

export interface Validators {
  etag?: string | undefined;
  date?: string | undefined;
}

/** What one kind of reader does, as its source code has it (August 2026). */
export interface Habits {
  headers: OutgoingHttpHeaders;
  /** Which of the validators it has it sends. */
  sends: ('etag' | 'date')[];
  /** What it has after a 200 or 304. */
  keeps: (answer: Validators, status: number, before: Validators) => Validators;
  /**
   * Seconds until it asks again, at the earliest: after that status, being told to wait so long by max-age or Retry-After,
   * and after so many errors in a row.
   */
  pauses: (status: number, told: number, errors: number) => number;
  /** Whether it asks at the new address from a 301 on. */
  moves?: true;
  /** How it gets a feed; by one GET if nothing is said. */
  gets?: Get;
}

/** Gets a feed of which a version may be known already. */
type Get = (ask: Ask, path: string, headers: OutgoingHttpHeaders, known: Validators) => Promise<Answer>;

const HOUR = 3600;
const DAY = 24 * HOUR;
const upTo = (step: number, seconds: number): number => Math.ceil(seconds / step) * step;
const SIMPLEPIE_ACCEPT =
  'application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8, */*;q=0.1';
const ofTheLast = (answer: Validators): Validators => answer;
const ofTheLastWhole = (answer: Validators, status: number, before: Validators): Validators =>
  status === 200 ? answer : before;

export const HABITS = {
  /** A 304 can bring another date, but no other tag. After three errors of any kind the feed is asked for no more. */
  miniflux: {
    headers: {
      'user-agent': 'Mozilla/5.0 (compatible; Miniflux/2.2.15; +https://miniflux.app)',
      accept:
        'application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,application/feed+json,text/html,*/*;q=0.9',
      'accept-encoding': 'br,gzip',
    },
    sends: ['etag', 'date'],
    keeps: (answer, status, before) =>
      status === 200 ? answer : { ...before, date: answer.date ?? before.date },
    pauses: (status, told, errors) =>
      errors === 3 ? Infinity : Math.min(Math.max(HOUR, status === 304 ? 0 : told), DAY),
  },
  /** Looks each hour; it minds the max-age of a 200 alone, and not beyond 5 hours. After an error of its own making it waits for 53. */
  netNewsWire: {
    headers: {
      'user-agent': 'NetNewsWire (RSS Reader; https://netnewswire.com/)',
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
    },
    sends: ['etag', 'date'],
    keeps: ofTheLast,
    pauses: (status, told) => {
      if (status >= 400 && status < 500 && status !== 429) return 53 * HOUR;
      return Math.max(HOUR, status === 304 ? 0 : upTo(HOUR, Math.min(told, 5 * HOUR)));
    },
    moves: true,
  },
  /** Looks every 20 minutes, but for no feed more than once an hour; 410 ends the subscription. */
  freshRss: {
    headers: {
      'user-agent': 'FreshRSS/1.27.1 (Linux; https://freshrss.org)',
      accept: SIMPLEPIE_ACCEPT,
      'accept-encoding': 'deflate, gzip, br, zstd',
    },
    sends: ['etag', 'date'],
    keeps: ofTheLast,
    pauses: (status, told) =>
      status === 410 ? Infinity : upTo(HOUR / 3, Math.min(Math.max(HOUR, told), DAY)),
    moves: true,
  },
  /** One for many people: it does not wait for max-age. */
  feedly: {
    headers: {
      'user-agent':
        'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 59 subscribers; like FeedFetcher-Google)',
      'accept-encoding': 'gzip',
    },
    sends: ['etag'],
    keeps: ofTheLastWhole,
    pauses: () => HOUR / 2,
  },
  /** A site's own list of news, behind a proxy that leaves it nothing but dates. */
  simplePie: {
    headers: { 'user-agent': 'SimplePie/1.9.0', accept: SIMPLEPIE_ACCEPT, 'accept-encoding': 'gzip,deflate' },
    sends: ['date'],
    keeps: ofTheLastWhole,
    pauses: () => HOUR,
  },
  /** Looks at the headers, then fetches what is new in pieces. */
  directory: {
    headers: { 'user-agent': 'iTMS', accept: '*/*' },
    sends: [],
    keeps: ofTheLastWhole,
    pauses: () => 4 * HOUR,
    gets: inPieces,
  },
} satisfies Record<string, Habits>;

const whole: Get = (ask, path, headers) => ask(path, headers);

const PIECE = 4096;

/** The feed by HEAD and ranges. What is not known to be of one version is not put together. */
async function inPieces(...[ask, path, headers, known]: Parameters<Get>): Promise<Answer> {
  const head = await ask(path, headers, 'HEAD');
  const { etag } = head.headers;
  if (head.status !== 200 || etag === undefined) return head;
  if (etag === known.etag) return { ...head, status: 304 };
  const pieces: Buffer[] = [];
  const size = Number(head.headers['content-length']);
  for (let start = 0; start < size; start += PIECE) {
    const range = `bytes=${start}-${start + PIECE - 1}`;
    const answer = await ask(path, { ...headers, range, 'if-range': etag });
    if (answer.status !== 206) return answer;
    pieces.push(answer.body);
  }
  return { ...head, body: Buffer.concat(pieces) };
}

export interface Entry {
  title: string;
  content: string;
}

export interface Reader {
  /** Asks once, and gives after how many seconds it would again. */
  poll(): Promise<number>;
  /** All answers it got, and how often it asked for the feed. */
  answers: Answer[];
  polls: number;
  /** Whether it asks no more. */
  ended: boolean;
  /** Entries by their ids. */
  held: Map<string, Entry>;
  /** Titles of entries that became others. */
  edited: string[];
}

/** A subscription to a feed, or to one feed in several formats that are asked for in turn. */
export function subscribe(habits: Habits, paths: readonly string[], ask: Ask): Reader {
  const feeds = paths.map((path): { path: string; known: Validators } => ({ path, known: {} }));
  let errors = 0;

  const heard: Ask = async (...request) => {
    const answer = await ask(...request);
    reader.answers.push(answer);
    return answer;
  };
  async function poll(): Promise<number> {
    const feed = feeds[reader.polls++ % feeds.length]!;
    const headers: OutgoingHttpHeaders = { ...habits.headers };
    for (const each of habits.sends) if (feed.known[each]) headers[CONDITIONS[each]] = feed.known[each];
    const gets = habits.gets ?? whole;

    let answer = await gets(heard, feed.path, headers, feed.known);
    if (answer.status === 301) {
      const target = answer.headers.location!;
      if (habits.moves) feed.path = target;
      answer = await gets(heard, target, headers, feed.known);
    }
    const { status, headers: got } = answer;
    errors = status >= 400 ? errors + 1 : 0;
    if (status === 200 || status === 304)
      feed.known = habits.keeps({ etag: got.etag, date: got['last-modified'] }, status, feed.known);
    if (status === 200) for (const [id, entry] of await entriesOf(answer)) hold(id, entry);
    const told = got['retry-after'] ?? /max-age=(\d+)/.exec(got['cache-control'] ?? '')?.[1] ?? 0;
    const pause = habits.pauses(status, Number(told), errors);
    reader.ended = pause === Infinity;
    return pause;
  }
  function hold(id: string, entry: Entry): void {
    const before = reader.held.get(id);
    if (before && (before.title !== entry.title || before.content !== entry.content))
      reader.edited.push(entry.title);
    reader.held.set(id, entry);
  }
  const reader: Reader = { poll, answers: [], polls: 0, ended: false, held: new Map(), edited: [] }; // prettier-ignore
  return reader;
}

const CONDITIONS = { etag: 'if-none-match', date: 'if-modified-since' } as const;

type Parse = (text: string) => [string, Entry][] | Promise<[string, Entry][]>;

const PARSERS: Record<string, Parse> = {
  'application/rss+xml': async (text) =>
    (await new RssParser().parseString(text)).items.map((item) => [
      item.guid!,
      { title: item.title!, content: String(item['content:encoded']) },
    ]),
  'application/atom+xml': (text) =>
    (parseAtomFeed(text).entries ?? []).map(({ id, title, content }) => [
      id!,
      { title: title!.value, content: content!.value! },
    ]),
  'application/feed+json': (text) =>
    (JSON.parse(text) as { items: { id: string; title: string; content_html: string }[] }).items.map(
      ({ id, title, content_html: content }) => [id, { title, content }],
    ),
};

const DECODERS: Record<string, (body: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync };

/** What a feed shows, in whichever format and encoding it came. */
export async function entriesOf({ headers, body }: Answer): Promise<[string, Entry][]> {
  const decode = DECODERS[headers['content-encoding'] ?? ''] ?? ((bytes: Buffer) => bytes);
  const type = headers['content-type']!.split(';')[0]!;
  const entries = await PARSERS[type]!(decode(body).toString());
  if (new Map(entries).size < entries.length) throw new Error('a feed has an id twice');
  return entries;
}

/** What happens at which moment: first things first, and the clock goes along. */
export function agendaOf(clock: { now: number }) {
  const entries: { at: number; happens: () => Promise<unknown> }[] = [];
  return {
    add: (at: number, happens: () => Promise<unknown>): void => void entries.push({ at, happens }),
    async liveUntil(end: number): Promise<void> {
      for (;;) {
        const { at, happens } = entries.sort((a, b) => a.at - b.at).shift()!;
        if (at > end) return;
        clock.now = Math.max(clock.now, at);
        await happens();
      }
    },
  };
}
