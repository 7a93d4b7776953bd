/** Shortcodes that do nothing but show a picture -> markdown. */

const SHORTCODE =
  /^\{\{(?:[<%]\s*(?:figure|image|img)\s([^]*)[%>]|\s*(?:figure|image|img)\(([^]*)\)\s*)\}\}$/;
const ARGUMENT =
  /(?<![\w-])([\w-]{1,50})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|([^\s,"'`]+))/g;
const PICTURE =
  /^[^\s<>{}](?:[^<>{}\n]*[^\s<>{}])?\.(?:png|jpe?g|gif|webp|avif|svg|bmp)(?:\?[^\s<>{}?#]*)?(?:#[^\s<>{}?#]*)?$/i;

/**
 * Markdown for a `figure`, `image` or `img` of Hugo (`{{< figure src="…" >}}`) or Zola (`{{ figure(src="…") }}`) with one source
 * that is a picture; undefined for any other tag. `folder` is the post's own, with `/` at its end, or ''.
 */
export function pictureOf(tag: string, folder: string): string | undefined {
  const tagged = SHORTCODE.exec(tag);
  if (!tagged) return undefined;
  const said = new Map<string, string>();
  const written = tagged[1]?.trimEnd().replace(/\/$/, '') ?? tagged[2] ?? '';
  for (const [, name, double, single, raw, bare] of written.matchAll(ARGUMENT)) {
    const value = double ?? single;
    said.set(name!.toLowerCase(), value?.replace(/\\(.)/g, '$1') ?? raw ?? bare ?? '');
  }
  const [source, another] = [said.get('src'), said.get('image')].filter((each) => each !== undefined);
  if (source === undefined || another !== undefined || !PICTURE.test(source)) return undefined;
  // Zola's are often counted from the folder of all content, which readers know nothing of.
  const at =
    folder === '' || /^(?:\/|[a-z][a-z\d+.-]*:)/i.test(source) ? -1 : `/${source}`.lastIndexOf(`/${folder}`);
  const src = at === -1 ? source : source.slice(at + folder.length);
  const alt = onOneLine(said.get('alt') ?? '').replace(/[\\[\]`*_<&]/g, '\\$&');
  const picture = `![${alt}](<${src}>)`;
  const caption = onOneLine(said.get('caption') ?? '');
  // On a line of its own, where it must not begin a list or a heading.
  const below = caption.replace(/^(?=[#>+=|~-]|\*\s)/, '\\').replace(/^(\d{1,9})(?=[.)])/, '$1\\');
  return caption ? `${picture}\\\n${below}` : picture;
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
