/** What a hostile input is, and what must become of it. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Level } from '../../src/content/post.ts';

export interface Expected {
  level: Level;
  rule?: string;
  line?: number;
}

export interface Expect {
  /** `open`: the design leaves it to the code, but nothing is left out without a problem that says so. */
  is: 'entry' | 'absent' | 'open';
  /** Each of these is reported, and no error but these; an empty list: nothing at all. Left out: not judged. */
  problems?: Expected[];
  /** The file's name in problems, where it is not the row's. */
  file?: RegExp;
  title?: string | RegExp;
  /** ISO 8601. */
  published?: string;
  updated?: string;
  url?: string | RegExp;
  id?: string;
  tags?: string[];
  authors?: string[];
  /** null: there is none. */
  externalUrl?: string | null;
  image?: string | null;
  /** Checked in title, summary and content together. */
  contains?: string[];
  lacks?: string[];
}

/** Writes at `path` what cannot be written as a file's bytes, and may give back what ends it. */
export type Maker = (path: string) => void | Promise<() => void>;

export interface Row {
  /** Path in the content folder. */
  name: string;
  description: string;
  bytes: string | Buffer | Maker;
  expect: Expect;
}

export const row = (name: string, description: string, bytes: Row['bytes'], expect: Expect): Row => ({
  name,
  description,
  bytes,
  expect,
});

/** A file that code in front matter would make if anything ran it. */
export const TRACE = join(tmpdir(), `feedwright-hostile-trace-${process.pid}`);
/** Stands in files outside of the content folder, and must never be published. */
export const SECRET = 'outside-of-the-content-folder';

/** A post with this front matter and body. */
export const yaml = (lines: string, body = 'Text.'): string => `---\n${lines}\n---\n${body}\n`;
/** A post with a title and a date, and what else is given. */
export const post = (lines: string, body?: string): string =>
  yaml(`title: One\ndate: 2026-05-17${lines && `\n${lines}`}`, body);
/** A good post with this body. */
export const body = (text: string): string => post('', text);

export const ENTRY: Expect = { is: 'entry', problems: [] };
/** An entry, and whether anything is said about it is open. */
export const SHOWN: Expect = { is: 'entry' };
export const WARNED: Expect = { is: 'entry', problems: [{ level: 'warning' }] };
/** An entry without the part that is in error. */
export const MENDED: Expect = { is: 'entry', problems: [{ level: 'error' }] };
export const BROKEN: Expect = { is: 'absent', problems: [{ level: 'error' }] };
/** No post at all, which is no error. */
export const PAGE: Expect = { is: 'absent', problems: [{ level: 'warning', rule: 'no-date' }] };
export const SILENT: Expect = { is: 'absent', problems: [] };
export const OPEN: Expect = { is: 'open' };

export const brokenAt = (line: number, rule?: string): Expect => ({
  is: 'absent',
  problems: [{ level: 'error', line, ...(rule && { rule }) }],
});
