/** The page for people: every feed, with its address in each format. */
import { FORMAT_FILES, urlPath } from '../publish/feed.ts';
import type { FormatName } from '../publish/feed.ts';
import type { ShownFeed } from './shelf.ts';

export const STYLE = `
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { max-width: 42rem; margin: 0 auto; padding: 1rem; }
ul { list-style: none; padding: 0; }
li { padding: .75rem 0; border-top: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
h2 { margin: 0; font-size: 1.125rem; overflow-wrap: anywhere; }
p { margin: 0; }
a { margin-right: 1rem; }
`;

/** A whole HTML document. The first feed is the site's own, and gives the page its title. */
export function feedsPage(feeds: readonly ShownFeed[]): string {
  const title = escape(feeds[0] ? `Feeds of ${feeds[0].title}` : 'Feeds');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${feeds.flatMap((feed) => feed.formats.map((format) => alternate(feed, format))).join('\n')}
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${feeds.length > 0 ? listOf(feeds) : '<p>Nothing is published yet. The feeds will be listed here.</p>\n<p>Is this your site? <code>feedwright check</code> says what keeps posts back.</p>'}
</main>
</body>
</html>
`;
}

function alternate(feed: ShownFeed, format: FormatName): string {
  const { type, title } = FORMAT_FILES[format];
  return `<link rel="alternate" type="${type}" title="${escape(`${feed.title} (${title})`)}" href="${hrefOf(feed, format)}">`;
}

function listOf(feeds: readonly ShownFeed[]): string {
  return `<p>To subscribe, give the address of a feed to your feed reader.</p>
<ul>
${feeds.map(itemOf).join('\n')}
</ul>`;
}

function itemOf(feed: ShownFeed): string {
  const entries =
    feed.entries === undefined ? '' : `<p>${feed.entries} ${feed.entries === 1 ? 'entry' : 'entries'}</p>\n`;
  const links = feed.formats.map((format) => {
    const { type, title } = FORMAT_FILES[format];
    const label = escape(`${title}: ${feed.title}`);
    return `<a href="${hrefOf(feed, format)}" type="${type}" aria-label="${label}">${title}</a>`;
  });
  return `<li>
<h2>${escape(feed.title)}</h2>
${entries}<p>${links.join('\n')}</p>
</li>`;
}

/** Relative, so that the page is right under any address; `./` keeps a colon in the name from looking like a scheme. */
function hrefOf(feed: ShownFeed, format: FormatName): string {
  return escape(`./${urlPath(feed.folder + FORMAT_FILES[format].file)}`);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
