/** Every rule there is, by the format it is for. A new rule is a row in one of these tables and a fixture that breaks it. */
import type { Level } from '../content/post.ts';
import type { FormatName } from '../publish/feed.ts';
import type { AnyDocument } from './document.ts';
import type { Fault, Rule } from './rule.ts';
import { ATOM_CONTENT_RULES } from './rules-atom-content.ts';
import { ATOM_RULES } from './rules-atom.ts';
import { COMMON_RULES, DUPLICATE_ID } from './rules-common.ts';
import { HTML_RULES } from './rules-html.ts';
import { JSON_RULES } from './rules-json.ts';
import { RSS_CHANNEL_RULES } from './rules-rss-channel.ts';
import { RSS_ITEM_RULES } from './rules-rss-item.ts';
import { RSS_RULES } from './rules-rss.ts';

export interface Finding extends Fault {
  level: Level;
  /** The rule's name. */
  rule: string;
  section?: string;
}

export const RULES = {
  rss: [DUPLICATE_ID, ...COMMON_RULES, ...HTML_RULES, ...RSS_CHANNEL_RULES, ...RSS_ITEM_RULES, ...RSS_RULES],
  atom: [
    { ...DUPLICATE_ID, level: 'warning' },
    ...COMMON_RULES,
    ...HTML_RULES,
    ...ATOM_RULES,
    ...ATOM_CONTENT_RULES,
  ],
  json: [DUPLICATE_ID, ...COMMON_RULES, ...HTML_RULES, ...JSON_RULES],
} satisfies { [Format in FormatName]: Rule<Extract<AnyDocument, { format: Format }>>[] };

/** All that the rules find in a document. */
export function applyRules(document: AnyDocument): Finding[] {
  // The table's key is the document's format, which TypeScript does not follow.
  const rules = RULES[document.format] as Rule<AnyDocument>[];
  return rules.flatMap((rule) =>
    Array.from(rule.check(document), ({ line, column, message }) => {
      return { level: rule.level, rule: rule.name, line, column, message, section: rule.section };
    }),
  );
}
