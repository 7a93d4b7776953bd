/** Links from one post to another, as authors write them for their editor, for Zola, or in tags of Hugo and Jekyll: which file is meant. */
import { linksOf } from './markdown.ts';
import { POST, pathFrom } from './path.ts';
import { hasReference, referenceIn } from './references.ts';
import { isUnknown, linkUrl } from './urls.ts';

/** Addresses of files, by their path relative to the content folder, or the name that they are referred to by. */
export type Addresses = Readonly<Record<string, string>>;

/** Most texts link to no markdown file, and need not be looked through. */
const NAMED = /\.(?:md|markdown|mdown|mkdn?|mdx)(?=[?#)>"'\s]|$)/i;

/** A reference definition, wherever it is, with its address. */
const DEFINITION = /^[ \t>*+-]*\[[^\]\n]{1,999}\]:[ \t]*\n?[ \t]*(<[^<>\n]*>|\S+)/gm;
/** A link in HTML, be it quoted or not. */
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi;

/**
 * The files of posts and sections that a body at `path` links to, and the names that it refers to, sorted; undefined if there are none. Only the paragraphs that
 * mention one are looked at, and what is code there counts, too: a name too many does no harm.
 */
export function linkedFiles(body: string, path: string): string[] | undefined {
  if (!mayLink(body)) return undefined;
  const files = new Set<string>();
  for (const block of body.split(/\n[ \t]*\n/)) {
    if (!mayLink(block)) continue;
    const prose = block.replaceAll('`', '').replace(DEFINITION, '[x]($1)');
    const html = [...block.matchAll(HREF)].map(([, double, single, bare]) => double ?? single ?? bare!);
    for (const url of [...linksOf(prose), ...html]) {
      const file = linkedFile(url, path);
      if (file !== undefined) files.add(file);
    }
  }
  return files.size > 0 ? [...files].sort() : undefined;
}

function mayLink(text: string): boolean {
  // Looking for two characters is much faster than for the names that begin with them.
  return ((text.includes('.m') || text.includes('.M')) && NAMED.test(text)) || hasReference(text);
}

/** What a link in the post at `path` means, as `linkUrl` says it; `addresses` are those of the files that it links to. */
export function postLink(
  url: string,
  base: string,
  path: string,
  addresses: Addresses = {},
): string | undefined {
  const file = linkedFile(url, path);
  const address = file === undefined ? undefined : addresses[file];
  // Nothing but a file of Zola's begins like that, and it makes no page where that is missing.
  if (address === undefined) return isZola(url) ? undefined : linkUrl(url, base);
  return linkUrl(/[?#].*$/s.exec(url)?.[0].trim() ?? address, address);
}

/** The markdown file, or the name, that a link means; undefined for anything else. Sections can only be named as Zola names them. */
export function linkedFile(url: string, path: string): string | undefined {
  const written = url.trim();
  const reference = referenceIn(written, path);
  if (reference !== undefined) return reference;
  const [name = ''] = written.split(/[?#]/, 1);
  if (!POST.test(name) || isUnknown(name)) return undefined;
  const file = pathFrom(isZola(written) ? name.slice(1) : name, path)?.normalize('NFC');
  return file !== undefined && isSection(file) && !isZola(written) ? undefined : file;
}

/** Whether a file is about a folder, in whatever language. */
export function isSection(path: string): boolean {
  return /(?:^|\/)_index\.[^/]+$/i.test(path);
}

function isZola(url: string): boolean {
  return url.trimStart().startsWith('@/');
}
