/** Podcasts: what Apple's directory wants of each episode. */
import type { RssTree } from './document.ts';
import { fault, quote } from './rule.ts';
import type { Fault, RuleRow } from './rule.ts';
import { NS, child, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** A rule for feeds that are podcasts. */
export interface PodcastRow extends RuleRow {
  check(podcast: RssTree): Iterable<Fault>;
}

/** What Apple plays. */
const TYPES = ['audio/mpeg', 'audio/x-m4a', 'video/mp4', 'video/x-m4v', 'video/quicktime'];

export const EPISODE_ROWS: PodcastRow[] = [
  {
    name: 'podcast-enclosure',
    level: 'error',
    section: 'Apple Podcasts, enclosure',
    *check({ items }) {
      for (const item of items) {
        const said = item.children.find(
          ({ name, uri }) => uri === NS.itunes && /^(?:duration|episode|episodeType|season)$/.test(name),
        );
        if (said && !child(item, 'enclosure'))
          yield fault(said, 'This is said of an episode, but there is nothing to play: add an <enclosure>.');
      }
    },
  },
  {
    name: 'podcast-enclosure-url',
    level: 'error',
    section: 'Apple Podcasts, enclosure',
    *check(podcast) {
      const lines = new Map<string, number>();
      for (const enclosure of episodesOf(podcast)) {
        const { url = '' } = enclosure.attributes;
        const line = lines.get(url);
        if (line === undefined) lines.set(url, enclosure.line);
        else
          yield fault(
            enclosure,
            `This is the file of the episode on line ${line} again, and directories ignore an episode whose file they have: give each its own.`,
          );
      }
    },
  },
  {
    name: 'podcast-file-name',
    level: 'warning',
    section: 'Apple Podcasts, enclosure',
    *check(podcast) {
      for (const enclosure of episodesOf(podcast)) {
        const { url = '' } = enclosure.attributes;
        if (!/^[\x21-\x7e]*$/.test(url) || /%[89a-f][\da-f]/i.test(url.split(/[?#]/)[0]!))
          yield fault(
            enclosure,
            `The file ${quote(url)} has letters in its name that some apps cannot ask for: use a to z, digits and hyphens.`,
          );
      }
    },
  },
  {
    name: 'podcast-length',
    level: 'warning',
    section: 'Apple Podcasts, enclosure',
    *check(podcast) {
      for (const enclosure of episodesOf(podcast)) {
        if (Number(enclosure.attributes['length']) === 0)
          yield fault(
            enclosure,
            'The file has a length of 0, so apps cannot say how much they load: write its bytes.',
          );
      }
    },
  },
  {
    name: 'podcast-type',
    level: 'warning',
    section: 'Apple Podcasts, enclosure',
    *check(podcast) {
      for (const enclosure of episodesOf(podcast)) {
        const type = enclosure.attributes['type']!.split(';')[0]!.trim().toLowerCase();
        if (!TYPES.includes(type))
          yield fault(
            enclosure,
            `Apple does not play ${quote(type)}: publish ${TYPES.slice(0, 2).join(' or ')}, or ${TYPES[2]}.`,
          );
      }
    },
  },
  {
    name: 'podcast-duration',
    level: 'error',
    section: 'Apple Podcasts, itunes:duration',
    *check({ items }) {
      for (const duration of items.flatMap((item) => children(item, 'duration', NS.itunes))) {
        if (!/^\d+$|^(?:\d+:)?[0-5]?\d:[0-5]\d$/.test(duration.text.trim()))
          yield fault(
            duration,
            `The duration is ${quote(duration.text)}: write seconds like 3723, or 1:02:03.`,
          );
      }
    },
  },
];

/** The enclosures that have sound or pictures that move. */
export function episodesOf({ items }: RssTree): XmlElement[] {
  return items
    .flatMap((item) => children(item, 'enclosure'))
    .filter(({ attributes }) => /^(?:audio|video)\//i.test(attributes['type']?.trim() ?? ''));
}
