/** Pages for people: what they hold, and that whatever posts say is only ever text. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'parse5';
import type { DefaultTreeAdapterTypes } from 'parse5';
import { OPTIONS, SITE, blogOf, markdown, post, publishPosts, write } from './blog.ts';

type Element = DefaultTreeAdapterTypes.Element;

const PAGES = { ...OPTIONS, pages: { feeds: true, entries: false } };
const ENTRIES = { ...OPTIONS, pages: { feeds: true, entries: true } };

function pagesOf(
  posts: Parameters<typeof publishPosts>[0],
  options = PAGES,
  site = SITE,
): Map<string, string> {
  const { files } = publishPosts(posts, { options, site });
  return new Map(files.map(({ name, body }) => [name, body().toString('utf8')]));
}

/** All elements of a page, in their order. */
function elements(html: string): Element[] {
  const found: Element[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ('tagName' in node) found.push(node);
    if ('childNodes' in node) node.childNodes.forEach(visit);
  };
  visit(parse(html));
  return found;
}

const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((each) => each.name === name)?.value;
const textOf = (node: DefaultTreeAdapterTypes.Node): string =>
  'value' in node ? node.value : 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
const hrefs = (html: string, rel: string): (string | undefined)[] =>
  elements(html)
    .filter((each) => each.tagName === 'link' && attribute(each, 'rel') === rel)
    .map((each) => attribute(each, 'href'));

