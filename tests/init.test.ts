import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runCommand } from '../src/cli.ts';
import { isoIn, readDate } from '../src/content/dates.ts';
import { readYaml } from '../src/content/front-matter.ts';
import type { Post } from '../src/content/post.ts';
import { readPost } from '../src/content/read.ts';
import { oneLine } from '../src/content/text.ts';
import { UsageError } from '../src/edge.ts';
import { checkSettings } from '../src/settings.ts';
import { postText } from '../src/setup/post-text.ts';
import { NOW, temporaryFolder, write } from './blog.ts';
import type { Item } from './blog.ts';
import { SITES } from './sites.ts';

/** Runs a command in a folder, as main.ts does. */
async function run(folder: string, ...args: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const edge = {
    env: {},
    folder,
    print: (text: string) => void out.push(text),
    complain: (text: string) => void err.push(text),
    colours: false,
    progress: () => undefined,
    ended: new Promise<void>(() => {}),
    onReload: () => {},
  };
  try {
    const status = await runCommand(args, edge);
    return { status, stdout: out.join(''), stderr: err.join('') };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { status: 2, stdout: out.join(''), stderr: error.sentences.join('\n') };
  }
}

const site = (files: Record<string, string>): string => write(temporaryFolder(), files);
const settings = (folder: string): string => readFileSync(join(folder, 'feedwright.yml'), 'utf8');
const items = (folder: string): Item[] =>
  (JSON.parse(readFileSync(join(folder, 'feeds/feed.json'), 'utf8')) as { items: Item[] }).items;
/** What `init` writes as permalink pattern, and says of it. */
async function permalinkOf(files: Record<string, string>): Promise<[pattern: string, stdout: string]> {
  const folder = site(files);
  const { status, stdout } = await run(folder, 'init');
  expect(status).toBe(0);
  const { content } = readYaml(settings(folder)) as { content: { permalink: string } };
  return [content.permalink, stdout];
}

const dated = (title: string, extra = ''): string =>
  `---\ntitle: ${title}\ndate: 2024-05-17\n${extra}---\nText.\n`;

