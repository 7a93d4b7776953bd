/** Entries that feeds are likely to show, rendered before the feeds are made: by several threads at once. */
import type { Post } from '../content/post.ts';
import { piecesOf, share } from '../content/share.ts';
import type { Gate, Identified, Site } from '../publish/feed.ts';
import type { PublishOptions, PublishedFeed } from '../publish/publish.ts';
import { createRenderer, keyOf } from '../publish/render.ts';
import type { RenderInput, Rendered } from '../publish/render.ts';

/** One entry to render, as plain data. */
export interface RenderTask extends Omit<Identified, 'post'> {
  post: Omit<Post, 'body'>;
  body: string;
}

export interface Renderers {
  count: number;
  /** What passes the gate; what does not is left out. */
  render: (tasks: readonly RenderTask[], site: Site, options: PublishOptions) => Promise<Rendered[]>;
}

/** So many entries are worth other threads, and so many are given to one at a time. */
const MANY = 200;
const PIECE = 16;

type Input = Pick<RenderInput, 'posts' | 'site' | 'gate' | 'rendered' | 'passed'> & {
  feeds: readonly PublishedFeed[];
  options: PublishOptions;
};

/** By id, what was rendered; what is missing is rendered when it is needed. */
export async function renderAhead(input: Input, others: Renderers): Promise<Map<string, Rendered>> {
  const { feeds, posts, site, options, gate } = input;
  const wanted = new Map<string, Identified>();
  for (const { listings } of feeds)
    for (const { id } of options.limit > 0 ? listings.slice(0, options.limit) : listings) {
      const identified = posts.get(id);
      if (!identified || wanted.has(id)) continue;
      const key = keyOf(identified, input);
      if (input.rendered?.get(id)?.key !== key && !input.passed?.(id, key)) wanted.set(id, identified);
    }
  if (wanted.size < MANY) return new Map();
  const here = (part: readonly Identified[]): Rendered[] => renderAll(part, { site, options, gate });
  const there = (part: readonly Identified[]): Promise<Rendered[]> => {
    const tasks = part.map(({ post: { body, ...post }, ...identified }): RenderTask => ({
      post,
      body: body(),
      ...identified,
    }));
    return others.render(tasks, site, options);
  };
  const rendered = await share(piecesOf([...wanted.values()], PIECE), here, there, others.count);
  return new Map(rendered.flat().map((each) => [each.entry.id, each]));
}

/** Renders entries for themselves. */
export function renderAll(
  entries: readonly Identified[],
  { site, options, gate }: { site: Site; options: PublishOptions; gate: Gate },
): Rendered[] {
  const posts = new Map(entries.map((each) => [each.id, each]));
  const { render } = createRenderer({ posts, last: new Map(), site, options, gate });
  return entries.flatMap(({ id }) => render(id, '') ?? []);
}
