/** Which feeds exist, and which entries belong to each. Nothing is rendered here. */
import type { Listing, Site } from './feed.ts';
import { slugOf } from './slug.ts';

/** What feeds can be made per: the folder they go to, and the labels that an entry has. */
const GROUPINGS = {
  tag: { folder: 'tags', labels: (listing: Listing) => listing.tags },
  source: { folder: 'sources', labels: ({ source }: Listing) => (source ? [source.name] : []) },
  author: { folder: 'authors', labels: (listing: Listing) => listing.authors.map(({ name }) => name) },
  kind: { folder: 'kinds', labels: (listing: Listing) => [listing.kind] },
  language: { folder: 'languages', labels: ({ language }: Listing) => (language ? [language] : []) },
} as const;

export type Grouping = keyof typeof GROUPINGS;
export const GROUPING_NAMES = Object.keys(GROUPINGS) as Grouping[];
/** The folders below which only feeds of groupings are, like `tags/`. */
export const GROUPING_FOLDERS = GROUPING_NAMES.map(folderOf);

export function folderOf(grouping: Grouping): string {
  return `${GROUPINGS[grouping].folder}/`;
}

/** Of a listing, what says where it is among others. */
export type Ranked = Pick<Listing, 'id' | 'published'>;

/** One feed to be: what it is called and all entries that belong to it, newest first. */
export interface Selection {
  /** '' for the site's own feed, else like `tags/rust/`. */
  folder: string;
  title: string;
  /** What it is called among the feeds of its grouping; '' for the site's own. */
  label: string;
  language?: string;
  listings: Ranked[];
  /** How often each spelling of its label is used. */
  spellings: Map<string, number>;
}

/** The site's feed and one for each label of each grouping in `per`; none of them empty. */
export function select(listings: readonly Listing[], site: Site, per: readonly Grouping[]): Selection[] {
  const newestFirst = [...listings].sort(byNewest);
  const untranslated = newestFirst.filter(({ isTranslation }) => !isTranslation);
  return [
    ...(untranslated.length > 0 ? [wholeOf(site, untranslated)] : []),
    ...per.flatMap((grouping) => group(grouping === 'language' ? newestFirst : untranslated, site, grouping)),
  ];
}

/** The site's own feed. */
function wholeOf(site: Site, listings: Ranked[]): Selection {
  const { title, language } = site;
  return { folder: '', title, label: '', listings, spellings: new Map(), ...(language && { language }) };
}

/** The folders of the feeds that an entry belongs to. */
export function foldersOf(listing: Listing, per: readonly Grouping[]): Iterable<string> {
  return labelsOf(listing, per).keys();
}

/** Labels with one slug are one feed, called by the spelling that most entries have. */
function group(newestFirst: readonly Listing[], site: Site, grouping: Grouping): Selection[] {
  const { folder, labels } = GROUPINGS[grouping];
  const slugs = new Map<string, string>();
  const groups = new Map<string, { listings: Set<Listing>; spellings: Map<string, number> }>();
  for (const listing of newestFirst) {
    for (const label of labels(listing)) {
      const slug = slugs.get(label) ?? slugOf(label);
      slugs.set(label, slug);
      const found = groups.get(slug) ?? { listings: new Set(), spellings: new Map<string, number>() };
      groups.set(slug, found);
      found.listings.add(listing);
      found.spellings.set(label, (found.spellings.get(label) ?? 0) + 1);
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([slug, { listings, spellings }]) => ({
      ...called(`${folder}/${slug}/`, spellings, site),
      listings: [...listings],
    }));
}

/** What a feed of a grouping is called. */
function called(folder: string, spellings: Map<string, number>, site: Site): Omit<Selection, 'listings'> {
  const label = commonest(spellings);
  const language = folder.startsWith(folderOf('language')) ? label : site.language;
  return { folder, title: `${site.title} – ${label}`, label, spellings, ...(language && { language }) };
}

/**
 * Carries out in `selections` (by folder, as `select` made them) that some listings are others now, and gives the folders of the
 * feeds that this touches. What it gives for a listing is what `select` would give for all.
 */
export function reselect(
  selections: Map<string, Selection>,
  changes: readonly { before?: Listing; after?: Listing }[],
  site: Site,
  per: readonly Grouping[],
): Set<string> {
  const touched = new Set<string>();
  for (const { before, after } of changes) {
    for (const [folder, labels] of before ? labelsOf(before, per) : []) {
      touched.add(folder);
      const { listings, spellings } = selections.get(folder)!;
      listings.splice(position(before!, listings), 1);
      for (const label of labels) count(spellings, label, -1);
    }
    for (const [folder, labels] of after ? labelsOf(after, per) : []) {
      touched.add(folder);
      const found = selections.get(folder) ?? {
        ...EMPTY,
        folder,
        listings: [],
        spellings: new Map<string, number>(),
      };
      selections.set(folder, found);
      found.listings.splice(position(after!, found.listings), 0, after!);
      for (const label of labels) count(found.spellings, label, 1);
    }
  }
  for (const folder of touched) {
    const { listings, spellings } = selections.get(folder)!;
    if (listings.length === 0) selections.delete(folder);
    else if (folder === '') selections.set(folder, wholeOf(site, listings));
    else selections.set(folder, { ...called(folder, spellings, site), listings });
  }
  return touched;
}

const EMPTY = { title: '', label: '' };

/** The folders of the feeds that an entry belongs to, each with the labels that lead there. */
function labelsOf(listing: Listing, per: readonly Grouping[]): Map<string, string[]> {
  const found = new Map<string, string[]>(listing.isTranslation ? [] : [['', []]]);
  for (const grouping of per) {
    if (listing.isTranslation && grouping !== 'language') continue;
    for (const label of GROUPINGS[grouping].labels(listing)) {
      const folder = `${folderOf(grouping)}${slugOf(label)}/`;
      found.set(folder, [...(found.get(folder) ?? []), label]);
    }
  }
  return found;
}

/** Where a listing is among others, or would be. */
function position(listing: Ranked, newestFirst: readonly Ranked[]): number {
  let [from, to] = [0, newestFirst.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (byNewest(newestFirst[middle]!, listing) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function byNewest(a: Ranked, b: Ranked): number {
  return b.published - a.published || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function count(spellings: Map<string, number>, label: string, by: number): void {
  const next = (spellings.get(label) ?? 0) + by;
  if (next === 0) spellings.delete(label);
  else spellings.set(label, next);
}

function commonest(spellings: Map<string, number>): string {
  return [...spellings].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]![0];
}
