/** URLs in texts: unsafe ones in every spelling and place, and relative ones that must become absolute. */
import { SHOWN, body, row } from './row.ts';
import type { Row } from './row.ts';

const UNSAFE = [
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)', 'java\nscript:alert(1)', '\u0001javascript:alert(1)', 'javascript\u0000:alert(1)',
  '&#106;avascript:alert(1)', '&#x6A&#x61&#x76ascript:alert(1)', 'java&Tab;script:alert(1)', 'java&NewLine;script:alert(1)', 'javascript&colon;alert(1)', '&#1;javascript:alert(1)', 'javascript&#0;:alert(1)', '&#0000106avascript:alert(1)',
  'javascript://example.com/%0Aalert(1)', 'javascript:https://example.com/', 'vbscript:msgbox(1)', 'livescript:x', 'mocha:x', 'view-source:javascript:alert(1)', 'feed:javascript:alert(1)', 'jar:javascript:alert(1)!/',
  'data:text/html,<script>alert(1)</script>', 'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==', 'data:image/svg+xml,<svg onload=alert(1)>', 'data:image/svg+xml;base64,PHN2Zz4=', 'data:,x', 'data:image/png,x', 'DATA:TEXT/HTML,x', 'data:image/png;base64,"><script>',
  'file:///etc/passwd', 'blob:https://example.com/x', 'filesystem:https://example.com/x', 'about:blank', 'ms-word:ofe|u|x', 'x-apple:x', 'chrome://settings', 'intent://x#Intent;end', 'ws://a.example/',
  'http://', 'https://[', 'https://exa mple.com/', 'http://a.example:99999/', 'https://%', 'http:///', '//', '///x', '\\\\evil.example\\x', '/\\evil.example', 'http:\\\\a.example',
]; // prettier-ignore

const PLACES: [string, (url: string) => string][] = [
  ['md', (url) => `[a](<${url.replace(/[\n<>]/g, (c) => `&#${c.charCodeAt(0)};`)}>) [b](${url.replace(/\s/g, '')}) <${url}> ![c](${url.replace(/\s/g, '')}) [d]\n\n[d]: ${url.replace(/\s/g, '')}`],
  ['html', (url) => `<a href="${url.replaceAll('"', '&quot;')}">a</a> <img src='${url}' alt=b> <a href=${url}>c</a> <blockquote cite="${url}">d</blockquote> <video poster="${url}" src="${url}"></video> <img srcset="${url} 2x, x.png 1x" src="x.png">`],
]; // prettier-ignore

const unsafe: Row[] = UNSAFE.flatMap((url, at) =>
  PLACES.map(([place, write]) =>
    row(`url-${place}-${at}.md`, `${place}: ${url}`, body(`Text. ${write(url)}`), {
      is: 'entry',
      contains: ['Text.'],
      lacks: ['href="javascript:', 'src="javascript:', 'href="data:', 'href="vbscript:', 'src="file:'],
    }),
  ),
);

const kept = (name: string, description: string, text: string, ...contains: string[]): Row =>
  row(name, description, body(`Text. ${text}`), { is: 'entry', contains });
const BASE = 'https://example.com/posts';

const relative: Row[] = [
  kept('rel-name.md', 'Beside the post', '[a](b.html) ![c](d.png)', `href="${BASE}/rel-name/b.html"`, `src="${BASE}/rel-name/d.png"`),
  kept('rel-up.md', 'Above the post', '[a](../b) [c](../../../../../d)', `href="${BASE}/b"`, 'href="https://example.com/d"'),
  kept('rel-root.md', 'From the root', '[a](/b) [c](//d.example/e)', 'href="https://example.com/b"', 'href="https://d.example/e"'),
  kept('rel-fragment.md', 'Within the post', '[a](#b) [c](?d)', `href="${BASE}/rel-fragment/#b"`, `href="${BASE}/rel-fragment/?d"`),
  kept('rel-html.md', 'In HTML', '<a href=b>a</a> <q cite="c">d</q> <video poster=e src=f></video>', `href="${BASE}/rel-html/b"`, `cite="${BASE}/rel-html/c"`, `poster="${BASE}/rel-html/e"`),
  kept('rel-srcset.md', 'In srcset, with commas', '<img src=a.png srcset="b,c.png 1x, d.png 2x,e.png 640w">', `${BASE}/rel-srcset/b,c.png 1x`, `${BASE}/rel-srcset/d.png 2x`),
  kept('rel-blank.md', 'With blanks and quotes', '![a](<b c"d.png>) [e](f%20g%)', `${BASE}/rel-blank/b%20c%22d.png`, 'f%20g%25'),
  kept('rel-bundle/index.md', 'Beside a leaf bundle', '![a](b.png)', `src="${BASE}/rel-bundle/b.png"`),
  kept('rel-mail.md', 'Other schemes that are kept', '[a](mailto:a@b.example) <tel:+1> [c](tel:+123)', 'href="mailto:a@b.example"', 'href="tel:+123"'),
  kept('data-png.md', 'A small picture in a data: URL stays', '![a](data:image/png;base64,iVBORw0KGgo=)', 'src="data:image/png;base64,iVBORw0KGgo="'),
  row('data-large.md', 'A picture of 2 MB in a data: URL goes', body(`Text. ![a](data:image/png;base64,${'A'.repeat(2_000_000)})`), { is: 'open', lacks: ['data:image'] }),
  row('data-large-html.md', 'The same in HTML', body(`Text. <img alt=a src="data:image/png;base64,${'A'.repeat(2_000_000)}">`), { is: 'open', lacks: ['data:image'] }),
  row('data-srcset.md', 'data: in srcset', body('Text. <img src=x.png srcset="data:image/png;base64,AAAA 1x, data:text/html,x 2x, y.png 3x">'), { is: 'entry', contains: ['y.png 3x'], lacks: ['text/html'] }),
  row('data-many.md', 'A thousand small pictures in data: URLs', body('![a](data:image/png;base64,iVBORw0KGgo=) '.repeat(1000)), SHOWN),
  row('url-long.md', 'A URL of 200,000 characters', body(`Text. [a](https://a.example/${'x'.repeat(200_000)})`), { is: 'open' }),
  row('url-user.md', 'A URL with a password', body('Text. [a](https://user:secret@a.example/) <https://example.com@evil.example/>'), SHOWN),
]; // prettier-ignore

export const URLS: Row[] = [...unsafe, ...relative];
