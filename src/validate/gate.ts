/**
 * The parse-back: every fragment and every head is read again as a reader would, and what it says is compared with what it
 * should say. Nothing that fails is published.
 */
import { escapeHtml } from '../content/text.ts';
import type { Entry, Feed, FormatName, Gate, Site } from '../publish/feed.ts';
import { atomId, feedUrl } from '../publish/feed.ts';
import { jsonFeedHead, jsonFeedItem } from './json-feed.ts';
import { NS, child, children, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What a fragment or a head says: by name, in an order that does not matter. */
type Saying = Record<string, unknown>;

interface Reader {
  readEntry(fragment: string): Saying;
  entry(entry: Entry, link: Feed['link']): Saying;
  readHead(document: string): Saying;
  head(feed: Feed, site: Site): Saying;
}

/** Each answers with what is wrong, in words, or nothing. */
export const gate: Gate = {
  head: (format, document, feed, site) =>
    judge(() => differences(READERS[format].readHead(document), READERS[format].head(feed, site))),
  fragment: (format, fragment, entry, link) =>
    judge(() => differences(READERS[format].readEntry(fragment), READERS[format].entry(entry, link))),
};

function judge(compare: () => string | undefined): string | undefined {
  try {
    return compare();
  } catch (error) {
    return `it cannot be read back: ${(error as Error).message}`;
  }
}

function differences(said: Saying, meant: Saying): string | undefined {
  for (const name of new Set([...Object.keys(meant), ...Object.keys(said)])) {
    const [is, should] = [JSON.stringify(said[name]) ?? 'nothing', JSON.stringify(meant[name]) ?? 'nothing'];
    if (is !== should) return `its ${name} reads back as ${shorten(is)} instead of ${shorten(should)}`;
  }
  return undefined;
}

const READERS: Record<FormatName, Reader> = {
  rss: {
    readEntry: (fragment) => {
      const item = only(parseXml(`<channel ${PREFIXES}>${fragment}</channel>`), 'item');
      return {
        id: child(item, 'guid')?.attributes['isPermaLink'] === 'false' ? text(item, 'guid') : undefined,
        title: text(item, 'title'),
        link: text(item, 'link'),
        published: moment(text(item, 'pubDate')),
        summary: text(item, 'description'),
        content: text(item, 'encoded', NS.content),
        authors: texts(item, 'creator', NS.dc),
        tags: texts(item, 'category'),
        enclosures: children(item, 'enclosure').map(({ attributes: { url, type, length } }) => ({
          url,
          type,
          length: Number(length),
        })),
        image: child(item, 'content', NS.media)?.attributes['url'],
        source: text(item, 'source') ?? text(item, 'source', NS.dc),
      };
    },
    entry: (entry, link) => ({
      id: entry.id,
      title: entry.title,
      link: (link === 'external' && entry.externalUrl) || entry.url,
      published: entry.published,
      summary: entry.summary && escapeHtml(entry.summary),
      content: entry.content.replaceAll(']]>', ']]&gt;'),
      authors: entry.authors.map(({ name }) => name),
      tags: entry.tags,
      enclosures: entry.enclosures
        .slice(0, 1)
        .map(({ url, type, length }) => ({ url, type, length: length ?? 0 })),
      image: entry.image,
      source: entry.source?.name,
    }),
    readHead: (document) => {
      const channel = only(parseXml(document), 'channel');
      return {
        title: text(channel, 'title'),
        link: text(channel, 'link'),
        description: text(channel, 'description'),
        self: linkOf(channel, 'self'),
        language: text(channel, 'language'),
        updated: moment(text(channel, 'lastBuildDate')),
        image: child(channel, 'image') && text(child(channel, 'image')!, 'url'),
        copyright: text(channel, 'copyright'),
        items: children(channel, 'item').length,
      };
    },
    head: (feed, site) => ({
      title: feed.title,
      link: site.url,
      description: feed.description,
      self: feedUrl(site, feed.folder, 'rss'),
      language: feed.language,
      updated: feed.updated,
      image: site.logo,
      copyright: site.copyright,
      items: 0,
    }),
  },

  atom: {
    readEntry: (fragment) => {
      const entry = only(parseXml(`<feed xmlns="${NS.atom}">${fragment}</feed>`), 'entry', NS.atom);
      const links = children(entry, 'link', NS.atom);
      return {
        id: text(entry, 'id', NS.atom),
        title: text(entry, 'title', NS.atom),
        link: links[0]?.attributes['rel'] === 'alternate' ? links[0].attributes['href'] : undefined,
        externalUrl: linkOf(entry, 'related'),
        source: linkOf(entry, 'via'),
        published: moment(text(entry, 'published', NS.atom)),
        updated: moment(text(entry, 'updated', NS.atom)),
        summary: text(entry, 'summary', NS.atom),
        content:
          child(entry, 'content', NS.atom)?.attributes['type'] === 'html'
            ? text(entry, 'content', NS.atom)
            : undefined,
        authors: children(entry, 'author', NS.atom).map(atomAuthor),
        tags: children(entry, 'category', NS.atom).map(({ attributes }) => attributes['term']),
        enclosures: links
          .filter(({ attributes }) => attributes['rel'] === 'enclosure')
          .map(({ attributes: { href, type, length } }) => ({
            url: href,
            type,
            length: length === undefined ? undefined : Number(length),
          })),
      };
    },
    entry: (entry) => ({
      id: atomId(entry.id),
      title: entry.title,
      link: entry.url,
      externalUrl: entry.externalUrl,
      source: entry.source?.url,
      published: entry.published,
      updated: entry.updated,
      summary: entry.summary,
      content: entry.content.replaceAll(']]>', ']]&gt;'),
      authors: entry.authors.map(({ name, email, url }) => ({ name, email, url })),
      tags: entry.tags,
      enclosures: entry.enclosures.map(({ url, type, length }) => ({ url, type, length })),
    }),
    readHead: (document) => {
      const feed = parseXml(document);
      return {
        id: text(feed, 'id', NS.atom),
        title: text(feed, 'title', NS.atom),
        link: linkOf(feed, 'alternate'),
        description: text(feed, 'subtitle', NS.atom),
        self: linkOf(feed, 'self'),
        language: feed.attributes['xml:lang'],
        updated: moment(text(feed, 'updated', NS.atom)),
        authors: children(feed, 'author', NS.atom).map(atomAuthor),
        copyright: text(feed, 'rights', NS.atom),
        entries: children(feed, 'entry', NS.atom).length,
      };
    },
    head: (feed, site) => ({
      id: feedUrl(site, feed.folder, 'atom'),
      title: feed.title,
      link: site.url,
      description: feed.description,
      self: feedUrl(site, feed.folder, 'atom'),
      language: feed.language,
      updated: feed.updated,
      authors: [{ name: site.author?.name ?? site.title, email: site.author?.email, url: site.author?.url }],
      copyright: site.copyright,
      entries: 0,
    }),
  },

  json: {
    readEntry: (fragment) => {
      const item = jsonFeedItem.parse(JSON.parse(fragment));
      return {
        id: item.id,
        title: item.title,
        link: item.url,
        externalUrl: item.external_url,
        published: moment(item.date_published),
        updated: moment(item.date_modified),
        summary: item.summary,
        content: item.content_html,
        authors: item.authors?.map(({ name }) => name) ?? [],
        tags: item.tags ?? [],
        enclosures:
          item.attachments?.map(({ url, mime_type, size_in_bytes }) => ({
            url,
            type: mime_type,
            length: size_in_bytes,
          })) ?? [],
        image: item.image,
        language: item.language,
      };
    },
    entry: (entry) => ({
      id: entry.id,
      title: entry.title,
      link: entry.url,
      externalUrl: entry.externalUrl,
      published: entry.published,
      updated: entry.updated,
      summary: entry.summary,
      content: entry.content,
      authors: entry.authors.map(({ name }) => name),
      tags: entry.tags,
      enclosures: entry.enclosures.map(({ url, type, length }) => ({ url, type, length })),
      image: entry.image,
      language: entry.language,
    }),
    readHead: (document) => {
      const { items, ...head } = JSON.parse(document) as Record<string, unknown> & { items: unknown[] };
      const said = jsonFeedHead.parse(head);
      return {
        title: said.title,
        link: said.home_page_url,
        description: said.description,
        self: said.feed_url,
        language: said.language,
        items: items.length,
      };
    },
    head: (feed, site) => ({
      title: feed.title,
      link: site.url,
      description: feed.description,
      self: feedUrl(site, feed.folder, 'json'),
      language: feed.language,
      items: 0,
    }),
  },
};

/** What a fragment's prefixes stand for in a whole RSS document. */
const PREFIXES = `xmlns:content="${NS.content}" xmlns:dc="${NS.dc}" xmlns:media="${NS.media}"`;

/** The one element that a document is about; a second one would be somebody's text that broke out of its own. */
function only(parent: XmlElement, name: string, uri = ''): XmlElement {
  const [element, ...others] = parent.children;
  if (!element || others.length > 0 || element.name !== name || element.uri !== uri)
    throw new Error(`it is not one <${name}>`);
  return element;
}

function text(parent: XmlElement, name: string, uri = ''): string | undefined {
  const found = children(parent, name, uri);
  if (found.length > 1) throw new Error(`it has ${found.length} <${name}> elements`);
  return found[0]?.text;
}

function texts(parent: XmlElement, name: string, uri = ''): string[] {
  return children(parent, name, uri).map((element) => element.text);
}

function atomAuthor(author: XmlElement): Saying {
  return {
    name: text(author, 'name', NS.atom),
    email: text(author, 'email', NS.atom),
    url: text(author, 'uri', NS.atom),
  };
}

function linkOf(parent: XmlElement, rel: string): string | undefined {
  return children(parent, 'link', NS.atom).find(({ attributes }) => attributes['rel'] === rel)?.attributes[
    'href'
  ];
}

function moment(written: string | undefined): number | undefined {
  return written === undefined ? undefined : Date.parse(written);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
