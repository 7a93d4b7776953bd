/** Links from one markdown file to another become the permalinks of the posts that are meant. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { linkedFiles } from '../src/content/links.ts';
import { clearTemplates } from '../src/content/templates.ts';
import type { Permalinks } from '../src/publish/permalinks.ts';
import { run } from '../src/worker/run.ts';
import type { Memory } from '../src/worker/runs.ts';
import { HISTORY, OPTIONS, SITE, blogOf, markdown, post, publishPosts, write } from './blog.ts';

const FROM = 'posts/one/index.md';
const OTHERS = ['posts/two/index.md', 'posts/three.mdx', 'notes/my note (a).md', 'root.md', 'root.de.md'];
const ZOLA: Permalinks = { patterns: { '/': '/:path/' }, generator: 'zola', languages: ['en', 'de'] };

/** Where the links of a body lead that is in FROM, beside OTHERS. */
function hrefs(body: string, permalink: Permalinks = '/:path/', site = SITE): (string | undefined)[] {
  const posts = [post({}, body, FROM), ...OTHERS.map((path) => post({}, 'Text.', path))];
  const { shown, failures } = publishPosts(posts, { site, options: { ...OPTIONS, permalink } });
  expect(failures).toEqual([]);
  const { content } = shown.find(({ path }) => path === FROM)!;
  return [...content.matchAll(/<a(?: href="([^"]*)")?/g)].map(([, href]) => href);
}

describe('a link to a file', () => {
  test.each([
    ['[x](../two/index.md)', 'https://example.com/posts/two/'],
    ['[x](../two/index.md#part)', 'https://example.com/posts/two/#part'],
    ['[x](../three.mdx?x=1&y#part "Title")', 'https://example.com/posts/three/?x=1&amp;y#part'],
    ['[x](./../../root.md)', 'https://example.com/root/'],
    ['[x](index.md#part)', 'https://example.com/posts/one/#part'],
    ['[x](/root.md)', 'https://example.com/root/'],
    ['[x][1]\n\n[1]: ../three.mdx#a', 'https://example.com/posts/three/#a'],
    ['[x](<../../notes/my note (a).md>)', 'https://example.com/notes/my%20note%20(a)/'],
    ['[x](../../notes/my%20note%20\\(a\\).md)', 'https://example.com/notes/my%20note%20(a)/'],
    ['- `a\n- [x\n  `y`](../three.mdx) `b`', 'https://example.com/posts/three/'],
    ['1. a\n\n   > [x][a b]\n   >\n   > [a b]: <../three.mdx> (Title)', 'https://example.com/posts/three/'],
    ['```\n[x](a.md)\n```\n[x](../three.mdx)', 'https://example.com/posts/three/'],
    ['a^[[x](../three.mdx)]', 'https://example.com/posts/three/'],
    ['[![x](a.png)](../three.mdx)', 'https://example.com/posts/three/'],
    ['**[x](@/posts/two/index.md)**', 'https://example.com/posts/two/'],
    ['- > [x](@/posts/three.mdx#part)', 'https://example.com/posts/three/#part'],
    ['text <a href="../two/index.md#a">x</a>', 'https://example.com/posts/two/#a'],
    ["<p><a href = '../three.mdx' title=a>x</a></p>", 'https://example.com/posts/three/'],
    ['<p><a HREF=@/root.md>x</a> [y](https://a.example/)</p>', 'https://example.com/root/'],
  ])('%s leads to its post', (body, url) => {
    expect(hrefs(body)).toContain(url);
  });

  test.each([
    ['[x]({{< ref "two" >}})', 'https://example.com/posts/two/'],
    ['[x]({{<ref "/posts/three.mdx#part">}})', 'https://example.com/posts/three/#part'],
    ['[x]({{% relref `posts/three` %}} "Title")', 'https://example.com/posts/three/'],
    ['[x]({{< relref path="three.md" lang="de" >}})', 'https://example.com/posts/three/'],
    ['[x]({{< ref "../three.mdx" >}})', 'https://example.com/posts/three/'],
    ['[x]({{< ref "#part" >}})', 'https://example.com/posts/one/#part'],
    ['[x]({{< ref "my note (a).md" >}})', 'https://example.com/notes/my%20note%20(a)/'],
    ['[x]({{< ref "content/posts/three" >}})', 'https://example.com/posts/three/'],
    ['[x]({{< ref Three >}})', 'https://example.com/posts/three/'],
    ['[x]({% post_url three %}#part)', 'https://example.com/posts/three/#part'],
    ['[x]({{ site.baseurl }}{% post_url /posts/three %})', 'https://example.com/posts/three/'],
    ['[x]({%- link content/root.md -%})', 'https://example.com/root/'],
    ['[x]({% link files/a b.pdf %})', 'https://example.com/files/a%20b.pdf'],
    ['[x][1]\n\n[1]: {% post_url three %} "Title"', 'https://example.com/posts/three/'],
    ['<a href="{% post_url three %}">x</a>', 'https://example.com/posts/three/'],
    ['- > text <a href=\'{{< ref "three" >}}\'>x</a>', 'https://example.com/posts/three/'],
  ])('%s leads to the post that is meant by its name', (body, url) => {
    expect(hrefs(body)).toEqual([url]);
  });

  test.each([
    '[x]({% post_url nowhere %})',
    '[x]({{< ref "hree" >}})',
    '[x]({% link about.html %})',
    '[x](https://example.com{% post_url three %})',
    '[x]({% post_url ../../../three %})',
    '[x]({{< ref "%ff" >}})',
    '[x]({{ page.dir }}/root.md)',
    '![x]({% post_url three %})',
  ])('%s leaves its words', (body) => {
    expect(hrefs(body)).toEqual([]);
  });

  test('by a name leads to the post in the same folder, to the one with just this path, or to the only one', () => {
    const paths = [
      'a/x.md',
      'b/x.md',
      'x.md',
      'b/y.md',
      'c/y/index.md',
      'c/z.md',
      'c/z.de.md',
      'b/from.de.md',
    ];
    const from = post({}, '[x]({{< ref "x" >}}) [x]({{< ref "a/x" >}}) [y]({{< ref "y" >}})', 'c/from.md');
    const beside = post({}, '[x]({{< ref "x" >}}) [y]({{< ref "y.md" >}}) [z]({{< ref "z" >}})', 'b/from.md');
    const german = post({}, '[z]({{< ref "z" >}}) [x]({{< ref "x" >}})', 'b/from.de.md');
    const others = paths.slice(0, -1).map((path) => post({}, 'Text.', path));
    const { shown } = publishPosts([from, beside, german, ...others], {
      options: { ...OPTIONS, permalink: { ...ZOLA, generator: 'hugo' } },
    });
    const links = (path: string): string[] =>
      [...shown.find((each) => each.path === path)!.content.matchAll(/example\.com(\/[^"]*)/g)].map(
        ([, to]) => to!,
      );
    expect(links('c/from.md')).toEqual(['/x/', '/a/x/', '/c/y/']);
    expect(links('b/from.md')).toEqual(['/b/x/', '/b/y/', '/c/z/']);
    expect(links('b/from.de.md')).toEqual(['/de/c/z/']);
  });

  test.each([
    ['[x](nowhere.md)', 'https://example.com/posts/one/nowhere.md'],
    ['[x](../../../outside.md)', 'https://example.com/outside.md'],
    ['[x](../_index.md)', 'https://example.com/posts/_index.md'],
    ['[x](https://a.example/root.md)', 'https://a.example/root.md'],
    ['[x](//a.example/root.md)', 'https://a.example/root.md'],
    ['[x](../two/index.md.txt)', 'https://example.com/posts/two/index.md.txt'],
    ['[x](%FF.md)', 'https://example.com/posts/one/%FF.md'],
    ['[x](javascript:x.md)', undefined],
  ])('%s stays what it is', (body, url) => {
    expect(hrefs(body)).toEqual([url]);
  });

  test.each(['[words](@/nowhere.md)', '[words](@/picture.png)', '<a href="@/nowhere.md">words</a>'])(
    '%s has no address, and leaves its words',
    (body) => {
      const { shown } = publishPosts([post({}, body)]);
      expect(shown[0]!.content).toMatch(/^<p>(?:<a>words<\/a>|words)<\/p>$/);
    },
  );

  test('of a section, as Zola has them, leads to the address of its folder', () => {
    const body = '[a](@/_index.md) [b](@/My%20Posts/_index.md#x) [c](@/posts/_index.de.md) [d](@/root.de.md)';
    const site = { ...SITE, url: 'https://example.com/blog/' };
    expect(hrefs(body, ZOLA, site)).toEqual(
      ['', 'my-posts/#x', 'de/posts/', 'de/root/'].map((path) => `${site.url}${path}`),
    );
  });

  test('keeps to the permalink that the post has in the end', () => {
    const at = (path: string, url: string) => post({ permalink: url }, '[x](b.md) [y](c.md#d)', path);
    const { shown } = publishPosts([
      at('a.md', '/a/'),
      at('b.md', '/same/'),
      at('c.md', 'https://b.example/?p=1'),
      at('d.md', '/same/'),
    ]);
    expect(shown[0]!.content).toContain('"https://example.com/same/"');
    expect(shown[0]!.content).toContain('"https://b.example/?p=1#d"');
  });
});

describe('the files that a text links to', () => {
  test('are each named once, sorted; files that are only spoken of are none', () => {
    const body = '[b](b.md) [a](./a.md#x) <a href=b.md>b</a> README.md `c.md` ![d](d.md)';
    expect(linkedFiles(body, 'sub/x.md')).toEqual(['sub/a.md', 'sub/b.md']);
    expect(linkedFiles('See README.md for `a.md`.', 'x.md')).toBeUndefined();
    expect(linkedFiles('[x](https://a.example/a.md)', 'x.md')).toBeUndefined();
    const { body: cleared } = clearTemplates('[x](https://a.example/{{ tag }}/a.md)', 'x.md');
    expect(linkedFiles(cleared, 'x.md')).toBeUndefined();
  });

  test.each(['<a href="', " href = '", '[a](b.md', '.md', '.markdow', '@/', '<a href=x.md '])(
    'are found in no time in many of %s',
    (piece) => {
      const begun = performance.now();
      linkedFiles(`${piece.repeat(20_000)} .md `, 'x.md');
      expect(performance.now() - begun).toBeLessThan(2000);
    },
  );
});

describe('when a post changes, what links to it changes with it', () => {
  const FILES = {
    'a.md': markdown('Alpha', '', 'See [b](b.md), [c](@/c.md#x).'),
    'b.md': markdown('Beta'),
    'c.md': markdown('Gamma', 'draft: true\n'),
    'd.md': markdown('Delta'),
  };

  test('in a worker that is told what changed, and looks at nothing else', async () => {
    const blog = blogOf(FILES);
    let memory: Memory = {};
    const go = async (changed?: readonly string[]): Promise<string> => {
      ({ memory } = await run(
        blog.input({ memory, ...(changed && { changed }), history: { ...HISTORY, share: 1 } }),
      ));
      return (await blog.items()).find(({ title }) => title === 'Alpha')!.content_html;
    };
    const see = (b: string, c: string): string => `<p>See ${b}, ${c}.</p>`;
    const to = (href: string, text: string): string =>
      `<a href="https://example.com/posts/${href}">${text}</a>`;
    expect(await go()).toBe(see(to('b/', 'b'), 'c'));
    const { state } = memory;
    write(blog.folder, { 'c.md': markdown('Gamma') });
    expect(await go(['c.md'])).toBe(see(to('b/', 'b'), to('c/#x', 'c')));
    write(blog.folder, { 'b.md': markdown('Beta', 'slug: other\n') });
    expect(await go(['b.md'])).toBe(see(to('other/', 'b'), to('c/#x', 'c')));
    rmSync(join(blog.folder, 'b.md'));
    rmSync(join(blog.folder, 'c.md'));
    expect(await go(['b.md', 'c.md'])).toBe(see(to('a/b.md', 'b'), 'c'));
    expect(memory.state).toBe(state);
  });

  test('but one that is broken now is still where it was', async () => {
    const blog = blogOf({ ...FILES, 'c.md': markdown('Gamma') });
    await blog.once();
    const before = await blog.items();
    write(blog.folder, { 'b.md': '---\ntitle: [broken\n---\n', 'c.md': '---\ntitle: C\ndate: soon\n---\n' });
    await blog.once();
    expect(await blog.items()).toEqual(before);
  });
});
