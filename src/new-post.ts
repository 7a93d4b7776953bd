/** The command `new`: a post's file with the front matter that it needs. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Settings } from './config.ts';
import { dayIn, isoIn } from './content/dates.ts';
import { NoFolderError, findFiles } from './content/files.ts';
import { slugFromPath } from './content/path.ts';
import { oneLine } from './content/text.ts';
import { webUrl } from './content/urls.ts';
import { UsageError } from './edge.ts';
import type { Edge, ExitCode } from './edge.ts';
import { ConfigError } from './setup/layout.ts';
import type { PostShape } from './setup/layout.ts';
import { JEKYLL } from './setup/jekyll.ts';
import { PLAIN, recognise } from './setup/table.ts';
import { slugOf } from './publish/slug.ts';
import { postText } from './setup/post-text.ts';
import { filesOf, sectionOf } from './setup/survey.ts';

export interface NewPost {
  title: string;
  /** What a link post points to. */
  link?: string;
  /** Tags, parted by commas. */
  tags?: string;
  draft: boolean;
}

export async function newPost(settings: Settings, wanted: NewPost, edge: Edge): Promise<ExitCode> {
  const title = oneLine(wanted.title);
  const link = wanted.link === undefined ? undefined : webUrl(wanted.link);
  const wrong = [
    ...(title === '' ? ['a post needs a title'] : []),
    ...(wanted.link !== undefined && link === undefined
      ? ['--link must be a whole http(s) URL like https://example.com/post']
      : []),
  ];
  if (wrong.length > 0) throw new UsageError(wrong);

  const { contentFolder, site } = settings;
  const now = Date.now();
  const shape = shapeOf(contentFolder);
  const paths = await pathsIn(contentFolder);
  const name = nameOf(title);
  const file = `${shape.dated ? `${dayIn(site.timezone, now)}-` : ''}${name}.md`;
  const path = join(contentFolder, folderOf(paths), file);
  const shown = relative(edge.folder, path);
  const twin = paths.find((each) => isTwin(each, relative(contentFolder, path)));
  if (twin !== undefined) throw taken(relative(edge.folder, join(contentFolder, twin)));
  const text = postText(
    {
      title,
      draft: wanted.draft,
      tags: tagsOf(wanted.tags),
      date: isoIn(site.timezone, now),
      ...(link && { link }),
    },
    shape,
  );
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? taken(shown) : error;
  }
  edge.print(`${shown}\n`);
  return 0;
}

function taken(path: string): UsageError {
  return new UsageError([`${path} is there already; edit it, or choose another title`]);
}

/** A name for the file; `index` would be that of its folder. */
function nameOf(title: string): string {
  const slug = slugOf(title);
  return slug === 'index' ? 'index-1' : slug;
}

function tagsOf(written = ''): string[] {
  return [...new Set(written.split(',').map(oneLine).filter(Boolean))];
}

/** All posts' files in a folder, which need not be there yet. */
async function pathsIn(folder: string): Promise<string[]> {
  try {
    return (await findFiles(folder)).files.map(({ path }) => path);
  } catch (error) {
    if (error instanceof NoFolderError) return [];
    throw error;
  }
}

/** Where most posts are: the only folder of them, or the content folder itself. */
function folderOf(paths: readonly string[]): string {
  const inFolders = paths.filter((path) => sectionOf([path]) !== '');
  return inFolders.length > paths.length / 2 ? sectionOf(inFolders) : '';
}

/** Whether two files would be one post to most generators: `a.md`, `a.markdown` and `a/index.md`. */
function isTwin(a: string, b: string): boolean {
  const stem = (path: string): string =>
    path
      .replaceAll(sep, '/')
      .replace(/\.[^./]+$/, '')
      .replace(/\/index$/i, '')
      .toLowerCase();
  return stem(a) === stem(b);
}

/** How many folders up the site of a content folder may be. */
const UP = 4;

/** How posts look in the site that a content folder belongs to. */
function shapeOf(contentFolder: string): PostShape {
  let root = contentFolder;
  for (let up = 0; up <= UP; up++) {
    try {
      const recognised = recognise(filesOf(root));
      const inside = recognised && relative(join(root, recognised.found.dir), contentFolder);
      if (inside !== undefined && !inside.startsWith('..')) return recognised!.layout.post;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
    root = dirname(root);
  }
  return slugFromPath(contentFolder) === '_posts' ? JEKYLL.post : PLAIN.post;
}
