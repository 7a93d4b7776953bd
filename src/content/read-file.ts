/** One file -> what it is; read again only if it may be another than it was. */
import { hash } from 'node:crypto';
import { readFields } from './fields.ts';
import type { FieldOptions, Reading } from './fields.ts';
import { loadFile, markOf } from './files.ts';
import type { Place } from './files.ts';
import { FrontMatterError, findBlock } from './front-matter-block.ts';
import { readFrontMatter } from './front-matter.ts';
import { measured } from './media.ts';
import { pathFrom } from './path.ts';
import type { Post, Problem } from './post.ts';
import { clearTemplates } from './templates.ts';
import { clean } from './text.ts';

export interface FileOptions extends FieldOptions {
  /** Bytes; a larger file is a problem. */
  maxFile?: number;
}

const MAX_FILE = 5 * 1024 * 1024;
/** A file that changed within so many milliseconds may change again, and look the same. */
const UNSETTLED = 2000;

/** A file that was read. */
export interface Known {
  onDisk: string;
  /** What the file was when it was read; undefined if it, or what is read of it, may have changed without a trace since. */
  mark: string | undefined;
  /** A hash of its text, if it could be read. */
  version?: string | undefined;
  reading: Reading | Unread;
}

/** Nothing can be said of the file now. */
interface Unread {
  is: 'unread';
  problems: Problem[];
}

/** What one process tells another of a file. */
export interface Told {
  onDisk: string;
  mark?: string | undefined;
  version?: string | undefined;
  reading: Exclude<Known['reading'], { is: 'post' }> | { is: 'post'; post: Bodiless; problems: Problem[] };
}

type Bodiless = Omit<Post, 'body'>;

/** What the file is: what is known of it, if it is still the same. `folder` is the content folder. */
export async function loadPost(
  { path, onDisk }: Place,
  options: FileOptions,
  folder: string,
  known?: Known,
): Promise<Known> {
  if (known?.mark !== undefined && known.onDisk === onDisk && known.mark === markOf(onDisk)?.text)
    return known;
  const { maxFile = MAX_FILE } = options;
  const loaded = loadFile(path, onDisk, maxFile);
  const { mark } = loaded;
  const isSettled = mark !== undefined && mark.changed < Date.now() - UNSETTLED;
  const nowKnown = (reading: Known['reading'], version?: string): Known => ({
    onDisk,
    mark: isSettled && !isMeasured(reading) ? mark.text : undefined,
    version,
    reading,
  });
  if ('problem' in loaded)
    return nowKnown({ is: loaded.unread ? 'unread' : 'broken', problems: [loaded.problem] });
  const version = versionOf(loaded.text);
  const isSame = known?.version === version && known.onDisk === onDisk && isLasting(known.reading);
  if (isSame) return nowKnown(known.reading, version);
  const read = readPost(path, loaded.text, { ...options, folder }, version);
  if (read.is !== 'post') return nowKnown(read, version);
  const { is, post, problems } = read;
  return nowKnown({ is, post: await kept(post, folder, onDisk, maxFile), problems }, version);
}

/** What was told of a file; what it says is taken from there when it is asked for. */
export function hear(told: Told, { maxFile = MAX_FILE }: Pick<FileOptions, 'maxFile'>): Known {
  return new Heard(told, maxFile);
}

class Heard implements Known {
  readonly onDisk: string;
  readonly mark: string | undefined;
  readonly #told: Told;
  readonly #maxFile: number;
  #reading: Known['reading'] | undefined;

  constructor(told: Told, maxFile: number) {
    this.onDisk = told.onDisk;
    this.mark = told.mark;
    this.#told = told;
    this.#maxFile = maxFile;
  }

  get version(): string | undefined {
    return this.#told.version;
  }

  get reading(): Known['reading'] {
    return (this.#reading ??= this.#read());
  }

  #read(): Known['reading'] {
    const { reading } = this.#told;
    if (reading.is !== 'post') return reading;
    const { is, post, problems } = reading;
    return { is, post: withBody(post, this.onDisk, this.#maxFile), problems };
  }
}

/** Whether the file alone says what is read. */
function isLasting(reading: Known['reading']): boolean {
  return reading.is === 'hidden' || (reading.is === 'post' && !isMeasured(reading));
}

/** Whether files are attached that lie in the content folder: how long these are may change without the post's own file. */
function isMeasured(reading: Known['reading']): boolean {
  if (reading.is !== 'post') return false;
  const { path, enclosures } = reading.post;
  return enclosures.some(({ url }) => pathFrom(url, path) !== undefined);
}

/** A post as it is remembered: copied, since pieces of a text keep the whole of it in memory, and without its body. */
async function kept(post: Post, folder: string, onDisk: string, maxFile: number): Promise<Post> {
  const copy = JSON.parse(JSON.stringify(withoutBody(await measured(post, folder)))) as Bodiless;
  return withBody(copy, onDisk, maxFile);
}

function withoutBody({ body: _, ...rest }: Post): Bodiless {
  return rest;
}

function withBody(post: Bodiless, onDisk: string, maxFile: number): Post {
  return { body: () => readBodyAgain(post, onDisk, maxFile), ...post };
}

/** One file's text -> what it is. Pure; `path` is relative to the content folder. */
export function readPost(
  path: string,
  text: string,
  options: FieldOptions,
  version = versionOf(text),
): Reading {
  try {
    return readFields(path, version, readFrontMatter(clean(text)), options);
  } catch (error) {
    if (!(error instanceof FrontMatterError)) throw error;
    const { line, column, rule, message } = error;
    return {
      is: 'broken',
      problems: [{ level: 'error', file: path, line, ...(column && { column }), rule, message }],
    };
  }
}

function versionOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}

/** The body of a post that was read before. Throws if its file is another by now. */
function readBodyAgain(
  { path, version }: Pick<Post, 'path' | 'version'>,
  onDisk: string,
  maxFile: number,
): string {
  const loaded = loadFile(path, onDisk, maxFile);
  if ('problem' in loaded) throw new Error(loaded.problem.message);
  if (versionOf(loaded.text) !== version)
    throw new Error('its file was changed while it was being published; the next run takes it as it is then');
  const text = clean(loaded.text);
  return clearTemplates(findBlock(text)?.body ?? text, path).body;
}
