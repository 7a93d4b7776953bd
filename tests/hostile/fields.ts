/** Values of fields that do not fit them. */
import { BROKEN, ENTRY, MENDED, OPEN, SHOWN, WARNED, post, row, yaml } from './row.ts';
import type { Expect, Row } from './row.ts';

const titled = (title: string): string => yaml(`title: ${title}\ndate: 2026-05-17`);
const as = (title: string): Expect => ({ ...ENTRY, title });
const url = (pattern: RegExp | string): Expect => ({ is: 'entry', url: pattern });
const OWN = /^https:\/\/example\.com\/[^/]/;

const titles: Row[] = [
  ...['1.10', '0777', '0x1F', '1e3', 'null', 'yes', '2024-01-01', '=', '~x', '12:30:45', '.inf', '📰', '0', 'false'].map(
    (title, at) => row(`title-text-${at}.md`, `The title ${title}`, titled(title), { is: 'entry', title: title === 'null' ? /null/ : title }),
  ),
  row('title-list.md', 'A list', titled('[One, Two]'), BROKEN),
  row('title-map.md', 'A map', titled('{ en: One, de: Eins }'), BROKEN),
  row('title-block-list.md', 'A list by lines', titled('\n  - One'), BROKEN),
  row('title-empty-list.md', 'An empty list', titled('[]'), OPEN),
  row('title-html.md', 'Markup', titled('\'<b>One</b> <script>alert(1)</script> & "two"\''), as('One <script>alert(1)</script> & "two"')),
  row('title-entities.md', 'References', titled("'AT&amp;T &lt;b&gt; &#1; &#xD800; &#0; &nbsp;'"), SHOWN),
  row('title-cdata.md', 'The end of a CDATA section', titled("'a ]]> b <![CDATA[ c ]]]]> d'"), as('a ]]> b <![CDATA[ c ]]]]> d')),
  row('title-xml.md', 'The end of an item', titled("'</title></item></channel><!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]>&y;'"), { ...ENTRY, title: /^<\/title>/ }),
  row('title-rtl.md', 'A right-to-left override', titled('"a\\u202Eb\\u200Fc"'), { is: 'entry', title: /^a.?b.?c$/ }),
  row('title-controls.md', 'Control characters', titled('"a\\x01b\\x08c\\x0Bd\\x1Fe\\uFFFEf\\uFFFFg\\uFFFDh"'), { is: 'open', title: 'abcdefgh' }),
  row('title-raw-controls.md', 'Raw control characters', titled('a\u0001b\u000Cc\u001Fd\uFFFEe\uFFFDf'), as('abcdef')),
  row('title-emoji.md', 'Families, flags and skin', titled('👩‍👩‍👧‍👦 🇫🇷 👍🏽'), as('👩‍👩‍👧‍👦 🇫🇷 👍🏽')),
  row('title-long.md', '10,000 characters', titled('x'.repeat(10_000)), { is: 'entry', title: /^x+/ }),
  row('title-zalgo.md', 'A thousand accents on one letter', titled(`a${'\u0301'.repeat(1000)}`), { is: 'entry' }),
  row('title-blank.md', 'Blanks only', titled("'   \t '"), { ...WARNED, title: 'title blank' }),
  row('title-invisible.md', 'Invisible characters only', titled('"\\u200B\\u2060\\uFEFF"'), { is: 'entry' }),
  row('title-control-only.md', 'Control characters only', titled("'\u0001\u0002'"), { ...WARNED, title: 'title control only' }),
  row('title-lines.md', 'Several lines', titled('|\n  One\n  Two\n\n  Three'), as('One Two Three')),
  row('title-none.md', 'From the heading', yaml('date: 2026-05-17', '# A *fine* `heading` & [link](javascript:alert(1))'), { ...ENTRY, title: /^A fine heading & link/ }),
  row('title-heading-html.md', 'From a heading with markup', yaml('date: 2026-05-17', '# <img src=x onerror=alert(1)> One <!-- x -->\n\nText.'), { ...ENTRY, title: 'One' }),
  row('title-heading-empty.md', 'From an empty heading', yaml('date: 2026-05-17', '#\n\nText.'), { ...WARNED, title: 'title heading empty' }),
  row('title-heading-entity.md', 'From a heading of references', yaml('date: 2026-05-17', '# &#0;&#1;&#xD800;&#xFFFE;\n\nText.'), { ...WARNED, title: 'title heading entity' }),
  row('title-heading-long.md', 'From a heading of 50,000 characters', yaml('date: 2026-05-17', `# ${'x '.repeat(25_000)}`), { is: 'entry', title: /^x x/ }),
]; // prettier-ignore

