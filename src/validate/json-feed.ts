/** JSON Feed 1.1 to the letter (https://www.jsonfeed.org/version/1.1/). What it does not name is allowed, and kept. */
import { isLanguageTag } from '../content/language.ts';
import * as z from 'zod';
import { readRfc3339 } from './moments.ts';
import { isAbsolute, isHttp, isMediaType } from './syntax.ts';

export const VERSION = 'https://jsonfeed.org/version/1.1';

const text = z.string();
const filled = text.refine((value) => value.trim() !== '', 'must not be empty');
const url = text.refine(isAbsolute, 'must be an absolute URL, with https:// in front');
const webUrl = text.refine(isHttp, 'must be an absolute http or https URL');
const language = text.refine(isLanguageTag, 'must be a language tag like en or en-GB');
const mediaType = text.refine(isMediaType, 'must be a media type like audio/mpeg');
const quantity = z.number().nonnegative('must not be negative');
const moment = text.superRefine((value, context) => {
  const reading = readRfc3339(value);
  if ('fault' in reading) context.addIssue({ code: 'custom', message: reading.fault });
});

/** Any object of the specification may hold extensions: objects whose names begin with `_` and a letter. */
function extensible<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  return z.looseObject(shape).superRefine((object: Record<string, unknown>, context) => {
    for (const [name, value] of Object.entries(object)) {
      if (!name.startsWith('_')) continue;
      if (!/^_[a-z]/i.test(name))
        context.addIssue({
          code: 'custom',
          path: [name],
          message: 'must begin with _ and a letter, as every extension',
        });
      else if (value === null || typeof value !== 'object' || Array.isArray(value)) {
        context.addIssue({ code: 'custom', path: [name], message: 'must be an object, as every extension' });
      }
    }
  });
}

export const jsonFeedAuthor = extensible({
  name: filled.optional(),
  url: url.optional(),
  avatar: url.optional(),
}).refine(({ name, url, avatar }) => name ?? url ?? avatar, 'must have a name, url or avatar');

export const jsonFeedAttachment = extensible({
  url,
  mime_type: mediaType,
  title: text.optional(),
  size_in_bytes: quantity.optional(),
  duration_in_seconds: quantity.optional(),
});

export const jsonFeedHub = extensible({ type: filled, url: webUrl });

export const jsonFeedItem = extensible({
  id: filled,
  url: url.optional(),
  external_url: url.optional(),
  title: text.optional(),
  content_html: text.optional(),
  content_text: text.optional(),
  summary: text.optional(),
  image: url.optional(),
  banner_image: url.optional(),
  date_published: moment.optional(),
  date_modified: moment.optional(),
  /** Deprecated since 1.1. */
  author: jsonFeedAuthor.optional(),
  authors: z.array(jsonFeedAuthor).optional(),
  tags: z.array(text).optional(),
  language: language.optional(),
  attachments: z.array(jsonFeedAttachment).optional(),
}).refine(
  (item) => item.content_html !== undefined || item.content_text !== undefined,
  'must have content_html or content_text',
);

const head = {
  version: z.literal(VERSION, `must be exactly ${VERSION}`),
  title: filled,
  home_page_url: webUrl.optional(),
  feed_url: webUrl.optional(),
  description: text.optional(),
  user_comment: text.optional(),
  next_url: webUrl.optional(),
  icon: url.optional(),
  favicon: url.optional(),
  /** Deprecated since 1.1. */
  author: jsonFeedAuthor.optional(),
  authors: z.array(jsonFeedAuthor).optional(),
  language: language.optional(),
  expired: z.boolean().optional(),
  hubs: z.array(jsonFeedHub).optional(),
};

/** All but the items. */
export const jsonFeedHead = extensible(head);

export const jsonFeed = extensible({ ...head, items: z.array(jsonFeedItem) });

export type JsonFeedItem = z.infer<typeof jsonFeedItem>;
export type JsonFeed = z.infer<typeof jsonFeed>;
