/**
 * The keys that real blogs use, in the order in which they are tried, without regard to case, hyphens and underscores: the first
 * that is not empty wins; tags and enclosures are united.
 */
export const ALIASES = {
  title: ['title'],
  published: [
    'date',
    'published',
    'pubDate',
    'publishDate',
    'created_at',
    'created',
    'pubDatetime',
    'published_at',
  ],
  updated: [
    'updated',
    'lastmod',
    'last_modified_at',
    'modified',
    'date_modified',
    'updatedDate',
    'updated_at',
    'modDatetime',
  ],
  authors: ['author', 'authors', 'author_name', 'by'],
  tags: ['tags', 'tag', 'categories', 'category', 'keywords'],
  summary: ['summary', 'description', 'excerpt', 'spoiler', 'subtitle'],
  shortSummary: ['tldr'],
  permalink: ['permalink', 'url', 'path'],
  slug: ['slug'],
  kind: ['post_kind', 'kind', 'type'],
  source: ['source'],
  externalUrl: ['external_url', 'link', 'link_url', 'external'],
  language: ['lang', 'language'],
  image: ['image', 'images', 'cover', 'thumbnail'],
  enclosures: [
    'enclosure',
    'enclosures',
    'audio',
    'video',
    'attachments',
    'audio_file',
    'podcast_file',
    'podcast_link',
  ],
  length: ['length', 'podcast_bytes', 'podcast_length', 'podcast_file_size'],
  duration: ['duration', 'podcast_duration'],
  id: ['id', 'guid', 'uuid'],
  draft: ['draft', 'isDraft'],
  status: ['status', 'visibility'],
  unlisted: ['unlisted', 'private'],
  listing: ['listing'],
  expires: ['expiryDate', 'expires'],
} as const satisfies Record<string, readonly string[]>;

export type FieldName = keyof typeof ALIASES;
