/** A ledger that was lost, made anew from what is published: ids, moments, tombstones and the history of files. */
import type { Moment } from '../content/post.ts';
import { teaserOf } from '../content/text.ts';
import type { Entry } from '../publish/feed.ts';
import { FORMAT_FILES, fromAtomId, hashOf, urlPath } from '../publish/feed.ts';
import { readCatalogue } from '../store/catalogue.ts';
import type { FileRecord } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import { LedgerError } from './document.ts';
import { FORMS, parseForms } from './forms.ts';
import type { EntryRecord, FeedRecord, Ledger } from './ledger.ts';
import { plain, sketchOf } from '../content/fingerprint.ts';

/**
 * The ledger of what is in the store, or undefined if nothing is published there. `isOwn` tells which files were published by
 * us. What feeds no longer show is not known; nor are the texts, which are taken to be what they are now. Throws LedgerError
 * if there are feeds of which no JSON Feed can be read.
 */
export async function rebuildLedger(
  store: Store,
  isOwn: (name: string) => boolean,
): Promise<Ledger | undefined> {
  const names = (await store.list()).map(({ name }) => name).filter(isOwn);
  if (names.length === 0) return undefined;
  const catalogue = await readCatalogue(store);
  const entries = new Map<string, EntryRecord>();
  const feeds = new Map<string, FeedRecord>();
  const files = new Map<string, FileRecord>();
  const forms = await lastForms(store, names);

  for (const name of names) {
    const stored = await store.get(name);
    if (!stored) continue;
    const hash = hashOf(stored.body);
    const known = catalogue?.files[name];
    const modified = known?.hash === hash ? known.modified : Math.floor(stored.modified / 1000) * 1000;
    files.set(name, { hash, modified });
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    const text = stored.body.toString('utf8');
    if (name.endsWith(FORMAT_FILES.atom.file)) {
      const id = unescapeXml(/<id>([^<]*)<\/id>/.exec(text)?.[1] ?? '');
      const since = /<entry[ >]/.test(text) ? NaN : Date.parse(/<updated>([^<]*)/.exec(text)?.[1] ?? '');
      const emptied = Number.isNaN(since) ? {} : { emptied: since };
      if (id !== '') feeds.set(folder, { title: feeds.get(folder)?.title ?? '', id, ...emptied });
      for (const [, ref, when] of text.matchAll(/<at:deleted-entry [^>]*ref="([^"]*)" when="([^"]*)"/g))
        bury(entries, fromAtomId(unescapeXml(ref!)), Date.parse(when!), folder);
    } else if (name.endsWith(FORMAT_FILES.json.file)) {
      const title = readJsonFeed(text)?.title;
      if (title !== undefined) feeds.set(folder, { id: '', ...feeds.get(folder), title });
    }
  }
  for (const [id, { entry, folders }] of forms) entries.set(id, toRecord(entry, folders));
  if (forms.size === 0 && ![...feeds.values()].some(({ title }) => title !== ''))
    throw new LedgerError(
      'there are feeds but no ledger, and none of them can be read to make it anew; restore the ledger or the feeds, or empty the store to begin anew',
    );
  const whole = new Map([...feeds].filter(([, { id }]) => id !== ''));
  for (const [folder, record] of retiredFeeds(catalogue?.redirects ?? {}, whole.get('')?.id ?? ''))
    if (!whole.has(folder)) whole.set(folder, record);
  return { entries, feeds: whole, files, waiting: new Map(), media: new Map() };
}

/** Feeds that have moved or ended, as the catalogue tells servers. When, it does not say, and their ids are taken to be their URLs. */
function retiredFeeds(redirects: Readonly<Record<string, string>>, mainId: string): [string, FeedRecord][] {
  const { file } = FORMAT_FILES.atom;
  const base = mainId.endsWith(file) ? mainId.slice(0, -file.length) : '/';
  return Object.entries(redirects).flatMap(([name, to]): [string, FeedRecord][] => {
    if (!name.endsWith(`/${file}`) || !(to === 'gone' || (to.startsWith('/') && to.endsWith(`/${file}`))))
      return [];
    const folder = name.slice(0, -file.length);
    const moved = to === 'gone' ? {} : { moved: decodeURIComponent(to.slice(1, -file.length)) };
    return [[folder, { id: base + urlPath(name), title: '', retired: 0, ...moved }]];
  });
}

