import { describe, expect, test } from '@jest/globals';
import { readPost } from '../src/content/read-file.ts';
import type { Generator } from '../src/publish/generators.ts';
import { wantedPermalink } from '../src/publish/permalinks.ts';
import type { Permalinks } from '../src/publish/permalinks.ts';
import { PLACEHOLDERS } from '../src/publish/placeholders.ts';
import { checkSettings } from '../src/settings.ts';
import { NOW, OPTIONS, post, publishPosts } from './blog.ts';

const SITE = { title: '', url: 'https://example.com/', feedsUrl: 'https://example.com/', timezone: 'UTC' };

/** The path of a post's permalink. */
function pathOf(
  permalink: Permalinks,
  fields: object,
  path = 'posts/2024-05-17-A-name.md',
  timezone = 'UTC',
) {
  const reading = readPost(path, JSON.stringify({ title: 'The Title: one/two', ...fields }), {
    timezone,
    now: NOW,
  });
  if (reading.is !== 'post') throw new Error(JSON.stringify(reading));
  return wantedPermalink(reading.post, { ...SITE, timezone }, permalink).slice(SITE.url.length - 1);
}
const by = (generator: Generator, pattern: string) => ({ patterns: { '/': pattern }, generator });

describe('placeholders', () => {
  test.each([
    ['/:year/:month/:day/:slug/', '/2021/01/03/A-name/'],
    ['/:short_year/:i_month/:i_day/:filename/', '/21/1/3/2024-05-17-A-name/'],
    ['/:y_day/:yearday/:slug', '/003/3/A-name'],
    ['/:w_year-W:week-:w_day/:slug/', '/2020-W53-7/A-name/'],
    ['/:weekday/:weekdayname/:short_day/:long_day/:slug/', '/0/Sunday/SUN/Sunday/A-name/'],
    ['/:short_month/:long_month/:monthname/:slug/', '/JAN/January/January/A-name/'],
    ['/:hour:minute:second/:slug/', '/040506/A-name/'],
    ['/:title/', '/the-title-one-two/'],
    ['/:section/:sections/:slugorfilename:output_ext', '/posts/posts/2024-05-17-A-name.html'],
    ['/:categories/:slug/', '/web-dev/x/A-name/'],
  ])('%s', (pattern, expected) => {
    expect(pathOf(pattern, { date: '2021-01-03T04:05:06Z', categories: ['Web Dev', 'X'] })).toBe(expected);
  });

  test('one that has nothing to say leaves no gap', () => {
    expect(pathOf('/a/:categories/:section/:slug/', {}, '2024-05-17-x.md')).toBe('/a/x/');
  });

  test('all are known to the settings, others are told with those that there are', () => {
    for (const name of PLACEHOLDERS)
      expect(checkSettings({ content: { permalink: `/:slug/:${name}` } }, String)).toHaveProperty('settings');
    const problems = (permalink: unknown) => {
      const checked = checkSettings({ content: { permalink } }, (key) => key);
      return 'problems' in checked ? checked.problems : [];
    };
    expect(problems('/:yaer/:slug/')).toEqual([
      expect.stringMatching(
        /^content\.permalink must not contain :yaer, which is no placeholder; there are :slug :path/,
      ),
    ]);
    expect(problems({ posts: '/:year/' })).toEqual([
      expect.stringMatching(/^content\.permalink\.posts must contain :slug or :path or :title or /),
    ]);
    expect(problems(['/:slug/'])).toEqual([expect.stringMatching(/^content\.permalink must be a pattern/)]);
  });
});

describe('a pattern for each folder', () => {
  const permalink = { patterns: { posts: '/p/:slug/', 'posts/deep': '/d/:slug/', '/': '/rest/:slug/' } };

  test.each([
    ['posts/2024-05-17-x.md', '/p/x/'],
    ['posts/other/2024-05-17-x.md', '/p/x/'],
    ['posts/deep/2024-05-17-x.md', '/d/x/'],
    ['posts/deep/2024-05-17-x/index.md', '/d/x/'],
    ['2024-05-17-x.md', '/rest/x/'],
    ['posts/2024-05-17-x/index.md', '/p/x/'],
  ])('%s', (path, expected) => {
    expect(pathOf(permalink, {}, path)).toBe(expected);
  });

  test('without one for the rest, those are where their files are', () => {
    expect(pathOf({ patterns: { posts: '/p/:slug/' } }, {}, 'notes/2024-05-17-x.md')).toBe(
      '/notes/2024-05-17-x/',
    );
  });

  test('folders may be written with slashes', () => {
    const checked = checkSettings(
      { content: { permalink: { '/posts/': '/:slug/', '/': '/:path/' } } },
      String,
    );
    expect(checked).toMatchObject({
      settings: { content: { permalink: { posts: '/:slug/', '/': '/:path/' } } },
    });
  });
});

