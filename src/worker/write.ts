/** What a run does to the store. Every step can be repeated, and a run may be killed between any two. */
import type { Moment } from '../content/post.ts';
import { FORMS, formsByName, formsBytes } from '../ledger/forms.ts';
import type { Form, FormsFile } from '../ledger/forms.ts';
import { recordFiles } from '../ledger/files.ts';
import { writeLedger } from '../ledger/keep.ts';
import type { LedgerPlace, StoredLedger } from '../ledger/keep.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { hashOf } from '../publish/feed.ts';
import type { Publication, Shown } from '../publish/publish.ts';
import { CATALOGUE, catalogueBytes } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import { filesOf } from './compose.ts';
import type { Composition } from './compose.ts';
import type { Plan } from './plan.ts';
import { foreignPages } from './foreign.ts';
import { redirectsOf } from './redirects.ts';
import { isOrphan, lookThrough } from './seen.ts';
import type { Seen } from './seen.ts';
import { together } from './together.ts';

export interface WriteInput {
  store: Store;
  place: LedgerPlace;
  plan: Plan;
  composition: Composition;
  before: Ledger;
  /** The ledger before, if it is stored. */
  stored?: StoredLedger;
  /** Whether everything in the content folder could be read: else nothing is removed. */
  complete: boolean;
  redirects: ReadonlyMap<string, string>;
  seen: Seen;
  /** Whether what was seen is taken to be there still, so that the store need not be looked through. */
  trusting: boolean;
  wait: (milliseconds: number) => Promise<unknown>;
  progress: (done: number, all: number) => void;
}

export interface Written {
  /** Pages that were not written, since somebody else's file has their name. */
  foreign: string[];
  written: string[];
  removed: string[];
  unchanged: number;
  ledger: StoredLedger;
  seen: Seen;
}

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
  stored,
  complete,
  ...others
}: WriteInput): Promise<Written> {
  const { publication, shown, entries, feeds, due } = composition;
  const made = filesOf(composition);
  const foreign = await foreignPages(store, made, before);
  const ours = made.filter(({ name }) => !foreign.has(name));
  const hashes = new Map(ours.map(({ name, hash }) => [name, hash]));
  // Last good files stay as they are.
  const stay = complete
    ? [...publication.made.values()].flatMap(({ failed }) => failed)
    : before.files.keys();
  for (const name of stay) {
    const known = before.files.get(name);
    if (known && !hashes.has(name)) hashes.set(name, known.hash);
  }

  const { files, moment } = recordFiles(before.files, hashes, plan.now);
  const ahead = moment - plan.now;
  // Never in the future, but for a clock that was set back.
  if (ahead > 0 && ahead <= 1000) await others.wait(ahead);
  const next = { entries, feeds, files, waiting: plan.waiting, media: before.media };
  const ledger = await writeLedger(place, next, stored);

  const there = others.trusting ? others.seen.files : await lookThrough(store);
  const seen = new Map<string, { hash: string; version?: string }>();
  const put = async (name: string, hash: string, body: () => Buffer): Promise<boolean> => {
    const found = there.get(name);
    const known = others.seen.files.get(name);
    const same = found !== undefined && known?.hash === hash && known.version === found.version;
    if (same) seen.set(name, known);
    else if (!others.trusting && found?.version !== undefined && (await store.get(name))?.body.equals(body()))
      seen.set(name, { hash, version: found.version });
    else {
      await store.put(name, body());
      seen.set(name, { hash });
      return true;
    }
    return false;
  };

  const forms = new Map<string, FormsFile>();
  await together(formsByName(formsOf(shown.values())), async ([name, each]) => {
    const keys = each.map(({ key }) => key);
    const known = others.seen.forms.get(name);
    const isSame = known?.keys.length === keys.length && known.keys.every((key, at) => key === keys[at]);
    const bytes = isSame ? undefined : formsBytes(each);
    const file = bytes ? { hash: hashOf(bytes), keys } : known!;
    forms.set(name, file);
    await put(name, file.hash, () => bytes ?? formsBytes(each));
  });
  const written: string[] = [];
  let looked = 0;
  await together(ours, async ({ name, hash, body }) => {
    if (await put(name, hash, body)) written.push(name);
    others.progress((looked += 1), ours.length);
  });
  const isGone = (name: string): boolean => !hashes.has(name) && (before.files.has(name) || isOrphan(name));
  const removed = complete
    ? [...new Set([...before.files.keys(), ...there.keys()])].filter(isGone).sort()
    : [];
  const goneForms = [...there.keys()].filter((name) => name.startsWith(FORMS) && !forms.has(name));
  await together([...removed, ...goneForms], (name) => store.remove(name));
  const catalogue = catalogueOf(publication.made, due, feeds, files, others.redirects);
  await put(CATALOGUE, hashOf(catalogue), () => catalogue);
  const unchanged = ours.length - written.length;
  return {
    foreign: [...foreign].sort(),
    written: written.sort(),
    removed,
    unchanged,
    ledger,
    seen: { files: seen, forms },
  };
}

/** What entries that feeds show are. */
export function formsOf(shown: Iterable<Shown>): Form[] {
  return [...shown].map(({ rendered }) => ({
    id: rendered.entry.id,
    key: rendered.key,
    whole: () => rendered.whole(),
  }));
}

/** The catalogue of what is published now. */
export function catalogueOf(
  made: Publication['made'],
  due: ReadonlyMap<string, Moment>,
  feeds: Ledger['feeds'],
  files: Ledger['files'],
  redirects: ReadonlyMap<string, string>,
): Buffer {
  const summaries = [...made.values()].flatMap(({ summary }) => summary ?? []);
  return catalogueBytes({
    version: 1,
    feeds: summaries.map((feed) => {
      const next = due.get(feed.folder);
      return next === undefined ? feed : { ...feed, next };
    }),
    files,
    redirects: redirectsOf(feeds, redirects, (folder) => files.has(`${folder}index.html`)),
  });
}
