/** Links between posts that lead to none: what an author should be told of. */
import { linkedFile } from '../content/links.ts';
import { renderMarkdown } from '../content/markdown.ts';
import type { Problem } from '../content/post.ts';
import { isReference } from '../content/references.ts';
import type { Identified } from './feed.ts';

/** Whether a post may link to markdown files, or to posts by their names, that are no posts; what is in code counts, too. */
export function mayLoseLinks({ post, links = {} }: Identified): boolean {
  return post.links?.some((file) => links[file] === undefined) ?? false;
}

/** What is wrong with the links of a post that may lose some. `text` is that of its file, in which they are looked for. */
export function lostLinks({ post, url: base, links = {} }: Identified, text: string): Problem[] {
  const lost = new Set<string>();
  const link = (href: string): undefined => {
    const file = linkedFile(href, post.path);
    if (file !== undefined && links[file] === undefined) lost.add(file);
  };
  attempt(() => renderMarkdown(post.body(), { base, idPrefix: '', link }));
  return [...lost].map((file) => {
    const name = isReference(file) ? file.slice(1) : file;
    const last = name.slice(name.lastIndexOf('/') + 1);
    const before = text.slice(0, Math.max(0, text.indexOf(last)));
    return {
      level: 'warning',
      file: post.path,
      line: before.split('\n').length,
      rule: 'link',
      message: `it links to ${name}, which is no post that is published`,
    };
  });
}

/** What cannot be rendered, or is another file by now, is said elsewhere. */
function attempt(work: () => unknown): void {
  try {
    work();
  } catch {
    // Nothing to say.
  }
}
