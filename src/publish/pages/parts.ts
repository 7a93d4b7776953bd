/** What pages are put together from. */
import { dayIn } from '../../content/dates.ts';
import type { Moment } from '../../content/post.ts';
import type { Feed, FormatName, Listing, Outline, Site } from '../feed.ts';
import { FORMAT_FILES, feedUrl, rfc3339 } from '../feed.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const FORMATS = Object.keys(FORMAT_FILES) as FormatName[];

/** What programs find a feed by; the first is what most of them take. */
export function alternates(feed: Pick<Feed, 'folder' | 'title'>, site: Site, formats = FORMATS): Html[] {
  return formats.map((format) => {
    const { type, title } = FORMAT_FILES[format];
    const href = feedUrl(site, feed.folder, format);
    return html`<link rel="alternate" type="${type}" title="${feed.title} (${title})" href="${href}">\n`;
  });
}

/** Each format with its address, to be copied or opened. */
export function subscribe(feed: Feed, site: Site): Html {
  const rows = FORMATS.map((format) => {
    const { title } = FORMAT_FILES[format];
    const url = feedUrl(site, feed.folder, format);
    return html`<li><b>${title}</b> <code dir="ltr"><a href="${url}">${url}</a></code>
<span class="do"><button type="button" hidden data-copy="${url}" data-said="The address of the ${title} feed was copied." aria-label="Copy address (${title})">Copy address</button>
<a class="button" href="feed:${url}" aria-label="Open in a reader (${title})">Open in a reader</a></span></li>\n`;
  });
  return html`<p lang="en" dir="ltr">New entries come to you, in an app called a feed reader: no account, no e-mail.
Copy an address into your reader. If in doubt, take RSS: every reader knows it.</p>
<ul class="formats" lang="en">
${rows}</ul>
<p id="said" role="status" class="soft" lang="en" dir="ltr"></p>`;
}

/** What a list of entries shows of each at most, in characters, and of all, in bytes. */
const TITLE = 200;
const SUMMARY = 280;
const LIST_ROOM = 20_000;

/** The first of what has no more than so many bytes together, but one at least. */
export function within(pieces: readonly Html[], bytes: number): readonly Html[] {
  let taken = 0;
  const end = pieces.findIndex(({ html }) => (taken += Buffer.byteLength(html)) > bytes);
  return end === -1 ? pieces : pieces.slice(0, Math.max(end, 1));
}

/** Entries in a list, as many as there is room for: title, date, where they come from, and what they say in short. */
export function entryList(entries: readonly Outline[], { timezone }: Site, room = LIST_ROOM): Html {
  const items = entries.map(({ title, url, published, source, description, externalUrl, language }) => {
    const from =
      source && (source.url ? html`<a href="${source.url}">${source.name}</a>` : html`${source.name}`);
    const original = externalUrl && html` · <a href="${externalUrl}" lang="en" dir="ltr">the original</a>`;
    return html`<li${language ? html` lang="${language}"` : undefined}><h3 dir="auto"><a href="${url}">${cut(title, TITLE)}</a></h3>
<p class="soft">${day(published, timezone)}${from && html` · ${from}`}${original || undefined}</p>
${description && description !== title ? html`<p dir="auto">${cut(description, SUMMARY)}</p>` : undefined}</li>\n`;
  });
  return items.length > 0
    ? html`<ul class="entries">\n${within(items, room)}</ul>`
    : html`<p lang="en" dir="ltr">There are no entries at present.</p>`;
}

/** The day that the author wrote, as everybody reads it the same: from left to right beside any script. */
export function day(moment: Moment, timezone: string): Html {
  return html`<time datetime="${rfc3339(moment)}" dir="ltr">${dayIn(timezone, moment)}</time>`;
}

/** At most so many characters, with a sign that there was more. */
export function cut(text: string, limit: number): string {
  const characters = [...text.slice(0, limit * 2)];
  return characters.length <= limit
    ? text.slice(0, limit * 2)
    : `${characters.slice(0, limit - 1).join('')}…`;
}

const MONTHS = 12;

/** How many entries each of the last twelve months had, the oldest first; the last is that of the newest entry. */
export function monthsOf(newestFirst: readonly Pick<Listing, 'published'>[], timezone: string): number[] {
  const counts = Array.from({ length: MONTHS }, () => 0);
  const newest = newestFirst[0] && monthOf(newestFirst[0].published, timezone);
  for (const { published } of newest === undefined ? [] : newestFirst) {
    const ago = newest! - monthOf(published, timezone);
    if (ago >= MONTHS) break;
    counts[MONTHS - 1 - ago]! += 1;
  }
  return counts;
}

/** Clocks on earth are at most so far from UTC: only that near to a month's end it has to be asked where. */
const FARTHEST = 14 * 3_600_000;

function monthOf(moment: Moment, timezone: string): number {
  const month = monthInUtc(moment - FARTHEST);
  return month === monthInUtc(moment + FARTHEST) ? month : monthInUtc(Date.parse(dayIn(timezone, moment)));
}

function monthInUtc(moment: Moment): number {
  const date = new Date(moment);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/**
 * How much there is, when it last changed, and how often it posts: a picture with what it shows in words. `newest` is when
 * the newest entry was published; a single one makes no picture.
 */
export function facts(
  { total, updated }: { total: number; updated: Moment },
  months: readonly number[],
  newest: Moment | undefined,
  { timezone }: Site,
): Html {
  const recent = months.reduce((sum, count) => sum + count, 0);
  const often =
    newest !== undefined &&
    total > 1 &&
    html`<p class="soft" dir="ltr">${picture(months)} ${recent} in the twelve months up to ${dayIn(timezone, newest).slice(0, 7)}</p>`;
  return html`<div class="facts" lang="en"><p class="soft" dir="ltr">${countOf(total)} · last change ${day(updated, timezone)}</p>
${often || undefined}</div>`;
}

/** A bar for each month, the last one being that of the newest entry. What it shows is said beside it. */
function picture(counts: readonly number[]): Html {
  const most = Math.max(...counts, 1);
  const bars = counts.map((count, at) => {
    const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * 40));
    return html`<rect x="${at * 16}" y="${44 - height}" width="12" height="${height}" />`;
  });
  return html`<svg width="188" height="44" viewBox="0 0 188 44" aria-hidden="true">${bars}</svg>`;
}

export function countOf(count: number): string {
  return `${count} ${count === 1 ? 'entry' : 'entries'}`;
}
