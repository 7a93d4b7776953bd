/** What the tables of the cache say of files, feeds and entries: what a run knows -> lines, and back. */
import { createHash } from 'node:crypto';
import type { Moment } from '../content/post.ts';
import type { Told } from '../content/read-file.ts';
import type { Addresses } from '../content/links.ts';
import { once } from '../content/once.ts';
import type { Entry, Feed, Gate, Identified, Outline, Site } from '../publish/feed.ts';
import { makeFiles } from '../publish/feed-files.ts';
import type { MadeFile } from '../publish/feed-files.ts';
import type { FeedCard } from '../publish/pages/feed-page.ts';
import { sourceOf } from '../publish/publish.ts';
import type { FeedSummary, MadeFeed } from '../publish/publish.ts';
import { Held } from '../publish/render.ts';
import type { Rendered } from '../publish/render.ts';
import type { Selection } from '../publish/select.ts';
import { lineOf } from './table.ts';
import type { Line, Table } from './table.ts';

/** What is left in the cache. */
export interface Tables {
  /** By path. */
  files: Table<FileLine>;
  /** By folder. */
  feeds: Table<FeedLine>;
  /** Those that some feed shows, by id. */
  entries: Table<EntryLine>;
}

/** A file: its name on disk ('' if nothing could be said of it), its mark, and the id and permalink of its post. */
export type FileLine = Line<
  readonly [path: string, onDisk: string, mark: string | 0, id: string | 0, url: string | 0]
>;
type FileBody = Pick<Told, 'version' | 'reading'> & { at?: [published: Moment, updated: Moment, Addresses?] };

/** `identified` if its post is published, `url` if it has a permalink. */
export function fileLine(
  path: string,
  told: Told | undefined,
  identified: Identified | undefined,
  url: string | undefined,
): FileLine {
  if (!told) return lineOf([path, '', 0, 0, 0], 0);
  const { onDisk, mark, version, reading } = told;
  const { id, published, updated, links } = identified ?? {};
  const at = id === undefined ? undefined : [published, updated, links];
  return lineOf([path, onDisk, mark ?? 0, id ?? 0, url ?? 0], { version, reading, at });
}

/** What was read of the file, if it was. */
export function toldOf(line: FileLine): Told | undefined {
  return line.head[1] === '' ? undefined : new ToldLine(line);
}

/** What a line tells of a file; it is read when somebody asks what the file says. */
class ToldLine implements Told {
  readonly #line: FileLine;
  #body: FileBody | undefined;

  constructor(line: FileLine) {
    this.#line = line;
  }

  get onDisk(): string {
    return this.#line.head[1];
  }

  get mark(): string | undefined {
    return this.#line.head[2] || undefined;
  }

  get version(): string | undefined {
    return this.#read().version;
  }

  get reading(): Told['reading'] {
    return this.#read().reading;
  }

  #read(): FileBody {
    return (this.#body ??= this.#line.body() as FileBody);
  }
}

/** What does not come from the file alone of a post that is published. */
export function placeOf(line: FileLine): Omit<Identified, 'post'> {
  const [, , , id, url] = line.head;
  const [published, updated, links] = (line.body() as FileBody).at!;
  return { id: id as string, url: url as string, published, updated, ...(links && { links }) };
}

/** A feed, with its summary and its card as JSON. */
export type FeedLine = Line<readonly [folder: string, isSelected: 0 | 1, summary: string, card: string]>;
interface FeedBody {
  /** A hash of all that its files were made of. */
  source: string;
  head: string;
  /** Of the entries that it shows. */
  ids: string[];
  files: MadeFile[];
  months: number[];
  /** What belongs to it; nothing to one that is empty. */
  selection?: Omit<Selection, 'listings' | 'spellings'> & {
    spellings: [string, number][];
    ranks: (string | Moment)[];
  };
}

/** Undefined for a feed of which something could not be made. */
export function feedLine(
  folder: string,
  made: MadeFeed,
  selection: Selection | undefined,
): FeedLine | undefined {
  const { head, entries, files, failed, summary, view } = made;
  if (!summary || !view || failed.length > 0) return undefined;
  const { listings = [], spellings = [], ...called } = selection ?? {};
  const body = {
    source: shortHash(sourceOf(made)),
    head,
    ids: entries.map(({ entry }) => entry.id),
    files: files.map(({ hash, start }) => ({ hash, start })),
    months: view.months,
    ...(selection && {
      selection: {
        ...called,
        spellings: [...spellings],
        ranks: listings.flatMap(({ id, published }) => [id, published]),
      },
    }),
  };
  return lineOf([folder, selection ? 1 : 0, JSON.stringify(summary), JSON.stringify(view.card)], body);
}

/** The files of the feed if it was made of `source`. */
export function filesOf(line: FeedLine, source: string): readonly MadeFile[] | undefined {
  const body = line.body() as FeedBody;
  return body.source === shortHash(source) ? body.files : undefined;
}

export function selectionOf(line: FeedLine): Selection {
  const { ranks, spellings, ...called } = (line.body() as FeedBody).selection!;
  const listings: Selection['listings'] = [];
  for (let at = 0; at < ranks.length; at += 2)
    listings.push({ id: ranks[at] as string, published: ranks[at + 1] as Moment });
  return { ...called, listings, spellings: new Map(spellings) };
}

/** The feed as it was made, of entries that `recalled` gives; all but its summary and its card is read when it is asked for. */
export function madeOf(line: FeedLine, recalled: (id: string) => Rendered, gate: Gate): MadeFeed {
  const [folder, , summary, card] = line.head;
  const read = once(() => {
    const { head, ids, files: known, months } = line.body() as FeedBody;
    const [feed, site] = JSON.parse(head) as [Feed, Site];
    const entries = ids.map(recalled);
    const { files } = makeFiles(folder, feed, entries, site, known, gate, []);
    return { head, feed, months, entries, files, shown: entries.map(({ entry }) => entry) };
  });
  return {
    get head() {
      return read().head;
    },
    get entries() {
      return read().entries;
    },
    get files() {
      return read().files;
    },
    failed: [],
    summary: JSON.parse(summary) as FeedSummary,
    view: {
      get feed() {
        return read().feed;
      },
      card: JSON.parse(card) as FeedCard,
      get entries() {
        return read().shown;
      },
      get months() {
        return read().months;
      },
    },
  };
}

/** An entry that some feed shows. */
export type EntryLine = Line<readonly [id: string]>;
interface EntryBody extends Pick<Rendered, 'key' | 'bytes' | 'lengths'> {
  entry: Outline;
}

export function entryLine({ key, bytes, lengths, entry }: Rendered): EntryLine {
  const { content: _, ...outline } = entry as Partial<Entry>;
  return lineOf([entry.id], { key, bytes, lengths, entry: outline });
}

/** All that an entry was made of, and bytes of its fragments. */
export function makingOf(line: EntryLine): Pick<Rendered, 'key' | 'lengths'> {
  return line.body() as EntryBody;
}

/** An entry as it was rendered, with its fragments where `fragments` finds them. */
export function renderedOf(line: EntryLine, fragments: () => Rendered['fragments']): Rendered {
  return new Held(line.body() as EntryBody, fragments);
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