describe('init', () => {
  test.each(Object.entries(SITES))(
    '%s: what is built afterwards links to where the posts are',
    async (name, example) => {
      const folder = site(example.files);
      const { status, stdout } = await run(folder, 'init');
      expect({ status, written: readYaml(settings(folder)) }).toEqual({
        status: 0,
        written: example.settings,
      });
      expect(stdout).toMatch(
        name === 'plain'
          ? /^Found no generator, 3 posts in posts\.\n/
          : new RegExp(`^Found ${name} \\(.*\\), 3 posts`),
      );
      expect(stdout).toMatch(/\nWrote feedwright\.yml\. Next: feedwright check, then feedwright start\.\n$/);
      expect(await run(folder, 'check')).toMatchObject({ status: 0 });
      const built = await run(folder, 'build');
      expect(built.stdout).toMatch(/^Published 3 posts/);
      expect(items(folder).map(({ title, url }) => [title, url])).toEqual(example.entries);
      expect(built.status).toBe(0);
    },
  );

  test.each(Object.entries(SITES))('%s: what stands in comments is valid, too', async (_, { files }) => {
    const folder = site(files);
    await run(folder, 'init');
    const everything = settings(folder).replace(/^( *)# ( *)(?=[a-z_]+:)/gm, '$1$2');
    const written = readYaml(everything) as { site: object };
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(['site', 'content', 'feeds', 'store', 'schedule', 'server']),
    );
    expect(Object.keys(written.site)).toHaveLength(6);
    expect(checkSettings(written, (key) => key)).not.toHaveProperty('problems');
  });

  test('--dry-run shows what would be written, and writes nothing', async () => {
    const folder = site(SITES['Hugo']!.files);
    const before = readdirSync(folder);
    const { status, stdout } = await run(folder, 'init', '--dry-run');
    expect([status, readdirSync(folder)]).toEqual([0, before]);
    await run(folder, 'init');
    expect(stdout).toContain(`feedwright.yml would be:\n\n${settings(folder)}`);
  });

  test.each(['feedwright.yml', 'feedwright.yaml'])('%s that is there stays', async (name) => {
    const folder = site({ [name]: '# mine\n' });
    expect(await run(folder, 'init')).toEqual({
      status: 2,
      stdout: '',
      stderr: `${name} is here already and stays as it is; edit it, or move it away and run "feedwright init" again`,
    });
    expect(readFileSync(join(folder, name), 'utf8')).toBe('# mine\n');
  });

  test('an empty folder gets settings to begin with', async () => {
    const folder = temporaryFolder();
    expect((await run(folder, 'init')).stdout).toMatch(/^Found no generator, 0 posts in content\.\n/);
    expect(readYaml(settings(folder))).toEqual({ content: { dir: 'content', permalink: '/posts/:slug/' } });
    expect((await run(folder, 'new', 'Hello')).stdout).toBe('content/hello.md\n');
    expect((await run(folder, 'build')).stdout).toMatch(/^Published 1 post /);
  });

  test('posts in the current folder are found', async () => {
    const folder = site({ 'one.md': dated('One'), 'drafts/two.md': dated('Two') });
    expect((await run(folder, 'init')).stdout).toMatch(/^Found no generator, 2 posts in this folder\.\n/);
    expect(readYaml(settings(folder))).toMatchObject({ content: { dir: '.' } });
    await run(folder, 'build');
    // The feeds lie below; that makes them no posts.
    expect((await run(folder, 'build')).stdout).toMatch(/^Nothing has changed: .* of 2 posts/);
  });

  test('pages without a date beside the posts are left outside', async () => {
    const folder = site({ ...SITES['Hugo']!.files, 'content/about.md': '---\ntitle: About\n---\nMe.\n' });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: about.md has no date, so only posts in content/posts are read.\n',
    );
    expect(readYaml(settings(folder))).toMatchObject({
      content: { dir: 'content/posts', permalink: '/posts/:path/' },
    });
    expect((await run(folder, 'build')).status).toBe(0);
    expect(items(folder).map(({ title, url }) => [title, url])).toEqual(SITES['Hugo']!.entries);
  });

  test('a configuration that cannot be read is told, and nothing is written', async () => {
    const folder = site({ 'hugo.toml': 'title = "a\n', 'content/posts/a.md': dated('A') });
    const { status, stderr } = await run(folder, 'init');
    expect(status).toBe(2);
    expect(stderr).toMatch(/^hugo\.toml cannot be read: .*; correct it, or write feedwright\.yml by hand$/);
    expect(existsSync(join(folder, 'feedwright.yml'))).toBe(false);
  });

  test('what is no setting is left out and told', async () => {
    const folder = site({
      '_config.yml':
        'title: A\nurl: ann.example\ntimezone: Mars/Base\nlang: klingon\nauthor: { name: Ann, email: ann at home }\n',
      '_posts/2024-05-17-a.md': '---\n---\nText.\n',
    });
    const { stdout } = await run(folder, 'init');
    expect(readYaml(settings(folder))).toMatchObject({ site: { title: 'A', author: { name: 'Ann' } } });
    expect(stdout).toContain(
      'Note: the timezone in _config.yml must be the name of a time zone like Europe/Paris; "Mars/Base" is left out.',
    );
    expect(stdout).toContain('Note: no address of the site is known: set site.url before the first publish');
    expect((await run(folder, 'check')).status).toBe(0);
  });

  test('posts that cannot be read are told', async () => {
    const { files } = SITES['Astro']!;
    const folder = site({
      ...files,
      'src/content/blog/third-post.md': files['src/content/blog/first-post.md']!.replace(
        'Jul 08 2022',
        '7/22/2022',
      ),
    });
    expect((await run(folder, 'init')).stdout).toMatch(
      /Note: third-post\.md cannot be published as written, "feedwright check" says why: pubDate: "7\/22\/2022" is not a date/,
    );
  });

  test('scripts are read, not run', async () => {
    const folder = site({
      'astro.config.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync('trace', 'x');
/* site: 'https://comment.example' */
const mysite = 'https://other.example'; // site: 'https://line.example'
export default { notes: "site: 'https://text.example'", base: '/sub', trailingSlash: 'never', site: process.env.SITE ?? 'https://computed.example' };
`,
      'src/content/posts/one.md': dated('One'),
    });
    const { stdout } = await run(folder, 'init');
    expect(existsSync(join(folder, 'trace'))).toBe(false);
    expect(stdout).toContain(
      'Note: astro.config.mjs has no address as plain text behind "site:", and it is not run to find one.',
    );
    expect(readYaml(settings(folder))).toEqual({
      content: { dir: 'src/content/posts', permalink: '/posts/:path' },
    });
  });
});

describe('permalinks by the generator’s configuration', () => {
  const hugo = (permalinks: string, posts: Record<string, string> = { 'a.md': dated('A') }) =>
    permalinkOf({
      'config.yaml': `baseURL: https://blog.example/\npermalinks:\n${permalinks}\n`,
      ...Object.fromEntries(Object.entries(posts).map(([path, text]) => [`content/posts/${path}`, text])),
    });

  test.each([
    ['  posts: /:year/:month/:slug/', '/:year/:month/:slug/'],
    ['  posts: /:section/:year/:contentbasename', '/posts/:year/:slug/'],
    [
      '  page: { posts: "/:year/:month/:day/:slugorfilename/" }\n  section: { posts: /x/ }',
      '/:year/:month/:day/:slug/',
    ],
    ['  other: /:year/:slug/', '/:path/'],
  ])('Hugo: %s', async (written, expected) => {
    const [pattern, stdout] = await hugo(written);
    expect(pattern).toBe(expected);
    expect(stdout).not.toContain('Note');
  });

  test('Hugo: a title that is not the file’s name is told', async () => {
    const [pattern, stdout] = await hugo('  posts: /:year/:title/', {
      'a.md': dated('A'),
      'b.md': dated('The Second'),
    });
    expect(pattern).toBe('/:year/:slug/');
    expect(stdout).toContain(
      'Note: 1 of 2 posts has another address in Hugo: posts/b.md is /2024/the-second/ there and would be /2024/b/ here; give such posts their url in front matter.',
    );
  });

  test('Hugo: what we have no word for is told', async () => {
    const [pattern, stdout] = await hugo('  posts: /:year/:monthname/:slug/');
    expect(pattern).toBe('/:year/:slug/');
    expect(stdout).toContain(
      'Note: Hugo makes addresses with :monthname, which content.permalink does not know',
    );
  });

  test('Hugo: slugs are what :path cannot say', async () => {
    const [pattern] = await hugo('  other: /x/', { 'a.md': dated('A', 'slug: the-a\n'), 'b.md': dated('B') });
    expect(pattern).toBe('/posts/:slug/');
  });

  test('Hugo: settings in config/_default, and of the language', async () => {
    const folder = site({
      'config/_default/hugo.toml': 'baseURL = "https://blog.example/"\ndefaultContentLanguage = "de"\n',
      'config/_default/languages.de.toml': 'title = "Auf Deutsch"\nlanguageCode = "de-DE"\n',
      'config/_default/permalinks.toml': 'posts = "/:slug/"\n',
      'content/posts/a.md': dated('A'),
    });
    await run(folder, 'init');
    expect(readYaml(settings(folder))).toEqual({
      site: { title: 'Auf Deutsch', url: 'https://blog.example/', language: 'de-DE' },
      content: { dir: 'content', permalink: '/:slug/' },
    });
  });

  test('Hugo: posts in other languages are told', async () => {
    const [pattern, stdout] = await permalinkOf({
      'hugo.yaml':
        'baseURL: https://blog.example/\ndefaultContentLanguage: en\nlanguages: { en: {}, fr: {} }\n',
      'content/posts/a.md': dated('A'),
      'content/posts/a.fr.md': dated('A'),
    });
    expect(pattern).toBe('/:path/');
    expect(stdout).toContain('1 of 2 posts has another address in Hugo: posts/a.fr.md is /fr/posts/a/ there');
  });

  const jekyll = (config: string, extra = '') =>
    permalinkOf({
      '_config.yml': `url: https://ann.example\n${config}\n`,
      '_posts/2024-05-17-a.md': `---\ntitle: A\n${extra}---\nText.\n`,
    });

  test.each([
    ['permalink: pretty', '/:year/:month/:day/:slug/'],
    ['permalink: date', '/:year/:month/:day/:slug.html'],
    ['permalink: none', '/:slug.html'],
    ['permalink: /:year/:month/:day/:title/', '/:year/:month/:day/:slug/'],
    ['permalink: /blog/:title', '/blog/:slug'],
    ['collections: { posts: { permalink: "/p/:slug:output_ext" } }', '/p/:slug.html'],
    ['defaults: [{ scope: { path: "", type: posts }, values: { permalink: "/d/:title/" } }]', '/d/:slug/'],
    ['permalink: ordinal', '/:year/:slug.html'],
  ])('Jekyll: %s', async (config, expected) => {
    const [pattern, stdout] = await jekyll(config);
    expect(pattern).toBe(expected);
    expect(stdout).not.toContain('another address');
    expect(stdout.includes('Jekyll makes addresses with')).toBe(config.endsWith('ordinal'));
  });

  test('Jekyll: categories are told, in the output and in the file', async () => {
    const [, stdout] = await jekyll('', 'categories: jekyll update\n');
    const note =
      'Note: 1 of 1 post has another address in Jekyll: 2024-05-17-a.md is /jekyll/update/2024/05/17/a.html there and would be /2024/05/17/a.html here; give such posts their permalink in front matter.';
    expect(stdout).toContain(note);
    expect(stdout).toContain(
      "Note: Jekyll puts a post's categories into its address, which content.permalink cannot",
    );
  });

  test('Eleventy: the data file of the folder', async () => {
    const files = { '.eleventy.js': 'module.exports = () => {};\n', 'posts/2024-05-17-a.md': dated('A') };
    const data = (permalink: string) => ({ ...files, 'posts/posts.json': JSON.stringify({ permalink }) });
    expect((await permalinkOf(files))[0]).toBe('/posts/:path/');
    expect((await permalinkOf(data('/b/{{ page.fileSlug }}/index.html')))[0]).toBe('/b/:slug/');
    const [pattern, stdout] = await permalinkOf(data('/{{ page.date | year }}/{{ page.fileSlug }}/'));
    expect(pattern).toBe('/:slug/');
    expect(stdout).toContain('Note: Eleventy makes addresses with :template');
  });

  test('Astro: pages in src/pages, and a collection shown elsewhere', async () => {
    const config = { 'astro.config.ts': "export default { site: 'https://a.example' }\n" };
    expect((await permalinkOf({ ...config, 'src/pages/posts/one.md': dated('One') }))[0]).toBe('/:path/');
    const shown = { 'src/content/blog/one.md': dated('One'), 'src/pages/writing/[id].astro': '' };
    expect((await permalinkOf({ ...config, ...shown }))[0]).toBe('/writing/:path/');
  });
});

/** What our own reader makes of a post's file. */
function reread(text: string, path = 'a.md'): Post {
  const reading = readPost(path, text, { timezone: 'UTC', now: NOW });
  if (reading.is !== 'post') throw new Error(`not a post: ${JSON.stringify(reading)} from ${text}`);
  expect(reading.problems).toEqual([]);
  return reading.post;
}

const TRICKY = ['"', "'", ': ', ':', '#', ' # ', '\n', '\r\n', '---', '\n---\n', '😀', '👩‍💻', '{{ x }}', '%', '&a', '*a', '!!js', '|', '>', '- ', '? ', '\\', '\\n', '\u0085', '\u2028', '\uFEFF', '\u007F', '\u0000', '~', 'null', 'yes', '1.10', '0x1F', '2026-05-17', '[', ']', '{', '}', ',', '`', '@', 'é', '日本', '  ', '\t', '<b>', '/']; // prettier-ignore
const titles = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.constantFrom(...TRICKY, 'word', 'a')).map((parts) => parts.join('')),
);

