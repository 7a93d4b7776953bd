/** A feed file made ready to be answered with: each encoding's bytes together with their complete headers. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { hashOf, urlPath } from '../publish/feed.ts';
import type { FileRecord } from '../store/catalogue.ts';
import type { Stored } from '../store/store.ts';
import type { Encoding, HeaderSet } from './headers.ts';
import { headersOf } from './headers.ts';
import { feedType } from './paths.ts';

export interface Prepared {
  /** Of the bytes before encoding. */
  hash: string;
  /** The store's version of the file. */
  version: string;
  modified: number;
  encodings: readonly Encoding[];
  answers: Readonly<Partial<Record<Encoding, { body: Buffer; ok: HeaderSet; notModified: HeaderSet }>>>;
}

export interface Policy {
  /** Where the feeds are served; ends with `/`. */
  feedsUrl: string;
  /** Seconds for which caches need not ask again. */
  maxAge: number;
}

/** Below that many bytes compression saves no packet. */
const WORTH_COMPRESSING = 1024;

/**
 * `record` is what the catalogue says of the file; its moment counts if it speaks of these bytes, else the store's does.
 * Never changes afterwards: a request that holds it gets headers and body of the same bytes.
 */
export async function prepare(
  stored: Stored,
  record: FileRecord | undefined,
  { feedsUrl, maxAge }: Policy,
  now: number,
): Promise<Prepared> {
  const { name, version, body } = stored;
  const hash = hashOf(body);
  // A file from a machine whose clock is ahead: a date in the future would be no valid Last-Modified.
  const modified = Math.min(record?.hash === hash ? record.modified : stored.modified, now);
  const type = feedType(name) ?? 'application/octet-stream';
  const bodies = await encode(body);
  const answers = bodies.map(([encoding, encoded]) => {
    const { length } = encoded;
    const headers = headersOf({
      type,
      hash,
      modified,
      encoding,
      length,
      url: feedsUrl + urlPath(name),
      maxAge,
    });
    return [encoding, { body: encoded, ...headers }] as const;
  });
  return {
    hash,
    version,
    modified,
    encodings: bodies.map(([encoding]) => encoding),
    answers: Object.fromEntries(answers),
  };
}

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** The body as it is, and compressed where that makes it smaller. */
async function encode(body: Buffer): Promise<(readonly [Encoding, Buffer])[]> {
  const bodies: (readonly [Encoding, Buffer])[] = [['identity', body]];
  if (body.length < WORTH_COMPRESSING) return bodies;
  const compressed = await Promise.all([
    // The highest quality, 160 ms for 230 KB, is paid once per change; each answer is then a tenth smaller than with 9.
    brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).then(
      (bytes) => ['br', bytes] as const,
    ),
    gzipped(body, { level: 9 }).then((bytes) => ['gzip', bytes] as const),
  ]);
  return [...bodies, ...compressed.filter(([, bytes]) => bytes.length < body.length)];
}
