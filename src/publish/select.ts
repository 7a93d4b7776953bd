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

/** One feed to be: what it is called and all entries that belong to it, newest first. */
export interface Selection {
  /** '' for the site's own feed, else like `tags/rust/`. */
  folder: string;
  title: string;
  /** What it is called among the feeds of its grouping; '' for the site's own. */
  label: string;
  language?: string;
  listings: Listing[];
}

/** The site's feed and one for each label of each grouping in `per`; none of them empty. */
export function select(listings: readonly Listing[], site: Site, per: readonly Grouping[]): Selection[] {
  if (listings.length === 0) return [];
  const newestFirst = [...listings].sort((a, b) => b.published - a.published || (a.id < b.id ? -1 : 1));
  const whole: Selection = {
    folder: '',
    title: site.title,
    label: '',
    listings: newestFirst,
    ...(site.language && { language: site.language }),
  };
  return [whole, ...per.flatMap((grouping) => group(newestFirst, site, grouping))];
}

/** The folders of the feeds that an entry belongs to. */
export function foldersOf(listing: Listing, per: readonly Grouping[]): Set<string> {
  const folders = per.flatMap((grouping) =>
    GROUPINGS[grouping].labels(listing).map((label) => `${folderOf(grouping)}${slugOf(label)}/`),
  );
  return new Set(['', ...folders]);
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
    .map(([slug, { listings, spellings }]) => {
      const label = commonest(spellings);
      const language = grouping === 'language' ? label : site.language;
      return {
        folder: `${folder}/${slug}/`,
        title: `${site.title} – ${label}`,
        label,
        listings: [...listings],
        ...(language && { language }),
      };
    });
}

function commonest(spellings: Map<string, number>): string {
  return [...spellings].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]![0];
}
