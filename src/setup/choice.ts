/** Which of our permalink patterns says what the generator does: tried on the posts that there are. Pure. */
import { place } from '../publish/permalinks.ts';
import type { Addressing, Found, Written } from './layout.ts';
import type { Survey } from './survey.ts';

/** A post that would be linked to where the generator has none. */
export interface Other {
  path: string;
  theirs: string;
  ours: string;
}

/** What gives the fewest posts another address than the generator does, and those. */
export function choosePermalink(
  found: Found,
  posts: Survey['posts'],
  section: string,
  timezone: string,
): Addressing & { others: Other[] } {
  const [first, ...rest] = found
    .permalinks(section)
    .map((each) => ({ ...each, others: othersBy(each, found, posts, timezone) }));
  return rest.reduce((best, each) => (each.others.length < best.others.length ? each : best), first!);
}

const BASE = 'https://site.invalid/';

function othersBy(
  { permalink, generator }: Addressing,
  found: Found,
  posts: Survey['posts'],
  timezone: string,
): Other[] {
  const site = { title: '', url: BASE, feedsUrl: BASE, timezone };
  const patterns = typeof permalink === 'string' ? { '/': permalink } : permalink;
  const { placed } = place(
    posts.map(({ post }) => post),
    site,
    { patterns, ...(generator && { generator }), ...(found.languages && { languages: found.languages }) },
  );
  const urls = new Map(placed.map(({ post, url }) => [post, decoded(url.slice(BASE.length - 1))]));
  return posts.flatMap(({ post, written }) => {
    const ours = urls.get(post)!;
    const theirs = post.permalink === undefined ? expected(found, written) : templated(post.permalink, ours);
    return theirs === undefined || theirs === ours ? [] : [{ path: post.path, theirs, ours }];
  });
}

function expected(found: Found, written: Written): string | undefined {
  const address = found.address?.(written);
  return address === undefined ? undefined : decoded(address);
}

/** A post's own permalink, if only its generator could say what it means. */
function templated(permalink: string, ours: string): string | undefined {
  return /\{[{%]/.test(permalink) || /(?:^|\/):[a-z]/.test(ours) ? permalink : undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
