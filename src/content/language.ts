/** Language tags. */

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