describe('the rules of generators', () => {
  const LATE = { date: '2024-05-17T23:30:00-07:00' };

  test('a date’s own day is Hugo’s; to the others it is that of the site’s zone', () => {
    expect(pathOf(by('hugo', '/:year/:month/:day/:filename/'), LATE, 'posts/x.md')).toBe('/2024/05/17/x/');
    for (const other of [by('jekyll', '/:day/:slug/'), '/:day/:slug/'])
      expect(pathOf(other, LATE, 'x.md')).toBe('/18/x/');
    expect(pathOf(by('jekyll', '/:day/:slug/'), LATE, 'x.md', 'America/Los_Angeles')).toBe('/17/x/');
    expect(
      pathOf(by('hugo', '/:day/:slug/'), { date: '2024-05-17 23:30', slug: 'x' }, 'x.md', 'Asia/Tokyo'),
    ).toBe('/17/x/');
  });

  test.each<[Generator, string, object, string, string]>([
    ['hugo', '/:path/', { slug: 'IP-Certs' }, 'Posts/My Post!.md', '/posts/ip-certs/'],
    ['hugo', '/:year/:slug/', { slug: '/Cn/X' }, 'x.md', '/2024/cn/x/'],
    ['hugo', '/:path/', {}, 'Posts/My Post!.md', '/posts/my-post/'],
    ['hugo', '/:section/:slug/', {}, 'Posts/x.md', '/posts/the-title-one/two/'],
    ['hugo', '/:slugorfilename/', {}, 'Posts/Bundle/index.md', '/bundle/'],
    ['hugo', '/:monthname/:filename/', {}, 'x.md', '/may/x/'],
    ['hugo', '/:path/', { url: '/Kubernetes/x' }, 'x.md', '/kubernetes/x/'],
    ['hugo', '/:path/', { url: 'x.html' }, 'x.md', '/x.html'],
    ['hugo', '/:path/', { url: '/:year/:filename' }, 'x.md', '/2024/x/'],
    ['jekyll', '/:title:output_ext', {}, '2024-05-17-Rails-6-.markdown', '/Rails-6.html'],
    ['jekyll', '/:slug/', {}, '2024-05-17-Rails-6-.markdown', '/rails-6/'],
    ['jekyll', '/:categories/:title/', { categories: 'A b', category: 'C d' }, 'x.md', '/a/b/c%20d/x/'],
    ['jekyll', '/:title/', { permalink: 'pretty', categories: ['a'] }, 'x.md', '/a/2024/05/17/x/'],
    ['jekyll', '/:title/', { permalink: '/x' }, 'x.md', '/x'],
    ['hugo', '/:path/', { url: '/:constructor/:tostring/' }, 'x.md', '/:constructor/:tostring/'],
    [
      'jekyll',
      '/:title/',
      { permalink: '/:constructor/:valueOf/:title/' },
      'x.md',
      '/:constructor/:valueOf/x/',
    ],
    ['jekyll', '/:title/', { permalink: 'constructor' }, 'x.md', '/constructor'],
    ['zola', '/:path/', {}, 'Blog/2024-05-17-Été à.md', '/blog/ete-a/'],
    ['zola', '/:path/', { slug: 'The_Slug' }, 'blog/x/index.md', '/blog/the-slug/'],
    ['zola', '/:path/', { path: '2024/x' }, 'x.md', '/2024/x/'],
    ['astro', '/blog/:path/', {}, 'My Folder/A.b.md', '/blog/my-folder/ab/'],
    ['astro', '/blog/:path/', { slug: 'a/B' }, 'x/y.md', '/blog/a/b/'],
    ['eleventy', '/:slug/', { slug: 'y' }, '2024-05-17-x.md', '/x/'],
    ['eleventy', '/:path/', {}, 'a/a.md', '/a/'],
    ['eleventy', '/:path/', { permalink: '/x/index.html' }, 'x.md', '/x/'],
  ])('%s: %s with %j in %s', (generator, pattern, fields, path, expected) => {
    expect(pathOf(by(generator, pattern), { date: '2024-05-17', ...fields }, path)).toBe(expected);
  });

  test.each<[Generator, string]>([
    ['hugo', '/u/'],
    ['jekyll', '/p/'],
    ['zola', '/w/'],
    ['eleventy', '/p/'],
  ])('%s knows one key for a whole permalink', (generator, expected) => {
    const all = { date: '2024-05-17', path: '/w/', url: '/u/', permalink: '/p/' };
    expect(pathOf(by(generator, '/:slug/'), all, 'x.md')).toBe(expected);
    const { [{ '/p/': 'permalink', '/u/': 'url', '/w/': 'path' }[expected] as 'url']: _, ...others } = all;
    expect(pathOf(by(generator, '/a/:filename/'), others, 'x.md')).toBe('/a/x/');
  });

  test('what no URL may hold is encoded', () => {
    expect(pathOf('/:slug/', { path: '/a|b^c[d]?e={f}#g#h' })).toBe('/a%7Cb%5Ec%5Bd%5D?e=%7Bf%7D#g%23h');
  });

  test('without a generator, addresses stay as written', () => {
    expect(pathOf('/:slug/', { path: '2024/x' })).toBe('/2024/x');
    expect(pathOf('/:path/', { slug: 'y' }, 'Posts/2024-05-17-X.md')).toBe('/Posts/2024-05-17-X/');
  });
});

