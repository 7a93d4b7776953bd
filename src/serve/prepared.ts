/** A feed's file made ready to be answered with: the bytes of each encoding together with their headers. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { hashOf, urlPath } from '../publish/feed.ts';
import type { FileRecord } from '../store/catalogue.ts';
import type { Stored } from '../store/store.ts';
import { etagOf, notModifiedHeaders, okHeaders } from './headers.ts';
import type { Encoding, RawHeaders } from './headers.ts';
import type { Judged } from './judge.ts';
import { isFeed, servedType } from './paths.ts';

export interface Answer {
  body: Buffer;
  /** All but Cache-Control. */
  ok: RawHeaders;
}

/** Its bytes never change: a request that holds it gets headers and body of the same. */
export interface Prepared extends Judged {
  /** The store's version of the file. */
  readonly version: string;
  /** Bytes that it takes in memory. */
  readonly held: number;
  /** What is ready to be sent. */
  ready(encoding: Encoding): Answer | undefined;
  /** The headers of a 304, for which nothing is compressed: all but Cache-Control. */
  notModified(encoding: Encoding): RawHeaders;
  /** Makes it ready, once however many ask; from then on `has` it not, if that makes it no smaller. */
  make(encoding: Encoding): Promise<Answer>;
  /** The encodings it was asked for. */
  made(): Encoding[];
}

/** Below that many bytes compression saves no packet. */
const WORTH_COMPRESSING = 1024;

/** Above that many bytes nobody waits for brotli: until it is made, gzip is sent. */
export const LARGE = 100_000;

/**
 * `record` is what the catalogue says of the file. Bytes that it does not know yet are dated a second after those that it knows: the
 * run that wrote them gave them that moment or a later one, so that nobody who compares dates takes the next for these. Only without
 * a catalogue the store's moment counts. None is later than `now`.
 */
export function prepare(
  stored: Stored,
  record: FileRecord | undefined,
  feedsUrl: string,
  now: number,
): Prepared {
  const { name, version, body } = stored;
  const hash = hashOf(body);
  // A file from a machine whose clock is ahead: a date in the future would be no valid Last-Modified.
  const changed = record ? record.modified + (record.hash === hash ? 0 : 1000) : stored.modified;
  const modified = Math.min(changed, now);
  const type = servedType(name) ?? 'application/octet-stream';
  const url = isFeed(name) ? feedsUrl + urlPath(name) : undefined;
  const about = (encoding: Encoding) => ({ etag: etagOf(hash, encoding), modified, encoding, url });
  const toAnswer = (encoding: Encoding, body: Buffer): Answer => {
    return { body, ok: okHeaders({ ...about(encoding), type, length: body.length }) };
  };
  const unchanged = new Map<Encoding, RawHeaders>();
  const ready = new Map<Encoding, Answer>([['identity', toAnswer('identity', body)]]);
  /** What saves nothing, for clients that accept nothing else. */
  const spare = new Map<Encoding, Answer>();
  const making = new Map<Encoding, Promise<Answer>>();
  let held = body.length;

  async function encode(encoding: Encoding): Promise<Answer> {
    const encoded = await COMPRESS[encoding](body);
    const answer = toAnswer(encoding, encoded);
    const saves = body.length >= WORTH_COMPRESSING && encoded.length < body.length;
    (saves ? ready : spare).set(encoding, answer);
    held += encoded.length;
    return answer;
  }
  return {
    hash,
    version,
    modified,
    size: body.length,
    get held() {
      return held;
    },
    has: (encoding) =>
      ready.has(encoding) ||
      (body.length >= WORTH_COMPRESSING &&
        !spare.has(encoding) &&
        !(encoding === 'br' && body.length > LARGE)),
    ready: (encoding) => ready.get(encoding) ?? spare.get(encoding),
    notModified(encoding) {
      const headers = unchanged.get(encoding) ?? notModifiedHeaders(about(encoding));
      unchanged.set(encoding, headers);
      return headers;
    },
    make(encoding) {
      const known = ready.get(encoding) ?? spare.get(encoding);
      if (known) return Promise.resolve(known);
      const promise = making.get(encoding) ?? encode(encoding).finally(() => making.delete(encoding));
      making.set(encoding, promise);
      return promise;
    },
    made: () => [...ready.keys()],
  };
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/**
 * Paid once per change, off the main thread. Brotli's qualities above 9 would save a tenth more, but take ten times as long: too
 * long for somebody to wait, and for a run that changes a thousand feeds.
 */
const COMPRESS: Readonly<Record<Encoding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) =>
    brotli(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 9,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
  gzip: (body) => gzipped(body, { level: 9 }),
  identity: (body) => Promise.resolve(body),
};
