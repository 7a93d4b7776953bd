/** RSS 2.0: rules for what stands once, in the channel (https://www.rssboard.org/rss-specification). */
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
    name: 'image-format',
    level: 'warning',
    section: 'RSS 2.0 image; W3C feed validator, ImageUrlFormat',
    *check({ tree: { channel } }) {
      const image = child(channel, 'image');
      const url = image && child(image, 'url');
      const ending = /\.(\w+)$/.exec(url?.text.trim() ?? '')?.[1];
      if (url && ending && !/^(?:gif|jpe?g|png)$/i.test(ending))
        yield fault(
          url,
          `The image ends in .${ending}, where RSS has only GIF, JPEG and PNG, which every reader shows: publish one of these.`,
        );
    },
  },
  {
    name: 'image-size',
    level: 'error',
    section: 'RSS 2.0 image',
    *check({ tree: { channel } }) {
      const image = child(channel, 'image');
      for (const [name, most] of [
        ['width', 144],
        ['height', 400],
      ] as const) {
        const size = image && child(image, name);
        if (size && !(/^[1-9]\d*$/.test(size.text.trim()) && Number(size.text) <= most))
          yield fault(
            size,
            `The image's ${name} is ${quote(size.text)}, but RSS allows 1 to ${most}: write that, or remove it.`,
          );
      }
    },
  },
  {
    name: 'ttl',
    level: 'error',
    section: 'RSS 2.0 ttl',
    *check({ tree: { channel } }) {
      const ttl = child(channel, 'ttl');
      if (ttl && !/^0*[1-9]\d*$/.test(ttl.text.trim()))
        yield fault(ttl, `The ttl ${quote(ttl.text)} is no whole number of minutes: write one like 60.`);
    },
  },
];
