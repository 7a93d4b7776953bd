/** The header policy of feed files: what is sent with them. Pure. */

export type Encoding = 'br' | 'gzip' | 'identity';

/** As `writeHead` takes them: name, value, name, value. */
export type RawHeaders = readonly string[];

export interface Representation {
  type: string;
  /** As `etagOf` gives it. */
  etag: string;
  /** Milliseconds since 1970. */
  modified: number;
  encoding: Encoding;
  /** Bytes as sent. */
  length: number;
  /** A feed's canonical URL; undefined for what is no feed. */
  url: string | undefined;
}

/** What all answers with a feed's file say of it; readers replace their validators with those of a 304, so it has them too. */
export function notModifiedHeaders({
  etag,
  modified,
  url,
}: Omit<Representation, 'type' | 'length'>): RawHeaders {
  return [
    ...['ETag', etag],
    ...['Last-Modified', new Date(modified).toUTCString()],
    ...['Vary', 'Accept-Encoding'],
    ...(url === undefined ? [] : ['Link', `<${url}>; rel="self"`]),
    ...['Access-Control-Allow-Origin', '*'],
    ...['Access-Control-Expose-Headers', 'ETag, Last-Modified, Link'],
  ];
}

/** What a page cannot say itself: the rest of its policy is in the page, so that it holds on any host. */
const PAGE: RawHeaders = [
  ...['Content-Security-Policy', "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"],
  ...['X-Frame-Options', 'DENY'],
  ...['Referrer-Policy', 'no-referrer'],
];

/** All headers of a 200 but Cache-Control. */
export function okHeaders(file: Representation): RawHeaders {
  const { type, length, encoding } = file;
  return [
    ...['Content-Type', `${type}; charset=utf-8`],
    ...['Content-Length', String(length)],
    ...(encoding === 'identity' ? [] : ['Content-Encoding', encoding]),
    ...notModifiedHeaders(file),
    // Of the encoded forms parts are not given, but this is said of the file.
    ...['Accept-Ranges', 'bytes'],
    ...['X-Content-Type-Options', 'nosniff'],
    ...['Cross-Origin-Resource-Policy', 'cross-origin'],
    ...(type === 'text/html' ? PAGE : []),
  ];
}

/** The headers of a 206 (RFC 9110 section 15.3.7), made from those of a 200; `start` and `end` are the first and last byte. */
export function partHeaders(ok: RawHeaders, start: number, end: number, size: number): RawHeaders {
  const headers = [...ok, 'Content-Range', `bytes ${start}-${end}/${size}`];
  headers[headers.indexOf('Content-Length') + 1] = String(end - start + 1);
  return headers;
}

/** A strong validator: of every encoding another, since the bytes are. */
export function etagOf(hash: string, encoding: Encoding): string {
  return `"${tagOf(hash)}${encoding === 'identity' ? '' : `-${encoding}`}"`;
}

/** The part of a file's ETags that all its encodings share: 132 bits are enough to tell any two bodies apart. */
export function tagOf(hash: string): string {
  return hash.slice(0, 22);
}

/**
 * Where a redirect leads, as a header can hold it: Node sends nothing but Latin-1 there, and throws at all else. `target` is a path
 * from `/`, to be put behind `root`, or a whole URL; people write both as they read them.
 */
export function locationOf(target: string, root: string): string {
  if (!target.startsWith('/')) return new URL(target).href;
  const { pathname, search, hash } = new URL(`http://localhost${root}${target.slice(1)}`);
  return pathname + search + hash;
}