const labels: Row[] = [
  row('tags-objects.md', 'Maps as tags', post('tags: [{ name: a }, { a: b }, [c, [d]], e]'), { is: 'entry' }),
  row('tags-numbers.md', 'Numbers, null and nothing', post('tags: [1, 2.0, null, ~, "", "  ", true, 1]'), { ...ENTRY, tags: ['1', '2.0', 'true'] }),
  row('tags-map.md', 'A map', post('tags: { a: b, c: d }'), { is: 'entry' }),
  row('tags-number.md', 'A number', post('category: 2026'), { ...ENTRY, tags: ['2026'] }),
  row('tags-null.md', 'null', post('category: null\ntags:'), { ...ENTRY, tags: [] }),
  row('tags-1000.md', 'A thousand', post(`tags: [${Array.from({ length: 1000 }, (_, at) => `t${at}`).join(', ')}]`), { ...MENDED, tags: Array.from({ length: 100 }, (_, at) => `t${at}`) }),
  row('tags-same.md', 'A thousand times the same', post(`tags: [${Array.from({ length: 1000 }, (_, at) => (at % 2 ? 'Same' : ' same ')).join(', ')}]`), { ...ENTRY, tags: ['same'] }),
  row('tags-commas.md', '20,000 commas', post(`tags: "${','.repeat(20_000)}"`), { ...ENTRY, tags: [] }),
  row('tags-paths.md', 'Ways out of the folder', post('tags: ["../../../x", "..", ".", "/etc/passwd", "a/b", "..\\\\..\\\\x", "%2e%2e%2f", "C:\\\\x", "\\0", "-"]'), { is: 'entry' }),
  row('tags-slugs.md', 'Languages', post('tags: [C, C++, "C#", .NET, 日本語, "Ünïcode", "ＦＵＬＬ", "🎉", "İstanbul", "ß"]'), { ...ENTRY, tags: ['C', 'C++', 'C#', '.NET', '日本語', 'Ünïcode', 'ＦＵＬＬ', '🎉', 'İstanbul', 'ß'] }),
  row('tags-markup.md', 'Markup', post('tags: ["<script>alert(1)</script>", "a]]>b", "\\"><x y=\\"", "&amp;"]'), { ...ENTRY, tags: ['<script>alert(1)</script>', 'a]]>b', '"><x y="', '&amp;'] }),
  row('tags-long.md', 'A tag of 5,000 letters of another script', post(`tags: ["${'語'.repeat(5000)}"]`), { is: 'entry' }),
  row('tags-names.md', 'The names of feeds', post('tags: [feed.xml, atom.xml, feed.json, .feedwright, index.json, CON, nul]'), { is: 'entry' }),
  row('tags-lines.md', 'A tag with line ends', post('tags: ["a\\nb", "a b", "a\\u2028b"]'), { ...ENTRY, tags: ['a b'] }),
  row('authors-shapes.md', 'Every shape at once', post('authors: [Ann, { name: Bob, email: "not an address", url: "javascript:alert(1)" }, { name: [x] }, [Cem], null, 7, { email: a@b.example }, ""]'), { is: 'entry', lacks: ['javascript:'] }),
  row('authors-map.md', 'A map without a name', post('author: { email: a@b.example }'), { ...SHOWN, authors: [] }),
  row('authors-markup.md', 'Markup as a name', post('author: "<script>alert(1)</script>]]>"'), { ...ENTRY, authors: ['<script>alert(1)</script>]]>'] }),
  row('authors-email.md', 'An address with line ends and markup', post('author: { name: Ann, email: "a@b.example\\r\\nBcc: x@y.example", url: "https://ann.example/\\"><script>" }'), { is: 'entry', authors: ['Ann'] }),
  row('authors-1000.md', 'A thousand authors', post(`author: ${Array.from({ length: 1000 }, (_, at) => `Author ${at}`).join('; ')}`), { ...MENDED }),
  row('authors-deep.md', 'Lists in lists', post('authors: [[[[[[Ann]]]]]]'), { is: 'entry' }),
  row('source-markup.md', 'A source of markup', post('source: "<b>x</b>]]>/../"\nexternal_url: https://weekly.example/x'), { ...ENTRY, externalUrl: 'https://weekly.example/x' }),
  row('source-list.md', 'A source that is a list', post('source: [a, b]'), { is: 'entry' }),
  row('language-markup.md', 'A language that is markup', post('lang: "en\\"><x>"'), WARNED),
  row('language-long.md', 'A language of 10,000 parts', post(`lang: en${'-aa'.repeat(10_000)}`), { is: 'entry' }),
  row('language-list.md', 'A language that is a list', post('language: [en, de]'), { is: 'entry' }),
  row('kind-odd.md', 'A kind that is a path', post('kind: ../../x'), { is: 'entry' }),
]; // prettier-ignore

