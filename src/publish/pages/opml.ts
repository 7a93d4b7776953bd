/** All feeds as a subscription list (OPML 2.0), grouped by kind. */
import { escapeHtml } from '../../content/text.ts';
import type { Site } from '../feed.ts';
import { feedUrl, urlPath } from '../feed.ts';
import type { FeedView } from './feed-page.ts';
import type { Group } from './home-page.ts';

export function opml(main: FeedView, groups: readonly Group[], site: Site): Buffer {
  const outline = ({ feed, label }: FeedView, indent: string): string =>
    `${indent}<outline type="rss" text="${escapeHtml(label || feed.title)}" title="${escapeHtml(feed.title)}" ` +
    `xmlUrl="${escapeHtml(feedUrl(site, feed.folder, 'rss'))}" htmlUrl="${escapeHtml(site.feedsUrl + urlPath(feed.folder))}"/>\n`;
  const nested = groups.map(
    ({ title, views }) =>
      `<outline text="${title}">\n${views.map((view) => outline(view, '  ')).join('')}</outline>\n`,
  );
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by Feedwright -->
<opml version="2.0">
<head>
<title>${escapeHtml(main.feed.title)}</title>
<dateModified>${new Date(main.feed.updated).toUTCString()}</dateModified>
</head>
<body>
${outline(main, '')}${nested.join('')}</body>
</opml>
`);
}
