/** The first page, and those that list all feeds of a kind. */
import type { Site } from '../feed.ts';
import { urlPath } from '../feed.ts';
import { documentOf, rootOf } from './document.ts';
import type { FeedCard, FeedView } from './feed-page.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { alternates, countOf, day, entryList, facts, subscribe, within } from './parts.ts';

/** Feeds of one grouping, like all of tags. */
export interface Group {
  /** Like `tags/`. */
  folder: string;
  /** Like `Tags`. */
  title: string;
  cards: readonly FeedCard[];
}

/** How many feeds of a kind the first page shows, and how many entries. */
const SHOWN = 16;
const NEWEST = 10;
/** Bytes of feeds and of entries on the first page, and of feeds on a page that lists them: no page is over 30 KB. */
const FEEDS_ROOM = 12_000;
const ENTRIES_ROOM = 8_000;
const LIST_ROOM = 20_000;

export const OPML = 'feeds.opml';

/** What is published here: the main feed, the feeds by kind, the newest entries. */
export function homePage(main: FeedView, groups: readonly Group[], site: Site): Buffer {
  const { feed, entries, months } = main;
  const said = feed.description === feed.title ? undefined : feed.description;
  const sections = groups.map(({ folder, title, cards }) => {
    const most = [...cards].sort((a, b) => b.total - a.total || (a.label < b.label ? -1 : 1)).slice(0, SHOWN);
    const shown = within(rowsOf(most, '', site), FEEDS_ROOM / groups.length);
    const more =
      cards.length > shown.length &&
      html`<p lang="en" dir="ltr"><a href="./${folder}">All ${cards.length} ${title.toLowerCase()}</a></p> `;
    return html`<h2 lang="en" dir="ltr">${title}</h2>
      ${listOf(shown)} ${more || undefined}`;
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
        ${facts(main.card, months, entries[0]?.published, site)}
        <h2 lang="en" dir="ltr">Subscribe</h2>
        ${subscribe(feed, site)} ${sections}
        <p class="soft" lang="en" dir="ltr">
          Want them all? Import <a href="./${OPML}">${OPML}</a> into your reader: one file that lists every feed.
        </p>
        <h2 lang="en" dir="ltr">Newest entries</h2>
        ${entryList(entries.slice(0, NEWEST), site, ENTRIES_ROOM)}
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
  const shelves = shelvesOf(sorted);
  const count = shelves.length;
  return shelves.map((shelf, at) => {
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
          ${listOf(rowsOf(shelf, folder, site))}
          <p lang="en" dir="ltr">${link(number - 1, 'Previous')}${link(number + 1, 'Next')}</p>
        </main>`,
        },
        site,
      );
    return [listName(folder, number), page];
  });
}

/** About how many bytes a row has beside its label and address. */
const ROW = 180;

/** Cards in their order, parted where a page is full. What a row takes is reckoned, so that none is made that nobody needs. */
function shelvesOf(cards: readonly FeedCard[]): FeedCard[][] {
  const shelves: FeedCard[][] = [];
  let room = 0;
  for (const card of cards) {
    const takes = ROW + urlPath(card.folder).length + Buffer.byteLength(card.label);
    if (takes > room) {
      shelves.push([]);
      room = LIST_ROOM;
    }
    room -= takes;
    shelves.at(-1)!.push(card);
  }
  return shelves;
}

function rowsOf(cards: readonly FeedCard[], folder: string, { timezone }: Site): Html[] {
  return cards.map(
    ({ folder: of, label, total, updated }) =>
      html`<li><a href="${rootOf(folder)}${urlPath(of)}" dir="auto">${label}</a><span class="soft" lang="en" dir="ltr"><span role="img" aria-label="${countOf(total)}">${total}</span> · ${day(updated, timezone)}</span></li>\n`,
  );
}

function listOf(rows: readonly Html[]): Html {
  return html`<ul class="feeds">
${rows}</ul>`;
}
