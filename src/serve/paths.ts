/** From the path of a request to the name of a stored file. Only names of feeds come out, never a path to walk. */
import { FORMAT_FILES } from '../publish/feed.ts';

/** What is served: feeds by the names of their files, and what stands beside them. */
const FEEDS: ReadonlyMap<string, string> = new Map(
  Object.values(FORMAT_FILES).map(({ file, type }) => [file, type]),
);
const PAGE = 'index.html';
const OTHERS: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  opml: 'text/x-opml',
  css: 'text/css',
  svg: 'image/svg+xml',
};

/** Whether a name is that of a feed's file. */
export function isFeed(name: string): boolean {
  return FEEDS.has(name.slice(name.lastIndexOf('/') + 1));
}

/** The media type of a file that is served; undefined for every other, and for all that is hidden. */
export function servedType(name: string): string | undefined {
  const parts = name.split('/');
  if (parts.some((part) => part.startsWith('.'))) return undefined;
  const file = parts.at(-1) ?? '';
  return (
    FEEDS.get(file) ?? (name === 'robots.txt' ? 'text/plain' : OTHERS[/\.([a-z]+)$/.exec(file)?.[1] ?? ''])
  );
}

const { rss, atom, json } = FORMAT_FILES;

/** Where readers look for a feed that they were not told of, and where other publishers keep theirs, in any feed's folder. */
const ALIASES: readonly (readonly [path: string, file: string])[] = [
  ['rss.xml', rss.file],
  ['rss2.xml', rss.file],
  ['rss', rss.file],
  ['rss/', rss.file],
  ['feed', rss.file],
  ['feed/', rss.file],
  ['feed.rss', rss.file],
  ['index.xml', rss.file],
  ['index.rss', rss.file],
  ['feeds', rss.file],
  ['feeds/', rss.file],
  ['feed/rss', rss.file],
  ['feed/rss/', rss.file],
  ['feed/rss2', rss.file],
  ['feed/rss2/', rss.file],
  ['feed/index.xml', rss.file],
  ['rss/index.xml', rss.file],
  ['rss/feed.xml', rss.file],
  ['feeds/all.rss.xml', rss.file],
  ['atom', atom.file],
  ['atom/', atom.file],
  ['feed.atom', atom.file],
  ['index.atom', atom.file],
  ['feed/atom', atom.file],
  ['feed/atom/', atom.file],
  ['feeds/all.atom.xml', atom.file],
  ['feeds/posts/default', atom.file],
  ['rss.json', json.file],
  ['feeds.json', json.file],
  ['index.json', json.file],
  ['feed/json', json.file],
  ['feed/json/', json.file],
  // Browsers ask for it beside feeds, which cannot name their icon.
  ['favicon.ico', 'favicon.svg'],
];

/**
 * The feed file that a path (as `requestedPath` gives it) stands for; a file's own name, also with a `/` behind
 * it, comes before an alias.
 */
export function nameOf(path: string, isKnown: (name: string) => boolean): string | undefined {
  if (isKnown(path)) return path;
  if (path.endsWith('/') && isKnown(path.slice(0, -1))) return path.slice(0, -1);
  for (const [alias, file] of ALIASES) {
    if (!`/${path}`.endsWith(`/${alias}`)) continue;
    const name = path.slice(0, -alias.length) + file;
    if (isKnown(name)) return name;
  }
  const page = path + PAGE;
  return (path === '' || path.endsWith('/')) && isKnown(page) ? page : undefined;
}

/** The page of a folder whose path lacks its last `/`: relative links need it. */
export function folderPage(path: string): string {
  return `${path}/${PAGE}`;
}

/**
 * The path of a request's target without its first `/` and its query, percent-decoded once; undefined if it is
 * malformed or tries to climb.
 */
export function requestedPath(target: string): string | undefined {
  const path = /^(?:https?:\/\/[^/?#]+(?:\/|(?=[?#]|$))|\/)([^?#]*)/i.exec(target)?.[1];
  if (path === undefined) return undefined;
  // Most paths are plain; only the others are worth taking apart.
  const parts = /[^\w\-/.]|\.\./.test(path) ? decode(path) : path.split('/');
  const climbs = parts?.some((part) => part === '.' || part === '..' || /[/\\\0]/.test(part)) ?? true;
  return climbs ? undefined : parts?.join('/');
}

function decode(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
