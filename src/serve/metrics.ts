/** What is counted, for Prometheus. The only home of prom-client. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { FORMAT_FILES } from '../publish/feed.ts';
import type { Status } from '../store/status.ts';

export interface Metrics {
  /** Counts an answer: of a feed's file by its name, of anything else by ''. */
  answered(name: string, status: number, bytes: number): void;
  /** As Prometheus reads it. */
  text(now: Observed): Promise<string>;
  contentType: string;
}

/** What is looked up when somebody asks. Moments are milliseconds since 1970. */
export interface Observed {
  feeds: readonly { folder: string; changed?: number }[];
  cache: { files: number; bytes: number };
  connections: number;
  storeFailure: boolean;
  unreadable: number;
  status?: Status;
}

const FORMATS = new Map(Object.entries(FORMAT_FILES).map(([format, { file }]) => [file, format]));

/** `site`, or for `tags/rust/` and all of its kind `tags`. */
function kindOf(folder: string): string {
  const at = folder.indexOf('/');
  return folder === '' ? 'site' : at === folder.length - 1 ? 'named' : folder.slice(0, at);
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []): Gauge<L> =>
    new Gauge({ name: `feedwright_${name}`, help, labelNames, registers });
  const counter = <L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> =>
    new Counter({ name: `feedwright_${name}`, help, labelNames, registers });

  const labels: ('feed' | 'format' | 'status')[] = ['feed', 'format', 'status'];
  const requests = counter(
    'http_requests_total',
    'Requests answered, by kind of feed, format and status',
    labels,
  );
  const bytes = counter('http_response_bytes_total', 'Bytes of bodies sent', labels);
  const feeds = gauge('feeds', 'Published feeds, by kind', ['feed']);
  const changed = gauge('feed_changed_timestamp_seconds', 'When a feed of the kind last changed', ['feed']);
  const cacheFiles = gauge('cache_files', 'Files of feeds in memory');
  const cacheBytes = gauge('cache_bytes', 'Bytes that they take, compressed forms included');
  const connections = gauge('connections', 'Connections that are open');
  const storeUp = gauge('store_up', 'Whether the store could be read when it was last looked at');
  const unreadable = gauge('unreadable_feeds', 'Files of feeds that are known but cannot be read');
  const runs = counter('runs_total', 'Runs since the worker started, by outcome', ['outcome']);
  const runSeconds = counter('run_duration_seconds_total', 'Time that these runs took');
  const lastRun = gauge('last_run_timestamp_seconds', 'When the last run ended');
  const lastDuration = gauge('last_run_duration_seconds', 'Time that it took');
  const nextRun = gauge('next_run_timestamp_seconds', 'When the next run is sure to come');
  const posts = gauge('posts', 'Posts that are published');
  const errors = gauge('problems', 'Problems that the last run found');
  const held = gauge('held_entries', 'Entries that wait for approval');

  /** Counting is on the hot path, so it is plain; who asks gets it put together. */
  const tally = new Map<string, Map<number, { requests: number; bytes: number }>>();

  function observe({ status, ...now }: Observed): void {
    for (const [name, statuses] of tally) {
      const at = name.lastIndexOf('/') + 1;
      const format = FORMATS.get(name.slice(at));
      const labels = {
        feed: format ? kindOf(name.slice(0, at)) : 'none',
        format: format ?? 'none',
      };
      for (const [status, counted] of statuses) {
        requests.inc({ ...labels, status: String(status) }, counted.requests);
        bytes.inc({ ...labels, status: String(status) }, counted.bytes);
      }
    }
    tally.clear();
    feeds.reset();
    changed.reset();
    const newest = new Map<string, number>();
    for (const feed of now.feeds) {
      const kind = kindOf(feed.folder);
      feeds.inc({ feed: kind });
      if (feed.changed !== undefined) newest.set(kind, Math.max(feed.changed, newest.get(kind) ?? 0));
    }
    for (const [kind, moment] of newest) changed.set({ feed: kind }, moment / 1000);
    cacheFiles.set(now.cache.files);
    cacheBytes.set(now.cache.bytes);
    connections.set(now.connections);
    storeUp.set(now.storeFailure ? 0 : 1);
    unreadable.set(now.unreadable);
    if (!status) return;
    runs.reset();
    for (const [outcome, count] of Object.entries(status.runs ?? {})) runs.inc({ outcome }, count);
    runSeconds.reset();
    runSeconds.inc(status.seconds ?? 0);
    lastRun.set(Date.parse(status.at) / 1000);
    lastDuration.set(status.took ?? 0);
    if (status.next !== undefined) nextRun.set(Date.parse(status.next) / 1000);
    posts.set(status.posts ?? 0);
    errors.set(status.errors ?? 0);
    held.set(status.held ?? 0);
  }

  return {
    answered(name, status, sent) {
      let statuses = tally.get(name);
      if (!statuses) {
        statuses = new Map<number, { requests: number; bytes: number }>();
        tally.set(name, statuses);
      }
      const counted = statuses.get(status);
      if (counted) {
        counted.requests += 1;
        counted.bytes += sent;
      } else statuses.set(status, { requests: 1, bytes: sent });
    },
    text(now) {
      observe(now);
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