const summaries: Row[] = [
  row('summary-markup.md', 'Markup is text', post('summary: "<script>alert(1)</script> *a* ]]> &amp; &#1;"'), { ...ENTRY, contains: ['<script>alert(1)</script> *a* ]]>'] }),
  row('summary-list.md', 'A list', post('summary: [a, b]'), { is: 'entry' }),
  row('summary-map.md', 'A map', post('description: { a: b }'), { is: 'entry' }),
  row('summary-only.md', 'No body, so the summary is the content', post('summary: All there is.', ''), { ...ENTRY, contains: ['<p>All there is.</p>'] }),
  row('summary-heading.md', 'Nothing but a heading', post('summary: All there is.', '# One'), { ...ENTRY, contains: ['<p>All there is.</p>'] }),
  row('summary-controls.md', 'Control characters', post('tldr: "a\\x01\\uFFFFb"\nsummary: "\\uFFFDc"'), { is: 'open' }),
  row('summary-long.md', '60,000 characters', post(`summary: ${'word '.repeat(12_000)}`), { is: 'entry' }),
  row('summary-more.md', 'What stands before <!--more-->', post('', '<script>alert(1)</script>\n\nBefore <b>it</b>.\n\n<!--more-->\n\nAfter.'), { is: 'entry', contains: ['Before it.', 'After.'], lacks: ['alert', '<!--'] }),
  row('summary-more-many.md', '20,000 times <!--more-->', post('', '<!--more-->\n'.repeat(20_000)), { is: 'entry', lacks: ['<!--'] }),
  row('summary-more-inline.md', '<!-- more in code', post('', '`<!--more-->` is how to write it.\n\nText.'), { is: 'entry' }),
]; // prettier-ignore

const BAD_URLS = [
  'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' java\\tscript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', '/relative', 'relative.html',
  '//evil.example/x', '#x', 'not a url', 'http://', 'https://', 'http:evil.example', 'ftp://example.com/x', 'file:///etc/passwd', 'mailto:a@b.example', 'https://exa mple.com/',
  'https://[::1', 'https://example.com:99999/', 'https://%00/', 'http://\\u0000/', 'www.example.com',
]; // prettier-ignore

