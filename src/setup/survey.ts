/** What is there already: the files of a site, and its posts as far as their addresses depend on them. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { categoriesOf } from '../content/address.ts';
import { dayIn } from '../content/dates.ts';
import { NoFolderError, SKIPPED, findFiles, loadFile } from '../content/files.ts';
import { readFrontMatter } from '../content/front-matter.ts';
import { gather, lookIn } from '../content/lookup.ts';
import type { Fields } from '../content/lookup.ts';
import { dateInPath } from '../content/path.ts';
import type { Post, Problem } from '../content/post.ts';
import { readPost } from '../content/read-file.ts';
import { clean } from '../content/text.ts';
import { optional, textOf } from '../content/values.ts';
import type { Files, Written } from './layout.ts';

/** The default of content.max_file. */
const MAX_FILE = 5 * 1024 * 1024;
/** Folders within each other that are looked through for what is no markdown. */
const DEEPEST = 8;

/** A folder's files, read when they are asked for. What cannot be read is not there. */
export function filesOf(root: string): Files {
  const orNothing = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch {
      return undefined;
    }
  };
  return {
    text: (path) => orNothing(() => clean(readFileSync(join(root, path), 'utf8')).replace(/^\uFEFF/, '')),
    names: (folder) =>
      (orNothing(() => readdirSync(join(root, folder), { withFileTypes: true })) ?? [])
        .map((each) => (each.isDirectory() ? `${each.name}/` : each.name))
        .sort(),
  };
}

export interface Survey {
  /** Sorted by path. */
  posts: { post: Post; written: Written }[];
  /** Paths of drafts and what else its author keeps back. */
  hidden: string[];
  /** Paths of files without a date: pages rather than posts. */
  undated: string[];
  /** What else keeps files from being published. */
  errors: Problem[];
  /** Paths of posts that are no markdown. */
  foreign: string[];
}

/** Looks through the folder of posts; a folder that is not there has none. */
export async function survey(folder: string, timezone: string, now: number): Promise<Survey> {
  const found: Survey = { posts: [], hidden: [], undated: [], errors: [], foreign: foreignIn(folder) };
  const files = await findFiles(folder).catch((error: unknown) => {
    if (error instanceof NoFolderError) return { files: [] };
    throw error;
  });
  for (const { path, onDisk } of files.files) {
    const loaded = loadFile(path, onDisk, MAX_FILE);
    if ('problem' in loaded) {
      found.errors.push(loaded.problem);
      continue;
    }
    const reading = readPost(path, loaded.text, { timezone, now });
    const errors = reading.problems.filter(({ level }) => level === 'error');
    if (reading.is === 'hidden') found.hidden.push(path);
    else if (reading.is === 'post') {
      const fields = gather(readFrontMatter(clean(loaded.text)).fields);
      found.posts.push({ post: reading.post, written: writtenOf(reading.post, fields, timezone) });
      found.errors.push(...errors);
    } else if (errors.every(({ rule, field }) => rule === 'date' && field === undefined))
      found.undated.push(path);
    else found.errors.push(...errors);
  }
  return found;
}

/** What generators take for posts, too. */
const FOREIGN = /\.(?:html?|org|adoc|asciidoc|textile|rst)$/i;

/** Files that are no markdown, and have front matter with a date, or a date in their path. */
function foreignIn(folder: string): string[] {
  const files = filesOf(folder);
  const isPost = (path: string): boolean => {
    const [, matter] =
      /^(?:---|\+\+\+)[ \t]*\n([^]{0,4000}?)\n(?:---|\+\+\+)[ \t]*(?:\n|$)/.exec(files.text(path) ?? '') ??
      [];
    return (
      matter !== undefined &&
      (dateInPath(path) !== undefined || /^(?:date|pubDate|published)\s*[:=]/im.test(matter))
    );
  };
  const within = (at: string): string[] =>
    files.names(at || '.').flatMap((name) => {
      if (SKIPPED.test(name.replace(/\/$/, '')) || at.split('/').length > DEEPEST) return [];
      if (name.endsWith('/')) return within(at + name);
      return FOREIGN.test(name) && isPost(at + name) ? [at + name] : [];
    });
  return within('');
}

function writtenOf(post: Post, fields: Fields, timezone: string): Written {
  const day = dayIn(timezone, post.published);
  const published = textOf(lookIn(fields)('published')?.value);
  return {
    path: post.path,
    title: post.title,
    day,
    ownDay: /^\d{4}-\d{2}-\d{2}/.exec(published)?.[0] ?? day,
    categories: categoriesOf(fields),
    ...optional('slug', textOf(fields.get('slug')?.value) || undefined),
  };
}

/** The folder that all of these paths begin with, '' if there is none; folders named by years are none. */
export function sectionOf(paths: readonly string[]): string {
  const firsts = new Set(paths.map((path) => path.replace(/\/index\.[^./]+$/i, '').split('/')));
  const sections = new Set([...firsts].map((parts) => (parts.length > 1 ? parts[0]! : '')));
  const [section = ''] = sections;
  return sections.size === 1 && !/^\d+$/.test(section) ? section : '';
}
