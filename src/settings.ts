/** Every setting there is: its shape, its default, and the flag and variable that override it. */
import * as z from 'zod';
import { isTimezone } from './content/dates.ts';
import { GENERATORS } from './publish/generators.ts';
import { GROUPING_NAMES } from './publish/select.ts';
import {
  FAIR_ANSWERS,
  author,
  base,
  count,
  duration,
  fairUse,
  flag,
  language,
  path,
  permalink,
  podcast,
  section,
  share,
  size,
  text,
  url,
} from './setting-values.ts';
import { isSchedule } from './worker/schedule.ts';

/** The settings that flags and the environment can give, with where each stands in feedwright.yml. */
export const OVERRIDES = [
  {
    flag: '--content <dir>',
    env: 'CONTENT_DIR',
    key: 'content.dir',
    path: true,
    help: 'folder of markdown posts (content)',
  },
  {
    flag: '--out <dir>',
    env: 'FEEDS_DIR',
    key: 'store',
    path: true,
    help: 'folder the feeds are written to (feeds)',
  },
  {
    flag: '--store <url>',
    env: 'STORE_URL',
    key: 'store',
    path: false,
    help: 'where feeds are kept, as a URL like file:feeds',
  },
  {
    flag: '--url <url>',
    env: 'SITE_URL',
    key: 'site.url',
    path: false,
    help: 'address of the site the posts are on',
  },
  {
    flag: '--title <text>',
    env: 'SITE_TITLE',
    key: 'site.title',
    path: false,
    help: 'title of the site and its main feed',
  },
  {
    flag: '--limit <n>',
    env: 'FEED_LIMIT',
    key: 'feeds.limit',
    path: false,
    help: 'entries per feed; 0 for all (20)',
  },
  {
    flag: '--schedule <cron>',
    env: 'SCHEDULE',
    key: 'schedule',
    path: false,
    help: 'when to publish ("*/5 * * * *")',
  },
  {
    flag: '--port <n>',
    env: 'PORT',
    key: 'server.port',
    path: false,
    help: 'port to serve on; 0 for any free one (3000)',
  },
  {
    flag: '--host <h>',
    env: undefined,
    key: 'server.host',
    path: false,
    help: 'address to listen on (127.0.0.1)',
  },
] as const;

const SOURCE = 'must be like { url: https://blog.example/, feed: https://blog.example/feed.xml }';
const SOURCES =
  'must have a name and its addresses on each line, like Some Blog: { url: https://blog.example/ }';
const REDIRECTS = 'must have a path and where it leads on each line, like /old.xml: /feed.xml';

