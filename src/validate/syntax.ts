/** What single values look like: addresses, media types. */

/** Has a scheme and is an address that a reader can take as it is; letters of any script may stand in it. */
export function isAbsolute(url: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^\s<>"\p{Cc}]+$/iu.test(url) && URL.canParse(url);
}

export function isHttp(url: string): boolean {
  return /^https?:\/\//i.test(url) && isAbsolute(url);
}

/** `type/subtype`, with parameters or without (RFC 6838, section 4.2). */
export function isMediaType(type: string): boolean {
  return /^[a-z\d][\w.+!#$&^-]*\/[a-z\d][\w.+!#$&^-]*(?:\s*;.*)?$/i.test(type);
}

/** An e-mail address as RSS wants it: `mail@host (Name)`. */
export function isRssPerson(text: string): boolean {
  return /^[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+ \([^()]+\)$/.test(text);
}
