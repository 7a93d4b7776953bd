/** One run: read the posts, publish, write what changed. Safe to repeat, and to be killed at any point. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { byPlace, readContent } from '../content/read.ts';
import type { Content } from '../content/read.ts';
import type { Moment, Problem } from '../content/post.ts';
import { LAST_ENTRIES, lastBytes, readLast } from '../ledger/last.ts';
import type { Entry, Failure, Gate, Site } from '../publish/feed.ts';
import { FORMAT_FILES } from '../publish/feed.ts';
import { publish } from '../publish/publish.ts';
import { GROUPING_FOLDERS } from '../publish/select.ts';
import type { Publication, PublishOptions, Rendered } from '../publish/publish.ts';
import { CATALOGUE, catalogueBytes, hashOf, readCatalogue } from '../store/catalogue.ts';
import type { Lease, Store } from '../store/store.ts';

export interface RunInput {
  contentFolder: string;
  /** Bytes that one post's file may have. */
  maxFile?: number;
  store: Store;
  site: Site;
  options: PublishOptions;
  gate: Gate;
  now: Moment;
  /** How long to wait for another process that is publishing, in milliseconds. */
  patience?: number;
  rendered?: ReadonlyMap<string, Rendered>;
}

export interface Outcome {
  /** `held`: there are no posts now, but there were, so everything stays. `nothing`: there are none, and never were. */
  outcome: 'published' | 'unchanged' | 'held' | 'nothing';
  /** Posts that are due, and posts that are dated ahead. */
  posts: number;
  scheduled: number;
  feeds: { folder: string; title: string; entries: number }[];
  written: string[];
  removed: string[];
  unchanged: number;
  problems: Problem[];
  failures: Failure[];
}

export interface RunResult {
  outcome: Outcome;
  rendered: ReadonlyMap<string, Rendered>;
}

const LEASE = 'publish';
const LEASE_TTL = 30_000;
const WRITES_AT_ONCE = 8;

/** Rejects if the content folder is not there, the store cannot be written, or another process goes on publishing. */
export async function run(input: RunInput): Promise<RunResult> {
  const { store } = input;
  const lease = await takeLease(store, input.patience ?? 0);
  const renewal = setInterval(() => void lease.renew().catch(() => false), LEASE_TTL / 3);
  try {
    const last = await readLast(store);
    const { site, options } = input;
    // In whole seconds, as everything that is published is.
    const now = Math.floor(input.now / 1000) * 1000;
    const content = await readContent(input.contentFolder, {
      timezone: site.timezone,
      now,
      ...(input.maxFile && { maxFile: input.maxFile }),
    });
    const publication = publish({
      posts: content.posts,
      kept: keptEntries(content, last),
      last,
      site,
      options,
      now,
      gate: input.gate,
      ...(input.rendered && { rendered: input.rendered }),
    });
    const outcome: Outcome = {
      outcome: 'nothing',
      posts: publication.due,
      scheduled: publication.scheduled,
      feeds: publication.feeds,
      written: [],
      removed: [],
      unchanged: 0,
      problems: [...content.problems, ...publication.problems].sort(byPlace),
      failures: publication.failures,
    };
    if (publication.files.length > 0) await write(store, publication, content.complete, outcome);
    else if ((await store.list()).length > 0) outcome.outcome = 'held';
    return { outcome, rendered: publication.rendered };
  } finally {
    clearInterval(renewal);
    await lease.release();
  }
}

async function takeLease(store: Store, patience: number): Promise<Lease> {
  for (let waited = 0; ; waited += 100) {
    const lease = await store.lease(LEASE, LEASE_TTL);
    if (lease) return lease;
    if (waited >= patience)
      throw new Error('another Feedwright is publishing to this store; try again when it is done');
    await sleep(100);
  }
}

/** The entries whose posts cannot be read now: broken files, and, if a folder could not be read, all that may be in it. */
function keptEntries(content: Content, last: ReadonlyMap<string, Entry>): Entry[] {
  const broken = new Set(content.broken);
  const known = new Set([...content.posts.map((post) => post.path), ...content.hidden]);
  return [...last.values()].filter(({ path }) => broken.has(path) || (!content.complete && !known.has(path)));
}

/**
 * What is remembered goes first, then the feeds, then what is gone, and the catalogue last: whoever reads it finds all that
 * it names. Files that already have the right bytes are not touched.
 */
async function write(
  store: Store,
  publication: Publication,
  complete: boolean,
  outcome: Outcome,
): Promise<void> {
  const limit = pLimit(WRITES_AT_ONCE);
  const put = async (name: string, body: Buffer): Promise<boolean> => {
    const stored = await store.get(name);
    if (stored?.body.equals(body)) return false;
    await store.put(name, body);
    return true;
  };
  await put(LAST_ENTRIES, lastBytes(publication.shown));

  const before = (await readCatalogue(store))?.files ?? {};
  const files: Record<string, string> = {};
  await Promise.all(
    publication.files.map(({ name, body }) =>
      limit(async () => {
        files[name] = hashOf(body);
        if (await put(name, body)) outcome.written.push(name);
        else outcome.unchanged++;
      }),
    ),
  );
  // Last good files stay in the catalogue as they are.
  const stay = complete ? publication.failedFiles : Object.keys(before);
  for (const name of stay) if (!(name in files) && before[name]) files[name] = before[name];
  if (complete) {
    const gone = [...new Set([...Object.keys(before), ...(await ownFiles(store))])].filter(
      (name) => !(name in files),
    );
    const kept = new Set(publication.failedFiles);
    outcome.removed = gone.filter((name) => !kept.has(name)).sort();
    await Promise.all(outcome.removed.map((name) => limit(() => store.remove(name))));
  }
  await put(CATALOGUE, catalogueBytes({ version: 1, feeds: publication.feeds, files }));
  outcome.written.sort();
  outcome.outcome = outcome.written.length + outcome.removed.length > 0 ? 'published' : 'unchanged';
}

const FILES = new Set(Object.values(FORMAT_FILES).map(({ file }) => file));

/** Feeds in the store that only a run can have put there: a run that was killed may not have written the catalogue. */
async function ownFiles(store: Store): Promise<string[]> {
  const names = (await store.list()).map(({ name }) => name);
  return names.filter((name) => {
    const [folder, , file, ...deeper] = name.split('/');
    return GROUPING_FOLDERS.some((each) => each === folder) && FILES.has(file ?? '') && deeper.length === 0;
  });
}
