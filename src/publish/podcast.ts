/** What podcast directories want beside RSS 2.0: the elements of Apple's namespace `itunes`. */
import { escapeHtml } from '../content/text.ts';
import type { Entry, Podcast, Site } from './feed.ts';

export const ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"';

/** Whether an entry is an episode: what directories take has sound or pictures that move. */
export function isEpisode({ enclosures }: Pick<Entry, 'enclosures'>): boolean {
  return enclosures.some(({ type }) => /^(?:audio|video)\//.test(type));
}

/** The lines of a channel. */
export function podcastHead(podcast: Podcast, site: Site): string {
  const author = podcast.author ?? site.author?.name ?? site.title;
  const email = podcast.email ?? site.author?.email;
  return [
    element('author', author),
    `<itunes:image href="${escapeHtml(podcast.image)}"/>`,
    ...podcast.categories.map(category),
    element('explicit', String(podcast.explicit)),
    element('type', podcast.kind),
    ...(email === undefined
      ? []
      : [`<itunes:owner>${element('name', author)}${element('email', email)}</itunes:owner>`]),
  ]
    .map((line) => `        ${line}\n`)
    .join('');
}

/** A category, or one within another as `Arts > Books`. */
function category(written: string): string {
  const [outer = '', inner] = written.split('>').map((part) => part.trim());
  const open = `<itunes:category text="${escapeHtml(outer)}"`;
  return inner ? `${open}><itunes:category text="${escapeHtml(inner)}"/></itunes:category>` : `${open}/>`;
}

function element(name: string, text: string): string {
  return `<itunes:${name}>${escapeHtml(text)}</itunes:${name}>`;
}
