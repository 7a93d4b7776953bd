/** The title of a post: what it says to a reader. */
import type { FrontMatter } from './front-matter.ts';
import type { LookUp } from './lookup.ts';
import { firstHeading, plainTitle } from './markdown.ts';
import { slugFromPath } from './path.ts';
import type { Report } from './post.ts';
import { oneLine } from './text.ts';

/** The title that is written, else that of the first heading or the file's name; undefined, with a problem, for what is no text. */
export function readTitle(
  path: string,
  field: LookUp,
  matter: FrontMatter,
  body: string,
  report: Report,
): string | undefined {
  const written = matter.fields['title'] ?? field('title')?.value;
  if (written !== undefined && typeof written !== 'string') {
    report('error', 'title', 'the title is a list or a map; put it in quotes', 'title');
    return undefined;
  }
  const title = oneLine(plainTitle(written ?? ''));
  if (title) return title;
  const heading = firstHeading(body);
  const fallback = heading ?? (oneLine(slugFromPath(path).replace(/[-_]+/g, ' ')) || 'Untitled');
  report(
    'warning',
    'title',
    `there is no title; "${fallback.slice(0, 80)}" from the ${heading ? 'first heading' : 'file name'} stands in`,
  );
  return fallback;
}
