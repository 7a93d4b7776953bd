/** A post in its place -> the entry that subscribers get. */
import { postLink } from '../content/links.ts';
import type { Post } from '../content/post.ts';
import { outline, renderMarkdown } from '../content/markdown.ts';
import { escapeHtml, teaserOf } from '../content/text.ts';
import { mediaUrl } from '../content/urls.ts';
import { optional } from '../content/values.ts';
import type { Entry, Identified, Listing, Media, Source } from './feed.ts';
import { withoutLanguage } from './generators.ts';
import { isEpisode } from './podcast.ts';
import { shortHash } from './slug.ts';

export interface EntryOptions {
  sources: ReadonlyMap<string, Source>;
  /** Whether feeds carry posts whole or only their summaries. */
  content: 'full' | 'summary';
  /** Whether the site is a podcast. */
  podcast: boolean;
  /** What is known of media that their posts do not say, by URL. */
  media?: ReadonlyMap<string, { length: number; type?: string }>;
  /** What the names of translated files end with; the first is that of all others. */
  languages?: readonly string[];
}

/** What media are taken for of which nobody knows what they are. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** Characters of a description where there is no summary. */
const TEASER = 280;

/** What is known of an entry before its content is rendered. */
export function toListing({ post, id, published }: Identified, options: EntryOptions): Listing {
  const { path, title, kind, tags, authors } = post;
  const { translation } = withoutLanguage(path, options.languages);
  const language = post.language ?? translation;
  return {
    path,
    id,
    title,
    published,
    kind,
    tags,
    authors,
    ...optional('source', sourceOf(post, options)),
    ...optional('language', language),
    ...(translation !== undefined && { isTranslation: true as const }),
  };
}

/** The site that a link post points to, with what is configured of it. */
export function sourceOf({ source }: Post, { sources }: EntryOptions): Source | undefined {
  return source === undefined ? undefined : (sources.get(source.toLowerCase()) ?? { name: source });
}

/** The whole entry, with its content rendered. */
export function toEntry(identified: Identified, options: EntryOptions): Entry {
  const { post, url, updated } = identified;
  const image = post.image && mediaUrl(post.image, url);
  const content = contentOf(identified, options);
  const enclosures = post.enclosures.flatMap((enclosure): Media[] => {
    const absolute = mediaUrl(enclosure.url, url);
    if (!absolute || absolute.startsWith('data:')) return [];
    const { length, type } = options.media?.get(absolute) ?? {};
    const isKnown = enclosure.type !== UNKNOWN_TYPE;
    return [
      {
        ...enclosure,
        url: absolute,
        type: isKnown ? enclosure.type : (type ?? enclosure.type),
        ...optional('length', enclosure.length ?? length),
      },
    ];
  });
  return Object.assign(toListing(identified, options), {
    url,
    updated,
    description: post.shortSummary ?? (teaserOf(content, TEASER) || post.title),
    content,
    enclosures,
    ...(options.podcast && isEpisode({ enclosures }) && { isEpisode: true }),
    ...optional('externalUrl', post.externalUrl),
    ...optional('summary', post.shortSummary),
    ...(image && !image.startsWith('data:') && { image }),
  });
}

function contentOf({ post, id, url, links }: Identified, options: EntryOptions): string {
  const summary = post.summary ?? post.shortSummary;
  const original = post.externalUrl && linkTo(post.externalUrl, post.title);
  if (options.content === 'summary' && summary)
    return [paragraph(summary), original].filter(Boolean).join('\n');

  const written = post.body();
  const pointer = post.externalUrl === undefined ? undefined : pointerText(written, post.externalUrl);
  if (pointer !== undefined) {
    return [summary && paragraph(summary), linkTo(post.externalUrl!, pointer || post.title)]
      .filter(Boolean)
      .join('\n');
  }
  const body = renderMarkdown(written, {
    base: url,
    link: (href) => postLink(href, url, post.path, links),
    idPrefix: `fn-${shortHash(id)}`,
  });
  const content = hasText(body) ? body : paragraph(summary ?? post.title);
  // In RSS the content is the only place that leads to the original.
  const leadsThere = !original || content.includes(`href="${escapeHtml(post.externalUrl!)}"`);
  return leadsThere ? content : `${content}\n${original}`;
}

/** Longer than this, or a sentence, what stands beside the link is the author's own comment. */
const POINTER_LIMIT = 40;

/** The words beside the link of a body that only points to `externalUrl`; undefined for a body that says more. */
function pointerText(body: string, externalUrl: string): string | undefined {
  if (body.trim() === '') return '';
  if (body.length > externalUrl.length * 2 + 4 * POINTER_LIMIT) return undefined;
  const { blocks, links } = outline(body);
  if (blocks.length !== 1 || links.length === 0 || !links.every((link) => sameUrl(link, externalUrl)))
    return undefined;
  const words = blocks[0]!.replace(/https?:\/\/\S+/g, '').trim();
  return words.length <= POINTER_LIMIT && !/[.!?。！？]$/.test(words) ? words : undefined;
}

function sameUrl(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;
}

/** Whether HTML shows anything: text outside of headings, or something embedded. */
function hasText(html: string): boolean {
  return (
    // Most begin with a paragraph of text.
    /^<p>[^<\s]/.test(html) ||
    /<(?:img|video|audio|source)\b/.test(html) ||
    html
      .replace(/<(h[1-6])\b.*?<\/\1>/gs, '')
      .replace(/<[^>]*>/g, '')
      .trim() !== ''
  );
}

function linkTo(url: string, text: string): string {
  return `<p><a href="${escapeHtml(url)}">${escapeHtml(text)}</a></p>`;
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
