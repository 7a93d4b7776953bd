/** What single values look like: addresses, language tags, media types. */

/** Has a scheme and is an address that a reader can take as it is; letters of any script may stand in it. */
export function isAbsolute(url: string): boolean {
  return /^[a-z][a-z\d+.-]*:[^\s<>"\p{Cc}]+$/iu.test(url) && URL.canParse(url);
}

export function isHttp(url: string): boolean {
  return /^https?:\/\//i.test(url) && isAbsolute(url);
}

/** Well-formed by BCP 47 (RFC 5646, section 2.1); whether its parts are registered is not asked. */
export function isLanguageTag(tag: string): boolean {
  // Names of four letters and more would be well-formed, but no language has one.
  if (!/^[a-z]{2,3}(?:-|$)/i.test(tag)) return /^(?:x|i)(?:-[a-z\d]{1,8})+$/i.test(tag);
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** `type/subtype`, with parameters or without (RFC 6838, section 4.2). */
export function isMediaType(type: string): boolean {
  return /^[a-z\d][\w.+!#$&^-]*\/[a-z\d][\w.+!#$&^-]*(?:\s*;.*)?$/i.test(type);
}

/** An e-mail address as RSS wants it: `mail@host (Name)`. */
export function isRssPerson(text: string): boolean {
  return /^[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+(?: \([^()]+\))?$/.test(text);
}