describe('translations', () => {
  const languages = ['en', 'ca', 'pt-BR'];

  test.each<[Generator | undefined, string, string, object, string]>([
    ['zola', 'blog/x/index.ca.md', '/:path/', {}, '/ca/blog/x/'],
    ['zola', 'blog/2024-05-17-x.ca.md', '/:path/', {}, '/ca/blog/x/'],
    ['zola', 'blog/x.en.md', '/:path/', {}, '/blog/x/'],
    ['hugo', 'posts/x.pt-br.md', '/:filename/', {}, '/pt-BR/x/'],
    ['hugo', 'posts/x.ca.md', '/:path/', { url: '/y/' }, '/y/'],
    [undefined, 'posts/x.ca.md', '/posts/:slug/', {}, '/ca/posts/x/'],
    [undefined, 'posts/node.js.md', '/posts/:slug/', {}, '/posts/node.js/'],
  ])('%s: %s', (generator, path, pattern, fields, expected) => {
    const permalink = { patterns: { '/': pattern }, languages, ...(generator && { generator }) };
    expect(pathOf(permalink, { date: '2024-05-17', ...fields }, path)).toBe(expected);
  });

  test('are in the feeds of their language only', () => {
    const posts = ['x.md', 'x.ca.md', 'y.md'].map((path) => post({ tags: ['a'] }, '', path));
    const permalink = { patterns: { '/': '/:slug/' }, languages };
    const { files } = publishPosts(posts, {
      options: { ...OPTIONS, permalink, languages, per: ['tag', 'language'] },
    });
    const feeds = files.filter(({ name }) => name.endsWith('feed.json'));
    const paths = feeds.map(({ name, body }) => {
      const { items } = JSON.parse(body().toString()) as { items: { url: string; language?: string }[] };
      return [name, items.map(({ url, language }) => `${url.slice(SITE.url.length)} ${language}`).sort()];
    });
    expect(Object.fromEntries(paths)).toEqual({
      'feed.json': ['x/ undefined', 'y/ undefined'],
      'tags/a/feed.json': ['x/ undefined', 'y/ undefined'],
      'languages/ca/feed.json': ['ca/x/ ca'],
    });
  });

  test('are in no feed without feeds by language', () => {
    const { shown } = publishPosts([post({}, '', 'x.md'), post({}, '', 'x.ca.md')], {
      options: { ...OPTIONS, languages },
    });
    expect(shown.map(({ path }) => path)).toEqual(['x.md']);
  });
});
