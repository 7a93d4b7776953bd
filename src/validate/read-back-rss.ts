/** RSS 2.0, read back. */
import { escapeHtml } from '../content/text.ts';
import { feedUrl, rssImage } from '../publish/feed.ts';
import { linkOf, moment, only, text, texts } from './read-back.ts';
import type { ReadBack } from './read-back.ts';
import { NS, child, children, parseFragment, parseXml } from './xml.ts';

/** What a fragment's prefixes stand for in a whole RSS document. */
const PREFIXES = `xmlns:content="${NS.content}" xmlns:dc="${NS.dc}" xmlns:media="${NS.media}" xmlns:itunes="${NS.itunes}"`;

export const rss: ReadBack = {
  readEntry: (fragment) => {
    const item = only(
      parseFragment(fragment, (xml) => `<channel ${PREFIXES}>${xml}</channel>`),
      'item',
    );
    return {
      id: child(item, 'guid')?.attributes['isPermaLink'] === 'false' ? text(item, 'guid') : undefined,
      title: text(item, 'title'),
      link: text(item, 'link'),
      published: moment(text(item, 'pubDate')),
      description: text(item, 'description'),
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
      language: text(item, 'language', NS.dc),
      duration: text(item, 'duration', NS.itunes),
    };
  },
  entry: (entry, link) => ({
    id: entry.id,
    title: entry.title,
    link: (link === 'external' && entry.externalUrl) || entry.url,
    published: entry.published,
    description: escapeHtml(entry.description),
    content: entry.content.replaceAll(']]>', ']]&gt;'),
    authors: entry.authors.map(({ name }) => name),
    tags: entry.tags,
    enclosures: entry.enclosures
      .slice(0, 1)
      .map(({ url, type, length }) => ({ url, type, length: length ?? 0 })),
    image: entry.image,
    source: entry.source?.name,
    language: entry.language,
    duration: entry.isEpisode ? entry.enclosures[0]?.duration?.toString() : undefined,
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
      podcastImage: child(channel, 'image', NS.itunes)?.attributes['href'],
      podcastAuthor: text(channel, 'author', NS.itunes),
    };
  },
  head: (feed, site) => ({
    title: feed.title,
    link: site.url,
    description: feed.description,
    self: feedUrl(site, feed.folder, 'rss'),
    language: feed.language,
    updated: feed.updated,
    image: rssImage(site),
    copyright: site.copyright,
    items: 0,
    podcastImage: feed.isPodcast ? site.podcast?.image : undefined,
    podcastAuthor: feed.isPodcast ? (site.podcast?.author ?? site.author?.name ?? site.title) : undefined,
  }),
};