const links: Row[] = [
  ...BAD_URLS.map((bad, at) =>
    row(`external-bad-${at}.md`, `external_url: ${bad}`, post(`external_url: "${bad}"`), { ...MENDED, externalUrl: null }),
  ),
  row('external-slashes.md', 'Three slashes', post('external_url: http:///x'), { is: 'entry' }),
  row('external-dots.md', 'A host of empty labels', post('external_url: https://a..b../'), { is: 'entry' }),
  row('external-list.md', 'A list', post('external_url: [https://a.example/, https://b.example/]'), { is: 'entry' }),
  row('external-map.md', 'A map', post('external_url: { url: https://a.example/ }'), { is: 'entry' }),
  row('external-user.md', 'With a name and a password', post('external_url: https://user:secret@a.example/x'), { is: 'entry' }),
  row('external-idn.md', 'With letters of other scripts', post('external_url: "https://münchen.example/ü?q=ö#ß"'), { is: 'entry', externalUrl: 'https://xn--mnchen-3ya.example/%C3%BC?q=%C3%B6#%C3%9F' }),
  row('external-blanks.md', 'With blanks', post('external_url: " https://a.example/a b "'), { ...ENTRY, externalUrl: 'https://a.example/a%20b' }),
  row('external-markup.md', 'With markup', post('external_url: \'https://a.example/"><script>alert(1)</script>]]>&amp;\''), { is: 'entry', lacks: ['<script'] }),
  row('external-long.md', 'Of 50,000 characters', post(`external_url: https://a.example/${'x'.repeat(50_000)}`), { is: 'entry' }),
  row('external-tab.md', 'With a tab and a line end inside', post('external_url: "https://a.example/a\\tb\\nc"'), { is: 'entry' }),
  row('external-backslash.md', 'With backslashes', post("external_url: 'https:\\\\a.example\\x'"), { ...MENDED, externalUrl: null }),
  row('external-percent.md', 'With a percent sign that encodes nothing', post('external_url: https://a.example/100%'), { is: 'entry', externalUrl: 'https://a.example/100%25' }),
  row('external-pointer.md', 'A body that points elsewhere than the link', post('external_url: https://a.example/x', '[read](javascript:alert(1))'), { is: 'entry', contains: ['href="https://a.example/x"'] }),
  row('permalink-elsewhere.md', 'On another site', post('permalink: https://elsewhere.example/x'), url('https://elsewhere.example/x')),
  row('permalink-script.md', 'A script', post('permalink: "javascript:alert(1)"'), url(OWN)),
  row('permalink-data.md', 'A data: URL', post('permalink: "data:text/html,x"'), url(OWN)),
  row('permalink-host.md', 'A host without a scheme', post('permalink: //evil.example/x'), url(OWN)),
  row('permalink-up.md', 'Up and out', post('permalink: ../../../../x-up'), url(OWN)),
  row('permalink-up-encoded.md', 'Up and out, encoded', post('permalink: /%2e%2e/%2e%2e/x-up-encoded'), url(OWN)),
  row('permalink-backslash.md', 'Backslashes', post("permalink: '\\\\evil.example\\x'"), url(OWN)),
  row('permalink-list.md', 'A list', post('permalink: [a, b]'), url(OWN)),
  row('permalink-markup.md', 'Markup', post('permalink: \'/a"><script>alert(1)</script>/\''), url(/^https:\/\/example\.com\/[^<>" ]+$/)),
  row('permalink-root.md', 'The root', post('permalink: /'), url(/^https:\/\/example\.com\//)),
  row('permalink-broken.md', 'A URL that is none', post('permalink: "https://"'), url(OWN)),
  row('permalink-long.md', 'Of 30,000 characters', post(`permalink: /${'x'.repeat(30_000)}`), url(OWN)),
  row('slug-up.md', 'A slug that leads out', post('slug: ../../../x'), url('https://example.com/posts/x/')),
  row('slug-dots.md', 'A slug of dots', post('slug: ..'), url(/^https:\/\/example\.com\/posts\/[^/]+\/$/)),
  row('slug-dot.md', 'A slug of one dot', post('slug: "."'), url(/^https:\/\/example\.com\/posts\/[^/]+\/$/)),
  row('slug-encoded.md', 'Encoded dots', post('slug: "%2e%2e"'), url(/^https:\/\/example\.com\/posts\/[^/]+\/$/)),
  row('slug-cpp.md', 'A slug C++', post('slug: C++'), url(/^https:\/\/example\.com\/posts\/[Cc](?:%2B%2B|-plus-plus|\+\+)\/$/)),
  row('slug-cjk.md', 'A slug 日本語', post('slug: 日本語'), url('https://example.com/posts/%E6%97%A5%E6%9C%AC%E8%AA%9E/')),
  row('slug-empty.md', 'An empty slug', post('slug: ""'), url('https://example.com/posts/slug-empty/')),
  row('slug-blank.md', 'A slug of slashes', post('slug: ///'), url('https://example.com/posts/slug-blank/')),
  row('slug-list.md', 'A slug that is a list', post('slug: [a]'), url('https://example.com/posts/slug-list/')),
  row('slug-query.md', 'A slug with ? and #', post('slug: "a?b#c"'), url(/^https:\/\/example\.com\/posts\/[^?#]+\/$/)),
  row('slug-pattern.md', 'A slug that is a pattern', post('slug: ":path:year$&"'), url(/^https:\/\/example\.com\/posts\/[^/]+\/$/)),
  row('image-script.md', 'An image that is a script', post('image: "javascript:alert(1)"'), { is: 'entry', image: null }),
  row('image-data.md', 'An image that is data', post('cover: "data:image/svg+xml,<svg onload=alert(1)>"'), { is: 'entry', image: null }),
  row('image-relative.md', 'A relative image', post('image: a b.png'), { is: 'entry', image: 'https://example.com/posts/image-relative/a%20b.png' }),
  row('image-nested.md', 'Lists and maps in each other', post('images: [[{ src: { url: x.png } }]]'), { is: 'entry' }),
  row('enclosure-odd.md', 'Media with values that do not fit', post('enclosures: [{ url: a.mp3, length: -1, type: "a b" }, { url: "javascript:x" }, { url: [x] }, 7, null, { length: 3 }]'), { is: 'entry' }),
  row('enclosure-markup.md', 'Media with markup', post('enclosure: { url: "https://a.example/\\"><x>.mp3", type: "audio/mpeg\\"><x>", length: 99999999999999999999 }'), { is: 'entry' }),
  row('enclosure-1000.md', 'A thousand media', post(`audio: [${Array.from({ length: 1000 }, (_, at) => `a${at}.mp3`).join(', ')}]`), MENDED),
]; // prettier-ignore

const ids: Row[] = [
  row('id-plain.md', 'An id that is no IRI', post('id: "x y <z> & ]]> \\""'), { ...ENTRY, id: 'x y <z> & ]]> "' }),
  row('id-script.md', 'An id that is a script', post('id: "javascript:alert(1)"'), { ...ENTRY, id: 'javascript:alert(1)' }),
  row('id-controls.md', 'Control characters', post('guid: "a\\x01b"'), { is: 'open' }),
  row('id-list.md', 'A list', post('id: [a]'), { is: 'entry' }),
  row('id-number.md', 'A number', post('id: 0010'), { ...ENTRY, id: 'tag:example.com,2026-05-17:id-number' }),
  row('guid-number.md', 'A number that is meant', post('guid: 0010'), { ...ENTRY, id: '0010' }),
  row('id-long.md', '10,000 characters', post(`id: ${'x'.repeat(10_000)}`), { is: 'entry' }),
  row('id-case-a.md', 'Ids that differ in case: one', post('id: Same'), { ...ENTRY, id: 'Same' }),
  row('id-case-b.md', 'Ids that differ in case: the other', post('id: same'), { ...ENTRY, id: 'same' }),
  row('id-double-old.md', 'One id twice: the older keeps it', yaml('title: One\ndate: 2026-05-01\nid: double'), { ...ENTRY, id: 'double' }),
  row('id-double-new.md', 'One id twice: the newer is not published', yaml('title: One\ndate: 2026-05-02\nid: double'), BROKEN),
  row('id-minted.md', 'The id that another post is given', yaml('title: One\ndate: 2026-05-01\nid: "tag:example.com,2026-05-02:id-victim"'), { ...ENTRY, id: 'tag:example.com,2026-05-02:id-victim' }),
  row('id-victim.md', 'The post whose id was taken is published all the same', yaml('title: One\ndate: 2026-05-02'), { is: 'entry' }),
  row('url-double-old.md', 'One permalink twice: the older keeps it', yaml('title: One\ndate: 2026-05-01\npermalink: /double/'), { ...ENTRY, url: 'https://example.com/double/' }),
  row('url-double-new.md', 'One permalink twice: the newer gets another', yaml('title: One\ndate: 2026-05-02\npermalink: /double/'), { ...WARNED, url: /^https:\/\/example\.com\/(?!double\/)/ }),
]; // prettier-ignore

export const FIELDS: Row[] = [...titles, ...labels, ...summaries, ...links, ...ids];
