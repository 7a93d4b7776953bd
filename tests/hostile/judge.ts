/** What is published, read by parsers that have nothing to do with how it was made, and what is wrong with it. */
import { parseFragment } from 'parse5';
import { ALLOWED, GLOBAL } from '../../src/content/html.ts';
import type { Problem } from '../../src/content/post.ts';
import { atomId } from '../../src/publish/feed.ts';
import { NS, child, childText, children, parseXml } from '../../src/validate/xml.ts';
import type { XmlElement } from '../../src/validate/xml.ts';
import type { Expect, Row } from './row.ts';

/** One entry as one format says it. */
export interface Said {
  id: string;
  title: string;
  url: string;
  published: string;
  content: string;
  /** Plain text, or HTML in RSS; not compared. */
  summary: string;
  tags: string[];
}

export interface Item extends Said {
  updated: string;
  authors: string[];
  externalUrl: string | undefined;
  image: string | undefined;
  /** Every other URL that the item holds. */
  urls: string[];
}

interface JsonItem {
  id: string;
  title: string;
  url: string;
  external_url?: string;
  content_html: string;
  summary?: string;
  image?: string;
  date_published: string;
  date_modified: string;
  tags?: string[];
  authors?: { name: string; url?: string }[];
  attachments?: { url: string }[];
}

export function readJson(text: string): Item[] {
  const { items } = JSON.parse(text) as { items: JsonItem[] };
  return items.map((item) => ({
    id: item.id,
    title: item.title,
    url: item.url,
    published: item.date_published,
    updated: item.date_modified,
    content: item.content_html,
    summary: item.summary ?? '',
    tags: item.tags ?? [],
    authors: (item.authors ?? []).map(({ name }) => name),
    externalUrl: item.external_url,
    image: item.image,
    urls: [...(item.authors ?? []), ...(item.attachments ?? [])].flatMap(({ url }) => url ?? []),
  }));
}

const iso = (date: string | undefined): string =>
  date === undefined ? '' : new Date(date).toISOString().replace('.000Z', 'Z');

export function readRss(text: string): Said[] {
  return children(child(parseXml(text), 'channel')!, 'item').map((item) => ({
    id: textOf(item, 'guid'),
    title: textOf(item, 'title'),
    url: textOf(item, 'link'),
    published: iso(childText(item, 'pubDate')),
    content: textOf(item, 'encoded', NS.content),
    summary: textOf(item, 'description'),
    tags: children(item, 'category').map((category) => category.text),
  }));
}

export function readAtom(text: string): Said[] {
  return children(parseXml(text), 'entry', NS.atom).map((entry) => ({
    id: textOf(entry, 'id', NS.atom),
    title: textOf(entry, 'title', NS.atom),
    url: child(entry, 'link', NS.atom)?.attributes['href'] ?? '',
    published: iso(childText(entry, 'published', NS.atom)),
    content: textOf(entry, 'content', NS.atom),
    summary: textOf(entry, 'summary', NS.atom),
    tags: children(entry, 'category', NS.atom).map(({ attributes }) => attributes['term'] ?? ''),
  }));
}

function textOf(element: XmlElement, name: string, uri = ''): string {
  return child(element, name, uri)?.text ?? '';
}

/** How the other formats differ from JSON. `]]>` cannot stand in a CDATA section and may be written `]]&gt;`. */
export function differences(item: Item, rss: Said | undefined, atom: Said | undefined): string[] {
  const plain = (content: string): string => content.replaceAll(']]>', ']]&gt;');
  return Object.entries({ RSS: rss, Atom: atom }).flatMap(([format, said]) => {
    if (!said) return [`it is not in ${format}`];
    const id = said.id === (format === 'Atom' ? atomId(item.id) : item.id);
    return [
      ...(id ? [] : [`${format} has the id ${brief(said.id)}`]),
      ...(['title', 'url', 'published'] as const)
        .filter((name) => said[name] !== item[name])
        .map((name) => `${format} has the ${name} ${brief(said[name])} instead of ${brief(item[name])}`),
      ...(plain(said.content) === plain(item.content) ? [] : [`${format} has other content`]),
      ...(said.tags.join('\n') === item.tags.join('\n') ? [] : [`${format} has other tags`]),
    ];
  });
}

interface Node {
  nodeName: string;
  tagName?: string;
  value?: string;
  attrs?: { name: string; value: string }[];
  childNodes?: Node[];
}

const URL_ATTRIBUTES = new Set(['href', 'src', 'srcset', 'poster', 'cite']);
const LINK = /^(?:https?:\/\/[^/?#\\]|(?:mailto|tel|sms|xmpp|ircs?|gemini|magnet|geo):)/i;
const DATA_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp|avif);base64,[a-z0-9+/=]*$/i;
/** What no text of a feed may hold: what XML 1.0 forbids, halves of characters, and the sign for a character that was lost. */
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFD-\uFFFF]|[\uD800-\uDFFF]/u;
/** Deeper than this, libxml2 stops. */
const DEPTH = 256;

