/** Entries in all formats: rendered, written and read back once each. Pure. */
import { hash } from 'node:crypto';
import { sourceOf, toEntry } from './entry.ts';
import type { EntryOptions } from './entry.ts';
import type { Entry, Failure, Feed, FormatName, Gate, Identified, Outline, Site } from './feed.ts';
import { FORMAT_FILES } from './feed.ts';
import { FORMATS } from './formats.ts';
import { contentIn } from './json-feed.ts';

/** An entry in all formats, as the gate let it pass. Its content, which is in its fragments, is in memory only where these are. */
export interface Rendered {
  /** Says all that it was made of. */
  key: string;
  entry: Outline;
  /** UTF-8 bytes of its content. */
  bytes: number;
  /** Bytes of its fragments, in the order of the formats. */
  lengths: readonly number[];
  /** In UTF-8: each is part of several files. */
  fragments: Fragments;
  whole: () => Entry;
}

export type Fragments = Readonly<Record<FormatName, Uint8Array>>;

/** Keeps fragments somewhere; what it gives finds them there. */
export type Hold = (bytes: Uint8Array, lengths: readonly number[]) => () => Fragments;

/** Keeps them in memory. */
export const inMemory: Hold = (bytes, lengths) => () => apart(bytes, lengths);

/** Fragments that stand one behind the other, in the order of the formats. */
export function apart(bytes: Uint8Array, lengths: readonly number[]): Fragments {
  const fragments: Record<string, Uint8Array> = {};
  let from = 0;
  for (const [at, { name }] of FORMATS.entries())
    fragments[name] = bytes.subarray(from, (from += lengths[at]!));
  return fragments as Fragments;
}

/** Bytes of one entry's content; readers that are built on libxml2 stop at 10 MB of one text. */
const CONTENT_LIMIT = 9_000_000;

export interface RenderInput {
  /** The posts behind the listings, by id. */
  posts: ReadonlyMap<string, Identified>;
  /** Last published forms, by id: of entries that have no post, and of those that may fail the gate. */
  last: ReadonlyMap<string, Entry>;
  site: Site;
  options: EntryOptions & { link: Feed['link'] };
  gate: Gate;
  /** What an earlier call rendered, by id, to be used again where nothing changed. */
  rendered?: ReadonlyMap<string, Rendered>;
  /** Entries that an earlier process made and that passed the gate then, by id and what they were made of. */
  passed?: (id: string, key: string) => { entry: Entry; lengths: readonly number[] } | undefined;
  /** Where fragments are kept. */
  hold?: Hold;
}

/** Renders each entry at most once, however many feeds show it, and again only if something about it changed. */
export function createRenderer(input: RenderInput) {
  const { options, gate, posts, last, rendered: previous, hold = inMemory } = input;
  const rendered = new Map<string, Rendered>();
  const byId = new Map<string, Rendered | undefined>();
  const failures: Failure[] = [];

  const attempt = (id: string, key: string, make: () => Entry): Rendered | string => {
    const known = previous?.get(id);
    if (known?.key === key) return known;
    const passed = input.passed?.(id, key);
    const entry = passed?.entry ?? make();
    const bytes = Buffer.byteLength(entry.content);
    if (bytes > CONTENT_LIMIT) return `its content has ${bytes} bytes, and readers stop at ${CONTENT_LIMIT}`;
    if (passed) return new Passed({ key, bytes, ...passed }, options.link);
    const texts: string[] = [];
    for (const format of FORMATS) {
      const fragment = format.fragment(entry, options.link);
      const failure = gate.fragment(format.name, fragment, entry, options.link);
      if (failure) return `${FORMAT_FILES[format.name].title}: ${failure}`;
      texts.push(fragment);
    }
    const lengths = texts.map((text) => Buffer.byteLength(text));
    const { content: _, ...outline } = entry;
    return new Held({ key, entry: outline, bytes, lengths }, hold(Buffer.from(texts.join('')), lengths));
  };

  const renderOnce = (id: string, folder: string): Rendered | undefined => {
    const post = posts.get(id);
    const lastForm = last.get(id);
    const candidates: [string, () => Entry][] = [];
    if (post) candidates.push([keyOf(post, input), () => toEntry(post, options)]);
    if (lastForm) candidates.push([prefixed(hashOfAll(lastForm), input), () => lastForm]);
    for (const [key, make] of candidates) {
      const result = tried(() => attempt(id, key, make));
      if (typeof result !== 'string') {
        rendered.set(id, result);
        return result;
      }
      const { path } = post?.post ?? lastForm!;
      failures.push({ file: folder + FORMAT_FILES.rss.file, entry: id, path, message: result });
    }
    return undefined;
  };

  /** The entry with this id; undefined if it cannot be shown, as `failures` say of the first feed that wanted it. */
  const render = (id: string, folder: string): Rendered | undefined => {
    if (!byId.has(id)) byId.set(id, renderOnce(id, folder));
    return byId.get(id);
  };
  return { render, rendered, failures };
}

