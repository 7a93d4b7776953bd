/** Rules for RSS and Atom alike: their size, the link to themselves, and what they take from other vocabularies. */
import { FORMAT_FILES } from '../publish/feed.ts';
import type { AtomDocument, RssDocument } from './document.ts';
import { START } from './place.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';
import { isHttp } from './syntax.ts';
import { NS, within } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Elements that lead to pictures and sounds, and the attribute that says where those are. */
const MEDIA: [uri: string, name: string, attribute: string][] = [
  [NS.media, 'content', 'url'],
  [NS.media, 'thumbnail', 'url'],
  [NS.media, 'player', 'url'],
  [NS.itunes, 'image', 'href'],
];

/** Where libxml2 stops, on which half of all readers are built. */
const TEN_MEGABYTES = 10_000_000;

export const XML_RULES: Rule<RssDocument | AtomDocument>[] = [
  {
    name: 'too-large',
    level: 'warning',
    section: 'custom of readers',
    *check(_, { bytes }) {
      if (bytes > TEN_MEGABYTES)
        yield fault(
          START,
          `The feed has ${(bytes / 1e6).toFixed(1)} MB, and many readers stop at 10: show fewer entries, or summaries.`,
        );
    },
  },
  {
    name: 'self-type',
    level: 'warning',
    section: 'W3C feed validator, SelfNotAtom; RFC 4287, 4.2.7.3',
    *check({ format, self }) {
      const { type } = FORMAT_FILES[format];
      const said = self?.type?.split(';')[0]!.trim().toLowerCase();
      // In RSS the element is a guest, and not every reader knows what it is without its type.
      if (!self || said === type || (said === undefined && format === 'atom')) return;
      yield fault(
        self,
        `The link to the feed itself ${said === undefined ? 'has no type' : `says that it is ${quote(said)}`}: write type="${type}".`,
      );
    },
  },
  {
    name: 'media-url',
    level: 'error',
    section: 'Media RSS, media:content; RFC 3986, 5.1',
    *check(document) {
      for (const element of within(rootOf(document))) {
        const attribute = MEDIA.find(([uri, name]) => element.uri === uri && element.name === name)?.[2];
        const url = attribute && element.attributes[attribute];
        if (attribute && url !== undefined && !isHttp(url))
          yield fault(
            element,
            `The ${attribute} of <${element.prefix}:${element.name}> is ${quote(url)}, which is no web address: begin with https://.`,
          );
      }
    },
  },
];

function rootOf(document: RssDocument | AtomDocument): XmlElement {
  return document.format === 'rss' ? document.tree.root : document.tree.feed;
}