/** The entries that the feeds show, each with the folders of those feeds: whole where their forms are kept. */
export async function lastForms(
  store: Store,
  names: readonly string[],
): Promise<Map<string, { entry: Entry; folders: string[] }>> {
  const found = new Map<string, { entry: Entry; folders: string[] }>();
  for (const { name } of await store.list(FORMS)) {
    const stored = await store.get(name);
    for (const entry of stored ? parseForms(stored.body) : []) found.set(entry.id, { entry, folders: [] });
  }
  for (const name of names.filter((each) => each.endsWith(FORMAT_FILES.json.file))) {
    const stored = await store.get(name);
    for (const item of (stored && readJsonFeed(stored.body.toString('utf8')))?.items ?? []) {
      const known = found.get(item.id);
      const folder = name.slice(0, name.lastIndexOf('/') + 1);
      if (known) known.folders.push(folder);
      else found.set(item.id, { entry: toEntry(item), folders: [folder] });
    }
  }
  return found;
}

interface JsonItem {
  id: string;
  url: string;
  title: string;
  date_published: string;
  date_modified: string;
  content_html: string;
  external_url?: string;
  summary?: string;
  image?: string;
  language?: string;
  tags?: string[];
  authors?: Entry['authors'];
  attachments?: {
    url: string;
    mime_type: string;
    title?: string;
    size_in_bytes?: number;
    duration_in_seconds?: number;
  }[];
  _source?: { name: string; url?: string; feed_url?: string };
}

function readJsonFeed(text: string): { title: string; items: JsonItem[] } | undefined {
  try {
    const { title, items } = JSON.parse(text) as { title?: unknown; items?: Partial<JsonItem>[] };
    if (typeof title !== 'string' || !Array.isArray(items)) return undefined;
    return { title, items: items.filter(isWhole) };
  } catch {
    return undefined;
  }
}

function isWhole(item: Partial<JsonItem>): item is JsonItem {
  const texts = [item.id, item.url, item.title, item.content_html];
  const moments = [item.date_published, item.date_modified];
  return (
    texts.every((text) => typeof text === 'string') &&
    moments.every((each) => Number.isFinite(Date.parse(each ?? '')))
  );
}

/** The entry that our own JSON Feed shows, but for what it does not say. */
function toEntry(item: JsonItem): Entry {
  const {
    id,
    url,
    title,
    content_html: content,
    summary,
    external_url: externalUrl,
    image,
    language,
    _source,
  } = item;
  return {
    path: '',
    id,
    url,
    title,
    content,
    published: Date.parse(item.date_published),
    updated: Date.parse(item.date_modified),
    kind: externalUrl === undefined ? 'article' : 'link',
    description: summary ?? (teaserOf(content, 280) || title),
    tags: item.tags ?? [],
    authors: item.authors ?? [],
    enclosures: (item.attachments ?? []).map(
      ({ url, mime_type: type, title, size_in_bytes: length, duration_in_seconds: duration }) => ({
        url,
        type,
        ...(title !== undefined && { title }),
        ...(length !== undefined && { length }),
        ...(duration !== undefined && { duration }),
      }),
    ),
    ...(externalUrl !== undefined && { externalUrl }),
    ...(summary !== undefined && { summary }),
    ...(image !== undefined && { image }),
    ...(language !== undefined && { language }),
    ...(_source && {
      source: {
        name: _source.name,
        ...(_source.url && { url: _source.url }),
        ...(_source.feed_url && { feed: _source.feed_url }),
      },
    }),
  };
}

function toRecord(entry: Entry, feeds: string[]): EntryRecord {
  const { path, title, url, published, updated, externalUrl } = entry;
  const text = entry.content
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(lt|gt|quot|amp);/g, (_, name: keyof typeof REFERENCES) => REFERENCES[name]);
  return {
    path,
    title,
    ...(externalUrl !== undefined && { externalUrl }),
    permalinks: [url],
    text: '',
    sketch: sketchOf(`${entry.summary ?? ''}\n${plain(text)}`),
    published,
    updated,
    first: published,
    feeds,
  };
}

/** An entry of which no more is known than that it went. */
function bury(entries: Map<string, EntryRecord>, id: string, gone: Moment, folder: string): void {
  const feeds = [...(entries.get(id)?.feeds ?? []), folder];
  entries.set(id, {
    path: '',
    title: '',
    permalinks: [],
    text: '',
    sketch: '',
    published: 0,
    updated: 0,
    first: 0,
    feeds,
    gone,
  });
}

const REFERENCES = { lt: '<', gt: '>', quot: '"', amp: '&' };

function unescapeXml(text: string): string {
  const named = text.replace(/&(lt|gt|quot);/g, (_, name: keyof typeof REFERENCES) => REFERENCES[name]);
  return named
    .replace(/&#x([0-9a-f]+);|&#(\d+);/gi, (_, hex?: string, decimal?: string) =>
      String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)),
    )
    .replaceAll('&amp;', '&');
}
