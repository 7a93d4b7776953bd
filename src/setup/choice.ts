/** Which of our permalink patterns says what the generator does: tried on the posts that there are. Pure. */
import { rulesOf, wholeOf } from '../publish/generators.ts';
import type { Rules } from '../publish/generators.ts';
import { place } from '../publish/permalinks.ts';
import type { Addressing, Found, Written } from './layout.ts';
import type { Survey } from './survey.ts';

/** A post that would be linked to where the generator has none. */
export interface Other {
  path: string;
  theirs: string;
  ours: string;
}

/** What gives the fewest posts another address than the generator does, and those; then what makes the fewest collide. */
export function choosePermalink(
  found: Found,
  posts: Survey['posts'],
  section: string,
  timezone: string,
): Addressing & { others: Other[] } {
  const candidates = found.permalinks(section);
  const rules = rulesOf(candidates.find(({ generator }) => generator !== undefined)?.generator);
  const [first, ...rest] = candidates.map((each) => ({
    ...each,
    ...triedOn(posts, each, rules, found, timezone),
  }));
  return rest.reduce(
    (best, each) =>
      (each.others.length - best.others.length || each.collisions - best.collisions) < 0 ? each : best,
    first!,
  );
}

const BASE = 'https://site.invalid/';

function triedOn(
  posts: Survey['posts'],
  { permalink, generator }: Addressing,
  theirRules: Rules,
  found: Found,
  timezone: string,
): { others: Other[]; collisions: number } {
  const site = { title: '', url: BASE, feedsUrl: BASE, timezone };
  const patterns = typeof permalink === 'string' ? { '/': permalink } : permalink;
  const { placed, problems } = place(
    posts.map(({ post }) => post),
    site,
    { patterns, ...(generator && { generator }), ...(found.languages && { languages: found.languages }) },
  );
  const urls = new Map(placed.map(({ post, url }) => [post, decoded(url.slice(BASE.length - 1))]));
  const others = posts.flatMap(({ post, written }) => {
    const ours = urls.get(post)!;
    const whole = wholeOf(post, theirRules);
    const theirs = whole === undefined ? expected(found, written) : templated(whole, ours);
    return theirs === undefined || theirs === ours ? [] : [{ path: post.path, theirs, ours }];
  });
  return { others, collisions: problems.length };
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
