/** Language tags. */

/** Well-formed by BCP 47 (RFC 5646, section 2.1). */
function isWellFormed(tag: string): boolean {
  // Names of four letters and more would be well-formed, but no language has one.
  if (!/^[a-z]{2,3}(?:-|$)/i.test(tag)) return /^(?:x|i)(?:-[a-z\d]{1,8})+$/i.test(tag);
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** The languages that there are, as far as two letters name them (ISO 639-1, with what it had before). */
const KNOWN = new Set(
  (
    'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et ' +
    'eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja ji jv ka kg ki ' +
    'kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne ng nl nn no nr ' +
    'nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ' +
    'ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu'
  ).split(' '),
);

/** What people write who think of a country. */
const MEANT: Record<string, string> = {
  at: 'de', cn: 'zh', cz: 'cs', dk: 'da', gb: 'en-GB', gr: 'el', jp: 'ja', ua: 'uk', us: 'en-US', vn: 'vi',
}; // prettier-ignore

/** What is wrong with a language tag, as the rest of a sentence; undefined if nothing is. */
export function languageFault(tag: string): string | undefined {
  if (!isWellFormed(tag)) return 'is no language tag: write one like en or en-GB';
  const [language = ''] = tag.toLowerCase().split('-');
  if (language.length !== 2 || KNOWN.has(language)) return undefined;
  return `begins with ${language}, which is no language: write one like ${MEANT[language] ?? 'en or en-GB'}`;
}

/** A language tag that is well-formed and, where it begins with two letters, begins with a language. */
export function isLanguageTag(tag: string): boolean {
  return languageFault(tag) === undefined;
}
