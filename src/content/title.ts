/** The title of a post: what it says to a reader. */
import type { FrontMatter } from './front-matter.ts';
import type { LookUp } from './lookup.ts';
import { beginningOf, firstHeading, plainTitle } from './markdown.ts';
import { slugFromPath } from './path.ts';
import type { Report } from './post.ts';
import { oneLine, shortened } from './text.ts';

/** The title that is written, else that of the first heading, the file's name or the beginning of the text; undefined, with a problem, for what is no text. */
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
  if (heading) {
    if (TOO_LONG.test(matter.body) && Object.keys(matter.fields).length === 0)
      report(
        'warning',
        'front-matter-delimiter',
        'front matter is told by exactly three signs; what begins here with more is text',
      );
    return heading;
  }
  const [fallback, where] = standIn(path, body);
  report('warning', 'title', `there is no title; "${fallback.slice(0, 80)}" from the ${where} stands in`);
  return fallback;
}

/** What looks as if front matter were meant. */
const TOO_LONG = /^\s*(?:-{4,}|\+{4,})[ \t]*\n/;

/** How many characters of a note are its title. */
const BEGINNING = 60;

/** What a post without title and heading is called, and where that is from. A name such as 1 or 20260517 tells a reader nothing. */
function standIn(path: string, body: string): [string, string] {
  const name = oneLine(slugFromPath(path).replace(/[-_]+/g, ' '));
  const beginning = /\p{L}/u.test(name) ? undefined : beginningOf(body);
  if (beginning) return [shortened(beginning, BEGINNING), 'beginning of its text'];
  return [name || 'Untitled', 'file name'];
}
