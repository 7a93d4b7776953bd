/** RSS 2.0: rules for what stands once, in the channel (https://www.rssboard.org/rss-specification). */
import { isLanguageTag } from '../content/language.ts';
import type { RssDocument } from './document.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';

import { child, childText } from './xml.ts';

export const RSS_CHANNEL_RULES: Rule<RssDocument>[] = [
  {
    name: 'rss-version',
    level: 'error',
    section: 'RSS 2.0, What is RSS?',
    *check({ tree: { root } }) {
      if (root.attributes['version'] !== '2.0')
        yield fault(root, 'The version of <rss> is not 2.0: write <rss version="2.0">.');
    },
  },
  {
    name: 'rss-channel',
    level: 'error',
    section: 'RSS 2.0, Required channel elements',
    *check({ tree: { channel } }) {
      for (const name of ['title', 'link', 'description']) {
        if (!childText(channel, name))
          yield fault(
            child(channel, name) ?? channel,
            `The channel has no ${name}: add <${name}>, and not empty.`,
          );
      }
    },
  },
  {
    name: 'items-last',
    level: 'warning',
    section: 'W3C feed validator, MisplacedItem',
    *check({ tree: { channel, items } }) {
      const first = channel.children.indexOf(items[0]!);
      const late = items.length > 0 && channel.children.slice(first).find((one) => one.name !== 'item');
      if (late)
        yield fault(
          late,
          `<${late.name}> stands after the first item, where readers that stop early miss it: put all items last.`,
        );
    },
  },
  {
    name: 'self-link',
    level: 'warning',
    section: 'RSS best practices, atom:link',
    *check({ self, tree: { channel } }) {
      if (!self)
        yield fault(
          channel,
          'The channel does not say where it lives: add <atom:link rel="self" type="application/rss+xml" href="..."/>.',
        );
    },
  },
  {
    name: 'image',
    level: 'error',
    section: 'RSS 2.0 image',
    *check({ tree: { channel } }) {
      const image = child(channel, 'image');
      if (!image) return;
      for (const name of ['url', 'title', 'link'])
        if (!childText(image, name)) yield fault(image, `The image has no ${name}: add <${name}>.`);
    },
  },
  {
    name: 'image-title',
    level: 'warning',
    section: 'RSS 2.0 image',
    *check({ tree: { channel } }) {
      const image = child(channel, 'image');
      if (!image) return;
      for (const name of ['title', 'link']) {
        const text = childText(image, name);
        if (text && text !== childText(channel, name))
          yield fault(
            child(image, name)!,
            `The image's ${name} ${quote(text)} is not the channel's: write the same.`,
          );
      }
    },
  },
  {
    name: 'language',
    level: 'error',
    section: 'RSS 2.0 language; RFC 5646',
    *check({ tree: { channel } }) {
      const language = child(channel, 'language');
      if (language && !isLanguageTag(language.text.trim()))
        yield fault(language, `${quote(language.text)} is no language tag: write one like en or en-gb.`);
    },
  },
  {
    name: 'ttl',
    level: 'error',
    section: 'RSS 2.0 ttl',
    *check({ tree: { channel } }) {
      const ttl = child(channel, 'ttl');
      if (ttl && !/^\d+$/.test(ttl.text.trim()))
        yield fault(ttl, `The ttl ${quote(ttl.text)} is no whole number of minutes: write one like 60.`);
    },
  },
];
