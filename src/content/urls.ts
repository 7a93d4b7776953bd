/** Which URLs may be published, and in what form. */

/** Stands in a URL for what cannot be known of it: no text holds it, since XML forbids it, and no URL with it is published. */
export const UNKNOWN = '\uFFFE';
const IS_UNKNOWN = /\uFFFE|%EF%BF%BE/i;

/** Whether something in a URL cannot be known. */
export function isUnknown(url: string): boolean {
  return IS_UNKNOWN.test(url);
}

const PLAIN = /^[\w\-.~:/?@!$&'()*+,;=%]+(?:#[\w\-.~:/?@!$&'()*+,;=%]*)?$/;

/**
 * An absolute http(s) URL as the author wrote it, or percent-encoded where it holds characters that RFC 3986 does not
 * allow; undefined for anything else.
 */
export function webUrl(text: string): string | undefined {
  const written = text.trim();
  if (!/^https?:\/\//i.test(written) || !URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (!url.hostname) return undefined;
  return PLAIN.test(written) && /^https?:\/\/[^/?#\\]/i.test(written) && !/%(?![0-9a-f]{2})/i.test(written)
    ? written
    : tidy(url.href);
}

/** Schemes that a link may have. */
export const LINK_SCHEMES: ReadonlySet<string> = new Set([
  'http:',
  'https:',
  'mailto:',
  'tel:',
  'sms:',
  'xmpp:',
  'irc:',
  'ircs:',
  'gemini:',
  'magnet:',
  'geo:',
]);
const DATA_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp|avif);base64,[a-z0-9+/=\s]*$/i;
/** Longer `data:` images are dropped: they would dwarf the feed that carries them. */
const DATA_LIMIT = 64 * 1024;

/** A path or a web address in which markdown-it finds nothing to encode. */
export const PLAIN_LINK =
  /^(?:https?:\/\/[a-z\d.-]+(?=[/#]|$))?(?:\/?[\w.~-]+)?(?:\/[\w.~-]+)*\/?(?:#[\w.~-]*)?$/;

/** The beginning of a web address, and a path, in which no parser of URLs finds anything to change. */
const PLAIN_HOST = /^https?:\/\/(?:[a-z\d]+[.-])*[a-z][a-z\d]*(?=\/)/;
const PLAIN_PATH = /^(?:\/[\w~-][\w.~-]*)+\/?$/;

/** What most URLs mean, without a parser, which takes ten times as long; undefined for all that are not that plain. */
function plainUrl(url: string, base: string): string | undefined {
  const isAbsolute = url.startsWith('http');
  const host = PLAIN_HOST.exec(isAbsolute ? url : base)?.[0];
  if (host === undefined) return undefined;
  const path = isAbsolute ? url.slice(host.length) : url;
  return PLAIN_PATH.test(path) ? host + path : undefined;
}

/** What `url` means in a document at `base`: an absolute URL that may stand in a link, or undefined. */
export function linkUrl(url: string, base: string): string | undefined {
  const plain = plainUrl(url, base);
  if (plain !== undefined) return plain;
  const absolute = resolve(url, base);
  return absolute && LINK_SCHEMES.has(absolute.protocol) ? tidy(absolute.href) : undefined;
}

/** The same for what a reader loads: pictures, audio, video. */
export function mediaUrl(url: string, base: string): string | undefined {
  const written = url.trim();
  if (/^data:/i.test(written)) {
    return written.length <= DATA_LIMIT && DATA_IMAGE.test(written) ? written.replace(/\s/g, '') : undefined;
  }
  const absolute = resolve(url, base);
  return absolute && /^https?:$/.test(absolute.protocol) ? tidy(absolute.href) : undefined;
}

function resolve(url: string, base: string): URL | undefined {
  const written = url.trim();
  if (isUnknown(written)) return undefined;
  return URL.canParse(written, base) ? new URL(written, base) : undefined;
}

/** What may not stand in a URL: brackets neither, but around a numeric host. */
const UNTIDY = /(^[a-z][a-z\d+.-]*:\/\/(?:[^/?#@[\]]*@)?\[[\da-f:.]+\])|[^\w\-.~:/?#@!$&'()*+,;=%]/giu;

/** The WHATWG parser leaves some characters alone that RFC 3986 wants percent-encoded, and a second `#`. */
export function tidy(href: string): string {
  const encoded = href
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(UNTIDY, (c, host?: string) => host ?? encodeURIComponent(c));
  const fragment = encoded.indexOf('#') + 1;
  return fragment === 0
    ? encoded
    : encoded.slice(0, fragment) + encoded.slice(fragment).replaceAll('#', '%23');
}
