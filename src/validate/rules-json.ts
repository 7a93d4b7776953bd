/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): the schema, as rows by what breaks it. */
import type * as z from 'zod/mini';
import type { JsonDocument } from './document.ts';
import { jsonFeed } from './json-feed.ts';
import { fault } from './rule.ts';
import type { Rule } from './rule.ts';

type Issue = z.core.$ZodIssue;

/** Which issues of the schema break which rule, by their path with `#` for any index: the first row that fits. */
const ROWS: { name: string; section: string; path: RegExp; code?: Issue['code'] }[] = [
  { name: 'json-extension', section: 'Extensions', path: /(?:^|\.)_[^.]*$/ },
  { name: 'json-version', section: 'Top-level, version', path: /^version$/ },
  { name: 'json-title', section: 'Top-level, title', path: /^title$/ },
  { name: 'json-id', section: 'Items, id', path: /^items\.#\.id$/ },
  {
    name: 'json-content',
    section: 'Items, content_html and content_text',
    path: /^items\.#$/,
    code: 'custom',
  },
  { name: 'json-items', section: 'Top-level, items', path: /^items(?:\.#)?$/ },
  { name: 'json-author', section: 'Top-level and Items, authors', path: /(?:^|\.)authors?\b/ },
  { name: 'json-attachment', section: 'Attachments', path: /^items\.#\.attachments\b/ },
  { name: 'json-hub', section: 'Top-level, hubs', path: /^hubs\b/ },
  { name: 'json-tags', section: 'Items, tags', path: /^items\.#\.tags\b/ },
  { name: 'json-date', section: 'Items, date_published and date_modified; RFC 3339', path: /date_\w+$/ },
  { name: 'json-url', section: 'Top-level and Items, url', path: /(?:url|icon|image)$/ },
  { name: 'json-value', section: 'Top-level and Items', path: /(?:)/ },
];

export const JSON_RULES: Rule<JsonDocument>[] = ROWS.map((row) => ({
  name: row.name,
  level: 'error',
  section: `JSON Feed 1.1, ${row.section}`,
  *check({ tree: { feed, places } }) {
    for (const issue of issuesOf(feed))
      if (rowOf(issue) === row) yield fault(places.of(issue.path), inWords(issue));
  },
}));

function rowOf({ path, code }: Issue): (typeof ROWS)[number] | undefined {
  const written = path.map((step) => (typeof step === 'number' ? '#' : String(step))).join('.');
  // What is said of a text in that place is said by the rule `language`, for every format.
  if (code === 'custom' && /(?:^|\.)language$/.test(written)) return undefined;
  return ROWS.find((row) => row.path.test(written) && (row.code ?? code) === code);
}

/** The schema is asked once, though each row looks at what it says. */
const ISSUES = new WeakMap<object, Issue[]>();

function issuesOf(feed: object): Issue[] {
  let issues = ISSUES.get(feed);
  if (!issues) {
    issues = jsonFeed.safeParse(feed, { reportInput: true }).error?.issues ?? [];
    ISSUES.set(feed, issues);
  }
  return issues;
}

/** An issue of zod's -> a sentence. */
function inWords(issue: Issue): string {
  const name =
    issue.path.reduce<string>(
      (path, step) =>
        typeof step === 'number' ? `${path}[${step}]` : `${path}${path && '.'}${String(step)}`,
      '',
    ) || 'the feed';
  if (issue.code !== 'invalid_type') return `${name} ${issue.message}.`;
  if (issue.input === undefined) return `${name} is missing: add it.`;
  const other = issue.input === null ? ', or leave the key out' : '';
  return `${name} must be ${article(issue.expected)}, but is ${article(kindOf(issue.input))}: write one${other}.`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function article(kind: string): string {
  if (kind === 'null') return kind;
  return `${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
