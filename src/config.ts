/** Settings: flags over environment over feedwright.yml over defaults, read once and passed down as a plain value. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isTimezone } from './content/dates.ts';
import { readYaml } from './content/front-matter.ts';
import { webUrl } from './content/urls.ts';
import type { Site, Source } from './publish/feed.ts';
import type { PublishOptions } from './publish/publish.ts';
import { GROUPING_NAMES } from './publish/select.ts';
import { isSchedule } from './worker/schedule.ts';

export interface Settings {
  /** Absolute path. */
  contentFolder: string;
  storeUrl: string;
  /** What a relative path in `storeUrl` is relative to. */
  baseFolder: string;
  site: Site;
  /** Whether `site.url` is only a stand-in, since none was set. */
  siteUrlIsDefault: boolean;
  publish: PublishOptions;
  /** Cron expression, in the site's time zone. */
  schedule: string;
  host: string;
  port: number;
}

/** Everything that is wrong with the settings, one sentence each. */
export class ConfigError extends Error {
  readonly problems: string[];

  constructor(problems: string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

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

const text = z.string({ error: 'must be text' }).trim().min(1, 'must not be empty');
const url = text.refine(
  (written) => webUrl(written) !== undefined,
  'must be a whole http(s) URL like https://example.com/',
);
/** An address that paths are put behind. */
const base = url
  .refine((written) => !/[?#]/.test(written), 'must not have a query or a fragment')
  .transform((written) => new URL(written).href.replace(/\/*$/, '/'));
const count = z.coerce
  .number({ error: 'must be a whole number' })
  .int('must be a whole number')
  .min(0, 'must not be negative');
const language = text.regex(/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i, 'must be a language tag like en or pt-BR');
const author = z.union(
  [
    text.transform((name) => ({ name })),
    z.strictObject({ name: text, email: z.email('must be a mail address').optional(), url: url.optional() }),
  ],
  { error: 'must be a name, or { name, email, url }' },
);

const schema = z.strictObject({
  site: z
    .strictObject({
      title: text.optional(),
      url: base.optional(),
      description: text.optional(),
      language: language.optional(),
      timezone: text.refine(isTimezone, 'must be the name of a time zone like Europe/Paris').default('UTC'),
      author: author.optional(),
      icon: url.optional(),
      logo: url.optional(),
      copyright: text.optional(),
    })
    .prefault({}),
  content: z
    .strictObject({
      dir: text.default('content'),
      permalink: text.regex(/:(?:slug|path)\b/, 'must contain :slug or :path').default('/posts/:slug/'),
    })
    .prefault({}),
  feeds: z
    .strictObject({
      limit: count.default(20),
      bytes: count.default(250_000),
      content: z.enum(['full', 'summary'], 'must be full or summary').default('full'),
      link: z.enum(['permalink', 'external'], 'must be permalink or external').default('permalink'),
      url: base.optional(),
      per: z
        .array(z.enum(GROUPING_NAMES, `must be some of ${GROUPING_NAMES.join(', ')}`), 'must be a list')
        .default(['tag', 'source', 'author', 'kind']),
    })
    .prefault({}),
  sources: z.record(z.string(), z.strictObject({ url: url.optional(), feed: url.optional() })).default({}),
  store: text.default('file:feeds'),
  schedule: text.refine(isSchedule, 'must be a cron expression like "*/5 * * * *"').default('*/5 * * * *'),
  server: z
    .strictObject({
      port: count.max(65535, 'must be at most 65535').default(3000),
      host: text.regex(/^[\w.:-]+$/, 'must be a host name or an address').default('127.0.0.1'),
    })
    .prefault({}),
});

export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * The settings that `flags` (by name, without dashes), `env` and the configuration file give together. Relative paths in the
 * file are relative to it, those of flags and environment to `folder`. Throws ConfigError with all problems at once.
 */
export function readSettings(flags: Flags, env: Flags, folder: string): Settings {
  const file = readFile(flags['config'], folder);
  const written = file.data;
  const origins = new Map<string, string>();
  for (const { flag, env: variable, key, path } of OVERRIDES) {
    const name = flag.slice(2).split(' ')[0]!;
    const value = flags[name] ?? ((variable && env[variable]) || undefined);
    if (value === undefined || (origins.get(key)?.startsWith('--') && flags[name] === undefined)) continue;
    const place = path ? resolve(folder, value) : value;
    set(written, key, key === 'store' ? storeUrl(place, folder) : place);
    origins.set(key, flags[name] === undefined && variable ? variable : `--${name}`);
  }
  const read = schema.safeParse(written);
  if (!read.success)
    throw new ConfigError(read.error.issues.flatMap((issue) => sentences(issue, origins, file.name)));
  return toSettings(read.data, file.folder);
}

function toSettings(
  { site, content, feeds, sources, store, schedule, server }: z.output<typeof schema>,
  folder: string,
): Settings {
  const siteUrl = site.url ?? defaultUrl(server.host, server.port);
  const title = site.title ?? (site.url ? new URL(siteUrl).hostname : 'Feedwright');
  const known = Object.entries(sources).map(([name, source]): [string, Source] => [
    name.toLowerCase(),
    defined({ name, ...source }),
  ]);
  return {
    contentFolder: resolve(folder, content.dir),
    storeUrl: store,
    baseFolder: folder,
    site: defined({
      ...site,
      title,
      url: siteUrl,
      feedsUrl: feeds.url ?? siteUrl,
      author: site.author && defined(site.author),
    }) as Site,
    siteUrlIsDefault: site.url === undefined,
    publish: {
      permalink: content.permalink,
      limit: feeds.limit,
      bytes: feeds.bytes,
      content: feeds.content,
      link: feeds.link,
      per: feeds.per,
      sources: new Map(known),
    },
    schedule,
    host: server.host,
    port: server.port,
  };
}

/** What a browser on this machine reaches the server by. */
function defaultUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return new URL(`http://${name}:${port || 80}/`).href;
}

type Data = Record<string, unknown>;

function readFile(named: string | undefined, folder: string): { data: Data; name: string; folder: string } {
  const names = named === undefined ? ['feedwright.yml', 'feedwright.yaml'] : [named];
  for (const name of names) {
    const path = resolve(folder, name);
    let source: string;
    try {
      source = readFileSync(path, 'utf8');
    } catch (error) {
      if (named === undefined && (error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw new ConfigError([`${name} cannot be read: ${(error as Error).message}`]);
    }
    return { data: parse(source, name), name, folder: dirname(path) };
  }
  return { data: {}, name: names[0]!, folder };
}

function parse(source: string, name: string): Data {
  let data: unknown;
  try {
    data = source.trim() === '' ? {} : readYaml(source);
  } catch (error) {
    const { reason, mark } = error as { reason?: string; mark?: { line: number } };
    throw new ConfigError([
      `${name}:${(mark?.line ?? 0) + 1}: the YAML cannot be read: ${reason ?? (error as Error).message}`,
    ]);
  }
  if (data === null || data === undefined) return {};
  if (typeof data !== 'object' || Array.isArray(data))
    throw new ConfigError([`${name}: must be "key: value" lines`]);
  return structuredClone(data) as Data;
}

function set(data: Data, key: string, value: string): void {
  const [section, name] = key.split('.') as [string, string | undefined];
  if (name === undefined) data[section] = value;
  else data[section] = { ...(typeof data[section] === 'object' ? data[section] : {}), [name]: value };
}

/** A folder as a store's URL; a store that is a relative file is relative to `folder`. */
function storeUrl(place: string, folder: string): string {
  const relative = /^(?:file:(?!\/))?(?![a-z][a-z0-9+.-]*:)(.+)$/i.exec(place)?.[1];
  return relative === undefined ? place : `file:${resolve(folder, relative)}`;
}

function sentences(issue: z.core.$ZodIssue, origins: Map<string, string>, file: string): string[] {
  const key = issue.path.join('.');
  const place = origins.get(key) ?? `${file}: ${key}`;
  if (issue.code !== 'unrecognized_keys') return [`${place} ${issue.message}`];
  const known = keysAt(issue.path);
  return issue.keys.map((wrong) => {
    const near = known.map((name) => [distance(wrong, name), name] as const).sort(([a], [b]) => a - b)[0];
    const hint = near && near[0] <= 3 ? `did you mean ${near[1]}?` : `known here: ${known.join(', ')}`;
    return `${file}: ${[...issue.path, wrong].join('.')} is not a setting; ${hint}`;
  });
}

function keysAt(path: readonly PropertyKey[]): string[] {
  let at: unknown = schema;
  for (const key of path) {
    while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional)
      at = at.unwrap();
    at =
      at instanceof z.ZodRecord
        ? at.valueType
        : at instanceof z.ZodObject
          ? (at.shape as Data)[String(key)]
          : undefined;
  }
  while (at instanceof z.ZodDefault || at instanceof z.ZodPrefault || at instanceof z.ZodOptional)
    at = at.unwrap();
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
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

/** Without the properties that are undefined, as exact optional properties need it. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
