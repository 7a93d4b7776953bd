/** The page of one entry, for those who have no other site: its content, and what other sites read of it. */
import { dayIn } from '../../content/dates.ts';
import type { Entry, Feed, Site } from '../feed.ts';
import { rfc3339, urlPath } from '../feed.ts';
import { documentOf, rootOf } from './document.ts';
import { html, safe } from './html.ts';
import { alternates, cut, day } from './parts.ts';

const DESCRIPTION = 300;

/** `folder` is where the page is, below the feeds' address; `feeds` are those that the entry is in, with their labels. */
export function entryPage(
  entry: Entry,
  folder: string,
  feeds: readonly { feed: Feed; label: string }[],
  site: Site,
  main: Feed,
): Buffer {
  const { title, url, published, updated, description, content, authors, externalUrl, image, source } = entry;
  const names = authors.length > 0 ? authors : site.author ? [site.author] : [];
  const by = names.map(
    (author) =>
      html`<span class="p-author h-card"
          >${author.url ? html`<a class="u-url p-name" href="${author.url}">${author.name}</a>` : html`<span class="p-name">${author.name}</span>`}</span
        >
        · `,
  );
  const said = cut(description, DESCRIPTION);
  const card = [
    ['og:type', 'article'],
    ['og:title', title],
    ['og:url', url],
    ['og:description', said],
    ['og:site_name', site.title],
    ...(image === undefined ? [] : [['og:image', image]]),
    ['article:published_time', rfc3339(published)],
    ['article:modified_time', rfc3339(updated)],
  ].map(([property, value]) => html`<meta property="${property}" content="${value}" /> `);
  const changed =
    updated > published &&
    html` · <span lang="en" dir="ltr">changed</span>
      <time class="dt-updated" datetime="${rfc3339(updated)}" dir="ltr">${dayIn(site.timezone, updated)}</time>`;
  const original =
    externalUrl &&
    html`<p>
      <a class="u-bookmark-of button" href="${externalUrl}" lang="en" dir="ltr"
        >Read the original${source && html` at ${source.name}`}</a
      >
    </p> `;
  const shown = feeds.map(
    ({ feed, label }) =>
      html`<li>
        <a href="${rootOf(folder)}${urlPath(feed.folder)}" dir="auto">${label || feed.title}</a>
      </li> `,
  );
  return documentOf(
    {
      title,
      description: said,
      url,
      folder,
      hasMedia: true,
      head: html`${alternates(main, site)}${card}`,
      body: html`<main>
        <article class="h-entry" ${entry.language ? html` lang="${entry.language}"` : undefined}>
          <h1 class="p-name" dir="auto">${title}</h1>
          <p class="soft">
            ${by}<a class="u-url" href="${url}"><span class="dt-published">${day(published, site.timezone)}</span></a
            >${changed || undefined}
          </p>
          <div class="e-content" dir="auto">${safe(content)}</div>
          ${original || undefined}
        </article>
        <h2 lang="en" dir="ltr">In these feeds</h2>
        <ul class="chips">
          ${shown}
        </ul>
      </main>`,
    },
    site,
  );
}
