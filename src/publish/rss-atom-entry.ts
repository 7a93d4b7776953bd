/** One entry in RSS 2.0 and in Atom 1.0, drawn by the package `feed`. */
import { Feed as Document } from 'feed';
import type { Item } from 'feed';
import { escapeHtml } from '../content/text.ts';
import { draw } from './drawn.ts';
import type { Entry, Feed, Media } from './feed.ts';
import { atomId, rfc3339 } from './feed.ts';
import { slots } from './slots.ts';
import type { Slots } from './slots.ts';
import { slotAuthor } from './rss-atom.ts';

type Slot = Slots['slot'];

/** One RSS item. `link` is where its title leads: the permalink, or what a link post points to. */
export function rssFragment(entry: Entry, link: Feed['link']): string {
  const values = slots();
  const { slot, html } = values;
  const item: Item = {
    ...sharedItem(entry, values.title(entry.title), new Date(entry.published).toUTCString(), values),
    link: slot((link === 'external' && entry.externalUrl) || entry.url),
    description: html(escapeHtml(entry.description)),
    content: html(entry.content),
    category: entry.tags.map((tag) => ({ name: slot(tag) })),
    extensions: rssExtensions(entry, slot),
  };
  const [media] = entry.enclosures;
  if (media) {
    const length = slot(String(media.length ?? 0)) as unknown as number;
    item.enclosure = { url: slot(media.url), type: slot(media.type), length };
  }
  const skeleton = draw(['rss', item], () => cut(withItem(item).rss2(), '        <item>', '</item>'));
  return values.fill(skeleton);
}

/** One Atom entry. */
export function atomFragment(entry: Entry): string {
  const values = slots();
  const { slot, html, moment } = values;
  const link = slot(entry.url);
  // A summary that speaks of tags would be taken for HTML that somebody forgot to declare.
  const isMarked = /<[a-z!/]|&#?\w+;/i.test(entry.summary ?? '');
  const item: Item = {
    ...sharedItem(entry, slot(entry.title), rfc3339(entry.published), values),
    id: slot(atomId(entry.id)),
    link,
    date: moment(rfc3339(entry.updated)),
    ...(entry.summary && {
      description: isMarked ? html(escapeHtml(entry.summary)) : slot(entry.summary),
    }),
    content: html(entry.content),
    author: entry.authors.map((author) => slotAuthor(author, slot)),
    category: entry.tags.map((tag) => ({ term: slot(tag) })),
  };
  const links = atomLinks(entry, slot).join('\n        ');
  const language = entry.language && slot(entry.language);
  const skeleton = draw(['atom', item, links, isMarked, language], () => {
    const document = withItem(item)
      .atom1()
      .replace(`<link href="${link}"/>`, links)
      // Titles and summaries are plain text, and every parser agrees on what that is.
      .replace(isMarked ? /<(title) type="html">/ : /<(title|summary) type="html">/g, '<$1 type="text">');
    const drawing = cut(document, '    <entry>', '</entry>');
    return language ? drawing.replace('<entry>', `<entry xml:lang="${language}">`) : drawing;
  });
  return values.fill(skeleton);
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
  const { source, image, language, authors, enclosures, isEpisode } = entry;
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
  if (language) extensions.push({ name: 'dc:language', objects: { _text: slot(language) } });
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

/** `title` is a slot; `published` as the format writes it. */
function sharedItem(
  entry: Entry,
  title: string,
  published: string,
  { slot, moment }: Slots,
): Pick<Item, 'title' | 'id' | 'date' | 'published'> {
  const when = moment(published);
  return { title, id: slot(entry.id), date: when, published: when };
}

/** A document around one item; its head is thrown away. */
function withItem(item: Item): Document {
  const document = new Document({
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
