/** Podcasts: what Apple's directory, and those that follow it, want of RSS 2.0 (A podcaster's guide to RSS). */
import type { RssDocument, RssTree } from './document.ts';
import { isPodcastCategory } from './podcast-categories.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';
import { EPISODE_ROWS, episodesOf } from './rules-podcast-episodes.ts';
import type { PodcastRow } from './rules-podcast-episodes.ts';
import { isHttp } from './syntax.ts';
import { NS, child, childText, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

const ROWS: PodcastRow[] = [
  {
    name: 'podcast-namespaces',
    level: 'warning',
    section: 'Apple Podcasts, RSS feed sample',
    *check({ root }) {
      for (const [prefix, uri] of [
        ['itunes', NS.itunes],
        ['content', NS.content],
      ] as const) {
        if (!declares(root, uri))
          yield fault(
            root,
            `The podcast does not declare ${prefix} where directories look for it: add xmlns:${prefix}="${uri}" to <rss>.`,
          );
      }
    },
  },
  {
    name: 'podcast-image',
    level: 'error',
    section: 'Apple Podcasts, itunes:image',
    *check({ channel }) {
      const image = child(channel, 'image', NS.itunes);
      if (!image)
        yield fault(
          channel,
          'The podcast has no cover, without which directories refuse it: add <itunes:image href="https://..."/>.',
        );
      else if (!isHttp(image.attributes['href'] ?? ''))
        yield fault(
          image,
          'The cover has no href that is a whole address: write <itunes:image href="https://..."/>.',
        );
    },
  },
  {
    name: 'podcast-image-type',
    level: 'warning',
    section: 'Apple Podcasts, itunes:image',
    *check({ channel }) {
      for (const image of children(channel, 'image', NS.itunes)) {
        const { href = '' } = image.attributes;
        if (isHttp(href) && !/\.(?:jpe?g|png)$/i.test(new URL(href).pathname))
          yield fault(
            image,
            `The cover ${quote(href)} does not end in .jpg or .png, which are what directories show: give it such a name.`,
          );
      }
    },
  },
  {
    name: 'podcast-image-size',
    level: 'warning',
    section: 'Apple Podcasts, itunes:image',
    *check({ channel }) {
      for (const image of children(channel, 'image', NS.itunes)) {
        // The picture itself is not loaded; many are named by their size.
        const [, width, height] =
          /(?<!\d)(\d{2,5})x(\d{2,5})(?!\d)/.exec(image.attributes['href'] ?? '') ?? [];
        if (width === undefined || (width === height && Number(width) >= 1400 && Number(width) <= 3000))
          continue;
        yield fault(
          image,
          `The cover says that it has ${width} by ${height} pixels, where directories want a square of 1400 to 3000: make it so.`,
        );
      }
    },
  },
  {
    name: 'podcast-category',
    level: 'error',
    section: 'Apple Podcasts, itunes:category',
    *check({ channel }) {
      const categories = children(channel, 'category', NS.itunes);
      if (categories.length === 0)
        yield fault(
          channel,
          'The podcast has no category, without which directories refuse it: add <itunes:category text="..."/>.',
        );
      for (const category of categories.flatMap((outer) => [
        outer,
        ...children(outer, 'category', NS.itunes),
      ])) {
        if (!category.attributes['text']?.trim())
          yield fault(category, 'The category has no text: write <itunes:category text="..."/>.');
      }
    },
  },
  {
    name: 'podcast-category-name',
    level: 'error',
    section: 'Apple Podcasts, categories',
    *check({ channel }) {
      for (const outer of children(channel, 'category', NS.itunes)) {
        const name = outer.attributes['text']?.trim();
        if (!name) continue;
        if (!isPodcastCategory(name)) {
          yield fault(
            outer,
            `There is no category ${quote(name)}: choose one of Apple's list, like Technology or Arts.`,
          );
          continue;
        }
        for (const inner of children(outer, 'category', NS.itunes)) {
          const within = inner.attributes['text']?.trim();
          if (within && !isPodcastCategory(within, name))
            yield fault(
              inner,
              `There is no category ${quote(within)} in ${name}: choose one of Apple's list, or remove it.`,
            );
        }
      }
    },
  },
  {
    name: 'podcast-explicit',
    level: 'error',
    section: 'Apple Podcasts, itunes:explicit',
    *check({ channel, items }) {
      if (!child(channel, 'explicit', NS.itunes))
        yield fault(
          channel,
          'The podcast does not say whether it is for everybody: add <itunes:explicit>false</itunes:explicit>, or true.',
        );
      for (const explicit of [channel, ...items].flatMap((element) =>
        children(element, 'explicit', NS.itunes),
      )) {
        if (!/^(?:true|false)$/i.test(explicit.text.trim()))
          yield fault(explicit, `itunes:explicit is ${quote(explicit.text)}: write true or false.`);
      }
    },
  },
  {
    name: 'podcast-author',
    level: 'warning',
    section: 'Apple Podcasts, itunes:author',
    *check({ channel }) {
      if (!childText(channel, 'author', NS.itunes))
        yield fault(
          channel,
          'The podcast does not say whose it is: add <itunes:author>, which directories show below the title.',
        );
    },
  },
  {
    name: 'podcast-language',
    level: 'error',
    section: 'Apple Podcasts, language',
    *check({ channel }) {
      if (!childText(channel, 'language'))
        yield fault(
          channel,
          'The podcast does not say its language, without which directories refuse it: add <language>en</language>.',
        );
    },
  },
  ...EPISODE_ROWS,
];

/** Each holds for podcasts only. */
export const PODCAST_RULES: Rule<RssDocument>[] = ROWS.map((row) => ({
  ...row,
  check: ({ tree }) => (isPodcast(tree) ? row.check(tree) : []),
}));

/** A feed with something to play that says a word of what only podcasts speak. */
function isPodcast(tree: RssTree): boolean {
  const { root, channel } = tree;
  const speaks = [NS.itunes, NS.podcast].some(
    (uri) => declares(root, uri) || channel.children.some((one) => one.uri === uri),
  );
  return speaks && episodesOf(tree).length > 0;
}

function declares({ attributes }: XmlElement, uri: string): boolean {
  return Object.entries(attributes).some(([name, value]) => name.startsWith('xmlns:') && value === uri);
}
