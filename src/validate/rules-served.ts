/** Rules for how a feed is served: its headers and its address. */
import { FORMAT_FILES } from '../publish/feed.ts';
import type { FeedDocument } from './document.ts';
import { START } from './place.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';

/** Less than that fits into one packet, compressed or not. */
const WORTH_COMPRESSING = 1024;

export const SERVED_RULES: Rule<FeedDocument>[] = [
  {
    name: 'self-location',
    level: 'warning',
    section: 'W3C feed validator, SelfDoesntMatchLocation; WebSub, 4',
    *check({ self }, { url }) {
      if (self && url && normalized(self.url) !== normalized(url)) {
        yield fault(
          self,
          `The feed says that it lives at ${quote(self.url)}, but it was read from ${quote(url)}: make them the same.`,
        );
      }
    },
  },
  {
    name: 'content-type',
    level: 'error',
    section: 'RFC 7303, 9; RFC 4287, 7; JSON Feed 1.1, Suggestions for publishers',
    *check({ format }, { contentType }) {
      const type = contentType?.split(';')[0]!.trim().toLowerCase();
      if (type === undefined || [FORMAT_FILES[format].type, ...OTHER_TYPES[format]].includes(type)) return;
      yield fault(
        START,
        `It is served as ${type || 'nothing'}, where readers look for ${FORMAT_FILES[format].type}: set the Content-Type.`,
      );
    },
  },
  {
    name: 'charset',
    level: 'warning',
    section: 'RFC 7303, 3',
    *check({ format }, { contentType }) {
      if (contentType === undefined) return;
      const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
      if (charset ? charset.toLowerCase() === 'utf-8' : format === 'json') return;
      yield fault(
        START,
        `Its Content-Type ${charset ? `says charset=${charset}` : 'names no charset'}: add charset=utf-8.`,
      );
    },
  },
  {
    name: 'uncompressed',
    level: 'warning',
    section: 'W3C feed validator, Uncompressed; RFC 9110, 12.5.3',
    *check(_, { headers, bytes }) {
      if (
        !headers ||
        bytes < WORTH_COMPRESSING ||
        (headers.get('content-encoding') ?? 'identity') !== 'identity'
      )
        return;
      yield fault(
        START,
        'It is served as it is to readers that ask for it compressed, which makes every poll several times as long: turn on gzip for feeds.',
      );
    },
  },
  {
    name: 'no-validator',
    level: 'warning',
    section: 'RFC 9110, 8.8',
    *check(_, { headers }) {
      if (!headers || headers.get('etag') || headers.get('last-modified')) return;
      yield fault(
        START,
        'It is served with neither ETag nor Last-Modified, so readers must load all of it each time: let the server send one.',
      );
    },
  },
];

/** An address as a client sends it: `https://A.example` is `https://a.example/`, and fragments stay with the client. */
function normalized(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/#.*/, '') : url;
}

/** What a format may be served as too. */
const OTHER_TYPES = {
  rss: ['application/xml', 'text/xml'],
  atom: ['application/xml', 'text/xml'],
  json: ['application/json'],
} as const;
