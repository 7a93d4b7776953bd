/** Rules for the HTML of entries, which are the same in every format. */
import type { FeedDocument, Html } from './document.ts';
import { urlsOf } from './html.ts';
import type { Tag } from './html.ts';
import { fault } from './rule.ts';
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
            `The content has <${tag.name} ${attribute}="${url}">, which leads nowhere outside of your site: write the whole address.`,
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
