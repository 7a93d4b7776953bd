/**
 * RSS 2.0 and Atom 1.0. The only home of the package `feed`.
 *
 * `feed` draws the skeleton, and never sees a value: every text, URL and piece of HTML is given to it as a slot (a URN that
 * means nothing) and filled in afterwards, escaped for where it stands. That closes what it does with values of its own:
 * it rewrites ids and URLs, splits only the first `]]>` of a field, leaves `<` in attributes and undoes `&amp;` in text.
 */
import { Feed as Skeleton } from 'feed';
import type { Author } from '../content/post.ts';
import { draw } from './drawn.ts';
import type { Feed, Site, Tombstone } from './feed.ts';
import { atomId, feedUrl, rfc3339, rssImage } from './feed.ts';
import { ITUNES, podcastHead } from './podcast.ts';
import { escapeXml, slots } from './slots.ts';
import type { Slots } from './slots.ts';

/** A feed's document without its entries: they go between `open` and `close`. */
export interface Head {
  open: string;
  close: string;
}

export const GENERATOR = 'Feedwright';

const RSS_ROOT =
  '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"' +
  ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">';

export function rssHead(feed: Feed, site: Site): Head {
  const values = slots();
  const { slot } = values;
  const image = rssImage(site);
  const head = {
    ...sharedHead(feed, site, values, 'rss', new Date(feed.updated).toUTCString()),
    title: values.title(feed.title),
    description: slot(feed.description),
    ...(image !== undefined && { image: slot(image) }),
    ...(feed.language && { language: slot(feed.language) }),
  };
  const podcast = feed.isPodcast ? site.podcast : undefined;
  const root = podcast ? RSS_ROOT.replace('>', ` ${ITUNES}>`) : RSS_ROOT;
  const skeleton = draw(['rss', head, root], () => new Skeleton(head).rss2().replace(/<rss [^>]*>/, root));
  const xml = values.fill(skeleton);
  const end = xml.indexOf('    </channel>');
  const more = podcast ? podcastHead(podcast, site) : '';
  const page = feed.page === undefined ? '' : `        ${pageLink('atom:link', feed.page)}\n`;
  return { open: styled(xml.slice(0, end), feed) + page + more, close: `${xml.slice(end)}\n` };
}

export function atomHead(feed: Feed, site: Site): Head {
  const values = slots();
  const { slot } = values;
  const author = site.author ?? { name: site.title };
  const head = {
    ...sharedHead(feed, site, values, 'atom', rfc3339(feed.updated)),
    id: slot(feed.id),
    description: slot(feed.description),
    author: slotAuthor(author, slot),
    ...(site.logo && { image: slot(site.logo) }),
    ...(site.icon && { favicon: slot(site.icon) }),
  };
  const language = feed.language ? ` xml:lang="${slot(feed.language)}"` : '';
  const root = `<feed xmlns="http://www.w3.org/2005/Atom"${language}>`;
  const skeleton = draw(['atom', head, root], () => new Skeleton(head).atom1().replace(/<feed [^>]*>/, root));
  const xml = values.fill(skeleton);
  const end = xml.indexOf('</feed>');
  const tombstones = feed.tombstones.map((each) => `${tombstone(each)}\n`).join('');
  const page = feed.page === undefined ? '' : `    ${pageLink('link', feed.page)}\n`;
  return { open: styled(xml.slice(0, end), feed) + page, close: `${tombstones}${xml.slice(end)}\n` };
}

function pageLink(name: string, page: string): string {
  return `<${name} rel="related" type="text/html" href="${escapeXml(page)}"/>`;
}

/** With the stylesheet that browsers show it by: `feed` itself would call it XSL. */
function styled(xml: string, { page, folder }: Feed): string {
  if (page === undefined) return xml;
  const path = '../'.repeat(folder.split('/').length - 1);
  return xml.replace('?>\n', `?>\n<?xml-stylesheet type="text/css" href="${path}feed.css"?>\n`);
}

/** RFC 6721 section 3; its namespace is declared where it is used, since most feeds have none. */
function tombstone({ id, when }: Tombstone): string {
  return `    <at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${escapeXml(atomId(id))}" when="${rfc3339(when)}"/>`;
}

/** `updated` as the format writes it. */
function sharedHead(
  feed: Feed,
  site: Site,
  { slot, moment }: Slots,
  format: 'rss' | 'atom',
  updated: string,
) {
  return {
    id: '',
    title: slot(feed.title),
    link: slot(site.url),
    updated: moment(updated),
    generator: GENERATOR,
    ...(site.copyright && { copyright: slot(site.copyright) }),
    docs: 'https://www.rssboard.org/rss-specification',
    feed: slot(feedUrl(site, feed.folder, format)),
  };
}

export function slotAuthor({ name, email, url }: Author, slot: Slots['slot']) {
  return { name: slot(name), ...(email && { email: slot(email) }), ...(url && { link: slot(url) }) };
}
