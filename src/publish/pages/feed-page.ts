/** The page of one feed: what it holds, and how to subscribe to it. */
import type { Moment } from '../../content/post.ts';
import type { Feed, Outline, Site } from '../feed.ts';
import { urlPath } from '../feed.ts';
import { documentOf } from './document.ts';
import { html } from './html.ts';
import { alternates, entryList, facts, subscribe } from './parts.ts';

/** What lists say of a feed. */
export interface FeedCard {
  folder: string;
  title: string;
  /** What it is called among the feeds of its kind. */
  label: string;
  /** How many entries belong to it, shown or not. */
  total: number;
  /** When it last changed. */
  updated: Moment;
}

/** A feed with all that its page shows. */
export interface FeedView {
  feed: Feed;
  card: FeedCard;
  /** What it shows, the newest first. */
  entries: readonly Outline[];
  /** As `monthsOf` gives it. */
  months: readonly number[];
}

/** The view of a feed; what is the same as in `before` is taken from there, so that it is known to be the same. */
export function viewOf({ feed, card, entries, months }: FeedView, before: FeedView | undefined): FeedView {
  if (!before) return { feed, card, entries, months };
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const next = { feed, card: isSame(card, before.card) ? before.card : card, entries, months };
  const isSameView =
    next.card === before.card &&
    entries.length === before.entries.length &&
    entries.every((entry, at) => entry === before.entries[at]) &&
    isSame([feed, months], [before.feed, before.months]);
  return isSameView ? before : next;
}

export function feedPage({ feed, card, entries, months }: FeedView, site: Site, main: Feed): Buffer {
  const { title, description, folder } = feed;
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
        ${facts(card, months, entries[0]?.published, site)}
        <h2 lang="en" dir="ltr">Subscribe</h2>
        ${subscribe(feed, site)}
        <h2 lang="en" dir="ltr">Newest entries</h2>
        ${entryList(entries, site)}
      </main>`,
    },
    site,
  );
}
