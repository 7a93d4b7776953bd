/**
 * References to posts by their names, which generators look up among all pages: `ref` and `relref` of Hugo, `post_url` and `link`
 * of Jekyll. In a body that is cleared of templates they are addresses like `@//name#part` with a mark before, so that they are published
 * nowhere but where it is known what they mean. Zola's `@/name.md` are paths.
 */
import { POST, pathFrom } from './path.ts';
import { UNKNOWN } from './urls.ts';

const MARK = `${UNKNOWN}@//`;
const ENCODED = encodeURI(MARK);
const LIQUID = /^\{%-?\s*(post_url|link)\s+(["']?)([^"'{}|\n]{1,500}?)\2\s*-?%\}$/;
const HUGO =
  /^\{\{([<%])\s*(?:rel)?ref\s+(?:[^>%"`]*\bpath\s*=\s*)?(?:"([^"\n]{1,500})"|`([^`\n]{1,500})`|([^\s"'`=>%]{1,500}))(?:\s[^{}]*)?[>%]\}\}$/;

/** The address that such a tag stands for; undefined for any other tag. */
export function referenceUrl(tag: string): string | undefined {
  // Runs of blanks can be parted in as many ways as they are long.
  const plain = tag.replace(/\s+/g, ' ');
  const [, command, , jekyll] = LIQUID.exec(plain) ?? [];
  const [, , double, raw, bare] = HUGO.exec(plain) ?? [];
  const written = (jekyll ?? double ?? raw ?? bare)?.trim();
  if (!written) return undefined;
  // What is no page is where its file is.
  if (command === 'link' && !POST.test(written))
    return /\.html?$/i.test(written) ? undefined : encoded(`/${written.replace(/^\/+/, '')}`);
  const [, name = '', rest = ''] = /^([^#?]*)(.*)$/s.exec(written)!;
  if (name === '') return rest || undefined;
  return MARK + encoded(name.replace(/^\/+/, '')) + rest;
}

/** The name that such an address in the post at `path` refers to, behind a `/`, as no path begins; undefined for any other. */
export function referenceIn(url: string, path: string): string | undefined {
  const mark = [MARK, ENCODED].find((each) => url.startsWith(each));
  if (mark === undefined) return undefined;
  const written = url.slice(mark.length).replace(/[?#].*$/s, '');
  const name = pathFrom(/^\.{1,2}\//.test(written) ? written : `/${written}`, path)?.replace(/\/+$/, '');
  return name ? `/${name.normalize('NFC')}` : undefined;
}

/** Whether what a post links to is said by a name that `referenceIn` gave, and not by a path. */
export function isReference(linked: string): boolean {
  return linked.startsWith('/');
}

/** Whether a text may refer to a post. */
export function hasReference(body: string): boolean {
  return body.includes(MARK);
}

function encoded(name: string): string {
  return encodeURI(name).replace(/[()'[\]#?]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
}
