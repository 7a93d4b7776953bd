/** RSS 2.0: rules for items (https://www.rssboard.org/rss-specification). */
import type { RssDocument } from './document.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';
import { isAbsolute, isHttp, isMediaType } from './syntax.ts';
import { NS, child, childText, children } from './xml.ts';

export const RSS_ITEM_RULES: Rule<RssDocument>[] = [
  {
    name: 'rss-item',
    level: 'error',
    section: 'RSS 2.0, Elements of item',
    *check({ tree: { items } }) {
      for (const item of items) {
        if (!childText(item, 'title') && !childText(item, 'description'))
          yield fault(item, 'The item has neither title nor description: add one.');
      }
    },
  },
  {
    name: 'guid-missing',
    level: 'warning',
    section: 'RSS best practices, guid',
    *check({ tree: { items } }) {
      for (const item of items) {
        if (!childText(item, 'guid'))
          yield fault(
            item,
            'The item has no guid, so readers show it anew when its title or link changes: add one that never changes.',
          );
      }
    },
  },
  {
    name: 'guid-permalink',
    level: 'error',
    section: 'RSS 2.0 guid',
    *check({ tree: { items } }) {
      for (const item of items) {
        const guid = child(item, 'guid');
        const permalink = guid?.attributes['isPermaLink'] ?? 'true';
        if (permalink !== 'true' && permalink !== 'false')
          yield fault(guid!, `isPermaLink is ${quote(permalink)}: write true or false.`);
        else if (guid?.text && permalink === 'true' && !isHttp(guid.text.trim())) {
          yield fault(
            guid,
            `The guid ${quote(guid.text)} is no web address: say <guid isPermaLink="false">.`,
          );
        }
      }
    },
  },
  {
    name: 'guid-short',
    level: 'warning',
    section: 'W3C feed validator, NotSufficientlyUnique',
    *check({ tree: { items } }) {
      for (const item of items) {
        const guid = child(item, 'guid');
        if (guid && /^\d{1,8}$/.test(guid.text.trim()))
          yield fault(
            guid,
            `The guid ${quote(guid.text)} is a short number, which other feeds have too: give new items one like tag:example.com,2024:${guid.text.trim()}, and let old ones keep theirs.`,
          );
      }
    },
  },
  {
    name: 'description-first',
    level: 'warning',
    section: 'W3C feed validator, NeedDescriptionBeforeContent',
    *check({ tree: { items } }) {
      for (const item of items) {
        const content = item.children.findIndex(({ name, uri }) => name === 'encoded' && uri === NS.content);
        const description = item.children.findIndex(({ name, uri }) => name === 'description' && uri === '');
        if (content >= 0 && (description < 0 || description > content)) {
          yield fault(
            item.children[content]!,
            'There is no description before content:encoded, and some readers show whichever comes last: put one before it.',
          );
        }
      }
    },
  },
  {
    name: 'enclosure',
    level: 'error',
    section: 'RSS 2.0 enclosure',
    *check({ tree: { items } }) {
      for (const enclosure of items.flatMap((item) => children(item, 'enclosure'))) {
        const { url = '', length = '', type = '' } = enclosure.attributes;
        if (!isHttp(url))
          yield fault(enclosure, `The enclosure's url ${quote(url)} is no web address: begin with https://.`);
        if (!/^\d+$/.test(length))
          yield fault(
            enclosure,
            `The enclosure's length ${quote(length)} is no number of bytes: write it, or 0 if it is not known.`,
          );
        if (!isMediaType(type))
          yield fault(
            enclosure,
            `The enclosure's type ${quote(type)} is no media type: write one like audio/mpeg.`,
          );
      }
    },
  },
  {
    name: 'one-enclosure',
    level: 'warning',
    section: 'RSS best practices, enclosure',
    *check({ tree: { items } }) {
      for (const item of items) {
        const second = children(item, 'enclosure')[1];
        if (second)
          yield fault(second, 'This is the second enclosure of its item, and readers take one: leave one.');
      }
    },
  },
  {
    name: 'source-url',
    level: 'error',
    section: 'RSS 2.0 source',
    *check({ tree: { items } }) {
      for (const source of items.flatMap((item) => children(item, 'source'))) {
        if (!isAbsolute(source.attributes['url'] ?? ''))
          yield fault(
            source,
            'The source has no url that is a whole address: add that of its feed, or use dc:source for a mere name.',
          );
      }
    },
  },
];
