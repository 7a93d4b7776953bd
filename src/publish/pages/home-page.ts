/** The first page, and those that list all feeds of a kind. */
import type { Site } from '../feed.ts';
import { urlPath } from '../feed.ts';
import { documentOf, rootOf } from './document.ts';
import type { FeedCard, FeedView } from './feed-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { alternates, countOf, day, entryList, picture, subscribe } from './parts.ts';

/** Feeds of one grouping, like all of tags. */
export interface Group {
  /** Like `tags/`. */
  folder: string;
  /** Like `Tags`. */
  title: string;
  cards: readonly FeedCard[];
}

/** How many feeds of a kind the first page shows, and how many a page that lists them. */
const SHOWN = 24;
const LISTED = 150;
const NEWEST = 10;

export const OPML = 'feeds.opml';

/** What is published here: the main feed, the feeds by kind, the newest entries. */
export function homePage(main: FeedView, groups: readonly Group[], site: Site): Buffer {
  const { feed, entries, months } = main;
  const { total } = main.card;
  const said = feed.description === feed.title ? undefined : feed.description;
  const sections = groups.map(({ folder, title, cards }) => {
    const most = [...cards].sort((a, b) => b.total - a.total || (a.label < b.label ? -1 : 1)).slice(0, SHOWN);
    const more =
      cards.length > SHOWN && html`<p><a href="./${folder}" lang="en" dir="ltr">All ${cards.length}</a></p> `;
    return html`<h2 lang="en" dir="ltr">${title}</h2>
      ${listOf(most, '')} ${more || undefined}`;
  });
  return documentOf(
    {
      title: feed.title,
      description: said,
      url: site.feedsUrl,
      folder: '',
      head: html`${alternates(feed, site)}<link
          rel="blogroll"
          type="text/xml"
          href="${site.feedsUrl}${OPML}"
          title="All feeds"
        /> `,
      body: html`<main>
        <h1 dir="auto">${feed.title}</h1>
        ${said && html`<p dir="auto">${said}</p>`}
        <p class="soft" lang="en" dir="ltr">${countOf(total)} · last change ${day(feed.updated)}</p>
        <h2 lang="en" dir="ltr">Subscribe</h2>
        ${subscribe(feed, site)} ${entries[0] && picture(months, entries[0].published)} ${sections}
        <p lang="en" dir="ltr">
          All of them in one file, for readers that import subscription lists: <a href="./${OPML}">${OPML}</a>
        </p>
        <h2 lang="en" dir="ltr">Newest entries</h2>
        ${entryList(entries.slice(0, NEWEST))}
      </main>`,
    },
    site,
  );
}

/** The name of the `number`th page (from 1) that lists the feeds of a kind. */
export function listName(folder: string, number: number): string {
  return `${folder}${number === 1 ? 'index' : `index-${number}`}.html`;
}

/** All feeds of a kind by their labels, on as many pages as they need. */
export function listPages(
  { folder, title, cards }: Group,
  site: Site,
  main: FeedView,
): [name: string, page: () => Buffer][] {
  const sorted = cards
    .map((card) => ({ card, key: card.label.toLowerCase() }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ card }) => card);
  const count = Math.ceil(sorted.length / LISTED);
  return Array.from({ length: count }, (_, at) => {
    const number = at + 1;
    const link = (to: number, words: string): Html | undefined =>
      to >= 1 && to <= count
        ? html`<a href="./${to === 1 ? '' : listName('', to)}">${words}</a> `
        : undefined;
    const part = count > 1 ? ` (${number} of ${count})` : '';
    const page = (): Buffer =>
      documentOf(
        {
          title: `${site.title} – ${title}${part}`,
          url: site.feedsUrl + (number === 1 ? folder : listName(folder, number)),
          folder,
          head: html`${alternates(main.feed, site)}`,
          body: html`<main>
          <h1 lang="en" dir="ltr">${title}${part}</h1>
          ${listOf(sorted.slice(at * LISTED, number * LISTED), folder)}
          <p lang="en" dir="ltr">${link(number - 1, 'Back')}${link(number + 1, 'More')}</p>
        </main>`,
        },
        site,
      );
    return [listName(folder, number), page];
  });
}

function listOf(cards: readonly FeedCard[], folder: string): Html {
  const items = cards.map(
    ({ folder: of, label, total }) =>
      html`<li>
        <a href="${rootOf(folder)}${urlPath(of)}" dir="auto">${label}</a>
        <span class="soft" aria-label="${countOf(total)}" role="img">${total}</span>
      </li> `,
  );
  return html`<ul class="feeds">
    ${items}
  </ul>`;
}
