/** All feeds as a subscription list (OPML 2.0), grouped by kind. It says nothing that changes with entries. */
import { escapeHtml } from '../../content/text.ts';
import type { Site } from '../feed.ts';
import { feedUrl, urlPath } from '../feed.ts';
import type { FeedCard } from './feed-page.ts';
import type { Group } from './home-page.ts';

export function opml(main: FeedCard, groups: readonly Group[], site: Site): Buffer {
  const outline = ({ folder, title, label }: FeedCard, indent: string): string =>
    `${indent}<outline type="rss" text="${escapeHtml(label || title)}" title="${escapeHtml(title)}" ` +
    `xmlUrl="${escapeHtml(feedUrl(site, folder, 'rss'))}" htmlUrl="${escapeHtml(site.feedsUrl + urlPath(folder))}"/>\n`;
  const nested = groups.map(
    ({ title, cards }) =>
      `<outline text="${title}">\n${cards.map((card) => outline(card, '  ')).join('')}</outline>\n`,
  );
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by Feedwright -->
<opml version="2.0">
<head>
<title>${escapeHtml(main.title)}</title>
</head>
<body>
${outline(main, '')}${nested.join('')}</body>
</opml>
`);
}
