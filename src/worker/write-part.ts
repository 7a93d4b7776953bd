/** What a run after a few changes does to the store: the same steps as those of a whole run (`write.ts`), for what changed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { recordFiles } from '../ledger/files.ts';
import { formsByName, formsBytes, formsName, parseForms } from '../ledger/forms.ts';
import type { Form } from '../ledger/forms.ts';
import { changeLedger } from '../ledger/keep.ts';
import type { StoredLedger } from '../ledger/keep.ts';
import type { LedgerChanges } from '../ledger/journal.ts';
import { latestMoment } from '../ledger/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FeedFile } from '../publish/feed.ts';
import { hashOf } from '../publish/feed.ts';
import { CATALOGUE } from '../store/catalogue.ts';
import type { FileRecord } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import { dueFeeds } from './compose.ts';
import { foreignPages } from './foreign.ts';
import type { Part } from './partial.ts';
import type { RunInput } from './runs.ts';
import type { State } from './state.ts';
import type { Seen } from './seen.ts';
import { together } from './together.ts';
import { catalogueOf, formsOf } from './write.ts';
import type { Written } from './write.ts';

export interface Known {
  state: State;
  part: Part;
  before: StoredLedger;
  /** Is changed to what is there afterwards. */
  seen: Seen;
}

export async function writePart(
  { store, ledger: place, options, redirects, wait = sleep, memory, changed: asked }: RunInput,
  { state, part, before, seen }: Known,
): Promise<Pick<Written, 'written' | 'removed' | 'unchanged' | 'ledger'>> {
  const { now, entries, feeds, waiting } = part;
  const known = before.ledger.files;
  const { changed, removed } = changedFiles(state, part, known);
  const fresh = changed.filter(({ name }) => !known.has(name));
  for (const name of await foreignPages(store, fresh, before.ledger)) state.foreign.add(name);
  const ours = changed.filter(({ name }) => !state.foreign.has(name));
  const { files, moment } = recordFiles(known, new Map(ours.map(({ name, hash }) => [name, hash])), now);
  // Never in the future, but for a clock that was set back.
  const ahead = moment - now;
  if (ahead > 0 && ahead <= 1000) await wait(ahead);
  const changes = { entries, feeds, files: new Map<string, FileRecord | undefined>(files), waiting };
  for (const name of removed) changes.files.set(name, undefined);
  // Who has looked at everything leaves one document.
  const isLast = !memory || asked === undefined;
  const isSame = isNone(changes, before.ledger) && !(isLast && before.since);
  const ledger = isSame ? before : await changeLedger(place, before, changes, isLast);

  const put = async (name: string, hash: string, body: () => Buffer): Promise<void> => {
    if (seen.files.get(name)?.hash === hash) return;
    await store.put(name, body());
    seen.files.set(name, { hash });
  };
  const remove = async (name: string): Promise<void> => {
    await store.remove(name);
    seen.files.delete(name);
  };
  const putForms = async (name: string): Promise<void> => {
    seen.forms.delete(name);
    const again = formsByName(await formsAgain(store, name, state, part, seen)).get(name);
    if (!again) return remove(name);
    const bytes = formsBytes(again);
    await put(name, hashOf(bytes), () => bytes);
  };
  const names = new Set([...part.affected].map(formsName));
  await together(
    [
      ...[...names].map((name) => () => putForms(name)),
      ...ours.map((file) => () => put(file.name, file.hash, file.body)),
    ],
    (begin) => begin(),
  );
  await together(removed, remove);
  const due = dueFeeds(
    [...state.due.values()].map(({ post, moment }) => [post, moment] as const),
    options,
  );
  const catalogue = catalogueOf(state.made, due, ledger.ledger.feeds, ledger.ledger.files, redirects);
  const hash = hashOf(catalogue);
  // Another process may have stored one since, and left the ledger as it was; one that has changed is stored in any case.
  const isKnown = seen.files.get(CATALOGUE)?.hash === hash;
  if (isKnown && !(await store.get(CATALOGUE))?.body.equals(catalogue)) seen.files.delete(CATALOGUE);
  await put(CATALOGUE, hash, () => catalogue);
  state.latest = Math.max(state.latest, latestMoment(changes));
  const written = ours.map(({ name }) => name).sort();
  return { written, removed, unchanged: ledger.ledger.files.size - written.length, ledger };
}

/** The files of the feeds and pages that were made anew: those that are others than the ledger says, and those that are no more. */
function changedFiles(
  { made, pages }: State,
  { touched, pagesBefore }: Part,
  known: Ledger['files'],
): { changed: FeedFile[]; removed: string[] } {
  const before = [...touched.values()].flatMap((each) => each?.files ?? []);
  const after = [...touched.keys()].flatMap((folder) => made.get(folder)?.files ?? []);
  for (const [name, page] of pages) if (pagesBefore.get(name) !== page) after.push(page.file);
  for (const [name, page] of pagesBefore) if (!pages.has(name)) before.push(page.file);
  const names = new Set(after.map(({ name }) => name));
  return {
    changed: after.filter(({ name, hash }) => known.get(name)?.hash !== hash),
    removed: before.flatMap(({ name }) => (names.has(name) || !known.has(name) ? [] : name)).sort(),
  };
}

/** The last published forms in one document, as they will be. Throws if what is there is not what was put there. */
async function formsAgain(
  store: Store,
  name: string,
  { shown }: State,
  { affected }: Part,
  { files }: Seen,
): Promise<Form[]> {
  const known = files.get(name);
  const stored = known && (await store.get(name));
  if (known && (!stored || hashOf(stored.body) !== known.hash))
    throw new Error(`${name} in the store was changed by somebody else`);
  const before = stored ? parseForms(stored.body) : [];
  const stay = before.filter(({ id }) => !affected.has(id));
  const come = [...affected].flatMap((id) => (formsName(id) === name ? (shown.get(id) ?? []) : []));
  return [...stay.map((entry) => ({ id: entry.id, key: '', whole: () => entry })), ...formsOf(come)];
}

function isNone({ entries, feeds, files, waiting }: LedgerChanges, before: Ledger): boolean {
  const isSameWait =
    waiting.size === before.waiting.size &&
    [...waiting].every(([path, moment]) => before.waiting.get(path) === moment);
  return entries.size + feeds.size + files.size === 0 && isSameWait;
}
