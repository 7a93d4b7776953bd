/** JSON Feed 1.1, read back. */
import { feedUrl } from '../publish/feed.ts';
import { checked, jsonFeedHead, jsonFeedItem } from './json-feed.ts';
import { moment } from './read-back.ts';
import type { ReadBack } from './read-back.ts';

export const json: ReadBack = {
  readEntry: (fragment) => {
    const item = checked(jsonFeedItem.safeParse(JSON.parse(fragment)));
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
    const said = checked(jsonFeedHead.safeParse(head));
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
};
