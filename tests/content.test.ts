import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { describe, expect, test } from '@jest/globals';
import { dayIn, readDate } from '../src/content/dates.ts';
import { renderMarkdown } from '../src/content/markdown.ts';
import { readPlainYaml } from '../src/content/plain-yaml.ts';
import { readContent } from '../src/content/read.ts';
import { readPost } from '../src/content/read-file.ts';
import { LINK_POST, NOW, post, temporaryFolder, write } from './blog.ts';

const OPTIONS = { timezone: 'UTC', now: NOW };
const read = (text: string, path = 'a-post.md') => readPost(path, text, OPTIONS);
const problemsOf = (text: string, path?: string) =>
  read(text, path).problems.map(({ line, level, rule }) => `${line} ${level} ${rule}`);

describe('plain YAML', () => {
  const whole = (block: string): unknown => {
    try {
      return load(block, { schema: FAILSAFE_SCHEMA });
    } catch {
      return 'nothing';
    }
  };

  test('is what front matter mostly is', () => {
    const block = [
      'title: It’s a title, [mostly] & more',
      'date: 2026-05-17T09:30:00+02:00',
      'draft: false',
      'summary: "She said \\"no\\" \\\\ yes, # and: more"',
      "link: 'it''s'  ",
      'tags: [one, "two", C#]',
      '',
      'categories:',
      '  - One',
      "  - 'two'",
      'empty:',
      'none: []',
    ].join('\n');
    expect(readPlainYaml(block)).toEqual(whole(block));
  });

  test('is read as a whole parser reads it, or left to that', () => {
    const text = fc.constantFrom(
      'a', 'B c', '1', '-1', '--- ', '- ', '-', ': ', ':', ' #', '#', '"', "'", "''", '\\\\', '\\"', '[', ']', '{', '}', ', ', ',', '&x', '*x', '!t',
      '|', '>', '%', '@', '`', '~', '=', '?', '? ', '  ', ' ', '\t', '\u00a0', 'é', '日本', '😀', '\u2028', '<<', 'null', '.', '...',
    ); // prettier-ignore
    const value = fc
      .array(fc.oneof(text, fc.constantFrom('a', 'B c', '1')), { maxLength: 4 })
      .map((parts) => parts.join(''));
    const quoted = fc.tuple(fc.constantFrom('"', "'"), value).map(([mark, inside]) => mark + inside + mark);
    const list = fc.array(fc.oneof(value, quoted), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`);
    const key = fc.constantFrom('a', 'b', 'c_d', 'e-f', '__proto__', 'constructor', 'é', '1', '"a"', '<<');
    const field = fc
      .tuple(key, fc.constantFrom(': ', ': ', ': ', ':', ':  ', ' : ', '- '), fc.oneof(value, quoted, list))
      .map((parts) => parts.join(''));
    const item = fc
      .tuple(fc.constantFrom('', '  ', '    '), fc.constantFrom('- ', '-', '-  '), fc.oneof(value, quoted))
      .map((parts) => parts.join(''));
    const line = fc.oneof(field, field, item, fc.constantFrom('', ' ', 'a:', 'b:', '# x', '...', '  x'));
    let plain = 0;
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const block = lines.join('\n');
        const read = readPlainYaml(block);
        if (read === undefined || block.trim() === '') return;
        plain++;
        expect(read).toEqual(whole(block));
      }),
      { numRuns: 20_000 },
    );
    expect(plain).toBeGreaterThan(300);
  });
});

describe('front matter', () => {
  test('a link post as link blogs write it', () => {
    const reading = read(LINK_POST);
    expect(reading).toMatchObject({
      is: 'post',
      problems: [],
      post: {
        title: 'Should You Keep a Changelog? What Readers & Robots Make of It',
        published: Date.UTC(2025, 11, 24, 17, 58, 9),
        kind: 'link',
        source: 'Example Weekly',
        externalUrl: 'https://weekly.example/blog/should-you-keep-a-changelog/',
        tags: ['writing'],
      },
    });
    const { shortSummary, summary } = (reading as { post: { shortSummary: string; summary: string } }).post;
    expect(shortSummary).toMatch(/^A changelog tells .* its strength: one line .* Robots read it too\.$/);
    expect(summary).toMatch(/had turned into novels\.$/);
  });

  test.each([
    ['YAML', '---\ntitle: One\ndate: 2026-05-17\ntags: [a, b]\n---\nText'],
    [
      'YAML after blank lines and a byte order mark',
      '\uFEFF\n\n---\ntitle: One\ndate: 2026-05-17\ntags: [a, b]\n---\nText',
    ],
    ['YAML with CRLF', '---\r\ntitle: One\r\ndate: 2026-05-17\r\ntags: [a, b]\r\n---\r\nText'],
    ['lines up to a blank one', 'Title: One\nDate: 2026-05-17\nTags: a,\n    b\n\nText'],
    ['YAML that is only closed', 'title: One\ndate: 2026-05-17\ntags:\n- a\n- b\n---\nText'],
    ['TOML', '+++\ntitle = "One"\ndate = 2026-05-17\ntags = ["a", "b"]\n+++\nText'],
    ['JSON', '{"title": "One", "date": "2026-05-17",\n "tags": ["a", "b"]}\nText'],
    [
      'Zola, with taxonomies',
      '+++\ntitle = "One"\ndate = 2026-05-17\n[taxonomies]\ntags = ["a", "b"]\n+++\nText',
    ],
  ])('%s', (_, text) => {
    const reading = read(text);
    expect(reading).toMatchObject({
      post: { title: 'One', published: Date.UTC(2026, 4, 17), tags: ['a', 'b'] },
      problems: [],
    });
    expect(reading.is === 'post' && reading.post.body()).toBe('Text');
  });

  test.each([
    '1.10',
    '0777',
    '0x1F',
    '1e3',
    'null',
    'yes',
    '2024-01-01',
    '~x',
    '📰',
    '=',
    '12:30:45',
    '.inf',
    '!x y',
  ])('a title %s is what was written', (title) => {
    expect(read(`---\ntitle: ${title}\ndate: 2026-05-17\n---\n`)).toMatchObject({
      post: { title: title.replace(/^!x /, '') },
    });
  });

  test('lines that only look like front matter are text', () => {
    for (const text of [
      'Title: One\n---\nText.',
      'Note: One\nDate: 2026-05-17\n\nText.',
      'Title: a\nDate: b\nText.\n',
    ]) {
      const reading = read(text, '2026-05-17-a.md');
      expect(reading.is === 'post' && reading.post.body()).toBe(text);
    }
  });

  test('what lines up to a blank one say is text as it is written', () => {
    const text = "Title: A: 'B' #c\nDate: 2026-05-17 09:30\nStatus: published\nTitle: Other\n\nText.";
    expect(read(text)).toMatchObject({
      post: { title: "A: 'B' #c", published: Date.UTC(2026, 4, 17, 9, 30) },
    });
    expect(read(text.replace('published', 'draft')).is).toBe('hidden');
  });

  test.each([
    ['_drafts/a.md', '', 'hidden'],
    ['blog/Drafts/2026/a.md', '', 'hidden'],
    ['drafts/a.md', 'draft: false\n', 'post'],
    ['on-drafts/a.md', '', 'post'],
    ['drafts.md', '', 'post'],
  ])('%s with %j: %s', (path, line, is) => {
    expect(read(`---\ntitle: One\ndate: 2026-05-17\n${line}---\n`, path).is).toBe(is);
  });

  test('a content folder may be called drafts: who publishes it means it', () => {
    const text = '---\ntitle: One\ndate: 2026-05-17\n---\n';
    expect(readPost('a.md', text, { ...OPTIONS, folder: '/x/drafts' }).is).toBe('post');
  });

  test('broken YAML is the same problem however often it is read', () => {
    const broken = '---\ntitle: a\n  b: c\n---\n';
    expect([problemsOf(broken), problemsOf(broken)]).toEqual([['3 error yaml'], ['3 error yaml']]);
  });

  test('reading a post twice gives two posts that share nothing', () => {
    const text = '---\ntitle: One\ndate: 2026-05-17\ntags: [a]\n---\n';
    post(JSON.parse('{"tags":["a"]}') as Record<string, unknown>).tags.push('changed');
    const first = read(text);
    if (first.is === 'post') first.post.tags.push('changed');
    expect(read(text)).toMatchObject({ post: { tags: ['a'] } });
  });

  test.each(['js', 'javascript', 'coffee', 'cson', 'JavaScript', 'json5', 'constructor', '__proto__'])(
    '---%s is refused, never executed',
    (language) => {
      const trace = join(temporaryFolder(), 'trace');
      const code = `require('fs').writeFileSync(${JSON.stringify(trace)}, 'x')`;
      for (const text of [`---${language}\n{ title: ${code} }\n---\n`, `--- ${language}\n${code}\n---\n`]) {
        expect(problemsOf(text)).toEqual(['1 error front-matter-language']);
      }
      expect(existsSync(trace)).toBe(false);
    },
  );

  test.each([
    ['never closed', '---\ntitle: One\n', '1 error front-matter-open'],
    ['a list', '---\n- One\n---\n', '2 error front-matter-map'],
    ['plain text', '---\nOne\n---\n', '2 error front-matter-map'],
    ['a duplicate key', '---\ntitle: One\ntitle: Two\n---\n', '3 error yaml'],
    [
      'a quotation mark that is not closed before the next field',
      "---\ntitle: 'One\ndraft: true\nsummary: dogs'\n---\n",
      '3 error yaml',
    ],
    [
      'text that goes on for ever further left',
      `---\ntitle: "${'x\n'.repeat(300)}"\n---\n`,
      '203 error yaml',
    ],
    ['a tab as indentation', '---\ntitle: One\ntags:\n\t- a\n---\n', '4 error yaml'],
    ['a cycle', '---\ntags: &a [*a]\n---\n', '2 error front-matter-cycle'],
    ['too large', `---\ntitle: ${'x'.repeat(65_600)}\n---\n`, '2 error front-matter-size'],
    ['broken TOML', '+++\ntitle = One\n+++\n', '2 error toml'],
    ['broken JSON', '{"title": "One",\n "date" 1}\n', '2 error json'],
    ['deep JSON', `{"a": ${'['.repeat(30_000)}${']'.repeat(30_000)}}\n`, '1 error front-matter-depth'],
  ])('%s', (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  test('an alias bomb is a problem, at once', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
    expect(problemsOf(`---\nl0: &l0 x\n${levels.join('\n')}\n---\n`)).toEqual([
      '2 error front-matter-values',
    ]);
  });
});

describe('fields', () => {
  test('a post without a title takes its first heading, else its file name, and says so', () => {
    expect(read('---\ndate: 2026-05-17\n---\n# A *fine* heading\n')).toMatchObject({
      post: { title: 'A fine heading' },
    });
    const reading = read('---\ndate: 2026-05-17\n---\nText', '2026-05-17-no-title.md');
    expect(reading).toMatchObject({ post: { title: 'no title', slug: 'no-title' } });
    expect(problemsOf('---\ndate: 2026-05-17\n---\nText')).toEqual(['2 warning title']);
  });

  test('the address of an episode’s file is nobody’s permalink', () => {
    const reading = read(
      '---\ndate: 2026-05-17\ntitle: One\nurl: https://media.example.com/1.mp3\n---\nText',
    );
    expect(reading).toMatchObject({ post: { enclosures: [{ url: 'https://media.example.com/1.mp3' }] } });
    expect(reading).not.toHaveProperty('post.permalink');
  });

  test('a title that is a list or a map is a problem', () => {
    expect(problemsOf('---\ndate: 2026-05-17\ntitle: [a]\n---\n')).toEqual(['3 error title']);
    expect(problemsOf('---\ndate: 2026-05-17\ntitle: {a: b}\n---\n')).toEqual(['3 error title']);
  });

  test.each([
    ['draft: true', 'hidden', 0],
    ['draft: "true"', 'hidden', 0],
    ['draft: yes', 'hidden', 0],
    ['draft: maybe', 'hidden', 1],
    ['draft: [no]', 'hidden', 1],
    ['Draft: TRUE', 'hidden', 0],
    ['draft: false', 'post', 0],
    ['draft: "no"', 'post', 0],
    ['draft: 0', 'post', 0],
    ['draft:', 'post', 0],
    ['published: false', 'hidden', 0],
    ['published: no', 'hidden', 0],
    ['published: true', 'post', 0],
    ['listing: false', 'hidden', 0],
    ['isDraft: true', 'hidden', 0],
    ['status: draft', 'hidden', 0],
    ['status: Private', 'hidden', 0],
    ['status: publish', 'post', 0],
    ['status: seedling', 'post', 0],
    ['unlisted: true', 'hidden', 0],
    ['private: false', 'post', 0],
    // Jekyll's pages of posts leave it out, its feed does not.
    ['hidden: true', 'post', 0],
    ['permalink: false', 'hidden', 0],
    ['permalink: /x/', 'post', 0],
    ['eleventyExcludeFromCollections: true', 'hidden', 0],
    ['_build: { list: never }', 'hidden', 0],
    ['build: { render: false }', 'hidden', 0],
    ['build: { list: local }', 'post', 0],
    ['headless: true', 'hidden', 0],
    ['render: false', 'hidden', 0],
    ['permalink: "/x/{{ title | slugify }}/"', 'post', 1],
  ])('%s', (line, is, problems) => {
    const reading = read(`---\ntitle: One\ndate: 2026-05-17\n${line}\n---\n`);
    expect(reading.is).toBe(is);
    expect(reading.problems).toHaveLength(problems);
  });

  test.each([
    ['author: Ann and Bob', ['Ann', 'Bob']],
    ['author: Ann Lee, Editor and Publisher', ['Ann Lee, Editor and Publisher']],
    ['author: Ann Lee, Editor; Bob', ['Ann Lee, Editor', 'Bob']],
    ['author: Ann <ann@a.example>, Bob <bob@a.example>', ['Ann', 'Bob']],
    ['authors: [Ann, " Bob ", ann]', ['Ann', 'Bob']],
    ['by: Ann Lee & Bob', ['Ann Lee', 'Bob']],
    ['author: { name: Ann, email: ann@example.com, url: https://ann.example/ }', ['Ann']],
  ])('%s', (line, names) => {
    const reading = read(`---\ntitle: One\ndate: 2026-05-17\n${line}\n---\n`);
    expect(
      (reading as { post: { authors: { name: string }[] } }).post.authors.map(({ name }) => name),
    ).toEqual(names);
  });

  test('tags come from all their keys, as lists or text, without empty ones and repetitions', () => {
    expect(
      post({ tags: 'Rust, web dev,,', category: 'rust', categories: ['', 'Go'], keywords: null }).tags,
    ).toEqual(['Rust', 'web dev', 'Go']);
  });

  test.each([
    ['I&#8217;m &amp; you', 'I’m & you'],
    ['AT&amp;amp;T', 'AT&amp;T'],
    ['AT&T &copy; a&copy=b', 'AT&T © a&copy=b'],
    ['Using &lt;b&gt; in HTML', 'Using <b> in HTML'],
    ['<pre><code>f(a&lt;b&gt;) -> c</code></pre> and more', 'f(a<b>) -> c and more'],
    ['Using <b> in HTML, from <b> to </b>', 'Using <b> in HTML, from <b> to </b>'],
    ['The `<b>x</b>` and the <br> element', 'The `<b>x</b>` and the <br> element'],
    ['Of <code>document</code> and <em>more <b>of</b> it</em>', 'Of document and more of it'],
    ['One<br />two', 'One two'],
    ['*One* [two](three)', '*One* [two](three)'],
  ])('a title %s is %s', (title, expected) => {
    expect(post({ title }).title).toBe(expected);
  });

  test.each([
    ['<p>See [this](/x) &mdash; or `that`.</p>', 'See this — or that.'],
    ['From <b> to </b>, and 2 * 3 * 4 of __init__', 'From <b> to </b>, and 2 * 3 * 4 of __init__'],
    ['A [note] and an array[0]', 'A [note] and an array[0]'],
  ])('a summary %s is %s', (summary, expected) => {
    expect(post({ summary }).summary).toBe(expected);
  });

  test('what stands before the fold knows the links that are told below it', () => {
    const body = 'Like [Ann][1]’s *[tools]*.[^n]\n\n<!-- more -->\n\n[1]: /a\n[tools]: /b\n[^n]: Note.';
    expect(post({}, body).summary).toBe('Like Ann’s tools.');
  });

  test('text in tags of Jekyll is parted at blanks', () => {
    const tagsOf = (line: string, path: string) => {
      const reading = read(`---\ntitle: One\ndate: 2026-05-17\n${line}\n---\n`, path);
      return reading.is === 'post' && reading.post.tags;
    };
    const jekyll = 'x/_posts/sub/2026-05-17-one.md';
    expect(tagsOf('tags: web dev', jekyll)).toEqual(['web', 'dev']);
    expect(tagsOf('categories: web dev, go', jekyll)).toEqual(['web dev', 'go']);
    expect(tagsOf('category: web dev', jekyll)).toEqual(['web dev']);
    expect(tagsOf('tags: [web dev]', jekyll)).toEqual(['web dev']);
    expect(tagsOf('tags: web dev', 'posts/2026-05-17-one.md')).toEqual(['web dev']);
    expect(tagsOf('tags: web dev', '_posts/one.md')).toEqual(['web dev']);
    const text = '---\ntitle: One\ntags: web dev\n---\n';
    const reading = readPost('2026-05-17-one.md', text, { ...OPTIONS, folder: '/site/_posts' });
    expect(reading).toMatchObject({ post: { tags: ['web', 'dev'] } });
  });

  test('of a file whose name ends with what JavaScript has of its own nothing is known', () => {
    expect(post({ audio: 'a.constructor' }).enclosures).toEqual([
      { url: 'a.constructor', type: 'application/octet-stream' },
    ]);
  });

  test('a bare number is an id only as a guid', () => {
    expect(post({ id: '5354' })).not.toHaveProperty('id');
    expect(post({ id: '5354', guid: '5355' }).id).toBe('5355');
    expect(post({ id: 'post-5354' }).id).toBe('post-5354');
  });

  test.each(['javascript:alert(1)', '/relative', 'not a url', 'http://', 'ftp://example.com/x'])(
    'external_url: %s is left out',
    (url) => {
      expect(problemsOf(`---\ntitle: One\ndate: 2026-05-17\nexternal_url: "${url}"\n---\n`)).toEqual([
        '4 error external-url',
      ]);
    },
  );

  test('text loses what XML forbids, however it was written', () => {
    expect(post({ title: 'a\u0001b\uD800c\uFFFEd', summary: 'x\u0000y' })).toMatchObject({
      title: 'abcd',
      summary: 'xy',
    });
    expect(
      renderMarkdown('a&#1;b&#xD800;c&#0;d\u0002e', { base: 'https://example.com/', idPrefix: 'n' }),
    ).toBe('<p>abcde</p>');
  });
});

describe('dates', () => {
  const moment = (text: string, timezone = 'UTC') => {
    const reading = readDate(text, timezone, NOW);
    return 'moment' in reading ? new Date(reading.moment).toISOString() : reading.reason;
  };

  test.each([
    ['2026-05-17', '2026-05-17T00:00:00.000Z'],
    ['2017-1-6T12:00:00.000Z', '2017-01-06T12:00:00.000Z'],
    ['2023-09-21 9:30:00+00:00', '2023-09-21T09:30:00.000Z'],
    ['2023-01-29 18:30:22 -0800', '2023-01-30T02:30:22.000Z'],
    ['2025-12-24T17:58:09.750+01:00', '2025-12-24T16:58:09.000Z'],
    ['2026-05-17 10:00', '2026-05-17T10:00:00.000Z'],
    ['Wed, 24 Dec 2025 17:58:09 GMT', '2025-12-24T17:58:09.000Z'],
    ['24 Dec 2025 17:58 -0500', '2025-12-24T22:58:00.000Z'],
    ['2026/01/06', '2026-01-06T00:00:00.000Z'],
    ['2026/1/6 00:00:00+0900', '2026-01-05T15:00:00.000Z'],
    ['2026-01-06 12:00:00 EST', '2026-01-06T17:00:00.000Z'],
    ['2026-07-06 12:00 PDT', '2026-07-06T19:00:00.000Z'],
    ['January 6, 2026', '2026-01-06T00:00:00.000Z'],
    ['Sept. 6th, 2025', '2025-09-06T00:00:00.000Z'],
    ['6 Jan 2026', '2026-01-06T00:00:00.000Z'],
    ['1st February 2026', '2026-02-01T00:00:00.000Z'],
    ['Jul 08 2022', '2022-07-08T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(moment(text)).toBe(expected);
  });

  test.each([
    ['2026-02-30', /does not exist/],
    ['2026-13-01', /does not exist/],
    ['2025-02-29', /does not exist/],
    ['2026-05-17T25:00', /does not exist/],
    ['Thu, 24 Dec 2025 17:58:09 GMT', /not a Thu/],
    ['01/06/2026', /is not a date/],
    ['6/1/2026', /is not a date/],
    ['2026/01-06', /is not a date/],
    ['June 31, 2026', /does not exist/],
    ['May 2026', /is not a date/],
    ['Mayor 6, 2026', /is not a date/],
    ['2026-05-17 12:00 XST', /is not a date/],
    ['0001-01-01', /before 1900/],
    ['9999-01-01', /ten years ahead/],
    ['', /is not a date/],
  ])('%s is no date', (text, reason) => {
    expect(moment(text)).toMatch(reason);
  });

  test('a date without a zone is in the site’s zone', () => {
    expect(moment('2026-07-01 12:00', 'Europe/Paris')).toBe('2026-07-01T10:00:00.000Z');
    expect(moment('2026-07-01', 'Asia/Tokyo')).toBe('2026-06-30T15:00:00.000Z');
    expect(moment('2026-07-01T12:00Z', 'Asia/Tokyo')).toBe('2026-07-01T12:00:00.000Z');
    expect(dayIn('Asia/Tokyo', Date.UTC(2026, 5, 30, 15))).toBe('2026-07-01');
  });

  test('a local time that a clock change skips moves forward; one that occurs twice is the first', () => {
    expect(moment('2026-03-29 02:30', 'Europe/Paris')).toBe('2026-03-29T01:30:00.000Z');
    expect(moment('2026-10-25 02:30', 'Europe/Paris')).toBe('2026-10-25T00:30:00.000Z');
    expect(moment('2026-03-08 02:30', 'America/New_York')).toBe('2026-03-08T07:30:00.000Z');
    expect(moment('2026-11-01 01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
  });

  test('an impossible date gives way to the one in the file name, with a warning; without one it is a problem', () => {
    const text = '---\ntitle: One\ndate: 2026-02-30\n---\n';
    expect(read(text, '2026-02-28-one.md')).toMatchObject({ post: { published: Date.UTC(2026, 1, 28) } });
    expect(problemsOf(text, '2026-02-28-one.md')).toEqual(['3 warning date']);
    expect(problemsOf(text, 'one.md')).toEqual(['3 error date']);
    expect(problemsOf('---\nimage: x\n---\n{{ x }}', 'one.md')).toEqual(['2 warning no-date']);
  });

  test.each([
    '2024-05-17-name.md',
    '2024-05-17/index.md',
    'blog/2024/05/17/name.md',
    '2024-05-17-name/index.md',
  ])('the date of %s', (path) => {
    expect(read('# Title\n', path)).toMatchObject({ post: { published: Date.UTC(2024, 4, 17) } });
  });
});

describe('markdown', () => {
  const render = (text: string) =>
    renderMarkdown(text, { base: 'https://example.com/posts/one/', idPrefix: 'n' });

  test('is CommonMark with GFM and footnotes', () => {
    const html = render(
      '| a |\n|:-:|\n| ~~b~~ |\n\n- [x] done\n\nwww.example.org, me@example.org, README.md[^1]\n\n[^1]: Note.\n',
    );
    expect(html).toContain('<th align="center">a</th>');
    expect(html).toContain('<s>b</s>');
    expect(html).toContain('<li>☑ done</li>');
    expect(html).toContain(
      '<a href="http://www.example.org/">www.example.org</a>, <a href="mailto:me@example.org">me@example.org</a>, README.md',
    );
    expect(html).toContain('<li id="n-1"><p>Note. <a href="https://example.com/posts/one/#n-ref-1">');
  });

  test('every URL is absolute against the permalink', () => {
    const html = render(
      '[a](b.html) [c](/d) [e](#f) [g](?h) ![i](j.png)\n\n<img src=k.png srcset="l.png 1x, m,n.png 2x"><video poster=o.png src=p.mp4></video><blockquote cite=q></blockquote>',
    );
    expect([...html.matchAll(/(?:href|src|srcset|poster|cite)="([^"]*)"/g)].map((match) => match[1])).toEqual(
      [
        'https://example.com/posts/one/b.html',
        'https://example.com/d',
        'https://example.com/posts/one/#f',
        'https://example.com/posts/one/?h',
        'https://example.com/posts/one/j.png',
        'https://example.com/posts/one/k.png',
        'https://example.com/posts/one/l.png 1x, https://example.com/posts/one/m,n.png 2x',
        'https://example.com/posts/one/o.png',
        'https://example.com/posts/one/p.mp4',
        'https://example.com/posts/one/q',
      ],
    );
  });

  test.each([
    '<script>alert(1)</script>',
    '<style>p { color: red }</style>',
    '<img src=x onerror=alert(1)>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JAVASCRIPT&colon;alert(1))',
    '![x](vbscript:alert(1))',
    '<form action=/x><input name=y></form>',
    '<svg><script>alert(1)</script></svg>',
    '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
    '<p style="background: url(javascript:alert(1))">x</p>',
    '<object data=x></object><embed src="data:text/html,x">',
    '<textarea><img src=x onerror=alert(1)></textarea>',
    '<meta http-equiv=refresh content=0><base href=//evil.example>',
  ])('%s comes out harmless', (text) => {
    expect(render(text)).not.toMatch(
      /script|alert|on\w+=|style|<form|<input|<svg|<math|<object|<embed|<meta|<base|evil/i,
    );
  });

  test('within a link it is none, and what stands in for scripts is shown', () => {
    expect(render('<div><a href="/a"><iframe src="/b"></iframe></a></div>')).toBe(
      '<div><a href="https://example.com/a"><span>https://example.com/b</span></a></div>',
    );
    expect(render('<div><script>x</script><noscript><img src="/a.png"></noscript></div>')).toBe(
      '<div><img src="https://example.com/a.png" /></div>',
    );
  });

  test('elements that have no end tag get none', () => {
    const html = render('<video controls><source src="/a.mp4"><track src="/a.vtt"></video>a<wbr>b');
    expect(html).not.toMatch(/<\/(?:source|track|wbr)>/);
    expect(html).toContain('<source src="https://example.com/a.mp4" />');
  });

  test.each([
    ['## A heading {#its-id .its-class}', '<h2>A heading</h2>'],
    ['A heading {: #its-id}\n---', '<h2>A heading</h2>'],
    ['# Set {1, 2} of {x}', '<h1>Set {1, 2} of {x}</h1>'],
    ['# `{#id}`', '<h1><code>{#id}</code></h1>'],
    ['{: .tldr}\nText', '<p>Text</p>'],
    ['Text\n{: .my_class #an-id key="a b"}\n\nMore', '<p>Text</p>\n<p>More</p>'],
    ['{: .alone}\n\nText', '<p>Text</p>'],
    ['* TOC\n{:toc}\n\nText', '<p>Text</p>'],
    ['1. x\n{:toc .no}\n\nText', '<p>Text</p>'],
    ['# No\n{:.no_toc}', '<h1>No</h1>'],
    ['- a\n- b\n{: .c}', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>'],
    ['![a](/b.png){: width="50"} c', '<p><img src="https://example.com/b.png" alt="a"> c</p>'],
    [
      '*a*{:.b} `c`{: .d} [e](/f){:target="_blank"}',
      '<p><em>a</em> <code>c</code> <a href="https://example.com/f">e</a></p>',
    ],
    ['![a](/b.png){.wide #x}', '<p><img src="https://example.com/b.png" alt="a"></p>'],
    ['Text\n{.note}\n\n{#part}\nMore', '<p>Text</p>\n<p>More</p>'],
    ['*a* {.b} ${.c} `{.d}` *e*{f}', '<p><em>a</em> {.b} ${.c} <code>{.d}</code> <em>e</em>{f}</p>'],
    ['`{: .a}` b {: .c} \\{: d}', '<p><code>{: .a}</code> b {: .c} {: d}</p>'],
    ['```\n{: .a}\n```', '<pre><code>{: .a}\n</code></pre>'],
  ])('attributes of %s are none of the text', (text, html) => {
    expect(render(text)).toBe(html);
  });

  test.each([
    [
      '> [!NOTE]\n> Read *this*.',
      '<blockquote>\n<p><strong>Note</strong><br>\nRead <em>this</em>.</p>\n</blockquote>',
    ],
    [
      '> [!tip]- A & a title\n>\n> b',
      '<blockquote>\n<p><strong>A &amp; a title</strong></p>\n<p>b</p>\n</blockquote>',
    ],
    ['> [!NOTE](/a) b', '<blockquote>\n<p><a href="https://example.com/a">!NOTE</a> b</p>\n</blockquote>'],
    ['a [!NOTE] b', '<p>a [!NOTE] b</p>'],
    ['a\n::: warning\nb\n:::\nc', '<p>a</p>\n<p><strong>Warning</strong></p>\n<p>b</p>\n<p>c</p>'],
    [':::note[Its *title*]\nb\n:::', '<p><strong>Its *title*</strong></p>\n<p>b</p>'],
    [':::: details "More" {open}\n- b\n::::', '<p><strong>More</strong></p>\n<ul>\n<li>b</li>\n</ul>'],
    ['::: lead\nb\n:::', '<p>b</p>'],
    ['a ::: b\n::: c. d\n\n    ::: tip', '<p>a ::: b\n::: c. d</p>\n<pre><code>::: tip\n</code></pre>'],
    ['<div markdown="1">\n**b**\n</div>', '<div>\n<p><strong>b</strong></p>\n</div>'],
    [
      "a\n<div class='x' markdown=block>\n\n- b\n\n</div>",
      '<p>a</p>\n<div>\n<ul>\n<li>b</li>\n</ul>\n</div>',
    ],
    ['<div>\n**b**\n</div>', '<div>\n**b**\n</div>'],
    ['```\n<div markdown="1">\n```', '<pre><code>&lt;div markdown="1"&gt;\n</code></pre>'],
    ['[[toc]]\n\na\n\n[TOC]', '<p>a</p>'],
    ['a [[toc]]\n\n[toc]\nb', '<p>a [[toc]]</p>\n<p>[toc]\nb</p>'],
    ['A *[HTML]* text.\n\n*[HTML]: HyperText\n*[CSS]: Sheets', '<p>A <em>[HTML]</em> text.</p>'],
  ])('%s is what other markdown means by it', (text, html) => {
    expect(render(text).replaceAll('&quot;', '"')).toBe(html);
  });

  test('control characters are no text, however they are written', () => {
    expect(render('a\u0081b\u007Fc &#x9; d\u0085e &#x85;')).toBe('<p>abc \t d e </p>');
  });

  test('components that end themselves are left out, and elements stay', () => {
    expect(render('a <PrBy user="x > y" /><br/>b\n\n<JumpToc/>\n\nc <b>d</b>')).toBe(
      '<p>a <br />b</p>\n\n<p>c <b>d</b></p>',
    );
  });

  test('a frame that ends itself takes nothing in that follows', () => {
    expect(render('<iframe src="https://video.example/1" />\n\nA [link](/b).')).toBe(
      '<a href="https://video.example/1">https://video.example/1</a>\n<p>A <a href="https://example.com/b">link</a>.</p>',
    );
  });

  test('an embedded page becomes a link to it', () => {
    expect(render('<iframe src="//video.example/1"></iframe>')).toBe(
      '<a href="https://video.example/1">https://video.example/1</a>',
    );
  });
});

describe('limits', () => {
  const front = '---\ntitle: One\ndate: 2026-05-17\n---\n';

  test.each([
    ['links', '[a](b) '.repeat(200_000), '5 error limit-markup'],
    ['tags', '<b>x</b> '.repeat(20_000), '5 error limit-markup'],
    ['lines', 'a\n'.repeat(300_000), '5 error limit-markup'],
    ['addresses', 'http://a.example/ '.repeat(90_000), '5 error limit-markup'],
    ['quotes', `Text.\n\n${'> '.repeat(5000)}a`, '7 error limit-nesting'],
    [
      'lists',
      Array.from({ length: 1000 }, (_, at) => `${' '.repeat(2 * at)}- a`).join('\n'),
      '45 error limit-nesting',
    ],
    ['elements', `Text.\n\n${'<div>'.repeat(200)}`, '7 error limit-nesting'],
    ['groups', `<svg>${'<g>'.repeat(200)}`, '5 error limit-nesting'],
    ['elements that only seem to end', '<div/>'.repeat(200), '5 error limit-nesting'],
    ['emphases', `${'*a '.repeat(200)}${'b* '.repeat(200)}`, '5 error limit-nesting'],
    ['titles', `[a]: b "${'c'.repeat(10_000)}"\n\n${'[a] '.repeat(1000)}`, '5 error limit-output'],
    ['titles of quotes', `[a]: /b '${'"'.repeat(10_000)}'\n\n${'[a] '.repeat(1000)}`, '5 error limit-output'],
    ['quoted references', `> [a]: /${'b'.repeat(10_000)}\n\n${'[a] '.repeat(1000)}`, '5 error limit-output'],
    ['listed references', `- [a]: /${'b'.repeat(10_000)}\n\n${'[a] '.repeat(1000)}`, '5 error limit-output'],
    [
      'references to a label of two lines',
      `[a\nb]: /${'c'.repeat(10_000)}\n\n${'[a b] '.repeat(1000)}`,
      '5 error limit-output',
    ],
    ['references to what is relative', `[a]: b\n\n${'[a] '.repeat(20_000)}`, '5 error limit-output'],
    ['relative links', '[a](b) '.repeat(20_000), '5 error limit-output'],
    ['candidates of pictures', `<img src="/a" srcset="${'b 1x,'.repeat(20_000)}">`, '5 error limit-output'],
    [
      'candidates behind references',
      `<img src="/a" srcset="${'b 1x&#44;'.repeat(20_000)}">`,
      '5 error limit-output',
    ],
  ])('too many %s are a problem', (_, body, problem) => {
    expect(problemsOf(front + body)).toEqual([problem]);
  });

  test.each([
    ['prose', 'It was a quiet morning, and the *feeds* were full of [links](/x).\n'.repeat(13_000)],
    ['code', `\`\`\`js\n${'const a = { b: [1, 2], c: "d" }; // e\n'.repeat(8000)}\`\`\``],
    ['deep code', `${' '.repeat(200)}x`],
    ['generics in code', `\`\`\`ts\n${'const a: Map<string, B<C>> = f<D>();\n'.repeat(200)}\`\`\``],
    ['generics in spans of code', 'A `Vec<String>` here.\n\n'.repeat(200)],
    ['components', 'Text. <PrBy user="ann" :no="[1]" />\n\n'.repeat(200)],
    ['generics in highlighted code', `{% highlight rs %}\n${'Vec<T>\n'.repeat(200)}{% endhighlight %}`],
    ['drawings', `<svg>${'<path d="M0 1"/>\n<g><stop offset="1" /></g>'.repeat(200)}</svg>`],
    ['items without end tags', `<ul>${'<li>x'.repeat(500)}</ul>`],
    ['linking', `${'[a](https://a.example/b) [c] '.repeat(5000)}\n\n[c]: https://c.example/\n`],
    ['pictures', '<img src="/a.png" srcset="/a.png 1x, /b.png 2x">\n\n'.repeat(1000)],
  ])('a post with much %s is fine', (_, body) => {
    expect(read(front + body)).toMatchObject({ is: 'post', problems: [] });
  });

  test('what has no end takes no time without end', () => {
    for (const flood of [
      'http://a.b/(',
      '`{{ ',
      '{% raw %}',
      '- [ ] a\n',
      '![',
      '<img srcset=", ',
      '# {#',
      '{:a\n',
      '*a*{:a ',
    ]) {
      const reading = read(front + flood.repeat(Math.floor(100_000 / flood.length)));
      if (reading.is === 'post')
        renderMarkdown(reading.post.body(), { base: 'https://example.com/', idPrefix: 'n' });
    }
  });

  test.each([
    ['blanks in titles of boxes', `::: ${'a-'.repeat(20)}${' '.repeat(400)}{b\n`.repeat(2000)],
    ['letters in an address', `[a](/${'日'.repeat(500_000)})`],
    ['hashes in an address', `[a](/${'#'.repeat(500_000)})`],
    ['letters in the name of an element', `<${'a'.repeat(1_000_000)}> <br/>`],
    ['words between marks of emphasis', `${`*${'a'.repeat(20_000)}`.repeat(190)}\n\n${'*'.repeat(20)}`],
  ])('however many %s there are, they take no time without end', (_, body) => {
    const reading = read(front + body);
    if (reading.is === 'post')
      renderMarkdown(reading.post.body(), { base: 'https://example.com/', idPrefix: 'n' });
  });
});

describe('a folder', () => {
  test('gives its posts, whatever else lies in it', async () => {
    const one = '---\ntitle: One\ndate: 2026-05-17\n---\n';
    const folder = write(temporaryFolder(), {
      'one.md': one,
      'B.MARKDOWN': one,
      'bundle/index.md': one,
      'bundle/picture.png': 'x',
      'section/_index.md': one,
      'section/_index.pt-BR.md': one,
      'node_modules/x/readme.md': one,
      '.git/x.md': one,
      '.hidden.md': one,
      'one.md~': one,
      '#one.md#': one,
      'one.md.swp': one,
      'notes.txt': one,
      'draft.md': '---\ntitle: One\ndraft: true\n---\n',
    });
    mkdirSync(join(folder, 'a-folder.md'));
    const content = await readContent(folder, OPTIONS);
    expect(content.posts.map(({ path }) => path)).toEqual(['B.MARKDOWN', 'bundle/index.md', 'one.md']);
    expect(content).toMatchObject({ hidden: ['draft.md'], problems: [], broken: [], complete: true });
  });

  test('links lead only to what lies inside, to each file once, and never in circles', async () => {
    const folder = write(temporaryFolder(), { 'posts/one.md': '---\ntitle: One\ndate: 2026-05-17\n---\n' });
    const outside = write(temporaryFolder(), { 'secret.md': '---\ntitle: Secret\ndate: 2026-05-17\n---\n' });
    symlinkSync(outside, join(folder, 'outside'));
    symlinkSync(join(outside, 'secret.md'), join(folder, 'secret.md'));
    symlinkSync('..', join(folder, 'posts/loop'));
    symlinkSync('posts/one.md', join(folder, 'again.md'));
    write(folder, { '.shelf/two.txt': '---\ntitle: Two\ndate: 2026-05-17\n---\n' });
    symlinkSync('.shelf/two.txt', join(folder, 'two.md'));
    symlinkSync('nowhere', join(folder, 'broken.md'));
    const content = await readContent(folder, OPTIONS);
    expect(content.posts.map(({ path }) => path)).toEqual(['posts/one.md', 'two.md']);
    expect(content.problems.map(({ file, rule }) => [file, rule])).toEqual([
      ['broken.md', 'link-broken'],
      ['outside', 'link-outside'],
      ['secret.md', 'link-outside'],
    ]);
  });

  test('every broken file is named with line and reason, and the others are read', async () => {
    const folder = write(temporaryFolder(), {
      'good.md': '---\ntitle: Good\ndate: 2026-05-17\n---\n',
      'yaml.md': '---\ntitle: a\n  b: c\n---\n',
      'date.md': '---\ntitle: Date\ndate: 2026-02-30\n---\n',
      'js.md': '---js\n{}\n---\n',
      'latin.md': Buffer.from('---\ntitle: caf\xe9\ndate: 2026-05-17\n---\n', 'latin1'),
    });
    const content = await readContent(folder, OPTIONS);
    expect(content.posts.map(({ title }) => title)).toEqual(['Good']);
    expect(content.problems.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      'date.md:3 date',
      'js.md:1 front-matter-language',
      'latin.md:1 utf-8',
      'yaml.md:3 yaml',
    ]);
    expect(content.broken).toEqual(['date.md', 'js.md', 'latin.md', 'yaml.md']);
  });

  test('names are bytes: one file in two Unicode forms is one post, and what is not UTF-8 is named', async () => {
    const folder = write(temporaryFolder(), {
      'caf\u00e9.md': '---\ntitle: One\ndate: 2026-05-17\n---\n',
      'cafe\u0301.md': '---\ntitle: Two\ndate: 2026-05-17\n---\n',
    });
    writeFileSync(
      Buffer.concat([Buffer.from(join(folder, 'latin-')), Buffer.from([0xe9]), Buffer.from('.md')]),
      '---\ntitle: x\ndate: 2026-05-17\n---\n',
    );
    const content = await readContent(folder, OPTIONS);
    expect(content.posts.map(({ path }) => path)).toEqual(['caf\u00e9.md']);
    expect(content.problems.map(({ rule }) => rule)).toEqual(['file-name', 'file-name']);
  });

  test('UTF-16 with its mark is read; a pipe is not', async () => {
    const text = '\uFEFF---\ntitle: Größe 📰\ndate: 2026-05-17\n---\n';
    const little = Buffer.from(text, 'utf16le');
    const folder = write(temporaryFolder(), { 'little.md': little, 'big.md': Buffer.from(little).swap16() });
    execFileSync('mkfifo', [join(folder, 'pipe.md')]);
    const content = await readContent(folder, OPTIONS);
    expect(content).toMatchObject({
      posts: [{ title: 'Größe 📰' }, { title: 'Größe 📰' }],
      problems: [],
      complete: true,
    });
  });

  test('a file that is too large is a problem, and how large is a setting', async () => {
    const folder = write(temporaryFolder(), {
      'one.md': `---\ntitle: One\ndate: 2026-05-17\n---\n${'x'.repeat(3000)}`,
    });
    expect((await readContent(folder, { ...OPTIONS, maxFile: 2000 })).problems).toMatchObject([
      { rule: 'file-size' },
    ]);
    expect((await readContent(folder, OPTIONS)).problems).toEqual([]);
  });

  test('a folder that is not there is an error', async () => {
    await expect(readContent(join(temporaryFolder(), 'nowhere'), OPTIONS)).rejects.toThrow();
  });
});
