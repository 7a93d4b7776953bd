/** HTML that authors wrote -> HTML that is safe in anybody's reader, with absolute URLs. The only home of sanitize-html. */
import { createRequire } from 'node:module';
import type sanitizeHtml from 'sanitize-html';
import type { Attributes, IOptions, Tag, Transformer } from 'sanitize-html';
import { LINK_SCHEMES, linkUrl, mediaUrl } from './urls.ts';

let loaded: typeof sanitizeHtml | undefined;

/** Loaded when it is first needed: it takes longer to load than anything else, and few runs meet raw HTML in what is new. */
function sanitizer(): typeof sanitizeHtml {
  return (loaded ??= createRequire(import.meta.url)('sanitize-html') as typeof sanitizeHtml);
}

/** Every element that may stand in an entry, with the attributes it may have beside GLOBAL. */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'title', 'rel', 'hreflang'], abbr: ['title'], address: [], article: [], aside: [],
  audio: ['src', 'controls', 'preload'], b: [], bdi: [], blockquote: ['cite'], br: [], caption: [], cite: [],
  code: ['class'], col: ['span'], colgroup: ['span'], dd: [], del: ['cite', 'datetime'], details: ['open'], dfn: ['title'],
  div: [], dl: [], dt: [], em: [], figcaption: [], figure: [], footer: [], h1: [], h2: [], h3: [], h4: [], h5: [], h6: [],
  header: [], hr: [], i: [], img: ['src', 'srcset', 'sizes', 'alt', 'title', 'width', 'height', 'loading'],
  ins: ['cite', 'datetime'], kbd: [], li: ['value'], main: [], mark: [], ol: ['start', 'reversed', 'type'], p: [],
  picture: [], pre: ['class'], q: ['cite'], rp: [], rt: [], ruby: [], s: [], samp: [], section: [], small: [],
  source: ['src', 'srcset', 'sizes', 'type', 'media'], span: [], strong: [], sub: [], summary: [], sup: [],
  table: [], tbody: [], td: ['align', 'colspan', 'rowspan', 'headers'], tfoot: [], th: ['align', 'colspan', 'rowspan', 'headers', 'scope'],
  thead: [], time: ['datetime'], tr: [], track: ['src', 'kind', 'srclang', 'label'], u: [], ul: [], var: [],
  video: ['src', 'poster', 'controls', 'preload', 'width', 'height'], wbr: [],
}; // prettier-ignore

/** Attributes that every element may have. */
export const GLOBAL: readonly string[] = ['id', 'dir', 'lang'];

/** Those of them that have no end tag. */
const VOID = ['br', 'col', 'hr', 'img', 'source', 'track', 'wbr'];

type Make = (value: string, base: string) => string | undefined;

/** What makes each URL attribute but `href` absolute, or drops it. */
const URLS: Record<string, Make> = {
  cite: linkUrl,
  src: mediaUrl,
  poster: mediaUrl,
  srcset: absoluteSrcset,
};

/**
 * Allow-listed HTML with every URL absolute against `base`, links as `link` says. An embedded page becomes a link to it.
 */
export function sanitize(html: string, base: string, link: Make = linkUrl): string {
  const absolute: Transformer = (tagName, attribs) => ({
    tagName,
    attribs: absoluteUrls(attribs, base, link),
  });
  let links = 0;
  const linked = (tagName: string, attribs: Attributes): Tag => {
    const href = mediaUrl(attribs['src'] ?? '', base);
    if (!href) return { tagName: 'span', attribs: {} };
    // Within a link there are no others.
    return links > 0
      ? { tagName: 'span', attribs: {}, text: href }
      : { tagName: 'a', attribs: { href }, text: href };
  };
  const options: IOptions = {
    allowedTags: Object.keys(ALLOWED),
    allowedAttributes: { ...(ALLOWED as Record<string, string[]>), '*': [...GLOBAL] },
    allowedSchemes: [...LINK_SCHEMES, 'data:'].map((scheme) => scheme.slice(0, -1)),
    allowProtocolRelative: true,
    parseStyleAttributes: false,
    nestingLimit: 100,
    selfClosing: VOID,
    onOpenTag: (name) => void (name === 'a' && links++),
    onCloseTag: (name) => void (name === 'a' && links--),
    // The text inside these is code or a form's, not the author's prose.
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'xmp',
      'template',
      'title',
      'svg',
      'math',
      'object',
      'noembed',
      'noframes',
      'plaintext',
    ],
    transformTags: { '*': absolute, iframe: linked, embed: linked },
    // An audio, video or picture whose address was dropped shows nothing.
    exclusiveFilter: (frame) => frame.tag === 'img' && !frame.attribs['src'],
  };
  return sanitizer()(ended(html), options);
}

const SELF_ENDED = /<([a-z][\w.-]*)(?![\w.-])((?:[^<>"']|"[^"<>]*"|'[^'<>]*'){0,1000})\/>/gi;

/**
 * Elements that end themselves, as in JSX and Vue, where HTML takes them for the beginning of something: a frame would have all that
 * follows in it. What nobody knows (`<PrBy user="ann" />`) is left out.
 */
export function ended(html: string): string {
  if (!html.includes('/>')) return html;
  return html.replace(SELF_ENDED, (tag, written: string, rest: string) => {
    const name = written.toLowerCase();
    if (name === 'iframe') return /["'\s]$/.test(rest) ? `<iframe${rest}></iframe>` : tag;
    return name === 'embed' || Object.hasOwn(ALLOWED, name) ? tag : '';
  });
}

function absoluteUrls(attribs: Attributes, base: string, link: Make): Attributes {
  const result: Attributes = {};
  for (const [name, value] of Object.entries(attribs)) {
    const make = name === 'href' ? link : URLS[name];
    const kept = make ? make(value, base) : value;
    if (kept !== undefined) result[name] = kept;
  }
  return result;
}

/** A width, a density, or nothing. */
const DESCRIPTOR = /^\s*(?:[1-9]\d{0,5}w|\d{1,3}(?:\.\d{1,3})?x)?\s*$/;

/** A srcset that is longer is nobody's list of pictures. */
const SRCSET_LIMIT = 100_000;

/** Each candidate made absolute (HTML, section 4.8.4.2.1): a URL may hold commas, and ends at a blank or with a last comma. */
function absoluteSrcset(value: string, base: string): string | undefined {
  const candidates: string[] = [];
  if (value.length > SRCSET_LIMIT) return undefined;
  const words = value.split(/\s+/);
  for (let at = 0; at < words.length; at++) {
    const url = words[at]!.replace(/^,+/, '');
    if (url === '') continue;
    let descriptor = '';
    if (!url.endsWith(',')) {
      // What follows up to the next comma describes the candidate.
      while (++at < words.length) {
        const [own = '', next] = words[at]!.split(/,(.*)/s, 2);
        descriptor += ` ${own}`;
        if (next === undefined) continue;
        words[at--] = next;
        break;
      }
    }
    const absolute = mediaUrl(url.replace(/,+$/, ''), base);
    // sanitize-html reads this again, and prints what it does not understand.
    if (absolute && DESCRIPTOR.test(descriptor))
      candidates.push(absolute.replace(/,+$/, '') + descriptor.trimEnd());
  }
  return candidates.length > 0 ? candidates.join(', ') : undefined;
}
