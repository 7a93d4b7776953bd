/** Judges a feed file, whoever wrote it: the rules of its format, and whether another reader understands it. */
import type { FormatName } from '../publish/feed.ts';
import type { Opened } from './open.ts';
import { openFeed } from './open.ts';
import { parseBack } from './parse-back.ts';
import type { Finding } from './rules.ts';
import { applyRules } from './rules.ts';

export type { Finding };

export interface FeedInput {
  /** For the report: a file's name or a URL. */
  name: string;
  body: Uint8Array;
  /** The header it was served with; '' if there was none. */
  contentType?: string;
  /** Where it was fetched from. */
  url?: string;
}

export interface Report {
  name: string;
  format: FormatName | undefined;
  entries: number;
  /** By line. */
  findings: Finding[];
}

/** Everything that is wrong with a feed. Never throws for what the bytes hold. */
export async function validateDocument({ name, body, contentType, url }: FeedInput): Promise<Report> {
  const opened = openFeed(body);
  const findings = [...opened.findings, ...(await judge(opened, { contentType, url }))];
  findings.sort((a, b) => a.line - b.line || a.column - b.column);
  return { name, format: opened.document?.format, entries: opened.document?.entries.length ?? 0, findings };
}

async function judge(
  { document }: Opened,
  served: { contentType: string | undefined; url: string | undefined },
): Promise<Finding[]> {
  if (!document) return [];
  const faults = await parseBack(document);
  return [
    ...applyRules({ ...document, ...served }),
    ...faults.map((fault): Finding => ({ level: 'error', rule: 'parse-back', ...fault })),
  ];
}

const LABELS: Record<FormatName, string> = { rss: 'RSS 2.0', atom: 'Atom 1.0', json: 'JSON Feed 1.1' };

/** One line a finding, as compilers write them, and one that sums up. */
export function formatReport({ name, format, entries, findings }: Report): string {
  const lines = findings.map(
    ({ line, column, level, message, rule }) => `${name}:${line}:${column}: ${level}: ${message} (${rule})`,
  );
  const errors = findings.filter(({ level }) => level === 'error').length;
  const what = format ? `${LABELS[format]}, ${counted(entries, 'entry', 'entries')}` : 'no feed';
  lines.push(
    `${name}: ${what}, ${counted(errors, 'error')}, ${counted(findings.length - errors, 'warning')}`,
  );
  return lines.join('\n');
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
