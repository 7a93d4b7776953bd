/** JSON Feed 1.1 to the letter (https://www.jsonfeed.org/version/1.1/). What it does not name is allowed, and kept. */
import { isLanguageTag } from '../content/language.ts';
import * as z from 'zod/mini';
import { readRfc3339 } from './moments.ts';
import { isAbsolute, isHttp, isMediaType } from './syntax.ts';

export const VERSION = 'https://jsonfeed.org/version/1.1';

const text = z.string();
const filled = text.check(z.refine((value) => value.trim() !== '', 'must not be empty'));
const url = text.check(z.refine(isAbsolute, 'must be an absolute URL, with https:// in front'));
const webUrl = text.check(z.refine(isHttp, 'must be an absolute http or https URL'));
const language = text.check(z.refine(isLanguageTag, 'must be a language tag like en or en-GB'));
const mediaType = text.check(z.refine(isMediaType, 'must be a media type like audio/mpeg'));
const quantity = z.number().check(z.nonnegative('must not be negative'));
const moment = text.check(
  z.superRefine((value, context) => {
    const reading = readRfc3339(value);
    if ('fault' in reading) context.addIssue({ code: 'custom', message: reading.fault });
  }),
);

/** Any object of the specification may hold extensions: objects whose names begin with `_` and a letter. */
function extensible<Shape extends z.core.$ZodShape>(shape: Shape): z.ZodMiniObject<Shape, z.core.$loose> {
  return z.looseObject(shape).check(
    z.superRefine((object: Record<string, unknown>, context) => {
      for (const [name, value] of Object.entries(object)) {
        if (!name.startsWith('_')) continue;
        if (!/^_[a-z]/i.test(name))
          context.addIssue({
            code: 'custom',
            path: [name],
            message: 'must begin with _ and a letter, as every extension',
          });
        else if (value === null || typeof value !== 'object' || Array.isArray(value)) {
          context.addIssue({
            code: 'custom',
            path: [name],
            message: 'must be an object, as every extension',
          });
        }
      }
    }),
  );
}

export const jsonFeedAuthor = extensible({
  name: z.optional(filled),
  url: z.optional(url),
  avatar: z.optional(url),
}).check(z.refine(({ name, url, avatar }) => name ?? url ?? avatar, 'must have a name, url or avatar'));

export const jsonFeedAttachment = extensible({
  url,
  mime_type: mediaType,
  title: z.optional(text),
  size_in_bytes: z.optional(quantity),
  duration_in_seconds: z.optional(quantity),
});

export const jsonFeedHub = extensible({ type: filled, url: webUrl });

export const jsonFeedItem = extensible({
  id: filled,
  url: z.optional(url),
  external_url: z.optional(url),
  title: z.optional(text),
  content_html: z.optional(text),
  content_text: z.optional(text),
  summary: z.optional(text),
  image: z.optional(url),
  banner_image: z.optional(url),
  date_published: z.optional(moment),
  date_modified: z.optional(moment),
  /** Deprecated since 1.1. */
  author: z.optional(jsonFeedAuthor),
  authors: z.optional(z.array(jsonFeedAuthor)),
  tags: z.optional(z.array(text)),
  language: z.optional(language),
  attachments: z.optional(z.array(jsonFeedAttachment)),
}).check(
  z.refine(
    (item) => item.content_html !== undefined || item.content_text !== undefined,
    'must have content_html or content_text',
  ),
);

const head = {
  version: z.literal(VERSION, `must be exactly ${VERSION}`),
  title: filled,
  home_page_url: z.optional(webUrl),
  feed_url: z.optional(webUrl),
  description: z.optional(text),
  user_comment: z.optional(text),
  next_url: z.optional(webUrl),
  icon: z.optional(url),
  favicon: z.optional(url),
  /** Deprecated since 1.1. */
  author: z.optional(jsonFeedAuthor),
  authors: z.optional(z.array(jsonFeedAuthor)),
  language: z.optional(language),
  expired: z.optional(z.boolean()),
  hubs: z.optional(z.array(jsonFeedHub)),
};

/** All but the items. */
export const jsonFeedHead = extensible(head);

export const jsonFeed = extensible({ ...head, items: z.array(jsonFeedItem) });

export type JsonFeedItem = z.infer<typeof jsonFeedItem>;
export type JsonFeed = z.infer<typeof jsonFeed>;

/** What was read; throws in one sentence if it is not what it should be. */
export function checked<T>(reading: z.core.util.SafeParseResult<T>): T {
  if (reading.success) return reading.data;
  const { path, message } = reading.error.issues[0]!;
  throw new Error(`${path.join(' > ')} ${message}`);
}
