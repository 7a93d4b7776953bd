/** Rules for the HTML of entries, which are the same in every format. */
import type { FeedDocument, Html } from './document.ts';
import { endsParagraph, isHtmlElement, isVoid, mayStayOpen } from './html-elements.ts';
import { urlsOf } from './html.ts';
import type { Mark, Tag } from './html.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';

/** Elements that run or load something of their own; every reader drops them. */
const UNSAFE = new Set([
  'script',
  'object',
  'embed',
  'applet',
  'iframe',
  'frame',
  'base',
  'link',
  'meta',
  'style',
]);

export const HTML_RULES: Rule<FeedDocument>[] = [
  {
    name: 'relative-url',
    level: 'warning',
    section: 'W3C feed validator, ContainsRelRef',
    *check(document) {
      for (const { place, tag } of tags(document)) {
        if (place.based) continue;
        for (const { attribute, url } of urlsOf(tag)) {
          if (/^[a-z][a-z\d+.-]*:/i.test(url)) continue;
          yield fault(
            place,
            `The content has <${tag.name} ${attribute}=${quote(url)}>, which leads nowhere outside of your site: write the whole address.`,
          );
        }
      }
    },
  },
  {
    name: 'unsafe-html',
    level: 'warning',
    section: 'W3C feed validator, SecurityRisk and SecurityRiskAttr',
    *check(document) {
      for (const { place, tag } of tags(document)) {
        const risk = riskIn(tag);
        if (risk)
          yield fault(place, `The content has ${risk}, which readers remove and some refuse: leave it out.`);
      }
    },
  },
  {
    name: 'unsafe-style',
    level: 'warning',
    section: 'W3C feed validator, DangerousStyleAttr',
    *check(document) {
      for (const { place, tag } of tags(document)) {
        const style = tag.attributes.get('style');
        if (style && !isHarmless(style))
          yield fault(
            place,
            `The content has <${tag.name} style=${quote(style)}>, which could cover or load what is not yours, so readers remove it: leave it out.`,
          );
      }
    },
  },
  {
    name: 'html-element',
    level: 'warning',
    section: 'W3C feed validator, NotHtml; HTML, 4',
    *check({ entries }) {
      for (const place of entries.flatMap(({ html }) => html)) {
        const names = new Set(
          Array.from(place.tags(), ({ name }) => name).filter((name) => !isHtmlElement(name)),
        );
        for (const name of names)
          yield fault(
            place,
            `The content has a <${name}>, which is no HTML that readers know: correct its name, remove it, or write &lt;${name}&gt; if you speak of it.`,
          );
      }
    },
  },
  {
    name: 'html-nesting',
    level: 'warning',
    section: 'W3C feed validator, NotHtml; HTML, 13.1.2',
    *check({ entries }) {
      for (const place of entries.flatMap(({ html }) => html)) {
        const wrong = misnested(place.marks());
        if (wrong)
          yield fault(
            place,
            `In the content ${wrong}, and readers guess what you meant: close each tag where it belongs.`,
          );
      }
    },
  },
];

function* tags(document: FeedDocument): Generator<{ place: Html; tag: Tag }> {
  for (const { html } of document.entries)
    for (const place of html) for (const tag of place.tags()) yield { place, tag };
}

function riskIn(tag: Tag): string | undefined {
  if (UNSAFE.has(tag.name)) return `a <${tag.name}>`;
  for (const name of tag.attributes.keys())
    if (/^on[a-z]+$/.test(name)) return `an ${name} attribute in <${tag.name}>`;
  for (const { url } of urlsOf(tag)) {
    if (/^(?:java|vb)script:/i.test(url)) return `a script as the address of <${tag.name}>`;
  }
  return undefined;
}

const PROPERTIES = new Set(
  (
    'azimuth background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width ' +
    'border-collapse border-color border-left border-left-color border-left-style border-left-width border-right ' +
    'border-right-color border-right-style border-right-width border-spacing border-style border-top border-top-color ' +
    'border-top-style border-top-width border-width clear color cursor direction display elevation float font font-family ' +
    'font-size font-style font-variant font-weight height letter-spacing line-height list-style-type margin margin-bottom ' +
    'margin-left margin-right margin-top overflow padding padding-bottom padding-left padding-right padding-top pause ' +
    'pause-after pause-before pitch pitch-range richness speak speak-header speak-numeral speak-punctuation speech-rate stress ' +
    'text-align text-decoration text-indent unicode-bidi vertical-align voice-family volume white-space width'
  ).split(' '),
);

/** Only properties that change how the text itself looks, with nothing in them that loads, runs or hides what it is. */
function isHarmless(style: string): boolean {
  if (/[\\@<>]|\/\*|(?:url|expression|image|image-set|attr|var)\s*\(/i.test(style)) return false;
  return style
    .split(';')
    .filter((declaration) => declaration.trim())
    .every((declaration) => PROPERTIES.has(declaration.split(':')[0]!.trim().toLowerCase()));
}

/** The first tag that is not closed where it should be. */
function misnested(marks: Iterable<Mark>): string | undefined {
  const open: string[] = [];
  const counts = new Map<string, number>();
  const count = (name: string): number => counts.get(name) ?? 0;
  const close = (): string => {
    const name = open.pop()!;
    counts.set(name, count(name) - 1);
    return name;
  };
  for (const { name, closing } of marks) {
    if (!closing) {
      if (endsParagraph(name) && open.at(-1) === 'p') close();
      if (isVoid(name)) continue;
      open.push(name);
      counts.set(name, count(name) + 1);
    } else if (count(name) === 0) return `</${name}> closes nothing`;
    else
      for (let last = close(); last !== name; last = close())
        if (!mayStayOpen(last)) return `<${last}> is not closed before </${name}>`;
  }
  const left = open.find((name) => !mayStayOpen(name));
  return left && `<${left}> is never closed`;
}