/** What is wrong with an entry's HTML, as a browser's parser sees it. */
export function htmlFaults(html: string): string[] {
  const faults = new Set<string>();
  const pending: { node: Node; depth: number }[] = [{ node: parseFragment(html), depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { node, depth } = next;
    if (depth > DEPTH) return [...faults, `it is nested more than ${DEPTH} deep`];
    for (const each of node.childNodes ?? []) pending.push({ node: each, depth: depth + 1 });
    if (node.nodeName === '#comment') faults.add('a comment');
    if (node.value !== undefined && FORBIDDEN.test(node.value)) faults.add('a forbidden character in a text');
    if (node.tagName === undefined) continue;
    const allowed = ALLOWED[node.tagName];
    if (!Object.hasOwn(ALLOWED, node.tagName) || !allowed) faults.add(`<${brief(node.tagName)}>`);
    for (const { name, value } of node.attrs ?? []) {
      if (!(allowed ?? []).includes(name) && !GLOBAL.includes(name))
        faults.add(`<${node.tagName} ${brief(name)}>`);
      if (FORBIDDEN.test(value)) faults.add(`a forbidden character in ${brief(name)}`);
      if (!URL_ATTRIBUTES.has(name)) continue;
      for (const url of name === 'srcset' ? candidates(value) : [value])
        if (!isSafe(url, name)) faults.add(`${name}=${brief(url)}`);
    }
  }
  return [...faults];
}

/** The URLs of a srcset by the rules of HTML: a URL ends at white space, and commas at its end part candidates. */
function candidates(srcset: string): string[] {
  const urls: string[] = [];
  const part = /[\s,]*([^\s,]\S*)([^,]*)/y;
  for (let found = part.exec(srcset); found; found = part.exec(srcset)) {
    const url = found[1]!.replace(/,+$/, '');
    if (url !== found[1]) part.lastIndex -= found[2]!.length;
    urls.push(url);
  }
  return urls;
}

function isSafe(url: string, attribute: string): boolean {
  if (attribute === 'href' || attribute === 'cite') return LINK.test(url) && URL.canParse(url);
  return DATA_IMAGE.test(url) || isWeb(url);
}

export function isWeb(url: string): boolean {
  return /^https?:\/\/[^/?#\\]/i.test(url) && URL.canParse(url) && !/[\s<>"\\^`{|}]/.test(url);
}

/** Whether any text within a value holds what no text may hold. */
export function hasForbidden(value: unknown): boolean {
  if (typeof value === 'string') return FORBIDDEN.test(value);
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).some((pair) => pair.some(hasForbidden))
  );
}

/** Characters: twice as many as the largest file may have. More was made of less. */
const CONTENT = 10 * 1024 * 1024;

/** What is wrong with an entry, whatever its row expects. */
export function itemFaults(item: Item): string[] {
  const { url, externalUrl, image, urls } = item;
  if (item.content.length > CONTENT) return [`its content has ${item.content.length} characters`];
  return [
    ...htmlFaults(item.content),
    ...[url, externalUrl, image, ...urls]
      .filter((each) => each !== undefined && !isWeb(each))
      .map((each) => `the URL ${brief(each!)}`),
    ...(item.title.trim() === '' ? ['an empty title'] : []),
    ...(item.content.trim() === '' ? ['an empty content'] : []),
    ...(hasForbidden(item) ? ['a forbidden character'] : []),
  ];
}

/** How an entry, or that there is none, differs from what its row expects. */
export function entryFaults({ expect: expected }: Row, item: Item | undefined): string[] {
  if (expected.is === 'absent') return item ? ['it is published'] : [];
  if (!item) return expected.is === 'entry' ? ['it is not published'] : [];
  const text = `${item.title}\n${item.summary}\n${item.content}`;
  return [
    ...unlike(expected, item, 'title'),
    ...unlike(expected, item, 'url'),
    ...unlike(expected, item, 'id'),
    ...unlike(expected, item, 'published'),
    ...unlike(expected, item, 'updated'),
    ...unlike(expected, item, 'externalUrl'),
    ...unlike(expected, item, 'image'),
    ...(['tags', 'authors'] as const)
      .filter((name) => expected[name] && expected[name].join('\n') !== item[name].join('\n'))
      .map((name) => `its ${name} are ${brief(item[name].join(', '))}`),
    ...(expected.contains ?? [])
      .filter((part) => !text.includes(part))
      .map((part) => `it lacks ${brief(part)}`),
    ...(expected.lacks ?? [])
      .filter((part) => text.includes(part))
      .map((part) => `it contains ${brief(part)}`),
  ];
}

type Name = 'title' | 'url' | 'id' | 'published' | 'updated' | 'externalUrl' | 'image';

function unlike(expected: Expect, item: Item, name: Name): string[] {
  const wanted = expected[name];
  const is = item[name];
  if (wanted === undefined) return [];
  const fits = wanted instanceof RegExp ? is !== undefined && wanted.test(is) : is === (wanted ?? undefined);
  return fits ? [] : [`its ${name} is ${brief(is ?? 'missing')}`];
}

/** How what was reported of a row's file differs from what the row expects. */
export function problemFaults({ expect: expected }: Row, problems: Problem[], isThere: boolean): string[] {
  const told =
    problems.map(({ level, rule, line }) => `${level} ${rule} at line ${line}`).join(', ') || 'nothing';
  const misplaced = problems.filter(({ line, message }) => !(line >= 1) || message.trim() === '');
  const faults = misplaced.map(({ rule }) => `${rule} has no line or no message`);
  const errors = problems.some(({ level }) => level === 'error');
  if (expected.is === 'open' && !isThere && problems.length === 0)
    faults.push(`it is left out, and told is ${told}`);
  if (!expected.problems) return faults;
  const missing = expected.problems.filter(
    (wanted) =>
      !problems.some(
        ({ level, rule, line }) =>
          level === wanted.level && rule === (wanted.rule ?? rule) && line === (wanted.line ?? line),
      ),
  );
  const wantsErrors = expected.problems.some(({ level }) => level === 'error');
  const tooMuch = expected.problems.length === 0 ? problems.length > 0 : errors && !wantsErrors;
  if (missing.length > 0 || tooMuch) faults.push(`told is ${told}`);
  return faults;
}

/** Long texts do not belong into messages. */
export function brief(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
