/** Tags that show something of another site -> a link to it, which is what an embedded page becomes, too. */
import { oneLine } from './text.ts';
import { webUrl } from './urls.ts';

/** A shortcode of Hugo or Zola, a tag of Liquid or an include that is called like one. */
const TAG =
  /^\{(?:\{[<%]\s*([\w-]+)\s([^]*)[%>]\}|\{\s*([\w-]+)\(([^]*)\)\s*\}|%-?\s*(?:include\s+(?:[\w-]+\/)*)?([\w-]+)(?:\.html)?\s([^]*)%)\}$/;
const ARGUMENT = /(?:([\w-]+)\s*=\s*)?(?:"([^"]*)"|'([^']*)'|`([^`]*)`|([^\s,"'`]+))/g;

/** Where ids of each site lead, with what they look like there: anything else is somebody's own. */
const SITES: { name: RegExp; id: RegExp; url: (id: string, user: string | undefined) => string }[] = [
  {
    name: /youtube|^yt$/i,
    id: /^[\w-]{11}$/,
    url: (id) => `https://www.youtube.com/watch?v=${id}`,
  },
  { name: /vimeo/i, id: /^\d{5,12}$/, url: (id) => `https://vimeo.com/${id}` },
  { name: /^streamable$/i, id: /^[a-z\d]{4,10}$/, url: (id) => `https://streamable.com/${id}` },
  {
    name: /^(?:tweet|twitter|x)(?:[_-]simple)?$/i,
    id: /^\d{5,20}$/,
    url: (id, user = 'i') => `https://x.com/${user}/status/${id}`,
  },
  {
    name: /^instagram(?:[_-]simple)?$/i,
    id: /^[\w-]{8,40}$/,
    url: (id) => `https://www.instagram.com/p/${id}/`,
  },
  {
    name: /^gist(?:[_-]it)?$/i,
    id: /^(?:[\w-]{1,40}\/)?[\da-f]{7,40}$/,
    url: (id, user) => `https://gist.github.com/${user === undefined ? '' : `${user}/`}${id}`,
  },
];
/** Others that are used with whole addresses. */
const OTHERS = /^(?:o?embed|bookmark|codepen|jsfiddle|spotify|soundcloud|mastodon|toot|bluesky|bilibili)$/i;

/** Markdown for what such a tag shows; undefined for any other. */
export function embedOf(tag: string): string | undefined {
  const [, short, ofShort, call, ofCall, liquid, ofLiquid] = TAG.exec(tag) ?? [];
  const name = short ?? call ?? liquid;
  if (name === undefined) return undefined;
  const site = SITES.find((each) => each.name.test(name));
  if (!site && !OTHERS.test(name)) return undefined;
  const named = new Map<string, string>();
  const unnamed: string[] = [];
  for (const [, key, ...forms] of (ofShort ?? ofCall ?? ofLiquid ?? '').matchAll(ARGUMENT)) {
    const value = forms.find((each) => each !== undefined)!.trim();
    if (key === undefined) unnamed.push(value);
    else named.set(key.toLowerCase(), value);
  }
  const values = [...['url', 'src', 'href', 'id'].flatMap((key) => named.get(key) ?? []), ...unnamed];
  const whole = values.find((each) => /^https?:\/\//i.test(each));
  const url = whole === undefined ? site && pageOf(site, named, unnamed) : webUrl(whole);
  if (url === undefined) return undefined;
  const title = oneLine(named.get('title') ?? '').replace(/[\\[\]`*_<&]/g, '\\$&');
  return title ? `[${title}](<${url}>)` : `<${url}>`;
}

/** The page that an id stands for; before it, unnamed, may stand who made it. */
function pageOf(
  { id, url }: (typeof SITES)[number],
  named: ReadonlyMap<string, string>,
  unnamed: readonly string[],
): string | undefined {
  const at = unnamed.findIndex((each, index) => index < 2 && id.test(each));
  const written = named.get('id') ?? unnamed[at];
  if (written === undefined || !id.test(written)) return undefined;
  const user = named.get('user') ?? (at === 1 ? unnamed[0] : undefined);
  return url(written, user !== undefined && /^[\w-]{1,40}$/.test(user) ? user : undefined);
}