describe('the page of a feed', () => {
  const posts = [
    post({ title: 'First', date: '2026-01-02', tags: ['Rust'], summary: 'What it is about.' }, 'Text.', 'first.md'),
    post({ title: 'Second', date: '2026-03-04', tags: ['Rust', 'Web'], external_url: 'https://blog.example/x', source: 'A Blog' }, '', 'second.md'),
  ]; // prettier-ignore

  test('is found by programs: its own formats first, then the main feed', () => {
    const pages = pagesOf(posts);
    expect(hrefs(pages.get('tags/rust/index.html')!, 'alternate')).toEqual([
      'https://example.com/tags/rust/feed.xml',
      'https://example.com/tags/rust/atom.xml',
      'https://example.com/tags/rust/feed.json',
      'https://example.com/feed.xml',
    ]);
    expect(hrefs(pages.get('index.html')!, 'alternate')).toEqual([
      'https://example.com/feed.xml',
      'https://example.com/atom.xml',
      'https://example.com/feed.json',
    ]);
    expect(hrefs(pages.get('index.html')!, 'blogroll')).toEqual(['https://example.com/feeds.opml']);
  });

  test('says what it holds, how to subscribe, and shows the newest entries', () => {
    const page = pagesOf(posts).get('tags/rust/index.html')!;
    const all = elements(page);
    const said = textOf(all.find(({ tagName }) => tagName === 'main')!);
    expect(said).toMatch(
      /Example – Rust.*2 entries.*last change 2026-03-04.*Subscribe.*Second.*2026-03-04.*A Blog.*the original.*First.*What it is about\./s,
    );
    expect(said).toContain('https://example.com/tags/rust/feed.xml');
    expect(said).toContain('2 in the twelve months up to 2026-03');
    const picture = all.find(({ tagName }) => tagName === 'svg')!;
    expect(picture.childNodes.filter(({ nodeName }) => nodeName === 'rect')).toHaveLength(12);
    const links = all.filter(({ tagName }) => tagName === 'a').map((each) => attribute(each, 'href'));
    expect(links).toContain('feed:https://example.com/tags/rust/atom.xml');
    expect(links).toContain('https://blog.example/x');
  });

  test('tells the days that the author wrote, not those in UTC', () => {
    const site = { ...SITE, timezone: 'Europe/Paris' };
    const dates = ['2026-03-31T22:00:00Z', '2026-04-01T08:00:00Z', '2026-02-28T23:00:00Z'];
    const local = dates.map((date, at) => post({ date, updated: date }, '', `${at}.md`));
    const text = pagesOf(local, ENTRIES, site).get('index.html')!;
    const said = textOf(elements(text).find(({ tagName }) => tagName === 'main')!);
    expect(said).toMatch(
      /last change 2026-04-01.*up to 2026-04.*Newest.*2026-04-01.*2026-04-01.*2026-03-01/s,
    );
    expect(said).not.toMatch(/2026-03-31|2026-02-28/);
    const heights = elements(text).filter(({ tagName }) => tagName === 'rect');
    expect(heights.slice(-2).map((each) => attribute(each, 'height'))).toEqual(['20', '40']);
    const page = pagesOf(local, ENTRIES, site).get('posts/0/index.html')!;
    expect(page).toContain('<time datetime="2026-03-31T22:00:00Z" dir="ltr">2026-04-01</time>');
  });

  test('links to other pages so that it works below any address', () => {
    const pages = pagesOf(posts);
    for (const [name, page] of pages) {
      if (!name.endsWith('.html')) continue;
      const base = new URL(name, 'https://static.example/feeds/');
      for (const element of elements(page)) {
        const href = attribute(element, 'href') ?? '';
        if (!/^\.{1,2}\//.test(href)) continue;
        const target = new URL(href, base).pathname.slice('/feeds/'.length);
        expect({
          name,
          href,
          known: pages.has(decodeURIComponent(target.replace(/(^|\/)$/, '$1index.html'))),
        }).toEqual({ name, href, known: true });
      }
    }
  });

  test('lists feeds with how much is in them and when they last changed', () => {
    const pages = pagesOf(posts);
    for (const name of ['index.html', 'tags/index.html']) {
      const items = elements(pages.get(name)!)
        .filter((each) => attribute(each, 'class') === 'feeds')
        .flatMap(({ childNodes }) => childNodes.map((node) => textOf(node).trim()).filter(Boolean));
      expect(items).toEqual(expect.arrayContaining(['Rust2 · 2026-03-04', 'Web1 · 2026-03-04']));
    }
  });

  test('of an empty title, a feed without entries or a right-to-left language is still a page', () => {
    const page = pagesOf([post({ title: 'سلام', tags: ['تک'] })], PAGES, { ...SITE, language: 'fa' }).get(
      'index.html',
    )!;
    const html = elements(page)[0]!;
    expect([attribute(html, 'lang'), attribute(html, 'dir')]).toEqual(['fa', 'rtl']);
    // Among letters that go the other way, 2026-07-02 would read 02-07-2026.
    const times = elements(page).filter(({ tagName }) => tagName === 'time');
    expect(times.length).toBeGreaterThan(0);
    expect(times.map((each) => attribute(each, 'dir'))).toEqual(times.map(() => 'ltr'));
  });

  test.each([
    ['in letters of one byte', 'of many words ', 'tag'],
    [
      'in letters of three, and addresses of nine',
      '多くの言葉で書かれた題',
      'とても長い名前の札とても長い名前の札',
    ],
  ])('stays small %s, however much a feed shows', (_, words, tag) => {
    const many = Array.from({ length: 300 }, (_, at) =>
      post(
        {
          title: `Post ${at} ${words.repeat(30)}`,
          date: '2026-01-02',
          tags: [`${tag} ${at}`, `t${at % 7}`],
          summary: words.repeat(90),
        },
        'Text.',
        `${tag}-${at}.md`,
      ),
    );
    const pages = pagesOf(many, { ...PAGES, limit: 0, per: ['tag', 'kind'] });
    for (const [name, page] of pages)
      if (name.endsWith('.html')) expect([name, Buffer.byteLength(page) < 30_000]).toEqual([name, true]);
    const lists = [...pages].filter(([name]) => /^tags\/index/.test(name));
    expect(lists.map(([name]) => name).slice(0, 3)).toEqual(['tags/index.html', 'tags/index-2.html', 'tags/index-3.html']); // prettier-ignore
    const listed = lists.flatMap(([, page]) =>
      elements(page).filter((each) => attribute(each, 'href')?.startsWith('../tags/')),
    );
    expect(listed).toHaveLength(307);
  });
});

describe('the page of an entry', () => {
  const link = post(
    {
      title: 'A link',
      date: '2026-01-02',
      url: '/notes/a-link/',
      external_url: 'https://other.example/',
      tags: ['Rust'],
      image: '/pic.png',
    },
    'My *own* words, which are many enough to be more than a pointer to somewhere.',
    'a.md',
  );

  test('is at its permalink, with its content and what other programs read', () => {
    const pages = pagesOf([link], ENTRIES);
    const all = elements(pages.get('notes/a-link/index.html')!);
    expect(hrefs(pages.get('notes/a-link/index.html')!, 'canonical')).toEqual([
      'https://example.com/notes/a-link/',
    ]);
    const classes = all.flatMap((each) => attribute(each, 'class')?.split(' ') ?? []);
    expect(classes).toEqual(
      expect.arrayContaining(['h-entry', 'p-name', 'e-content', 'dt-published', 'u-url', 'u-bookmark-of']),
    );
    const meta = new Map(
      all
        .filter(({ tagName }) => tagName === 'meta')
        .map((each) => [attribute(each, 'property'), attribute(each, 'content')]),
    );
    expect(Object.fromEntries(meta.entries()) as object).toMatchObject({
      'og:type': 'article',
      'og:title': 'A link',
      'og:url': 'https://example.com/notes/a-link/',
      'og:image': 'https://example.com/pic.png',
    });
    expect(pages.get('notes/a-link/index.html')).toContain('<em>own</em>');
  });

  test('is not there for permalinks elsewhere, or that are no names of files', () => {
    const elsewhere = { ...SITE, feedsUrl: 'https://feeds.example/' };
    expect([...pagesOf([link], ENTRIES, elsewhere).keys()].filter((name) => name.includes('a-link'))).toEqual(
      [],
    );
    for (const url of [
      '/a//b/',
      '/.hidden/x/',
      `/${'long'.repeat(99)}/`,
      '/tags/rust/',
      '/x%2fy/',
      '/feed.xml',
    ])
      expect(
        pagesOf([post({ title: 'X', url, tags: ['Rust'] })], ENTRIES).get('tags/rust/index.html'),
      ).toContain('Subscribe');
    for (const url of ['/feed.xml', '/feeds.opml', '/robots.txt', '/a/favicon.svg/'])
      expect(
        [...pagesOf([post({ title: 'X', url })], ENTRIES).keys()].filter((name) => /\.\w+\//.test(name)),
      ).toEqual([]);
  });
});

describe('a subscription list', () => {
  test('names every feed, grouped, and is well-formed', () => {
    const opml = pagesOf([post({ title: 'A', tags: ['R&D', '"Q"'] })]).get('feeds.opml')!;
    expect(opml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/);
    const outlines = [
      ...opml.matchAll(
        /<outline type="rss" text="([^"]*)" title="[^"]*" xmlUrl="([^"]*)" htmlUrl="([^"]*)"\/>/g,
      ),
    ];
    expect(outlines.map(([, text, url]) => [text, url])).toEqual(expect.arrayContaining([
      ['Example', 'https://example.com/feed.xml'],
      ['R&amp;D', 'https://example.com/tags/r-d/feed.xml'],
      ['&quot;Q&quot;', 'https://example.com/tags/q/feed.xml'],
    ])); // prettier-ignore
  });
});

test('what browsers and crawlers ask for beside the pages is there', () => {
  const posts = [post({ title: 'A' })];
  const pages = pagesOf(posts);
  expect(pages.get('robots.txt')).toMatch(/^User-agent: \*\nAllow: \/$/m);
  expect(pages.get('robots.txt')).not.toContain('Disallow');
  expect(pages.get('favicon.svg')).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  expect(hrefs(pages.get('kinds/article/index.html')!, 'icon')).toEqual(['../../favicon.svg']);
  const own = { ...SITE, icon: 'https://example.com/icon.png' };
  expect(hrefs(pagesOf(posts, PAGES, own).get('index.html')!, 'icon')).toEqual([own.icon]);
  // No entry of the registry of well-known addresses is about feeds.
  expect([...pages.keys()].filter((name) => name.includes('.well-known'))).toEqual([]);
});

describe('feeds', () => {
  test('link to their page and to the stylesheet, and say nothing of them when there are no pages', () => {
    const posts = [post({ title: 'A', tags: ['Rust'] })];
    const [styled, plain] = [pagesOf(posts), pagesOf(posts, OPTIONS)];
    expect(styled.get('tags/rust/feed.xml')).toContain(
      '<?xml-stylesheet type="text/css" href="../../feed.css"?>',
    );
    expect(styled.get('tags/rust/atom.xml')).toContain(
      '<link rel="related" type="text/html" href="https://example.com/tags/rust/"/>',
    );
    expect(styled.get('feed.css')).toContain('atom|entry');
    expect([...plain.keys()].filter((name) => /html|css|opml/.test(name))).toEqual([]);
    expect(plain.get('feed.xml')).not.toContain('stylesheet');
  });
});

const EXPECTED = new Set(
  'html head meta title link style body header a main article h1 h2 h3 div p ul li b span code button svg rect time script'.split(
    ' ',
  ),
);

test('whatever a post says is text on every page', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(
      '</title><script>alert(1)</script>',
      '"><img src=x onerror=alert(1)>',
      "' onclick='x",
      '<!--',
      ']]>',
      '</style><b>',
      '${1}',
      '&lt;i&gt;',
      'javascript:alert(1)',
    ),
  );
  fc.assert(
    fc.property(nasty, nasty, nasty, nasty, (title, tag, author, summary) => {
      const nastyPost = post({ title: title.trim() || 'T', tags: [tag.trim() || 't'], author: author.trim() || 'A', summary, source: tag.trim() || 's', external_url: `https://x.example/?${encodeURIComponent(title)}` }); // prettier-ignore
      for (const [name, page] of pagesOf([nastyPost], ENTRIES)) {
        if (!name.endsWith('.html')) continue;
        for (const element of elements(page)) {
          expect(EXPECTED.has(element.tagName)).toBe(true);
          for (const { name: key, value } of element.attrs) {
            expect(key).toMatch(
              /^(?:lang|dir|charset|http-equiv|content|name|rel|href|type|title|class|id|role|data-copy|data-said|aria-label|aria-hidden|hidden|width|height|viewbox|x|y|datetime|property)$/i,
            );
            if (key === 'href') expect(value).toMatch(/^(?:https?:|feed:https?:|\.\.?\/)/);
          }
        }
        expect(elements(page).filter(({ tagName }) => tagName === 'script')).toHaveLength(1);
      }
    }),
    { numRuns: 40 },
  );
});

describe('a folder in which a site is already', () => {
  test('keeps its own pages, and the run says so', async () => {
    const blog = blogOf({ 'one.md': markdown('One') });
    await blog.store.put('index.html', Buffer.from('<p>My own front page.'));
    const outcome = await blog.once({ options: PAGES });
    expect(await blog.text('index.html')).toBe('<p>My own front page.');
    expect(outcome.problems).toMatchObject([{ level: 'warning', file: 'index.html', rule: 'foreign-page' }]);
    expect(await blog.text('feeds.opml')).toContain('<opml');
    await blog.store.remove('index.html');
    await blog.once({ options: PAGES });
    expect(await blog.text('index.html')).toContain('One');
    write(blog.folder, { 'two.md': markdown('Two') });
    await blog.once({ options: PAGES });
    expect(await blog.text('index.html')).toContain('Two');
  });
});
