/** What all pages share: the document around them, how they look, and the little they do. */
import { createHash } from 'node:crypto';
import type { Site } from '../feed.ts';
import { html, safe } from './html.ts';
import type { Html } from './html.ts';

export interface Page {
  title: string;
  description?: string | undefined;
  /** Absolute address of the page. */
  url: string;
  /** More for the head: what can be subscribed to, and what other programs read. */
  head: Html;
  body: Html;
  /** The page's path below the feeds' address: '' or like `tags/rust/`. */
  folder: string;
  /** Whether images and media of other sites are shown. */
  hasMedia?: boolean;
}

/** A whole document. Its bytes depend on what is given alone. */
export function documentOf(page: Page, site: Site): Buffer {
  const { language = 'en', title: siteTitle } = site;
  const { title, description, url, folder } = page;
  const made = html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(page.hasMedia ?? false)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Feedwright">
<title>${title}</title>
${description ? html`<meta name="description" content="${description}">\n` : undefined}<link rel="canonical" href="${url}">
<link rel="icon" href="${site.icon ?? `${rootOf(folder)}favicon.svg`}">
${page.head}<style>${safe(STYLE)}</style>
</head>
<body>
<header><a href="${site.url}">${siteTitle}</a> <a href="${rootOf(folder)}" lang="en" dir="ltr">All feeds</a></header>
${page.body}
<script>${safe(SCRIPT)}</script>
</body>
</html>
`;
  return Buffer.from(made.html);
}

/** Languages that are written from right to left, unless their tag names another script. */
const RIGHT_TO_LEFT =
  /^(?:ar|arc|ckb|dv|fa|ha-arab|he|iw|ks|ps|sd|syr|ug|ur|yi|[a-z]{2,3}-(?:arab|hebr|thaa|nkoo|syrc))(?:-(?!latn|cyrl)|$)/i;

export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(language) ? 'rtl' : 'ltr';
}

/** The way from a page's folder to the root of all, so that pages work below any address. */
export function rootOf(folder: string): string {
  return '../'.repeat(folder.split('/').length - 1) || './';
}

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#595959;--paper:#fff;--ink:#1b1b1b;--link:#0b57a4;--tint:#f4f4f1;font:1.0625rem/1.55 system-ui,sans-serif}
@media(prefers-color-scheme:dark){:root{--soft:#b3b3b3;--paper:#161618;--ink:#ececec;--link:#8fc3ff;--tint:#222226}}
body{margin:0 auto;max-width:44rem;padding:1rem 1.25rem 4rem;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
header{display:flex;justify-content:space-between;gap:1rem;padding-block:.25rem .75rem;margin-block-end:1.5rem;border-block-end:1px solid var(--line);font-size:.9375rem}
h1{font-size:1.75rem;line-height:1.2;margin:.5rem 0;text-wrap:balance}h2{font-size:1.25rem;margin:2.5rem 0 .75rem}h3{font-size:1.0625rem;margin:0}
a{color:var(--link);text-underline-offset:.15em}a:focus-visible,button:focus-visible{outline:3px solid var(--link);outline-offset:2px}
header a,h3 a,.feeds a,.chips a{text-decoration-thickness:1px}
[dir=rtl] [lang=en]{text-align:right}[dir=rtl] [lang=en] svg{margin-left:auto}
p{margin:.5rem 0;text-wrap:pretty}.soft,time{color:var(--soft);font-size:.9375rem}
.entries,.formats,.feeds,.chips{list-style:none;margin:0;padding:0}
.entries>li{padding-block:.9rem;border-block-start:1px solid var(--line)}
.facts{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:end;gap:0 1rem}
.formats{margin-block:1rem;border:1px solid var(--line);border-radius:.6rem}
.formats>li{display:grid;gap:.25rem 1rem;align-items:center;padding:.75rem 1rem}.formats>li+li{border-block-start:1px solid var(--line)}
.do{display:flex;flex-wrap:wrap;gap:.5rem;margin-block-start:.35rem}
@media(min-width:40rem){.formats>li{grid-template-columns:1fr auto}.do{grid-area:1/2/3/3;margin:0}}
.feeds{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));column-gap:2rem}
.feeds>li{display:flex;justify-content:space-between;align-items:baseline;gap:1rem;padding-block:.4rem;border-block-end:1px solid var(--line)}.feeds .soft{white-space:nowrap}
.chips{display:flex;flex-wrap:wrap;gap:.5rem}.chips>li{background:var(--tint);border-radius:.5rem;padding:.3rem .7rem}
code,pre{font-size:.9375rem}
button,.button{display:inline-block;box-sizing:border-box;font:inherit;font-size:.9375rem;line-height:1.4;color:var(--ink);background:var(--tint);border:1px solid var(--soft);border-radius:.4rem;padding:.35rem .8rem;text-decoration:none;cursor:pointer}button[hidden]{display:none}
button:hover,.button:hover{border-color:var(--link)}.formats>li:first-child .do>*{color:var(--paper);background:var(--link);border-color:var(--link)}
svg{display:block;fill:var(--link);max-width:100%}
.e-content{margin-block:1.5rem}.e-content :is(h1,h2){font-size:1.375rem;line-height:1.3;margin:2rem 0 .5rem}.e-content h3{font-size:1.125rem;margin:1.5rem 0 .5rem}.e-content :is(p,ul,ol,pre,table,blockquote,figure){margin-block:1rem}.e-content :is(ul,ol){padding-inline-start:1.5rem}
.e-content :is(img,video){max-width:100%;height:auto}.e-content pre{white-space:pre-wrap;background:var(--tint);padding:.75rem;border-radius:.4rem}.e-content blockquote{margin-inline:0;padding-inline-start:1rem;border-inline-start:3px solid var(--line)}.e-content figure{margin-inline:0}
.e-content table{border-collapse:collapse}.e-content :is(td,th){border:1px solid var(--line);padding:.25rem .5rem;text-align:start}
`;

/** Copies an address where that works; without it, the address can be taken by hand. */
const SCRIPT = `
const all=navigator.clipboard?document.querySelectorAll('button[data-copy]'):[];
for(const b of all){b.hidden=false;b.onclick=()=>navigator.clipboard.writeText(b.dataset.copy).then(()=>{document.getElementById('said').textContent=b.dataset.said;for(const each of all)each.textContent=each==b?'Copied':'Copy address'})}
`;

/** Nothing but what is on the page itself; frames, forms and other scripts are not. */
function policy(hasMedia: boolean): string {
  const hashed = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hashed(STYLE)}`,
    `script-src ${hashed(SCRIPT)}`,
    `img-src ${hasMedia ? 'http: https: data:' : "'self' http: https:"}`,
    ...(hasMedia ? ['media-src http: https:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