const schema = z
  .strictObject({
    site: section({
      title: text.optional(),
      url: base.optional(),
      description: text.optional(),
      language: language.optional(),
      timezone: text.refine(isTimezone, 'must be the name of a time zone like Europe/Paris').default('UTC'),
      author: author.optional(),
      icon: url.optional(),
      logo: url.optional(),
      copyright: text.optional(),
    }).prefault({}),
    content: section({
      dir: text.default('content'),
      permalink: permalink.default('/posts/:slug/'),
      generator: z.enum(GENERATORS, `must be one of ${GENERATORS.join(', ')}`).optional(),
      languages: z.array(language, 'must be a list like [en, de]').min(1, 'must not be empty').optional(),
      max_file: size.prefault('5MB'),
    }).prefault({}),
    feeds: section({
      limit: count.default(20),
      bytes: count.default(250_000),
      content: z.enum(['full', 'summary'], 'must be full or summary').default('full'),
      link: z.enum(['permalink', 'external'], 'must be permalink or external').default('permalink'),
      url: base.optional(),
      per: z
        .array(z.enum(GROUPING_NAMES, `must be some of ${GROUPING_NAMES.join(', ')}`), 'must be a list')
        .default(['tag', 'source', 'author', 'kind']),
    }).prefault({}),
    sources: z
      .record(z.string(), z.strictObject({ url: url.optional(), feed: url.optional() }, SOURCE), SOURCES)
      .default({}),
    store: text.default('file:feeds'),
    ledger: text
      .regex(
        /^(?:store|file:(?:.*[\\/])?[^.\\/][^\\/]*)$/,
        'must be store, or a file like file:ledger.json whose name does not begin with a dot',
      )
      .default('store'),
    podcast: podcast.optional(),
    pages: section({ feeds: flag.prefault(true), entries: flag.prefault(false) }).prefault({}),
    hold: duration.prefault('0m'),
    guard: section({ share: share.prefault('20%') }).prefault({}),
    tombstones: duration.prefault('30d'),
    redirects: z
      .record(
        path,
        z.union([path, url, z.literal('gone')], { error: 'must be a path, a URL, or gone' }),
        REDIRECTS,
      )
      .default({}),
    schedule: text.refine(isSchedule, 'must be a cron expression like "*/5 * * * *"').default('*/5 * * * *'),
    server: section({
      port: count.max(65535, 'must be at most 65535').default(3000),
      host: text.regex(/^[\w.:-]+$/, 'must be a host name or an address').default('127.0.0.1'),
      cache: size.prefault('128MB'),
      max_age: section({ min: duration.prefault('5m'), max: duration.prefault('5h') })
        .refine(({ min, max }) => min <= max, 'must have a min that is not more than its max')
        .prefault({}),
      trust_proxy: count.default(0),
      fair_use: fairUse.default({ answers: FAIR_ANSWERS, except: [] }),
      connections: count.min(1, 'must be at least 1').default(10_000),
      admin_port: count.max(65535, 'must be at most 65535').optional(),
      log_requests: share.prefault('0%'),
    }).prefault({}),
  })
  .refine(({ podcast, site }) => podcast === undefined || site.language !== undefined, {
    path: ['site', 'language'],
    message: 'must be set for a podcast: directories ask for it',
  });

/** The same as a JSON Schema (2020-12), for editors that complete and check YAML by one. */
export function settingsSchema(): object {
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return {
    ...made,
    title: 'feedwright.yml',
    description: 'Settings of Feedwright; all of them are optional.',
  };
}

export type CheckedSettings = z.output<typeof schema>;

/**
 * Checks what feedwright.yml, flags and environment say together. Problems are one sentence each; `place` tells where a
 * setting was written.
 */
export function checkSettings(
  written: unknown,
  place: (key: string) => string,
): { settings: CheckedSettings } | { problems: string[] } {
  const read = schema.safeParse(written, { jitless: true });
  return read.success
    ? { settings: read.data }
    : { problems: read.error.issues.flatMap((issue) => sentences(issue, place)) };
}

function sentences(issue: z.core.$ZodIssue, place: (key: string) => string): string[] {
  // What is wrong in a list is told of the list.
  const key = issue.path.filter((part) => typeof part !== 'number').join('.');
  if (issue.code !== 'unrecognized_keys') return [`${place(key)} ${issue.message}`];
  const known = keysAt(issue.path);
  return issue.keys.map((wrong) => {
    const near = known.map((name) => [distance(wrong, name), name] as const).sort(([a], [b]) => a - b)[0];
    const hint = near && near[0] <= 3 ? `did you mean ${near[1]}?` : `known here: ${known.join(', ')}`;
    return `${place([...issue.path, wrong].join('.'))} is not a setting; ${hint}`;
  });
}

/** The settings that may stand below a key, as the schema knows them. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) {
    while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional)
      at = at.unwrap();
    at =
      at instanceof z.ZodRecord
        ? at.valueType
        : at instanceof z.ZodObject
          ? (at.shape as Record<string, unknown>)[String(key)]
          : undefined;
  }
  while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional)
    at = at.unwrap();
  const choices = at instanceof z.ZodUnion ? at.options : [at];
  return choices.flatMap((each) => (each instanceof z.ZodObject ? Object.keys(each.shape) : []));
}

/** How many letters must change to make one word the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1)!;
}
