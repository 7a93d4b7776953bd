import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import type { Post } from '../src/content/post.ts';
import { readPost } from '../src/content/read-file.ts';
import { clean, escapeHtml, oneLine } from '../src/content/text.ts';
import type { Entry, Gate } from '../src/publish/feed.ts';
import { slugOf } from '../src/publish/slug.ts';
import { gate } from '../src/validate/gate.ts';
import { parseXml } from '../src/validate/xml.ts';
import { LINK_POST, NOW, OPTIONS, post, publishPosts } from './blog.ts';

const make = publishPosts;
type Publication = ReturnType<typeof publishPosts>;

const file = ({ files }: Publication, name: string): string => {
  const found = files.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name} among ${files.map((each) => each.name).join(', ')}`);
  return found.body().toString('utf8');
};

interface JsonItem {
  id: string;
  title: string;
  url: string;
  external_url?: string;
  date_published: string;
  summary: string;
  content_html: string;
  tags: string[];
}

const jsonItems = (publication: Publication, name = 'feed.json'): JsonItem[] =>
  (JSON.parse(file(publication, name)) as { items: JsonItem[] }).items;

const seed = (): Post => {
  const reading = readPost('should-you-keep-a-changelog.md', LINK_POST, { timezone: 'UTC', now: NOW });
  if (reading.is !== 'post') throw new Error('the link post cannot be read');
  return reading.post;
};

test('an entry says in every format which language it is in, if its post does', () => {
  const made = make([post({ lang: 'fa' }, 'a', 'a.md'), post({}, 'b', 'b.md')]);
  expect(
    file(made, 'atom.xml')
      .match(/<entry[^>]*>/g)
      ?.sort(),
  ).toEqual(['<entry xml:lang="fa">', '<entry>']);
  expect(file(made, 'feed.xml').match(/<dc:language>.*/g)).toEqual(['<dc:language>fa</dc:language>']);
  expect(file(made, 'feed.json').match(/"language": ?"fa"/g)).toHaveLength(1);
});

describe('a link post', () => {
  const publication = make([seed()]);
  const expected = {
    id: 'tag:example.com,2025-12-24:should-you-keep-a-changelog',
    title: 'Should You Keep a Changelog? What Readers & Robots Make of It',
    link: 'https://example.com/posts/should-you-keep-a-changelog/',
    original: 'https://weekly.example/blog/should-you-keep-a-changelog/',
    moment: '2025-12-24T17:58:09Z',
  };

  test('says the same in all three formats, read by other parsers', async () => {
    const [item] = jsonItems(publication);
    expect(item).toMatchObject({
      id: expected.id,
      title: expected.title,
      url: expected.link,
      external_url: expected.original,
      date_published: expected.moment,
      tags: ['writing'],
    });
    const reader = new RssParser({ customFields: { item: ['dc:source'] } });
    const rss = (await reader.parseString(file(publication, 'feed.xml'))).items[0]!;
    expect(rss).toMatchObject({
      guid: expected.id,
      title: expected.title,
      link: expected.link,
      categories: ['writing'],
    });
    expect(rss.isoDate).toBe('2025-12-24T17:58:09.000Z');
    const atom = (await reader.parseString(file(publication, 'atom.xml'))).items[0]! as unknown as Record<
      string,
      string
    >;
    expect(atom).toMatchObject({ id: expected.id, title: expected.title, link: expected.link });
    expect(atom['isoDate']).toBe('2025-12-24T17:58:09.000Z');

    const feedsmith = {
      rss: parseRssFeed(file(publication, 'feed.xml')).items![0]!,
      atom: parseAtomFeed(file(publication, 'atom.xml')).entries![0]!,
      json: parseJsonFeed(file(publication, 'feed.json')).items![0]!,
    };
    expect([feedsmith.rss.guid?.value, feedsmith.atom.id, feedsmith.json.id]).toEqual(
      Array(3).fill(expected.id),
    );
    expect([feedsmith.rss.title, feedsmith.json.title]).toEqual(Array(2).fill(expected.title));
    expect(feedsmith.atom.links).toEqual(
      expect.arrayContaining([expect.objectContaining({ rel: 'related', href: expected.original })]),
    );
  });

  test('whose body is only a pointer has the longer summary and a link as its content', () => {
    const [item] = jsonItems(publication);
    expect(item!.summary).toMatch(/^A changelog tells .* Robots read it too\.$/);
    expect(item!.content_html).toMatch(
      /^<p>A changelog tells .* novels\.<\/p>\n<p><a href="https:\/\/weekly\.example\/.*">Open the original post ↗<\/a><\/p>$/,
    );
  });

  test('with a text of its own keeps it, and leads to the original all the same', () => {
    const own = post(
      { external_url: 'https://weekly.example/x' },
      'I have read this twice, and **twice** it was worth the time. Take a pen.',
    );
    expect(jsonItems(make([own]))[0]!.content_html).toBe(
      '<p>I have read this twice, and <strong>twice</strong> it was worth the time. Take a pen.</p>\n<p><a href="https://weekly.example/x">A post</a></p>',
    );
  });

  test.each(['', '# Only a heading', '## One\n\n### Two'])(
    'of which nothing but %j is left has its summary',
    (body) => {
      const bare = post({ title: 'One', summary: 'What it is about.' }, body);
      expect(jsonItems(make([bare]))[0]!.content_html).toBe('<p>What it is about.</p>');
    },
  );

  test('leads to the original in RSS where feeds are set so', () => {
    const external = make([seed()], { options: { ...OPTIONS, link: 'external' } });
    expect(file(external, 'feed.xml')).toContain(`<link>${expected.original}</link>`);
    expect(file(external, 'feed.xml')).toContain(expected.id);
  });

  test('names its source by feed where that is configured', () => {
    const sources = new Map([
      [
        'example weekly',
        { name: 'Example Weekly', url: 'https://weekly.example/', feed: 'https://weekly.example/feed.xml' },
      ],
    ]);
    const known = make([seed()], { options: { ...OPTIONS, sources } });
    expect(file(known, 'feed.xml')).toContain(
      '<source url="https://weekly.example/feed.xml">Example Weekly</source>',
    );
    expect(file(known, 'atom.xml')).toContain(
      '<link rel="via" href="https://weekly.example/" title="Example Weekly"/>',
    );
    expect(file(publication, 'feed.xml')).toContain('<dc:source>Example Weekly</dc:source>');
  });
});

describe('what the package feed would get wrong', () => {
  const rss = (fields: Record<string, unknown>, body?: string) =>
    file(make([post(fields, body)]), 'feed.xml');
  const atom = (fields: Record<string, unknown>, body?: string) =>
    file(make([post(fields, body)]), 'atom.xml');

  test('every ]]> of a field, not only the first', () => {
    const [html] = [jsonItems(make([post({}, '`]]>` and `]]>` and `]]>`')]))[0]!.content_html];
    const read = parseXml(rss({}, '`]]>` and `]]>` and `]]>`')).children[0]!.children.at(-1)!;
    expect(read.children.find(({ name }) => name === 'encoded')?.text).toBe(html.replaceAll(']]>', ']]&gt;'));
  });

  test('an id stays byte for byte what it is, in every format', () => {
    const id = 'HTTP://Example.COM/Überraschung?a=1&b=<2>';
    expect(rss({ id })).toContain(
      '<guid isPermaLink="false">HTTP://Example.COM/Überraschung?a=1&amp;b=&lt;2&gt;</guid>',
    );
    expect(jsonItems(make([post({ id })]))[0]!.id).toBe(id);
    expect(atom({ id: 'urn:uuid:1225C695-cfb8-4ebb-aaaa-80da344efa6a' })).toContain(
      '<id>urn:uuid:1225C695-cfb8-4ebb-aaaa-80da344efa6a</id>',
    );
    expect(atom({ id: 'post 42' })).toContain('<id>tag:feedwright,2026:id/post%2042</id>');
    expect(atom({ id: 'http:42' })).toContain('<id>tag:feedwright,2026:id/http%3A42</id>');
  });

  test('text that looks like a reference stays text', () => {
    const title = 'Write &amp;amp; or &amp;lt;';
    expect(jsonItems(make([post({ title })]))[0]!.title).toBe('Write &amp; or &lt;');
    expect(rss({ title })).toContain('<title>Write &#x26;amp; or &#x26;lt;</title>');
  });

  test('markup in tags, authors and attributes', () => {
    const fields = {
      tags: ['<a> & "b"'],
      author: ['<i> & "j"'],
      enclosure: { url: 'https://example.com/a.mp3?b="c"&d=<e>', length: 7 },
    };
    for (const text of [rss(fields), atom(fields)]) expect(() => parseXml(text)).not.toThrow();
    const entry = parseXml(atom(fields)).children.at(-1)!;
    expect(entry.children.find(({ name }) => name === 'category')?.attributes['term']).toBe('<a> & "b"');
  });

  test('what programs take is written with the references that every parser knows', () => {
    const url = 'https://example.com/a.mp3?b=1&c=2';
    const fields = { enclosure: { url, length: 7 }, permalink: '/?a=1&b=2', tags: ['a & b'], title: 'A & B' };
    expect(rss(fields)).toContain('<link>https://example.com/?a=1&amp;b=2</link>');
    for (const text of [rss(fields), atom(fields)]) {
      expect(text).toContain('https://example.com/a.mp3?b=1&amp;c=2"');
      expect(text).toContain('a &amp; b');
    }
    expect(rss(fields)).toContain('<title>A &#x26; B</title>');
    expect(atom(fields)).toContain('>A &amp; B</title>');
  });

  test('authors are dc:creator in RSS, and an image does not take the enclosure’s place', () => {
    const text = rss({ author: 'Ann', image: '/a.png', audio: { url: '/a.mp3', length: 5 } });
    expect(text).toContain('<dc:creator>Ann</dc:creator>');
    expect(text).not.toContain('<author>');
    expect(text).toContain('<enclosure length="5" type="audio/mpeg" url="https://example.com/a.mp3"/>');
    expect(text).toContain('<media:content url="https://example.com/a.png" medium="image"/>');
  });

  test('says nothing of how often to ask: readers that know a ttl take the longest of what they are told', () => {
    expect(rss({})).not.toMatch(/<(?:ttl|skipHours|skipDays|sy:\w+)\b/);
  });

  test('only the newest moment of an entry is a feed’s date, never the clock', () => {
    const text = rss({ date: '2020-01-02T03:04:05Z' });
    expect(text).toContain('<lastBuildDate>Thu, 02 Jan 2020 03:04:05 GMT</lastBuildDate>');
    expect(text).toContain('<pubDate>Thu, 02 Jan 2020 03:04:05 GMT</pubDate>');
  });
});

describe('feeds', () => {
  test('exist for the site and per tag, source, author and kind', () => {
    const names = make([
      post({ tags: ['C++', 'C#', 'C', '日本語'], author: 'Ann', source: 'A Blog' }),
    ]).files.map(({ name }) => name);
    expect(names).toEqual(
      [
        '',
        'tags/c/',
        'tags/c-plus-plus/',
        'tags/c-sharp/',
        'tags/日本語/',
        'sources/a-blog/',
        'authors/ann/',
        'kinds/article/',
      ].flatMap((folder) => ['feed.xml', 'atom.xml', 'feed.json'].map((name) => folder + name)),
    );
  });

  test('tags that differ only in case are one, called as most posts call it', () => {
    const { feeds } = make([
      post({ tags: ['rust'] }, '', 'a.md'),
      post({ tags: ['Rust'] }, '', 'b.md'),
      post({ tags: ['Rust'] }, '', 'c.md'),
    ]);
    expect(feeds.filter(({ folder }) => folder.startsWith('tags/'))).toEqual([
      { folder: 'tags/rust/', title: 'Example – Rust', entries: 3 },
    ]);
  });

  test.each([
    ['dots and slashes', ['../../../x', '..', '.', '/', '\\', 'a/b', '%2e%2e']],
    ['nothing to read', ['', ' ', 'nul\u0000', '👩‍👩‍👧']],
    ['letters of any script', ['É', '日本語', 'עברית']],
    ['any length', ['x'.repeat(5000), '漢'.repeat(5000)]],
  ])('no label leaves its folder: %s', (_, labels) => {
    for (const label of labels) {
      const slug = slugOf(label);
      expect(slug).not.toMatch(/[/\\.%\s\u0000]|^$/);
      expect(Buffer.byteLength(slug)).toBeLessThan(200);
    }
  });

  test('hold their newest entries, equal dates in the order of their ids', () => {
    const posts = ['c', 'a', 'b'].map((name) => post({ date: '2026-05-17' }, '', `${name}.md`));
    posts.push(post({ date: '2026-05-18' }, '', 'z.md'), post({ date: '2026-05-16' }, '', 'y.md'));
    const ids = jsonItems(make(posts, { options: { ...OPTIONS, limit: 4 } })).map(({ id }) =>
      id.split(':').at(-1),
    );
    expect(ids).toEqual(['z', 'a', 'b', 'c']);
  });

  test('stop at their byte budget, but show one entry at least; without a limit they show all', () => {
    const posts = [1, 2, 3].map((day) => post({ date: `2026-05-0${day}` }, 'x'.repeat(6000), `${day}.md`));
    const entries = (limit: number, bytes: number) =>
      jsonItems(make(posts, { options: { ...OPTIONS, limit, bytes } })).length;
    expect([entries(20, 13_000), entries(20, 100), entries(0, 100)]).toEqual([2, 1, 3]);
  });

  test('show nothing from the future and nothing expired', () => {
    const posts = [
      post({ date: '2026-11-24' }, '', 'future.md'),
      post({ expires: '2026-06-01' }, '', 'past.md'),
      post({}, '', 'now.md'),
    ];
    expect(jsonItems(make(posts)).map(({ id }) => id)).toEqual(['tag:example.com,2026-05-17:now']);
  });

  test('of two posts with one id the older is published, the other is a problem', () => {
    const older = post({ id: 'x', date: '2026-01-01' }, '', 'older.md');
    const newer = post({ id: 'x', date: '2026-01-02' }, '', 'newer.md');
    const { problems, shown } = make([newer, older]);
    expect(shown.map(({ path }) => path)).toEqual(['older.md']);
    expect(problems).toMatchObject([{ file: 'newer.md', level: 'error', rule: 'duplicate-id' }]);
  });

  test('of two posts with one permalink the older keeps it', () => {
    const older = post({ permalink: '/x/', date: '2026-01-01' }, '', 'older.md');
    const newer = post({ permalink: '/x/', date: '2026-01-02' }, '', 'sub/newer.md');
    const { problems, shown } = make([newer, older]);
    expect(shown.map(({ url }) => url)).toEqual(['https://example.com/x/', 'https://example.com/sub/newer/']);
    expect(problems).toMatchObject([{ file: 'sub/newer.md', level: 'warning', rule: 'duplicate-permalink' }]);
    const bundle = post({ permalink: '/x/', date: '2026-01-02' }, '![](a.png)', '2026/newer/index.md');
    expect(make([bundle, older]).shown.map(({ url }) => url)).toContain('https://example.com/2026/newer/');
  });

  test.each([
    [{}, 'posts/2026-05-17-hello.md', 'https://example.com/blog/2026/05/hello/'],
    [{ slug: 'other' }, 'a.md', 'https://example.com/blog/2026/05/other/'],
    [{ permalink: '/x/y.html' }, 'a.md', 'https://example.com/x/y.html'],
    [{ path: '2024/05/17/x' }, 'a.md', 'https://example.com/2024/05/17/x'],
    [{ url: 'https://other.example/z' }, 'a.md', 'https://other.example/z'],
    [{ permalink: '//evil.example/x' }, 'a.md', 'https://example.com/evil.example/x'],
    [{ permalink: '../../x' }, 'a.md', 'https://example.com/x'],
    [{}, 'bundle/index.md', 'https://example.com/blog/2026/05/bundle/'],
  ])('permalink of %j in %s', (fields, path, url) => {
    const { shown } = make([post(fields, '', path)], {
      options: { ...OPTIONS, permalink: '/blog/:year/:month/:slug/' },
    });
    expect(shown[0]!.url).toBe(url);
  });
});

describe('the gate', () => {
  const failing = (title: string): Gate => ({
    head: gate.head,
    fragment: (format, fragment, entry, link) =>
      format === 'atom' && entry.title === title
        ? 'it is not as it should be'
        : gate.fragment(format, fragment, entry, link),
  });

  test('an entry that fails in one format is left out of all, and named', () => {
    const posts = [post({ title: 'Good' }, '', 'good.md'), post({ title: 'Bad' }, '', 'bad.md')];
    const publication = make(posts, { gate: failing('Bad') });
    expect(jsonItems(publication).map(({ title }) => title)).toEqual(['Good']);
    expect(publication.failures).toEqual([
      {
        file: 'feed.xml',
        entry: 'tag:example.com,2026-05-17:bad',
        path: 'bad.md',
        message: 'Atom: it is not as it should be',
      },
    ]);
  });

  test('or stays as it was last published', () => {
    const before = make([post({ title: 'Good' }, 'Old text.', 'a.md')]).shown[0]!;
    const publication = make([post({ title: 'Bad' }, 'New text.', 'a.md')], {
      gate: failing('Bad'),
      last: new Map([[before.id, before]]),
    });
    expect(jsonItems(publication)).toMatchObject([{ title: 'Good', content_html: '<p>Old text.</p>' }]);
    expect(publication.failures).toHaveLength(1);
  });

  test('a head that fails keeps its file from being written', () => {
    const publication = make([post()], {
      gate: {
        ...gate,
        head: (format, document, feed, site) =>
          format === 'rss' && feed.folder === '' ? 'no' : gate.head(format, document, feed, site),
      },
    });
    expect(publication.failedFiles).toEqual(['feed.xml']);
    expect(publication.files.map(({ name }) => name)).not.toContain('feed.xml');
    expect(publication.files.map(({ name }) => name)).toContain('atom.xml');
  });

  test.each<[string, (fragment: string) => string]>([
    ['a changed title', (text) => text.replace('A title', 'Another')],
    ['a lost tag', (text) => text.replace(/<category[^>]*>(?:one<\/category>)?|"one"/, '')],
    ['a second item', (text) => text + text],
    ['an unclosed element', (text) => text.replace(/<\/title>|"title"/, '')],
    ['another moment', (text) => text.replace(/2026/g, '2025')],
    ['a cut end', (text) => text.slice(0, -3)],
    ['changed content', (text) => text.replace('Some text', 'Sum text')],
  ])('notices %s', (_, damage) => {
    const entry: Entry = make([post({ title: 'A title', tags: ['one', 'two'] })]).shown[0]!;
    const { rendered } = make([post({ title: 'A title', tags: ['one', 'two'] })]);
    const { fragments: written } = [...rendered.values()][0]!;
    const fragments = { rss: '', atom: '', json: '' };
    for (const name of ['rss', 'atom', 'json'] as const)
      fragments[name] = Buffer.from(written[name]).toString();
    for (const format of ['rss', 'atom', 'json'] as const) {
      expect(gate.fragment(format, fragments[format], entry, 'permalink')).toBeUndefined();
      expect(gate.fragment(format, damage(fragments[format]), entry, 'permalink')).toEqual(
        expect.any(String),
      );
    }
  });
});

test('the gate says in one sentence what no JSON Feed may say', () => {
  const fragment = JSON.stringify({ id: 'a', content_html: 'b', authors: [{ url: 'c' }] });
  expect(gate.fragment('json', fragment, make([post()]).shown[0]!, 'permalink')).toBe(
    'it cannot be read back: authors > 0 > url must be an absolute URL, with https:// in front',
  );
});

describe('whatever authors write', () => {
  const nasty = fc.constantFrom(
    ']]>',
    '<![CDATA[',
    '&',
    '<',
    '>',
    '"',
    "'",
    '&amp;',
    '&#1;',
    '&#xD800;',
    '<b>',
    '</title>',
    '<!--',
    '-->',
    '\u0000',
    '\u0008',
    '\uFFFE',
    '\uD800',
    '\uDC00',
    '\u0085',
    '\u2028',
    '\r\n',
    '\t',
    '{{',
    '%}',
    'urn:slot:0:',
    '.000Z',
    '\u202E',
    '🏳️‍🌈',
  );
  const text = fc
    .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), nasty), { maxLength: 8 })
    .map((parts) => parts.join(''));
  const fields = fc.record(
    {
      title: text.filter((title) => oneLine(title) !== ''),
      summary: text,
      tldr: text,
      tags: fc.array(text, { maxLength: 4 }),
      author: fc.array(text, { maxLength: 3 }),
      source: text,
      id: text,
      external_url: fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), text),
      image: fc.oneof(fc.webUrl(), text),
      enclosure: fc.record({ url: fc.oneof(fc.webUrl(), text), length: fc.nat(), type: text }),
      permalink: text,
      slug: text,
    },
    { requiredKeys: ['title'] },
  );

  test('gives whole documents that read back as the same entries', async () => {
    const reader = new RssParser();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fields, text), { minLength: 10, maxLength: 10 }),
        async (written) => {
          const posts = written.map(([each, body], at) => post(each, body, `post-${at}.md`));
          const publication = make(posts, { options: { ...OPTIONS, limit: 0 } });
          expect(publication.failures).toEqual([]);
          for (const { name, body } of publication.files) {
            if (name.endsWith('.xml')) parseXml(body().toString('utf8'));
          }
          const items = jsonItems(publication);
          expect(items.map(({ title }) => title).sort()).toEqual(
            publication.shown.map(({ title }) => title).sort(),
          );
          expect(JSON.stringify(items)).not.toMatch(/[\u0000-\u0008\uFFFD-\uFFFF]|\\ud[89a-f]/i);
          const rss = (await reader.parseString(file(publication, 'feed.xml'))).items;
          expect(rss.map(({ guid }) => guid)).toEqual(items.map(({ id }) => id.trim()));
          expect(rss.map(({ title }) => title)).toEqual(items.map(({ title }) => title));
          const feedsmith = parseRssFeed(file(publication, 'feed.xml')).items ?? [];
          expect(feedsmith).toHaveLength(items.length);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('text is cleaned once, and escaping never changes what it means', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(clean(clean(written))).toBe(clean(written));
        const html = escapeHtml(clean(written));
        expect(html).not.toMatch(/[<>"]/);
      }),
    );
  });
});

test('the same posts give the same bytes, in whatever order they come', () => {
  const posts = Array.from({ length: 30 }, (_, at) =>
    post(
      { date: `2026-05-${(at % 9) + 1}`, tags: [`t${at % 5}`], author: `a${at % 3}` },
      `Text ${at}`,
      `${at}.md`,
    ),
  );
  const bytes = (order: Post[]) =>
    make(order).files.map(({ name, body }) => [name, body().toString('base64')]);
  expect(bytes([...posts].reverse())).toEqual(bytes(posts));
});

test('what was rendered before is used again, and gives the same bytes', () => {
  const posts = [post({}, 'One', 'one.md'), post({}, 'Two', 'two.md')];
  const first = make(posts);
  const second = make(posts, {
    rendered: first.rendered,
    gate: { head: gate.head, fragment: () => 'nothing is rendered again' },
  });
  const bytes = ({ files }: Publication) => files.map(({ name, body }) => [name, body().toString('base64')]);
  expect(bytes(second)).toEqual(bytes(first));
  const third = make(posts, { rendered: first.rendered, made: first.made });
  expect(bytes(third)).toEqual(bytes(first));
});
