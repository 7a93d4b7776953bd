/** The pages for people, as files beside the feeds, so that they work on any host. Pure. */
import type { Entry, FeedFile, Site } from '../feed.ts';
import { hashOf } from '../feed.ts';
import type { Grouping } from '../select.ts';
import { GROUPING_NAMES, folderOf } from '../select.ts';
import { entryPage } from './entry-page.ts';
import { feedPage } from './feed-page.ts';
import type { FeedCard, FeedView } from './feed-page.ts';
import { OPML, homePage, listPages } from './home-page.ts';
import type { Group } from './home-page.ts';
import { opml } from './opml.ts';
import { FEED_CSS } from './xml-style.ts';

export const FEED_STYLE = 'feed.css';

export interface PagesInput {
  /** All feeds, the site's own first; as `viewOf` gives them. */
  views: readonly FeedView[];
  site: Site;
  /** The entries that get pages. */
  entries: readonly EntrySource[];
  /** What an earlier call made, by name, to be used again where nothing changed. */
  made?: ReadonlyMap<string, MadePage>;
  /** The hash of a page that is known to be the same as it was when an earlier process made it. */
  known?: (name: string) => string | undefined;
}

/** An entry that need not be rendered if its page is there already. */
export interface EntrySource {
  url: string;
  /** What it is made of: another object when that changes, or together with another `key`. */
  source: object;
  key: string;
  make: () => Entry;
  /** Of the feeds that show it. */
  folders: readonly string[];
}

/** A page with what it was made of. */
export interface MadePage {
  sources: readonly object[];
  key: string;
  file: FeedFile;
}

const TITLES: Readonly<Record<Grouping, string>> = {
  tag: 'Tags',
  source: 'Sources',
  author: 'Authors',
  kind: 'Kinds',
  language: 'Languages',
};

const ROBOTS = '# Feedwright: readers and crawlers are welcome.\nUser-agent: *\nAllow: /\n';
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><!-- Feedwright --><rect width="64" height="64" rx="12" fill="#0b57a4"/><circle cx="18" cy="46" r="6" fill="#fff"/><path d="M12 28a24 24 0 0 1 24 24M12 14a38 38 0 0 1 38 38" fill="none" stroke="#fff" stroke-width="7"/></svg>\n`;

/** Files that are the same everywhere. */
const FIXED: Readonly<Record<string, string>> = {
  [FEED_STYLE]: FEED_CSS,
  'robots.txt': ROBOTS,
  'favicon.svg': ICON,
};

export function publishPages({
  views,
  site,
  entries,
  made,
  known,
}: PagesInput): ReadonlyMap<string, MadePage> {
  const pages = new Map<string, MadePage>();
  const main = views[0];
  if (!main) return pages;
  const add = (name: string, sources: readonly object[], key: string, body: () => Buffer): void => {
    const before = made?.get(name);
    const isSame =
      before?.key === key &&
      before.sources.length === sources.length &&
      before.sources.every((each, at) => each === sources[at]);
    if (isSame) pages.set(name, before);
    else {
      const hash = known?.(name) ?? hashOf(body());
      pages.set(name, { sources, key, file: { name, hash, body, isPage: true } });
    }
  };
  const { title } = main.feed;
  const groups = groupsOf(views);
  for (const view of views.slice(1))
    add(`${view.card.folder}index.html`, [view], title, () => feedPage(view, site, main.feed));
  for (const group of groups)
    for (const [name, body] of listPages(group, site, main)) add(name, group.cards, title, body);
  const cards = groups.flatMap((group) => group.cards);
  add('index.html', [main, ...cards], '', () => homePage(main, groups, site));
  add(OPML, cards, title, () => opml(main.card, groups, site));
  for (const [name, text] of Object.entries(FIXED)) add(name, [], '', () => Buffer.from(text));

  const byFolder = new Map(views.map((view, at) => [view.card.folder, { view, at }]));
  for (const { url, source, key, make, folders } of entries) {
    const name = pageName(url, site);
    if (name === undefined || pages.has(name)) continue;
    const feeds = folders
      .flatMap((folder) => byFolder.get(folder) ?? [])
      .sort((a, b) => a.at - b.at)
      .map(({ view }) => ({ feed: view.feed, label: view.card.label }));
    const shown = feeds.map(({ feed, label }) => [feed.folder, feed.title, label]);
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    add(name, [source], JSON.stringify([key, shown, title]), () =>
      entryPage(make(), folder, feeds, site, main.feed),
    );
  }
  return pages;
}

function groupsOf(views: readonly FeedView[]): Group[] {
  const byFolder = new Map<string, FeedCard[]>();
  for (const { card } of views) {
    const folder = card.folder.slice(0, card.folder.indexOf('/') + 1);
    const cards = byFolder.get(folder);
    if (cards) cards.push(card);
    else byFolder.set(folder, [card]);
  }
  return GROUPING_NAMES.flatMap((grouping) => {
    const folder = folderOf(grouping);
    const cards = byFolder.get(folder);
    return cards ? [{ folder, title: TITLES[grouping], cards }] : [];
  });
}

/** Bytes of one part of a file's name, with room for what is put behind it while it is written. */
const LONGEST = 200;

/** The file of a permalink below the feeds' address; undefined for those that live elsewhere or cannot be a file's name. */
function pageName(url: string, site: Site): string | undefined {
  if (!url.startsWith(site.feedsUrl) || /[?#]/.test(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.slice(site.feedsUrl.length));
  } catch {
    return undefined;
  }
  const name = /\.html?$/.test(path) ? path : `${path.replace(/\/$/, '')}/index.html`;
  const parts = name.split('/');
  const folders = parts.slice(0, -1);
  if (/[\\\0]/.test(name) || parts.some((part) => Buffer.byteLength(part) > LONGEST)) return undefined;
  // No folder is hidden, or could have the name of a file.
  if (folders.some((part) => part === '' || /^\.|\.[a-z]{3,4}$/i.test(part))) return undefined;
  return parts.at(-1)!.startsWith('.') ? undefined : name;
}