describe('new', () => {
  test('a title comes out of our own reader as it went in', () => {
    fc.assert(
      fc.property(titles, titles, fc.boolean(), (written, tag, nested) => {
        const [title, one] = [oneLine(written), oneLine(tag.replaceAll(',', ''))];
        fc.pre(title !== '' && one !== '' && !/^(?:~|null)$/i.test(one));
        // A title of nothing but what YAML calls null is none to our reader.
        fc.pre(!/^(?:~|null)$/i.test(title));
        const text = postText(
          { title, tags: [one], draft: false, date: '2026-05-17', link: 'https://a.example/?b=c#d' },
          nested ? { nested } : {},
        );
        const post = reread(text);
        expect(post).toMatchObject({
          title,
          tags: [one],
          kind: 'link',
          externalUrl: 'https://a.example/?b=c#d',
        });
      }),
      { numRuns: 2000 },
    );
  });

  test('whatever the title, a file is written that is read as a post', async () => {
    await fc.assert(
      fc.asyncProperty(titles, async (title) => {
        fc.pre(!/^(?:~|null)?$/i.test(oneLine(title)));
        const folder = temporaryFolder();
        const { status, stdout } = await run(folder, 'new', '--', title);
        const path = stdout.trim();
        expect([status, readdirSync(join(folder, 'content'))]).toEqual([0, [path.replace('content/', '')]]);
        expect(reread(readFileSync(join(folder, path), 'utf8')).title).toBe(oneLine(title));
      }),
      { numRuns: 60 },
    );
  });

  test('a date with its offset is read back as the same moment', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Paris',
      'Asia/Kolkata',
      'America/St_Johns',
      'Pacific/Apia',
      'Australia/Lord_Howe',
    );
    const seconds = fc.integer({ min: Date.UTC(1975, 0) / 1000, max: NOW / 1000 });
    fc.assert(
      fc.property(zones, seconds, (zone, second) => {
        expect(readDate(isoIn(zone, second * 1000), 'UTC', NOW)).toEqual({ moment: second * 1000 });
      }),
    );
    expect(isoIn('Asia/Kolkata', NOW + 999)).toBe('2026-11-23T17:30:00+05:30');
    expect(isoIn('UTC', NOW)).toBe('2026-11-23T12:00:00+00:00');
  });

  test('a post, a link post and a draft', async () => {
    const folder = site({
      'feedwright.yml':
        'site: { url: "https://a.example/", timezone: Asia/Tokyo }\ncontent: { dir: posts }\n',
    });
    const before = Math.floor(Date.now() / 1000) * 1000;
    expect(await run(folder, 'new', 'C++: a', '"love" story', '--tags', 'One, C#, ,One')).toEqual({
      status: 0,
      stdout: 'posts/c-plus-plus-a-love-story.md\n',
      stderr: '',
    });
    const text = readFileSync(join(folder, 'posts/c-plus-plus-a-love-story.md'), 'utf8');
    expect(text).toMatch(
      /^---\ntitle: "C\+\+: a \\"love\\" story"\ndate: \S+\+09:00\ntags: \[One, "C#"\]\n---\n\n$/,
    );
    const { published } = reread(text);
    expect(published >= before && published <= Date.now()).toBe(true);

    await run(folder, 'new', 'A link', '--link', 'https://b.example/a b');
    const link = readFileSync(join(folder, 'posts/a-link.md'), 'utf8');
    expect(link).toMatch(
      /\ndate: .*\npost_kind: link\nexternal_url: https:\/\/b\.example\/a%20b\n# tldr:\n---\n/,
    );
    await run(folder, 'new', 'Later', '--draft');
    expect((await run(folder, 'build')).stdout).toMatch(/^Published 2 posts/);
    expect(
      items(folder)
        .map(({ title }) => title)
        .sort(),
    ).toEqual(['A link', 'C++: a "love" story']);
  });

  test.each([
    ['Hugo', 'content/posts/x.md', /^title: X\ndate: \S+\ndraft: true\ntags: \[a\]\npost_kind: link$/m],
    [
      'Jekyll',
      '_posts/DAY-x.md',
      /^title: X\nlayout: post\ndate: \S+\npublished: false\ntags: \[a\]\npost_kind: link$/m,
    ],
    [
      'Zola',
      'content/blog/x.md',
      /^title: X\ndate: \S+\ndraft: true\ntaxonomies:\n {2}tags: \[a\]\nextra:\n {2}post_kind: link$/m,
    ],
    [
      'Astro',
      'src/content/blog/x.md',
      /^title: X\ndescription: ''\npubDate: \S+\ndraft: true\ntags: \[a\]$/m,
    ],
    ['Eleventy', 'content/blog/x.md', /^title: X\ndate: \S+\ndraft: true\ntags: \[a\]$/m],
  ])('%s: the file is where and how its generator wants it', async (name, path, expected) => {
    const folder = site(SITES[name]!.files);
    await run(folder, 'init');
    const args = ['--draft', '--tags', 'a', '--link', 'https://b.example/'];
    const days = [isoIn('UTC', Date.now()).slice(0, 10)];
    const written = (await run(folder, 'new', 'X', ...args)).stdout.trim();
    days.push(isoIn('UTC', Date.now()).slice(0, 10));
    expect(days.map((day) => path.replace('DAY', day))).toContain(written);
    expect(readFileSync(join(folder, written), 'utf8')).toMatch(expected);
    expect((await run(folder, 'check')).stdout).toMatch(/^(?:.*warning.*\n)*3 posts, 0 errors/);
    expect(
      readPost('x.md', readFileSync(join(folder, written), 'utf8'), { timezone: 'UTC', now: NOW }).is,
    ).toBe('hidden');
  });

  test.each([
    [['Good'], /^content\/good\.md is there already; edit it, or choose another title$/],
    [['Bundle!'], /^content\/bundle\/index\.md is there already/],
    [[' \n '], /^a post needs a title$/],
    [['X', '--link', 'b.example'], /^--link must be a whole http\(s\) URL like /],
  ])('%j is wrong use, and changes nothing', async (args, message) => {
    const folder = site({ 'content/good.md': dated('Good'), 'content/bundle/index.md': dated('Bundle') });
    const { status, stdout, stderr } = await run(folder, 'new', ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(readdirSync(join(folder, 'content'))).toEqual(['bundle', 'good.md']);
    expect(readFileSync(join(folder, 'content/good.md'), 'utf8')).toBe(dated('Good'));
  });

  test('a post called index does not become its folder', async () => {
    const folder = site({ 'content/good.md': dated('Good') });
    expect((await run(folder, 'new', 'Index')).stdout).toBe('content/index-1.md\n');
  });
});
