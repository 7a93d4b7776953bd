/** RSS 2.0: rules for the channel and its items alike (https://www.rssboard.org/rss-specification). */
import type { RssDocument } from './document.ts';
import { readRfc822 } from './moments.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';
import { isAbsolute, isRssPerson } from './syntax.ts';
import { hasMarkup, isMeantPlain } from './rules-text.ts';
import { named, repeatedIn } from './vocabulary.ts';
import { NS, child, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What RSS itself knows in a channel and in an item; the starred may stand there more than once. */
const CHANNEL =
  'title link description language copyright managingEditor webMaster pubDate lastBuildDate category* generator docs cloud ttl image rating textInput skipHours skipDays item*';
const ITEM = 'title link description author category* comments enclosure* guid pubDate source';

/** Core elements, and what says the same in another vocabulary. */
const TWINS: [core: string, prefix: 'dc' | 'dcterms' | 'atom', twin: string][] = [
  ['title', 'dc', 'title'],
  ['description', 'dc', 'description'],
  ['pubDate', 'dc', 'date'],
  ['pubDate', 'atom', 'published'],
  ['lastBuildDate', 'dcterms', 'modified'],
  ['guid', 'atom', 'id'],
  ['author', 'dc', 'creator'],
  ['managingEditor', 'dc', 'creator'],
  ['webMaster', 'dc', 'publisher'],
  ['category', 'dc', 'subject'],
  ['source', 'dc', 'source'],
  ['language', 'dc', 'language'],
  ['copyright', 'dc', 'rights'],
];

export const RSS_RULES: Rule<RssDocument>[] = [
  {
    name: 'unknown-element',
    level: 'error',
    section: 'RSS 2.0, Extending RSS',
    *check(document) {
      for (const { element, known } of parts(document)) {
        for (const one of element.children) {
          if (one.uri === '' && !known.has(one.name))
            yield fault(
              one,
              `RSS has no <${one.name}> in <${element.name}>: remove it, or use its namespace.`,
            );
        }
      }
    },
  },
  {
    name: 'repeated-element',
    level: 'error',
    section: 'RSS 2.0',
    *check(document) {
      for (const { element, known } of parts(document)) yield* repeatedIn(element, '', known);
    },
  },
  {
    name: 'duplicate-semantics',
    level: 'warning',
    section: 'W3C feed validator, DuplicateSemantics',
    *check(document) {
      for (const { element } of parts(document)) {
        for (const [core, prefix, twin] of TWINS) {
          const extension = child(element, twin, NS[prefix]);
          if (extension && child(element, core))
            yield fault(
              extension,
              `<${core}> and ${prefix}:${twin} say the same, and readers differ in which they take: leave one.`,
            );
        }
      }
    },
  },
  {
    name: 'rss-date',
    level: 'error',
    section: 'RSS 2.0 pubDate; RFC 822, 5',
    *check(document) {
      for (const date of dates(document)) {
        const reading = readRfc822(date.text);
        if ('fault' in reading) yield fault(date, `The date ${quote(date.text)} ${reading.fault}.`);
      }
    },
  },
  {
    name: 'rss-date-style',
    level: 'warning',
    section: 'W3C feed validator, ProblematicalRFC822Date',
    *check(document) {
      for (const date of dates(document)) {
        const reading = readRfc822(date.text);
        if ('doubt' in reading) yield fault(date, `The date ${quote(date.text)} ${reading.doubt}.`);
      }
    },
  },
  {
    name: 'absolute-link',
    level: 'error',
    section: 'RSS 2.0, Comments on URLs',
    *check(document) {
      for (const { element } of parts(document)) {
        const image = child(element, 'image');
        const links = ['link', 'comments', 'docs'].map((name) => child(element, name));
        for (const link of [...links, image && child(image, 'url'), image && child(image, 'link')]) {
          if (link?.text && !isAbsolute(link.text.trim()))
            yield fault(
              link,
              `<${link.name}> is ${quote(link.text)}, which is no whole address: begin with https://.`,
            );
        }
        for (const link of children(element, 'link', NS.atom)) {
          if (!isAbsolute(link.attributes['href'] ?? ''))
            yield fault(link, 'The href of this link is no whole address: begin with https://.');
        }
      }
    },
  },
  {
    name: 'person',
    level: 'error',
    section: 'RSS 2.0 author, managingEditor, webMaster',
    *check(document) {
      for (const person of people(document)) {
        if (!hasAddress(person.text))
          yield fault(
            person,
            `<${person.name}> is ${quote(person.text)}, but must be an e-mail address like ann@example.com (Ann): put a mere name into dc:creator.`,
          );
      }
    },
  },
  {
    name: 'person-name',
    level: 'warning',
    section: 'RSS profile, author; W3C feed validator, EmailFormat and MissingRealName',
    *check(document) {
      for (const person of people(document)) {
        if (hasAddress(person.text) && !isRssPerson(person.text.trim()))
          yield fault(
            person,
            `<${person.name}> is ${quote(person.text)}, where readers look for a name: write it like ann@example.com (Ann).`,
          );
      }
    },
  },
  {
    name: 'title-escaping',
    level: 'warning',
    section: 'RSS profile, Character data; W3C feed validator, CharacterData',
    *check({ title, entries }) {
      for (const each of [title, ...entries.map((entry) => entry.title)]) {
        if (each && /<[a-z/]/i.test(each.text) && !isMeantPlain(each.source) && !hasMarkup(each))
          yield fault(
            each,
            `The title ${quote(each.text)} has a < that many readers take for HTML, and hide what follows: write &#x3C; for it, and &#x26; for an &.`,
          );
      }
    },
  },
  {
    name: 'category-empty',
    level: 'warning',
    section: 'RSS 2.0 category',
    *check(document) {
      for (const { element } of parts(document)) {
        for (const category of children(element, 'category'))
          if (!category.text.trim()) yield fault(category, 'The category is empty: name it or remove it.');
      }
    },
  },
];

const CHANNEL_NAMES = named(CHANNEL);
const ITEM_NAMES = named(ITEM);

/** The channel and its items, each with what it may hold. */
function parts({
  tree: { channel, items },
}: RssDocument): { element: XmlElement; known: Map<string, boolean> }[] {
  return [
    { element: channel, known: CHANNEL_NAMES },
    ...items.map((element) => ({ element, known: ITEM_NAMES })),
  ];
}

function people(document: RssDocument): XmlElement[] {
  return parts(document).flatMap(({ element }) =>
    ['author', 'managingEditor', 'webMaster'].flatMap((name) => children(element, name)),
  );
}

/** Whether there is an e-mail address, and not only where the name belongs. */
function hasAddress(person: string): boolean {
  return /[^\s@<>()]@[^\s@<>()]+\.[^\s@<>()]/.test(person.replace(/\([^()]*\)\s*$/, ''));
}

function dates(document: RssDocument): XmlElement[] {
  return parts(document).flatMap(({ element }) => [
    ...children(element, 'pubDate'),
    ...children(element, 'lastBuildDate'),
  ]);
}
