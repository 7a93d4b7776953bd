/** Atom 1.0, read back. */
import { atomId, feedUrl } from '../publish/feed.ts';
import { linkOf, moment, only, text } from './read-back.ts';
import type { ReadBack, Saying } from './read-back.ts';
import { NS, child, children, parseFragment, parseXml } from './xml.ts';
import type { XmlElement } from './xml.ts';

export const atom: ReadBack = {
  readEntry: (fragment) => {
    const entry = only(
      parseFragment(fragment, (xml) => `<feed xmlns="${NS.atom}">${xml}</feed>`),
      'entry',
      NS.atom,
    );
    const links = children(entry, 'link', NS.atom);
    return {
      id: text(entry, 'id', NS.atom),
      language: entry.attributes['xml:lang'],
      title: text(entry, 'title', NS.atom),
      link: links[0]?.attributes['rel'] === 'alternate' ? links[0].attributes['href'] : undefined,
      externalUrl: linkOf(entry, 'related'),
      source: linkOf(entry, 'via'),
      published: moment(text(entry, 'published', NS.atom)),
      updated: moment(text(entry, 'updated', NS.atom)),
      summary: plain(child(entry, 'summary', NS.atom)),
      content:
        child(entry, 'content', NS.atom)?.attributes['type'] === 'html'
          ? text(entry, 'content', NS.atom)
          : undefined,
      authors: children(entry, 'author', NS.atom).map(atomAuthor),
      tags: children(entry, 'category', NS.atom).map(({ attributes }) => attributes['term']),
      enclosures: links
        .filter(({ attributes }) => attributes['rel'] === 'enclosure')
        .map(({ attributes: { href, type, length } }) => ({
          url: href,
          type,
          length: length === undefined ? undefined : Number(length),
        })),
    };
  },
  entry: (entry) => ({
    id: atomId(entry.id),
    language: entry.language,
    title: entry.title,
    link: entry.url,
    externalUrl: entry.externalUrl,
    source: entry.source?.url,
    published: entry.published,
    updated: entry.updated,
    summary: entry.summary,
    content: entry.content.replaceAll(']]>', ']]&gt;'),
    authors: entry.authors.map(({ name, email, url }) => ({ name, email, url })),
    tags: entry.tags,
    enclosures: entry.enclosures.map(({ url, type, length }) => ({ url, type, length })),
  }),
  readHead: (document) => {
    const feed = parseXml(document);
    return {
      id: text(feed, 'id', NS.atom),
      title: text(feed, 'title', NS.atom),
      link: linkOf(feed, 'alternate'),
      description: text(feed, 'subtitle', NS.atom),
      self: linkOf(feed, 'self'),
      language: feed.attributes['xml:lang'],
      updated: moment(text(feed, 'updated', NS.atom)),
      authors: children(feed, 'author', NS.atom).map(atomAuthor),
      copyright: text(feed, 'rights', NS.atom),
      entries: children(feed, 'entry', NS.atom).length,
      tombstones: children(feed, 'deleted-entry', NS.tombstones).map(({ attributes }) => [
        attributes['ref'],
        moment(attributes['when']),
      ]),
    };
  },
  head: (feed, site) => ({
    id: feed.id,
    title: feed.title,
    link: site.url,
    description: feed.description,
    self: feedUrl(site, feed.folder, 'atom'),
    language: feed.language,
    updated: feed.updated,
    authors: [{ name: site.author?.name ?? site.title, email: site.author?.email, url: site.author?.url }],
    copyright: site.copyright,
    entries: 0,
    tombstones: feed.tombstones.map(({ id, when }) => [atomId(id), when]),
  }),
};

function atomAuthor(author: XmlElement): Saying {
  return {
    name: text(author, 'name', NS.atom),
    email: text(author, 'email', NS.atom),
    url: text(author, 'uri', NS.atom),
  };
}

/** The plain text that a text construct stands for, whether it is written as text or as HTML. */
function plain(element: XmlElement | undefined): string | undefined {
  if (element?.attributes['type'] !== 'html') return element?.text;
  return element.text.replace(/&(lt|gt|quot|amp);/g, (_, name: keyof typeof REFERENCES) => REFERENCES[name]);
}

const REFERENCES = { lt: '<', gt: '>', quot: '"', amp: '&' };
