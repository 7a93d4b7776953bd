/** Every setting there is: its shape, its default, and the flag and variable that override it. */
import * as z from 'zod/mini';
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
  whole,
} from './setting-values.ts';
import { isSchedule } from './worker/schedule.ts';

/** The settings that flags and the environment can give, with where each stands in feedwright.yml. */
export const OVERRIDES = [
  { flag: '--content <dir>', env: 'CONTENT_DIR', key: 'content.dir', path: true, help: 'folder of markdown posts (content)' },
  { flag: '--out <dir>', env: 'FEEDS_DIR', key: 'store', path: true, help: 'folder the feeds are written to (feeds)' },
  { flag: '--store <url>', env: 'STORE_URL', key: 'store', path: false, help: 'where feeds are kept, as a URL like file:feeds' },
  { flag: '--url <url>', env: 'SITE_URL', key: 'site.url', path: false, help: 'address of the site the posts are on' },
  { flag: '--title <text>', env: 'SITE_TITLE', key: 'site.title', path: false, help: 'title of the site and its main feed' },
  { flag: '--limit <n>', env: 'FEED_LIMIT', key: 'feeds.limit', path: false, help: 'entries per feed; 0 for all (20)' },
  { flag: '--schedule <cron>', env: 'SCHEDULE', key: 'schedule', path: false, help: 'when to publish ("*/5 * * * *")' },
  { flag: '--port <n>', env: 'PORT', key: 'server.port', path: false, help: 'port to serve on; 0 for any free one (3000)' },
  { flag: '--host <h>', env: undefined, key: 'server.host', path: false, help: 'address to listen on (127.0.0.1)' },
] as const; // prettier-ignore

const SOURCE = 'must be like { url: https://blog.example/, feed: https://blog.example/feed.xml }';
const SOURCES =
  'must have a name and its addresses on each line, like Some Blog: { url: https://blog.example/ }';
const REDIRECTS = 'must have a path and where it leads on each line, like /old.xml: /feed.xml';

const port = whole(z.maximum(65535, 'must be at most 65535'));

const schema = z
  .strictObject({
    site: settings({
      title: z.optional(text),
      url: z.optional(base),
      description: z.optional(text),
      language: z.optional(language),
      timezone: z._default(
        text.check(z.refine(isTimezone, 'must be the name of a time zone like Europe/Paris')),
        'UTC',
      ),
      author: z.optional(author),
      icon: z.optional(url),
      logo: z.optional(url),
      copyright: z.optional(text),
    }),
    content: settings({
      dir: z._default(text, 'content'),
      permalink: z._default(permalink, '/posts/:slug/'),
      generator: z.optional(z.enum(GENERATORS, `must be one of ${GENERATORS.join(', ')}`)),
      languages: z.optional(
        z.array(language, 'must be a list like [en, de]').check(z.minLength(1, 'must not be empty')),
      ),
      max_file: z.prefault(size, '5MB'),
    }),
    feeds: settings({
      limit: z.prefault(count, 20),
      bytes: z.prefault(count, 250_000),
      content: z._default(z.enum(['full', 'summary'], 'must be full or summary'), 'full'),
      link: z._default(z.enum(['permalink', 'external'], 'must be permalink or external'), 'permalink'),
      url: z.optional(base),
      per: z._default(
        z.array(z.enum(GROUPING_NAMES, `must be some of ${GROUPING_NAMES.join(', ')}`), 'must be a list'),
        ['tag', 'source', 'author', 'kind'],
      ),
    }),
    sources: z.prefault(
      z.record(z.string(), z.strictObject({ url: z.optional(url), feed: z.optional(url) }, SOURCE), SOURCES),
      {},
    ),
    store: z._default(text, 'file:feeds'),
    ledger: z._default(
      text.check(
        z.regex(
          /^(?:store|file:(?:.*[\\/])?[^.\\/][^\\/]*)$/,
          'must be store, or a file like file:ledger.json whose name does not begin with a dot',
        ),
      ),
      'store',
    ),
    podcast: z.optional(podcast),
    pages: settings({ feeds: z.prefault(flag, true), entries: z.prefault(flag, false) }),
    hold: z.prefault(duration, '0m'),
    guard: settings({ share: z.prefault(share, '20%') }),
    tombstones: z.prefault(duration, '30d'),
    redirects: z.prefault(
      z
        .record(
          path,
          z.union([path, url, z.literal('gone')], { error: 'must be a path, a URL, or gone' }),
          REDIRECTS,
        )
        .check(z.refine(haveEnds, 'must not lead back to where they began')),
      {},
    ),
    schedule: z._default(
      text.check(z.refine(isSchedule, 'must be a cron expression like "*/5 * * * *"')),
      '*/5 * * * *',
    ),
    server: settings({
      port: z.prefault(port, 3000),
      host: z._default(text.check(z.regex(/^[\w.:-]+$/, 'must be a host name or an address')), '127.0.0.1'),
      cache: z.prefault(size, '128MB'),
      max_age: z.prefault(
        section({ min: z.prefault(duration, '5m'), max: z.prefault(duration, '5h') }).check(
          z.refine(({ min, max }) => min <= max, 'must have a min that is not more than its max'),
        ),
        {},
      ),
      trust_proxy: z.prefault(count, 0),
      fair_use: z._default(fairUse, { answers: FAIR_ANSWERS, except: [] }),
      connections: z.prefault(whole(z.minimum(1, 'must be at least 1')), 10_000),
      admin_port: z.optional(port),
      log_requests: z.prefault(share, '0%'),
    }),
  })
  .check(
    z.refine(({ podcast, site }) => podcast === undefined || site.language !== undefined, {
      path: ['site', 'language'],
      message: 'must be set for a podcast: directories ask for it',
    }),
  );

/** A section that need not be there. */
function settings<T extends z.core.$ZodLooseShape>(shape: T) {
  return z.prefault(section(shape), {} as z.input<z.ZodMiniObject<T, z.core.$strict>>);
}

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

/** Whether every redirect leads somewhere, be it by others: readers follow one that does not until they give the feed up. */
function haveEnds(redirects: Readonly<Record<string, string>>): boolean {
  return Object.keys(redirects).every((from) => {
    const seen = new Set<string>();
    let at: string | undefined = from;
    for (; at !== undefined && !seen.has(at); at = redirects[at]) seen.add(at);
    return at === undefined;
  });
}

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
    at = unwrapped(at);
    at =
      at instanceof z.ZodMiniRecord
        ? at.def.valueType
        : at instanceof z.ZodMiniObject
          ? (at.shape as Record<string, unknown>)[String(key)]
          : undefined;
  }
  at = unwrapped(at);
  const choices = at instanceof z.ZodMiniUnion ? at.def.options : [at];
  return choices.flatMap((each) => (each instanceof z.ZodMiniObject ? Object.keys(each.shape) : []));
}

function unwrapped(at: unknown): unknown {
  while (at instanceof z.ZodMiniDefault || at instanceof z.ZodMiniPrefault || at instanceof z.ZodMiniOptional)
    at = at.def.innerType;
  return at;
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
