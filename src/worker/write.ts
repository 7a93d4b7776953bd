/** What a run does to the store. Every step can be repeated, and a run may be killed between any two. */
import pLimit from 'p-limit';
import { FORMS, formsBytes } from '../ledger/forms.ts';
import { recordFiles } from '../ledger/files.ts';
import { writeLedger } from '../ledger/keep.ts';
import type { LedgerPlace, StoredLedger } from '../ledger/keep.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { FORMAT_FILES } from '../publish/feed.ts';
import { GROUPING_FOLDERS } from '../publish/select.ts';
import { CATALOGUE, catalogueBytes, hashOf } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import type { Composition, Plan } from './compose.ts';
import { redirectsOf } from './redirects.ts';

/** What one process knows of a store that nobody else writes to while it holds the lease. */
export interface Seen {
  /** Hash and version of what was found or put under a name. */
  files: ReadonlyMap<string, { hash: string; version: string }>;
}

export interface WriteInput {
  store: Store;
  place: LedgerPlace;
  plan: Plan;
  composition: Composition;
  before: Ledger;
  /** Whether everything in the content folder could be read: else nothing is removed. */
  complete: boolean;
  redirects: ReadonlyMap<string, string>;
  seen: Seen;
  wait: (milliseconds: number) => Promise<unknown>;
}

export interface Written {
  written: string[];
  removed: string[];
  unchanged: number;
  ledger: StoredLedger;
  seen: Seen;
}

const AT_ONCE = 8;

/**
 * What is remembered goes first, then the feeds, then what is gone, and the catalogue last: whoever reads it finds all that it
 * names. Files that have the right bytes are not touched.
 */
export async function write({
  store,
  place,
  plan,
  composition,
  before,
  complete,
  ...others
}: WriteInput): Promise<Written> {
  const { publication, entries, feeds } = composition;
  const limit = pLimit(AT_ONCE);
  const all = <T>(values: Iterable<T>, work: (value: T) => Promise<void>): Promise<unknown> =>
    Promise.all([...values].map((value) => limit(() => work(value))));
  const bodies = new Map(publication.files.map(({ name, body }) => [name, body]));
  const hashes = new Map([...bodies].map(([name, body]) => [name, hashOf(body)]));
  // Last good files stay as they are.
  const stay = complete ? publication.failedFiles : before.files.keys();
  for (const name of stay) {
    const known = before.files.get(name);
    if (known && !hashes.has(name)) hashes.set(name, known.hash);
  }

  const { files, moment } = recordFiles(before.files, hashes, plan.now);
  const ahead = moment - plan.now;
  // Never in the future, but for a clock that was set back.
  if (ahead > 0 && ahead <= 1000) await others.wait(ahead);
  const ledger = await writeLedger(place, { entries, feeds, files, waiting: plan.waiting });

  const stats = new Map(
    (await store.list()).concat(await store.list(FORMS)).map(({ name, version }) => [name, version]),
  );
  const seen = new Map<string, { hash: string; version: string }>();
  const put = async (name: string, body: Buffer, hash: string): Promise<boolean> => {
    const version = stats.get(name);
    const known = others.seen.files.get(name);
    let same = version !== undefined && known?.version === version && known.hash === hash;
    if (!same && version !== undefined) same = (await store.get(name))?.body.equals(body) ?? false;
    if (!same) await store.put(name, body);
    else seen.set(name, { hash, version: version! });
    return !same;
  };

  const forms = formsBytes([...publication.shown.values()].map(({ entry }) => entry));
  await all(forms, async ([name, body]) => void (await put(name, body, hashOf(body))));
  const written: string[] = [];
  await all(bodies, async ([name, body]) => {
    if (await put(name, body, hashes.get(name)!)) written.push(name);
  });
  const removed = complete
    ? [...new Set([...before.files.keys(), ...ownFiles(stats.keys())])]
        .filter((name) => !hashes.has(name))
        .sort()
    : [];
  const goneForms = [...stats.keys()].filter((name) => name.startsWith(FORMS) && !forms.has(name));
  await all([...removed, ...goneForms], (name) => store.remove(name));
  const catalogue = catalogueBytes({
    version: 1,
    feeds: publication.feeds,
    files: Object.fromEntries(files),
    redirects: redirectsOf(feeds, others.redirects),
  });
  if (!(await store.get(CATALOGUE))?.body.equals(catalogue)) await store.put(CATALOGUE, catalogue);
  return {
    written: written.sort(),
    removed,
    unchanged: bodies.size - written.length,
    ledger,
    seen: { files: seen },
  };
}

const FILES = new Set(Object.values(FORMAT_FILES).map(({ file }) => file));

/** Whether only a run can have put a file there: a run that was killed may not have written the catalogue. */
export function isOwnFile(name: string): boolean {
  const at = name.lastIndexOf('/') + 1;
  const folder = name.slice(0, at);
  return (
    FILES.has(name.slice(at)) &&
    (folder === '' ||
      (GROUPING_FOLDERS.some((each) => folder.startsWith(each)) && folder.split('/').length === 3))
  );
}

/** Of what is in the store, the feeds of groupings: at its root others may have put theirs. */
function ownFiles(names: Iterable<string>): string[] {
  return [...names].filter((name) => name.includes('/') && isOwnFile(name));
}
