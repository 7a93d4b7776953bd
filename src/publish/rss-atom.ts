/**
 * RSS 2.0 and Atom 1.0. The only home of the package `feed`.
 *
 * `feed` draws the skeleton, and never sees a value: every text, URL and piece of HTML is given to it as a slot (a URN that
 * means nothing) and filled in afterwards, escaped for where it stands. That closes what it does with values of its own:
 * it rewrites ids and URLs, splits only the first `]]>` of a field, leaves `<` in attributes and undoes `&amp;` in text.
 */
import { Feed as Skeleton } from 'feed';
import type { Item } from 'feed';
import type { Author } from '../content/post.ts';
import { escapeHtml } from '../content/text.ts';
import type { Entry, Feed, Media, Site, Tombstone } from './feed.ts';
import { atomId, feedUrl, rfc3339, rssImage } from './feed.ts';
import { ITUNES, podcastHead } from './podcast.ts';

/** A feed's document without its entries: they go between `open` and `close`. */
export interface Head {
  open: string;
  close: string;
}

export const GENERATOR = 'Feedwright';

const RSS_ROOT =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"' +
  ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">';

export function rssHead(feed: Feed, site: Site): Head {
  const { slot, fill } = slots();
  const image = rssImage(site);
  const document = new Skeleton({
    ...sharedHead(feed, site, slot, 'rss'),
    description: slot(feed.description),
    ...(image !== undefined && { image: slot(image) }),
    ...(feed.language && { language: slot(feed.language) }),
  }).rss2();
  const podcast = feed.isPodcast ? site.podcast : undefined;
  const root = podcast ? RSS_ROOT.replace('>', ` ${ITUNES}>`) : RSS_ROOT;
  const xml = fill(document.replace(/<rss [^>]*>/, root));
  const end = xml.indexOf('    </channel>');
  const more = podcast ? podcastHead(podcast, site) : '';
  const page = feed.page === undefined ? '' : `        ${pageLink('atom:link', feed.page)}\n`;
  return { open: styled(xml.slice(0, end), feed) + page + more, close: `${xml.slice(end)}\n` };
}

export function atomHead(feed: Feed, site: Site): Head {
  const { slot, fill } = slots();
  const author = site.author ?? { name: site.title };
  const document = new Skeleton({
    ...sharedHead(feed, site, slot, 'atom'),
    id: slot(feed.id),
    description: slot(feed.description),
    author: slotAuthor(author, slot),
    ...(site.logo && { image: slot(site.logo) }),
    ...(site.icon && { favicon: slot(site.icon) }),
  }).atom1();
  const root = `<feed xmlns="http://www.w3.org/2005/Atom"${feed.language ? ` xml:lang="${escapeXml(feed.language)}"` : ''}>`;
  const xml = fill(shortMoments(document).replace(/<feed [^>]*>/, root));
  const end = xml.indexOf('</feed>');
  const tombstones = feed.tombstones.map((each) => `${tombstone(each)}\n`).join('');
  const page = feed.page === undefined ? '' : `    ${pageLink('link', feed.page)}\n`;
  return { open: styled(xml.slice(0, end), feed) + page, close: `${tombstones}${xml.slice(end)}\n` };
}

function pageLink(name: string, page: string): string {
  return `<${name} rel="related" type="text/html" href="${escapeXml(page)}"/>`;
}

/** With the stylesheet that browsers show it by: `feed` itself would call it XSL. */
function styled(xml: string, { page, folder }: Feed): string {
  if (page === undefined) return xml;
  const path = '../'.repeat(folder.split('/').length - 1);
  return xml.replace('?>\n', `?>\n<?xml-stylesheet type="text/css" href="${path}feed.css"?>\n`);
}

/** RFC 6721 section 3; its namespace is declared where it is used, since most feeds have none. */
function tombstone({ id, when }: Tombstone): string {
  return `    <at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${escapeXml(atomId(id))}" when="${rfc3339(when)}"/>`;
}

/** One RSS item. `link` is where its title leads: the permalink, or what a link post points to. */
export function rssFragment(entry: Entry, link: Feed['link']): string {
  const { slot, html, fill } = slots();
  const item: Item = {
    ...sharedItem(entry, slot),
    link: slot((link === 'external' && entry.externalUrl) || entry.url),
    description: html(escapeHtml(entry.description)),
    content: html(entry.content),
    category: entry.tags.map((tag) => ({ name: slot(tag) })),
    extensions: rssExtensions(entry, slot),
  };
  const [media] = entry.enclosures;
  if (media) item.enclosure = { url: slot(media.url), type: slot(media.type), length: media.length ?? 0 };
  const document = withItem(item).rss2();
  return fill(cut(document, '        <item>', '</item>'));
}

/** One Atom entry. */
export function atomFragment(entry: Entry): string {
  const { slot, fill, html } = slots();
  const link = slot(entry.url);
  // A summary that speaks of tags would be taken for HTML that somebody forgot to declare.
  const isMarked = /<[a-z!/]|&#?\w+;/i.test(entry.summary ?? '');
  const item: Item = {
    ...sharedItem(entry, slot),
    id: slot(atomId(entry.id)),
    link,
    date: new Date(entry.updated),
    ...(entry.summary && {
      description: isMarked ? html(escapeHtml(entry.summary)) : slot(entry.summary),
    }),
    content: html(entry.content),
    author: entry.authors.map((author) => slotAuthor(author, slot)),
    category: entry.tags.map((tag) => ({ term: slot(tag) })),
  };
  const document = shortMoments(withItem(item).atom1())
    .replace(`<link href="${link}"/>`, atomLinks(entry, slot).join('\n        '))
    // Titles and summaries are plain text, and every parser agrees on what that is.
    .replace(isMarked ? /<(title) type="html">/ : /<(title|summary) type="html">/g, '<$1 type="text">');
  return fill(cut(document, '    <entry>', '</entry>'));
}

