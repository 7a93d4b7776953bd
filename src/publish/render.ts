/** Entries in all formats: rendered, written and read back once each. Pure. */
import { hash } from 'node:crypto';
import { sourceOf, toEntry } from './entry.ts';
import type { EntryOptions } from './entry.ts';
import type { Entry, Failure, Feed, FormatName, Gate, Identified, Site } from './feed.ts';
import { FORMAT_FILES } from './feed.ts';
import { FORMATS } from './formats.ts';
import { contentIn } from './json-feed.ts';

/** An entry in all formats, as the gate let it pass. */
export interface Rendered {
  /** Says all that it was made of. */
  key: string;
  entry: Entry;
  /** UTF-8 bytes of its content. */
  bytes: number;
  /** Bytes of its fragments, in the order of the formats. */
  lengths: readonly number[];
  /** In UTF-8: each is part of several files. */
  fragments: Readonly<Record<FormatName, Uint8Array>>;
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
  passed?: (id: string, key: string) => Pick<Rendered, 'entry' | 'lengths'> | undefined;
}

/** Renders each entry at most once, however many feeds show it, and again only if something about it changed. */
export function createRenderer(input: RenderInput) {
  const { options, gate, posts, last, rendered: previous } = input;
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
    if (passed) return withFragments({ key, ...passed, bytes }, options.link);
    const fragments: Record<string, Uint8Array> = {};
    for (const format of FORMATS) {
      const fragment = format.fragment(entry, options.link);
      const failure = gate.fragment(format.name, fragment, entry, options.link);
      if (failure) return `${FORMAT_FILES[format.name].title}: ${failure}`;
      fragments[format.name] = Buffer.from(fragment);
    }
    const lengths = FORMATS.map(({ name }) => fragments[name]!.length);
    return withFragments({ key, entry, bytes, lengths }, options.link, fragments as Rendered['fragments']);
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

/** Bytes of fragments that are kept; what is left out is drawn again from its entry when it is needed. */
const KEPT = 64 * 1024 * 1024;
const kept = new Map<object, { fragments: Rendered['fragments']; bytes: number }>();
let keptBytes = 0;

/** An entry that passed the gate, with its fragments if they are drawn already. */
function withFragments(
  passed: Omit<Rendered, 'fragments'>,
  link: Feed['link'],
  drawn?: Rendered['fragments'],
): Rendered {
  const self: Rendered = {
    get fragments() {
      return kept.get(self)?.fragments ?? keep(self, drawAll(passed.entry, link));
    },
    ...passed,
  };
  if (drawn) keep(self, drawn);
  return self;
}

/**
 * An entry that an earlier process rendered: all but its content is `known`, and its fragments are where they are given from. The
 * content is in one of these.
 */
export function recall(
  known: Pick<Rendered, 'key' | 'bytes' | 'lengths'> & { entry: Omit<Entry, 'content'> },
  fragments: () => Rendered['fragments'],
): Rendered {
  const entry = Object.defineProperty(known.entry, 'content', {
    get: () => contentIn(fragments().json),
    enumerable: true,
  }) as Entry;
  return {
    ...known,
    entry,
    get fragments() {
      return fragments();
    },
  };
}

function drawAll(entry: Entry, link: Feed['link']): Rendered['fragments'] {
  const fragments: Record<string, Uint8Array> = {};
  for (const format of FORMATS) fragments[format.name] = Buffer.from(format.fragment(entry, link));
  return fragments as Rendered['fragments'];
}

/** The first that came are the first that go. */
function keep(rendered: Rendered, fragments: Rendered['fragments']): Rendered['fragments'] {
  const { rss, atom, json } = fragments;
  const bytes = rss.length + atom.length + json.length;
  kept.set(rendered, { fragments, bytes });
  keptBytes += bytes;
  for (const [each, { bytes: left }] of kept) {
    if (keptBytes <= KEPT) break;
    kept.delete(each);
    keptBytes -= left;
  }
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
