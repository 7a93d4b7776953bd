/** Judges a feed file, whoever wrote it: the rules of its format, and whether another reader understands it. */
import type { FormatName } from '../publish/feed.ts';
import type { Circumstances, ServedHeaders } from './document.ts';
import type { Opened } from './open.ts';
import { openFeed } from './open.ts';
import { parseBack } from './parse-back.ts';
import { found } from './rule.ts';
import type { Found } from './rule.ts';
import { PARSE_BACK } from './rules-opening.ts';
import { applyRules } from './rules.ts';

export interface FeedInput {
  /** For the report: a file's name or a URL. */
  name: string;
  body: Uint8Array;
  /** Milliseconds since 1970. Without it no date is judged to be still to come. */
  now?: number;
  /** Where it was fetched from, after redirects. */
  url?: string;
  /** What it was served with, when asked for with an `Accept-Encoding`. */
  headers?: ServedHeaders;
  /** Of the headers only that one; '' if there was none. */
  contentType?: string;
}

export interface Finding extends Found {
  /** The name of what was judged: a file's or a URL. */
  file: string;
}

export interface Report {
  name: string;
  format: FormatName | undefined;
  entries: number;
  /** By line. */
  findings: Finding[];
}

/** Everything that is wrong with a feed. Never throws for what the bytes hold. */
export async function validateDocument(input: FeedInput): Promise<Report> {
  const { name, body, now, url, headers } = input;
  const contentType = input.contentType ?? (headers ? (headers.get('content-type') ?? '') : undefined);
  const opened = openFeed(body);
  const judged = await judge(opened, { bytes: body.length, now, url, headers, contentType });
  const findings = [...opened.findings, ...judged].map((each): Finding => ({ file: name, ...each }));
  findings.sort((a, b) => a.line - b.line || a.column - b.column);
  return { name, format: opened.document?.format, entries: opened.document?.entries.length ?? 0, findings };
}

async function judge({ document }: Opened, circumstances: Circumstances): Promise<Found[]> {
  if (!document) return [];
  const faults = await parseBack(document);
  return [...applyRules(document, circumstances), ...faults.map((fault) => found(PARSE_BACK, fault))];
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
