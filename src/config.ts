/** Settings: flags over environment over feedwright.yml over defaults, read once and passed down as a plain value. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readYaml, yamlFault } from './content/front-matter.ts';
import { UsageError, meaningOf } from './edge.ts';
import type { Podcast, Site, Source } from './publish/feed.ts';
import type { Permalinks } from './publish/permalinks.ts';
import type { PublishOptions } from './publish/publish.ts';
import { OVERRIDES, checkSettings } from './settings.ts';
import type { CheckedSettings } from './settings.ts';

export interface Settings {
  /** Absolute path. */
  contentFolder: string;
  /** Bytes that one post's file may have. */
  maxFile: number;
  storeUrl: string;
  /** What a relative path in `storeUrl` is relative to. */
  baseFolder: string;
  site: Site;
  /** Whether `site.url` is only a stand-in, since none was set. */
  siteUrlIsDefault: boolean;
  publish: PublishOptions;
  /** Absolute path of the ledger's file; undefined if it is in the store. */
  ledgerFile?: string;
  /** Milliseconds that new posts are kept back. */
  hold: number;
  /** Part of what feeds show that one run may change; from 0 to 1. */
  guardShare: number;
  /** Milliseconds that tombstones and empty feeds stay. */
  tombstones: number;
  /** Where readers of files that are no more are sent, by name. */
  redirects: ReadonlyMap<string, string>;
  /** Cron expression, in the site's time zone. */
  schedule: string;
  server: {
    host: string;
    port: number;
    /** Bytes of feeds to keep in memory. */
    cache: number;
    /** Bounds of `max-age`, in seconds. */
    maxAge: { min: number; max: number };
    /** Undefined if nobody is limited. */
    fairUse: { answers: number; except: string[] } | undefined;
    trustProxy: number;
    connections: number;
    adminPort: number | undefined;
    /** From 0 to 1. */
    logRequests: number;
  };
}

export type Flags = Readonly<Record<string, string | undefined>>;

/**
 * The settings that `flags` (by name, without dashes), `env` and the configuration file give together. Relative paths in the
 * file are relative to it, those of flags and environment to `folder`. Throws UsageError with all problems at once.
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
  const checked = checkSettings(written, (key) => origins.get(key) ?? `${file.name}: ${key}`);
  if ('problems' in checked) throw new UsageError(checked.problems);
  return toSettings(checked.settings, file.folder);
}

function toSettings(
  {
    site,
    content,
    feeds,
    podcast,
    pages,
    sources,
    store,
    ledger,
    schedule,
    server,
    ...history
  }: CheckedSettings,
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
    maxFile: content.max_file,
    storeUrl: store,
    baseFolder: folder,
    site: defined({
      ...site,
      title,
      url: siteUrl,
      feedsUrl: feeds.url ?? siteUrl,
      author: site.author && defined(site.author),
      podcast: podcast && podcastOf(podcast),
    }),
    siteUrlIsDefault: site.url === undefined,
    publish: {
      permalink: permalinksOf(content),
      ...(content.languages && { languages: content.languages }),
      limit: feeds.limit,
      bytes: feeds.bytes,
      content: feeds.content,
      link: feeds.link,
      per: feeds.per,
      pages,
      podcast: podcast !== undefined,
      sources: new Map(known),
    },
    ...(ledger !== 'store' && { ledgerFile: resolve(folder, ledger.slice('file:'.length)) }),
    hold: history.hold,
    guardShare: history.guard.share,
    tombstones: history.tombstones,
    redirects: new Map(Object.entries(history.redirects).map(([from, to]) => [nameOf(from), to])),
    schedule,
    server: {
      host: server.host,
      port: server.port,
      cache: server.cache,
      maxAge: { min: Math.ceil(server.max_age.min / 1000), max: Math.ceil(server.max_age.max / 1000) },
      fairUse: server.fair_use,
      trustProxy: server.trust_proxy,
      connections: server.connections,
      adminPort: server.admin_port,
      logRequests: server.log_requests,
    },
  };
}

function permalinksOf({ permalink, generator, languages }: CheckedSettings['content']): Permalinks {
  if (typeof permalink === 'string' && !generator && !languages) return permalink;
  const patterns = typeof permalink === 'string' ? { '/': permalink } : permalink;
  return { patterns, ...(generator && { generator }), ...(languages && { languages }) };
}

function podcastOf({ category, type, ...others }: NonNullable<CheckedSettings['podcast']>): Podcast {
  return { ...(defined(others) as Omit<Podcast, 'categories' | 'kind'>), categories: category, kind: type };
}

/** A path from `/` as the name of a file. */
function nameOf(path: string): string {
  try {
    return decodeURIComponent(path.slice(1));
  } catch {
    return path.slice(1);
  }
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
      throw new UsageError([`${name} cannot be read: ${meaningOf(error) ?? (error as Error).message}`]);
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
    const { line, reason } = yamlFault(error);
    throw new UsageError([`${name}:${line}: the YAML cannot be read: ${reason}`]);
  }
  if (data === null || data === undefined) return {};
  if (typeof data !== 'object' || Array.isArray(data))
    throw new UsageError([`${name}: must be "key: value" lines`]);
  return withoutEmpty(data as Data, [], (key) => {
    throw new UsageError([`${name}: ${key} must not contain itself`]);
  });
}

/** A copy without the keys behind which nothing is written, as when all that is below one is commented out. */
function withoutEmpty(data: Data, within: readonly Data[], refuse: (key: string) => never): Data {
  const kept = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  const isMap = (value: unknown): value is Data => typeof value === 'object' && !Array.isArray(value);
  const inside = [...within, data];
  return Object.fromEntries(
    kept.map(([key, value]) => {
      if (!isMap(value)) return [key, structuredClone(value)];
      return [key, inside.includes(value) ? refuse(key) : withoutEmpty(value, inside, refuse)];
    }),
  );
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

/** Without the properties that are undefined, as exact optional properties need it. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as never;
}