/** All links of an entry, the permalink first, since some readers take the first whatever its relation. */
function atomLinks(entry: Entry, slot: Slot): string[] {
  const link = (rel: string, attributes: Record<string, string | number | undefined>): string => {
    const written = Object.entries({ rel, ...attributes }).filter(([, value]) => value !== undefined);
    return `<link ${written.map(([name, value]) => `${name}="${slot(String(value))}"`).join(' ')}/>`;
  };
  const enclosure = ({ url, type, length, title }: Media): string =>
    link('enclosure', { href: url, type, length, title });
  return [
    link('alternate', { href: entry.url, type: 'text/html' }),
    ...(entry.externalUrl ? [link('related', { href: entry.externalUrl })] : []),
    ...(entry.source?.url ? [link('via', { href: entry.source.url, title: entry.source.name })] : []),
    ...entry.enclosures.map(enclosure),
  ];
}

type Extension = NonNullable<Item['extensions']>[number];

function rssExtensions(entry: Entry, slot: Slot): Extension[] {
  const { source, image, authors, enclosures, isEpisode } = entry;
  const extensions: Extension[] = [];
  if (authors.length > 0)
    extensions.push({
      name: 'dc:creator',
      objects: authors.map(({ name }) => ({ _text: slot(name) })) as unknown as Extension['objects'],
    });
  if (source?.feed)
    extensions.push({
      name: 'source',
      objects: { _text: slot(source.name), _attributes: { url: slot(source.feed) } },
    });
  else if (source) extensions.push({ name: 'dc:source', objects: { _text: slot(source.name) } });
  if (image)
    extensions.push({
      name: 'media:content',
      objects: { _attributes: { url: slot(image), medium: 'image' } },
    });
  const duration = enclosures[0]?.duration;
  if (isEpisode && duration !== undefined)
    extensions.push({ name: 'itunes:duration', objects: { _text: slot(String(duration)) } });
  if (isEpisode && image)
    extensions.push({ name: 'itunes:image', objects: { _attributes: { href: slot(image) } } });
  return extensions;
}

function sharedHead(feed: Feed, site: Site, slot: Slot, format: 'rss' | 'atom') {
  return {
    id: '',
    title: slot(feed.title),
    link: slot(site.url),
    updated: new Date(feed.updated),
    generator: GENERATOR,
    ...(site.copyright && { copyright: slot(site.copyright) }),
    docs: 'https://www.rssboard.org/rss-specification',
    feed: slot(feedUrl(site, feed.folder, format)),
  };
}

function sharedItem(entry: Entry, slot: Slot): Pick<Item, 'title' | 'id' | 'date' | 'published'> {
  return {
    title: slot(entry.title),
    id: slot(entry.id),
    date: new Date(entry.published),
    published: new Date(entry.published),
  };
}

function slotAuthor({ name, email, url }: Author, slot: Slot) {
  return { name: slot(name), ...(email && { email: slot(email) }), ...(url && { link: slot(url) }) };
}

/** A document around one item; its head is thrown away. */
function withItem(item: Item): Skeleton {
  const document = new Skeleton({
    id: 'urn:x',
    title: 'x',
    link: 'urn:x',
    updated: new Date(0),
    copyright: '',
  });
  document.addItem(item);
  return document;
}

function cut(document: string, from: string, to: string): string {
  return document.slice(document.indexOf(from), document.lastIndexOf(to) + to.length);
}

/** RFC 3339 needs no milliseconds, and ours are always 0. */
function shortMoments(document: string): string {
  return document.replace(/\.000Z/g, 'Z');
}

type Slot = (value: string) => string;

interface Slots {
  /** Plain text, for an element or an attribute. */
  slot: Slot;
  /** HTML, for an element that is a CDATA section. */
  html: Slot;
  /** The document with every slot filled in. */
  fill: (document: string) => string;
}

function slots(): Slots {
  const values: { value: string; isHtml: boolean }[] = [];
  const add = (value: string, isHtml: boolean): string => `urn:slot:${values.push({ value, isHtml }) - 1}:`;
  const fillOne = (found: string, inCdata: string | undefined, inText: string | undefined): string => {
    const { value, isHtml } = values[Number(inCdata ?? inText)]!;
    if (isHtml) return `<![CDATA[${value.replaceAll(']]>', ']]&gt;')}]]>`; // In HTML the two mean the same.
    return escapeXml(value);
  };
  return {
    slot: (value) => add(value, false),
    html: (value) => add(value, true),
    fill: (document) => document.replace(/<!\[CDATA\[urn:slot:(\d+):\]\]>|urn:slot:(\d+):/g, fillOne),
  };
}

/**
 * Text for an element or a quoted attribute. `&` and `<` in the form that the RSS profile recommends: readers that take plain
 * text for HTML show it right as well. Line ends and tabs as references, since attributes would lose them.
 */
function escapeXml(text: string): string {
  return text.replace(/[&<>"\t\n]/g, (c) => XML[c]!);
}

const XML: Record<string, string> = {
  '&': '&#x26;',
  '<': '&#x3C;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};
