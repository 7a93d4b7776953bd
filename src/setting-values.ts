/** What a setting can be: each value's shape, what is made of it, and what is said of any other. */
import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { isLanguageTag } from './content/language.ts';
import { clean } from './content/text.ts';
import { webUrl } from './content/urls.ts';
import { PLACEHOLDERS, TELLING, placeholdersIn } from './publish/placeholders.ts';
import { isPodcastCategory } from './validate/podcast-categories.ts';

const TEXT = z.string({
  error: ({ input }) =>
    typeof input === 'number' || typeof input === 'boolean'
      ? 'must be text: put it in quotes'
      : 'must be text',
});
export const text = TEXT.check(
  z.overwrite(clean),
  z.trim(),
  z.minLength(1, { error: 'must not be empty', abort: true }),
);
/** A map of settings of its own. */
export function section<T extends z.core.$ZodLooseShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  return z.strictObject(shape, 'must have settings of its own below it, or in { braces }');
}
/** An address, with what no URL may hold percent-encoded. */
export const url = z.pipe(
  text.check(
    z.refine(
      (written) => webUrl(written) !== undefined,
      'must be a whole http(s) URL like https://example.com/',
    ),
  ),
  z.transform((written) => webUrl(written)!),
);
/** An address that paths are put behind. */
export const base = z.pipe(
  url.check(z.refine((written) => !/[?#]/.test(written), 'must not have a query or a fragment')),
  z.transform((written) => webUrl(new URL(written).href)!.replace(/\/*$/, '/')),
);
/** A whole number, also in digits, as flags and variables give it. */
export function whole(...checks: z.core.$ZodCheck<number>[]) {
  const error = 'must be a whole number';
  const number = z
    .number()
    .check(z.int({ error, abort: true }), z.minimum(0, 'must not be negative'), ...checks);
  const digits = z.string().check(z.trim(), z.regex(/^-?\d+$/));
  return z.union([number, z.pipe(digits, z.pipe(z.transform(Number), number))], { error });
}
export const count = whole();
/** What is made of a number, or of a text, in which the pattern finds what is meant. */
function measure(
  pattern: RegExp,
  message: string,
  isOne: (found: RegExpExecArray) => boolean,
  make: (found: RegExpExecArray) => number,
) {
  const found = z.pipe(
    z.union([z.number(), z.string()], { error: message }),
    z.transform((written) => pattern.exec(String(written).trim())),
  );
  return z.pipe(
    found.check(z.refine((found) => found !== null && isOne(found), message)),
    z.transform((found) => make(found!)),
  );
}
const UNITS: Record<string, number> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
/** Bytes, from a number or a text like 5MB. */
export const size = measure(
  /^(\d+(?:\.\d+)?) ?([kmg]?b?)$/i,
  'must be a size like 5MB',
  (found) => found[2]!.toLowerCase() in UNITS,
  (found) => Math.floor(Number(found[1]) * UNITS[found[2]!.toLowerCase()]!),
);
const DURATIONS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** Milliseconds, from a text like 10m or 30d; 0 needs no unit. */
export const duration = measure(
  /^(\d+(?:\.\d+)?) ?([smhdw]?)$/i,
  'must be a time like 10m or 30d',
  (found) => found[2] !== '' || Number(found[1]) === 0,
  (found) => Math.round(Number(found[1]) * (DURATIONS[found[2]!.toLowerCase()] ?? 0)),
);
/** From 0 to 1, from a text like 20%. */
export const share = measure(
  /^(\d+(?:\.\d+)?) ?%$/,
  'must be a share like 20%',
  (found) => Number(found[1]) <= 100,
  (found) => Number(found[1]) / 100,
);
/** Whole answers of a feed that one client gets in an hour. */
export const FAIR_ANSWERS = 60;

const WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};
/** On or off. */
export const flag = z.pipe(
  z
    .pipe(
      z.union([z.boolean(), z.string()], { error: 'must be on or off' }),
      z.transform((written) => WORDS[String(written).trim().toLowerCase()]),
    )
    .check(z.refine((read) => read !== undefined, 'must be on or off')),
  z.transform((read) => read!),
);
const onOff = z.pipe(
  flag,
  z.transform((isOn) => (isOn ? { answers: FAIR_ANSWERS, except: [] } : undefined)),
);
export const path = text.check(z.regex(/^\/[^?#]*$/, 'must be a path like /old.xml'));
export const language = text.check(z.refine(isLanguageTag, 'must be a language tag like en or pt-BR'));
const email = z.email('must be a mail address');
export const author = z.union(
  [
    z.pipe(
      text,
      z.transform((name) => ({ name })),
    ),
    z.strictObject({ name: text, email: z.optional(email), url: z.optional(url) }),
  ],
  { error: 'must be a name, or { name, email, url }' },
);
/** One or several, each like `Technology` or `Arts > Books`. */
const category = text.check(
  z.refine((written) => {
    const [outer = '', inner] = written.split('>').map((part) => part.trim());
    return inner === undefined ? isPodcastCategory(outer) : isPodcastCategory(inner, outer);
  }),
);
const categories = z.union(
  [
    z.pipe(
      category,
      z.transform((one) => [one]),
    ),
    z.array(category).check(z.minLength(1, 'must not be empty')),
  ],
  {
    error:
      'must be a category that podcast directories have, like Technology or Arts > Books, or a list of them',
  },
);
export const podcast = section({
  image: url.check(
    z.refine(
      (written) => !URL.canParse(written) || /\.(?:jpe?g|png)$/i.test(new URL(written).pathname),
      'must be a JPEG or PNG picture',
    ),
  ),
  category: categories,
  explicit: z.prefault(flag, false),
  type: z._default(z.enum(['episodic', 'serial'], 'must be episodic or serial'), 'episodic'),
  author: z.optional(text),
  email: z.optional(email),
});
const pattern = z.string().check(z.trim());
const patterns = z
  .union([pattern, z.record(z.string(), pattern)], {
    error: 'must be a pattern like /posts/:slug/, or one for each folder like { posts: /:year/:slug/ }',
  })
  .check(
    z.superRefine((written, context) => {
      const patterns = typeof written === 'string' ? [['', written] as const] : Object.entries(written);
      for (const [folder, pattern] of patterns)
        for (const message of patternFaults(pattern))
          context.addIssue({ code: 'custom', message, path: folder === '' ? [] : [folder] });
    }),
  );
/** One for all posts, or one for each folder. */
export const permalink = z.pipe(
  patterns,
  z.transform((written) => {
    if (typeof written === 'string') return written;
    const byFolder = Object.entries(written).map(([folder, pattern]) => [trimmedFolder(folder), pattern]);
    return Object.fromEntries(byFolder) as Record<string, string>;
  }),
);

function trimmedFolder(folder: string): string {
  return folder.replace(/^\/+|\/+$/g, '') || '/';
}

function patternFaults(pattern: string): string[] {
  const written = placeholdersIn(pattern);
  const unknown = [...new Set(written.filter((name) => !PLACEHOLDERS.includes(name)))];
  const known = PLACEHOLDERS.map((name) => `:${name}`).join(' ');
  return [
    ...unknown.map((name) => `must not contain :${name}, which is no placeholder; there are ${known}`),
    ...(written.some((name) => TELLING.includes(name)) || unknown.length > 0
      ? []
      : [`must contain ${TELLING.map((name) => `:${name}`).join(' or ')}`]),
  ];
}

const net = text.check(z.refine(isNet, 'must be an address, or a net like 10.0.0.0/8'));

/** Undefined if nobody is limited. */
export const fairUse = z.union(
  [
    onOff,
    z.strictObject({
      answers: z.prefault(whole(z.minimum(1, 'must be at least 1')), FAIR_ANSWERS),
      except: z._default(z.array(net, 'must be a list like [10.0.0.0/8]'), []),
    }),
  ],
  { error: 'must be on or off, or { answers: 60, except: [10.0.0.0/8] }' },
);

/** Whether a text is an address, or a net in CIDR notation. */
function isNet(written: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(written) ?? [];
  const version = isIP(address);
  return version !== 0 && (bits === undefined || Number(bits) <= (version === 6 ? 128 : 32));
}
