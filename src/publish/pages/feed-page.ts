/** The page of one feed: what it holds, and how to subscribe to it. */
import type { Entry, Feed, Site } from '../feed.ts';
import { urlPath } from '../feed.ts';
import { documentOf } from './document.ts';
import { html } from './html.ts';
import { alternates, countOf, day, entryList, picture, subscribe } from './parts.ts';

/** A feed with all that its page shows. */
export interface FeedView {
  feed: Feed;
  /** What it is called among the feeds of its kind. */
  label: string;
  /** What it shows, the newest first. */
  entries: readonly Entry[];
  /** How many belong to it, shown or not. */
  total: number;
  /** As `monthsOf` gives it. */
  months: readonly number[];
}

export function feedPage({ feed, entries, total, months }: FeedView, site: Site, main: Feed): Buffer {
  const { title, description, folder, updated } = feed;
  const newest = entries[0];
  const said = description === title ? undefined : description;
  return documentOf(
    {
      title,
      description: said,
      url: site.feedsUrl + urlPath(folder),
      folder,
      head: html`${alternates(feed, site)}${folder === '' ? undefined : alternates(main, site, ['rss'])}`,
      body: html`<main>
        <h1 dir="auto">${title}</h1>
        ${said && html`<p dir="auto">${said}</p>`}
        <p class="soft" lang="en" dir="ltr">${countOf(total)} · last change ${day(updated)}</p>
        <h2 lang="en" dir="ltr">Subscribe</h2>
        ${subscribe(feed, site)} ${newest ? picture(months, newest.published) : undefined}
        <h2 lang="en" dir="ltr">Newest entries</h2>
        ${entryList(entries)}
      </main>`,
    },
    site,
  );
}
