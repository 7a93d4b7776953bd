/** Every rule there is, by the format it is for. A new rule is a row in one of these tables and a fixture that breaks it. */
import type { FormatName } from '../publish/feed.ts';
import type { AnyDocument, Circumstances } from './document.ts';
import { found } from './rule.ts';
import type { Found, Rule, RuleRow } from './rule.ts';
import { ATOM_CONTENT_RULES } from './rules-atom-content.ts';
import { ATOM_RULES } from './rules-atom.ts';
import { DUPLICATE_ID, ENTRY_RULES } from './rules-entries.ts';
import { DATE_RULES } from './rules-dates.ts';
import { HTML_RULES } from './rules-html.ts';
import { JSON_KEY_RULES } from './rules-json-keys.ts';
import { JSON_RULES } from './rules-json.ts';
import { OPENING, PARSE_BACK } from './rules-opening.ts';
import { PODCAST_RULES } from './rules-podcast.ts';
import { RSS_CHANNEL_RULES } from './rules-rss-channel.ts';
import { RSS_ITEM_RULES } from './rules-rss-item.ts';
import { RSS_RULES } from './rules-rss.ts';
import { SERVED_RULES } from './rules-served.ts';
import { TEXT_RULES } from './rules-text.ts';
import { XML_RULES } from './rules-xml.ts';

const ANY_RULES = [...ENTRY_RULES, ...DATE_RULES, ...TEXT_RULES, ...HTML_RULES, ...SERVED_RULES];

export const RULES = {
  rss: [
    DUPLICATE_ID,
    ...ANY_RULES,
    ...XML_RULES,
    ...RSS_RULES,
    ...RSS_CHANNEL_RULES,
    ...RSS_ITEM_RULES,
    ...PODCAST_RULES,
  ],
  atom: [
    { ...DUPLICATE_ID, level: 'warning' },
    ...ANY_RULES,
    ...XML_RULES,
    ...ATOM_RULES,
    ...ATOM_CONTENT_RULES,
  ],
  json: [DUPLICATE_ID, ...ANY_RULES, ...JSON_RULES, ...JSON_KEY_RULES],
} satisfies { [Format in FormatName]: Rule<Extract<AnyDocument, { format: Format }>>[] };

/** All that is told of rules, one row for each format that a rule is for. */
export function allRules(): (RuleRow & { format: FormatName })[] {
  const formats = Object.keys(RULES) as FormatName[];
  const checked = formats.flatMap((format) => RULES[format].map((rule: RuleRow) => ({ ...rule, format })));
  const others = [...Object.values(OPENING), PARSE_BACK].flatMap((row) =>
    row.formats.map((format) => ({ ...row, format })),
  );
  return [...others, ...checked].map(({ name, format, level, section }) => ({
    name,
    format,
    level,
    section,
  }));
}

/** All that the rules find in a document. */
export function applyRules(document: AnyDocument, circumstances: Circumstances): Found[] {
  // The table's key is the document's format, which TypeScript does not follow.
  const rules = RULES[document.format] as Rule<AnyDocument>[];
  return rules.flatMap((rule) =>
    Array.from(rule.check(document, circumstances), (fault) => found(rule, fault)),
  );
}