/** Says all that the entry of a post is made of. */
export function keyOf({ post, id, url, published, updated, links }: Identified, input: Keyed): string {
  const { options } = input;
  const from = sourceOf(post, options);
  const source = from && JSON.stringify(from);
  const addresses = links && JSON.stringify(links);
  const media = post.enclosures.length > 0 ? hashOfAll(options.media ?? {}) : '';
  return prefixed(
    [media, hashOfAll(post), id, url, published, updated, source, options.content, addresses].join('\n'),
    input,
  );
}

type Keyed = Pick<RenderInput, 'site' | 'options'>;

function prefixed(identity: string, { site, options }: Keyed): string {
  return `${options.link}\n${site.url}\n${identity}`;
}

type About = Pick<Rendered, 'key' | 'bytes' | 'lengths' | 'entry'>;

class Known<E extends Outline> {
  readonly key: string;
  readonly entry: E;
  readonly bytes: number;
  readonly lengths: readonly number[];

  constructor({ key, entry, bytes, lengths }: About & { entry: E }) {
    this.key = key;
    this.entry = entry;
    this.bytes = bytes;
    this.lengths = lengths;
  }
}

/** An entry of which the fragments are where `get` finds them. */
export class Held extends Known<Outline> implements Rendered {
  readonly #get: () => Fragments;

  constructor(about: About, get: () => Fragments) {
    super(about);
    this.#get = get;
  }

  get fragments(): Fragments {
    return this.#get();
  }

  whole(): Entry {
    return { content: contentIn(this.fragments.json), ...this.entry };
  }
}

/** An entry that passed the gate before: its fragments are drawn when they are needed. */
class Passed extends Known<Entry> implements Rendered {
  readonly #link: Feed['link'];

  constructor(about: About & { entry: Entry }, link: Feed['link']) {
    super(about);
    this.#link = link;
  }

  get fragments(): Fragments {
    return drawn.get(this) ?? keep(this, drawAll(this.entry, this.#link));
  }

  whole(): Entry {
    return this.entry;
  }
}

function drawAll(entry: Entry, link: Feed['link']): Fragments {
  const fragments: Record<string, Uint8Array> = {};
  for (const format of FORMATS) fragments[format.name] = Buffer.from(format.fragment(entry, link));
  return fragments as Fragments;
}

/** Entries whose fragments are kept when they were drawn; the first that came are the first that go. */
const KEPT = 2000;
const drawn = new Map<object, Fragments>();

function keep(rendered: Rendered, fragments: Fragments): Fragments {
  for (const first of drawn.size >= KEPT ? drawn.keys() : []) {
    drawn.delete(first);
    break;
  }
  drawn.set(rendered, fragments);
  return fragments;
}

/** One entry that makes a renderer throw must not take the others with it. */
function tried(make: () => Rendered | string): Rendered | string {
  try {
    return make();
  } catch (error) {
    return `it cannot be rendered: ${(error as Error).message}`;
  }
}

/** Posts and entries are never changed: everything in one is hashed once. */
const hashes = new WeakMap<object, string>();

function hashOfAll(value: object): string {
  const known = hashes.get(value);
  if (known !== undefined) return known;
  const said = value instanceof Map ? [...(value as Map<unknown, unknown>)] : value;
  const made = hash('sha256', JSON.stringify(said), 'base64url');
  hashes.set(value, made);
  return made;
}
