/** What an author keeps back: drafts, and what the site's generator makes no page of or lists nowhere. */
import type { Value } from './front-matter.ts';
import type { Fields, LookUp } from './lookup.ts';
import type { Report } from './post.ts';
import { isMap, textOf } from './values.ts';

const NO = /^(?:false|no|off|0)$/i;
const YES = /^(?:true|yes|on|1)$/i;
/** What a status says of a post that is not for everybody, or not yet. WordPress's are among them. */
const KEPT_BACK = /^(?:draft|pending|private|unlisted|hidden|unpublished|trash|auto-draft)$/i;
/** Where Jekyll and Hexo look for drafts, and where people keep them. */
const DRAFTS = /(?:^|[\\/])_?drafts[\\/]/i;
const NEVER = /^(?:never|false)$/i;

/** Whether the author keeps the post at `path` back. Anything but a clear no makes a draft. */
export function isHidden(path: string, field: LookUp, fields: Fields, report: Report): boolean {
  const draft = field('draft');
  if (!draft && DRAFTS.test(path)) return true;
  const written = textOf(draft?.value);
  if (draft && !NO.test(written)) {
    if (!YES.test(written)) {
      const message = `"${draft.key}: ${written}" is neither true nor false; the post is kept back`;
      report('error', 'draft', message, draft.key);
    }
    return true;
  }
  const says = (key: string, what: RegExp): boolean => what.test(textOf(fields.get(key)?.value));
  return (
    NO.test(textOf(field('listing')?.value)) ||
    KEPT_BACK.test(textOf(field('status')?.value)) ||
    YES.test(textOf(field('unlisted')?.value)) ||
    // `published` is a date as well, and so looked at by itself.
    says('published', NO) ||
    hasNoPage(fields, says)
  );
}

/** Eleventy, Zola and Hugo, each in its own words. */
function hasNoPage(fields: Fields, says: (key: string, what: RegExp) => boolean): boolean {
  const build: Value | undefined = fields.get('build')?.value;
  const built = (key: string): boolean => isMap(build) && NEVER.test(textOf(build[key]));
  return (
    says('permalink', NO) ||
    says('eleventyexcludefromcollections', YES) ||
    says('render', NO) ||
    says('headless', YES) ||
    built('list') ||
    built('render')
  );
}
