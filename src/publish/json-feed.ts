/** JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Our own, since the package `feed` writes version 1. */
import type { Author } from '../content/post.ts';
import type { Entry, Feed, Media, Site } from './feed.ts';
import { feedUrl, rfc3339 } from './feed.ts';
import type { Head } from './rss-atom.ts';

export function jsonHead(feed: Feed, site: Site): Head {
  const head = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: site.url,
    feed_url: feedUrl(site, feed.folder, 'json'),
    description: feed.description,
    icon: site.logo ?? site.icon,
    favicon: site.icon,
    authors: site.author && [jsonAuthor(site.author)],
    language: feed.language,
  };
  // `version` comes first, `items` last, one item a line.
  return { open: `${JSON.stringify(head, null, 1).slice(0, -2)},\n "items": [\n`, close: ']}\n' };
}

/** One item, on one line. */
export function jsonFragment(entry: Entry): string {
  return JSON.stringify({
    id: entry.id,
    url: entry.url,
    external_url: entry.externalUrl,
    title: entry.title,
    content_html: entry.content,
    summary: entry.summary,
    image: entry.image,
    date_published: rfc3339(entry.published),
    date_modified: rfc3339(entry.updated),
    authors: entry.authors.length > 0 ? entry.authors.map(jsonAuthor) : undefined,
    tags: entry.tags.length > 0 ? entry.tags : undefined,
    language: entry.language,
    attachments: entry.enclosures.length > 0 ? entry.enclosures.map(jsonAttachment) : undefined,
    _source: entry.source && { name: entry.source.name, url: entry.source.url, feed_url: entry.source.feed },
  });
}

/** The content in what `jsonFragment` gave. */
export function contentIn(fragment: Uint8Array): string {
  return (JSON.parse(Buffer.from(fragment).toString('utf8')) as { content_html: string }).content_html;
}

function jsonAuthor({ name, url }: Author): { name: string; url?: string } {
  return { name, ...(url && { url }) };
}

function jsonAttachment({ url, type, length, duration, title }: Media): Record<string, unknown> {
  return { url, mime_type: type, title, size_in_bytes: length, duration_in_seconds: duration };
}
