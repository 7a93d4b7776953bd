/** What must hold before there is a feed to judge; `open.ts` looks. */
import type { FormatName } from '../publish/feed.ts';
import type { RuleRow } from './rule.ts';

interface OpeningRow extends RuleRow {
  formats: FormatName[];
}

const XML: FormatName[] = ['rss', 'atom'];
const ANY: FormatName[] = [...XML, 'json'];

export const OPENING = {
  empty: { name: 'empty', formats: ANY, level: 'error', section: 'XML 1.0, 2.1; RFC 8259, 2' },
  utf8: { name: 'utf-8', formats: ANY, level: 'error', section: 'XML 1.0, 4.3.3; RFC 8259, 8.1' },
  bom: { name: 'bom', formats: ANY, level: 'warning', section: 'RFC 7303, 3.3; RFC 8259, 8.1' },
  webPage: { name: 'web-page', formats: ANY, level: 'error', section: 'custom of readers' },
  noFeed: {
    name: 'no-feed',
    formats: ANY,
    level: 'error',
    section: 'RSS 2.0, What is RSS?; RFC 4287, 2; JSON Feed 1.1, Top-level',
  },
  wellFormed: {
    name: 'well-formed',
    formats: XML,
    level: 'error',
    section: 'XML 1.0, 2.1; Namespaces in XML 1.0, 7',
  },
  encoding: { name: 'encoding', formats: XML, level: 'error', section: 'XML 1.0, 4.3.3' },
  json: { name: 'json', formats: ['json'], level: 'error', section: 'RFC 8259, 2' },
} satisfies Record<string, OpeningRow>;

/** Another reader must understand the feed as we do; `parse-back.ts` asks it. */
export const PARSE_BACK = {
  name: 'parse-back',
  formats: XML,
  level: 'error',
  section: 'custom of readers',
} satisfies OpeningRow;
