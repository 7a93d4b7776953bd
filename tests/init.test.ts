import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runCommand } from '../src/cli.ts';
import { isoIn, readDate } from '../src/content/dates.ts';
import { readYaml } from '../src/content/front-matter.ts';
import type { Post } from '../src/content/post.ts';
import { readPost } from '../src/content/read-file.ts';
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
async function permalinkOf(
  files: Record<string, string>,
): Promise<[permalink: string | Record<string, string>, stdout: string]> {
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
    const { stdout } = await run(folder, 'init');
    expect(stdout).toMatch(/^Found no generator, 0 posts in content\.\n/);
    expect(stdout).toMatch(
      /\nWrote feedwright\.yml\. Next: feedwright new "My first post", then feedwright start\.\n$/,
    );
    expect(readYaml(settings(folder))).toEqual({ content: { dir: 'content', permalink: '/posts/:slug/' } });
    expect((await run(folder, 'new', 'Hello')).stdout).toBe('content/hello.md\n');
    expect((await run(folder, 'build')).stdout).toMatch(/^Published 1 post /);
  });

  test('posts in the current folder are found', async () => {
    const folder = site({ 'one.md': dated('One'), 'more/two.md': dated('Two') });
    expect((await run(folder, 'init')).stdout).toMatch(/^Found no generator, 2 posts in this folder\.\n/);
    expect(readYaml(settings(folder))).toMatchObject({ content: { dir: '.' } });
    await run(folder, 'build');
    // The feeds lie below; that makes them no posts.
    expect((await run(folder, 'build')).stdout).toMatch(/^Nothing has changed: .* of 2 posts/);
  });

  test('a folder of drafts is not taken for that of the posts', async () => {
    const folder = site({
      'drafts/one.md': dated('One'),
      'drafts/two.md': dated('Two'),
      'notes/a.md': dated('A'),
    });
    expect((await run(folder, 'init')).stdout).toMatch(/^Found no generator, 1 post in notes\.\n/);
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

  test('where the site names one section as its posts, pages elsewhere are no posts', async () => {
    const folder = site({
      'hugo.toml': "baseURL = 'https://ann.example/'\n[params]\nmainSections = ['posts']\n",
      'content/posts/a.md': dated('A'),
      'content/page/archive/index.md': dated('Archive'),
    });
    const { stdout } = await run(folder, 'init');
    expect(stdout).toMatch(/^Found Hugo \(hugo\.toml\), 1 post in content\/posts\.\n/);
    expect(stdout).toContain(
      'Note: hugo.toml names posts as the main section, so only posts in content/posts are read, and page/archive/index.md is not: else set content.dir to content.\n',
    );
    expect(readYaml(settings(folder))).toMatchObject({
      content: { dir: 'content/posts', permalink: '/posts/:path/' },
    });
  });

  test('Zola: a site that is called only in its first section', async () => {
    const folder = site({
      'config.toml': 'base_url = "https://ann.example"\n',
      'content/_index.md': '+++\ntitle = "Ann"\ndescription = "Her site."\n+++\n',
      'content/blog/a.md': '+++\ntitle = "A"\ndate = 2024-05-17\n+++\nText.\n',
    });
    await run(folder, 'init');
    expect(readYaml(settings(folder))).toMatchObject({ site: { title: 'Ann', description: 'Her site.' } });
  });

  test('Eleventy: folders of posts beside the one that is read are told', async () => {
    const folder = site({
      'eleventy.config.js': 'export default () => ({ dir: { input: "src" } });',
      'src/posts/a.md': dated('A'),
      'src/notes/b.md': dated('B'),
    });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: there may be posts in src/notes, too: set content.dir to src to read them all.\n',
    );
  });

  test('a site in a folder is told', async () => {
    const folder = site({ 'web/hugo.toml': 'title = "T"\n', 'web/content/posts/a.md': dated('A') });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: web is the folder of a site of Hugo (web/hugo.toml): run "feedwright init" there.\n',
    );
  });

  test('Eleventy is known by package.json, wherever its configuration is', async () => {
    const bare = site({
      'package.json': '{"devDependencies": {"@11ty/eleventy": "^3.0.0"}}',
      'posts/a.md': dated('A'),
    });
    expect((await run(bare, 'init')).stdout).toMatch(
      /^Found Eleventy \(package\.json\), 1 post in posts\.\n/,
    );
    const elsewhere = site({
      'package.json': '{"scripts": {"build": "eleventy --quiet --config=tools/eleventy.js"}}',
      'tools/eleventy.js':
        'const all = { permalink: "{{ page | short }}" };\nexport default () => ({ dir: { input: settings.folder } });',
      'src/posts/a.md': dated('A'),
    });
    const { stdout } = await run(elsewhere, 'init');
    expect(stdout).toMatch(/^Found Eleventy \(tools\/eleventy\.js\), 1 post in src\/posts\.\n/);
    expect(stdout).toContain(
      'Note: tools/eleventy.js computes its input folder, and src is taken for it: else set content.dir.\n',
    );
    expect(stdout).toMatch(
      /Note: Eleventy makes the addresses of posts with .*, in tools\/eleventy\.js, and that/,
    );
  });

  test('Jekyll: folders around _posts are categories', async () => {
    const folder = site({
      '_config.yml': 'url: https://ann.example\npermalink: pretty\n',
      'Blog/_posts/2024-05-17-a.md': '---\ntitle: A\ncategories: b\n---\nText.\n',
      'Blog/_posts/2024-05-18-b.md': '---\ntitle: B\n---\nText.\n',
      'de/news/_posts/2024-05-17-c.md': '---\ntitle: C\n---\nText.\n',
    });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: there are posts in Blog/_posts, de/news/_posts, and one folder can be read: set content.dir to another if you want that.\n',
    );
    expect((await run(folder, 'build')).status).toBe(0);
    expect(items(folder).map(({ url }) => url)).toEqual([
      'https://ann.example/blog/2024/05/18/b/',
      'https://ann.example/blog/b/2024/05/17/a/',
    ]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'a generator',
      { 'astro.config.mjs': 'export default {};\n', 'src/pages/about.md': '# About\n' },
      /^Found Astro .*, 0 posts in src\/pages\./,
    ],
    [
      'none',
      { 'a/one.md': '# One\n', 'b/two.md': '# Two\n' },
      /2 files of markdown were seen, 1 in a, 1 in b, 0 beside them/,
    ],
  ])('where there are no posts (%s), nothing is written', async (_, files, said) => {
    const folder = site(files);
    const { status, stdout, stderr } = await run(folder, 'init');
    expect([status, stdout, existsSync(join(folder, 'feedwright.yml'))]).toEqual([1, '', false]);
    expect(stderr).toMatch(said);
    expect(stderr).toMatch(/\nNothing was written: in .* what is there has no date, and posts need one\. /);
  });

  test('without a generator, posts are looked for where the markdown is', async () => {
    const folder = site({
      'README.md': '# R\n',
      'docs/2024/one.md': dated('One'),
      'docs/two.md': dated('Two'),
    });
    expect((await run(folder, 'init')).stdout).toMatch(
      /^Found no generator, 2 posts in docs\.\n[^]*Note: 2 files of markdown were seen, 2 in docs, 0 beside them: set content\.dir if the posts are elsewhere\.\n/,
    );
    const scattered = site({ 'a/one.md': dated('One'), 'b/two.md': dated('Two') });
    expect((await run(scattered, 'init')).stdout).toMatch(/^Found no generator, 2 posts in this folder\.\n/);
  });

  test.each([
    [['2024-05-17-a.md', '2024-05-18-b.md'], '/posts/:slug/'],
    [['2024-05-17-a.md', '2024-05-18-a.md'], '/posts/:filename/'],
    [['x/2024-05-17.md', 'y/2024-05-17.md'], '/:path/'],
  ])('without a generator, %j have addresses of their own', async (names, permalink) => {
    const folder = site(Object.fromEntries(names.map((name) => [`posts/${name}`, dated(name)])));
    await run(folder, 'init');
    expect(readYaml(settings(folder))).toMatchObject({ content: { permalink } });
  });

  test('Jekyll needs no configuration, and CNAME tells the address', async () => {
    const folder = site({ '_posts/2024-05-17-a.md': '---\ntitle: A\n---\nText.\n', CNAME: 'ann.example\n' });
    expect((await run(folder, 'init')).stdout).toMatch(/^Found Jekyll \(_posts\), 1 post in _posts\.\n/);
    expect(readYaml(settings(folder))).toMatchObject({ site: { url: 'https://ann.example/' } });
    expect(settings(folder)).toContain('\n  dir: _posts\n');
  });

  test('a folder that is called like Jekyll’s is another generator’s, if that is there', async () => {
    const folder = site({ '.eleventy.js': '', '_posts/2024-05-17-a.md': dated('A') });
    expect((await run(folder, 'init')).stdout).toMatch(
      /^Found Eleventy \(\.eleventy\.js\), 1 post in _posts\.\n/,
    );
  });

  test('Jekyll: posts that are not in the source that its configuration names', async () => {
    const folder = site({
      '_config.yml': 'source: .tmp/src\n',
      'src/_posts/2024-05-17-a.md': '---\ntitle: A\n---\nText.\n',
    });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: _config.yml has posts in .tmp/src/_posts, where there are none: those in src/_posts are read.',
    );
  });

  test('descriptions become text, and the title is no author', async () => {
    const folder = site({
      'hugo.toml':
        'title = "The Blog"\nauthor = "Ann"\n[params]\nauthor = "The Blog"\ndescription = "All <b>about</b> <a href=\'/x\'>x &amp; y</a>"\n',
      'content/posts/a.md': dated('A'),
    });
    await run(folder, 'init');
    expect(readYaml(settings(folder))).toMatchObject({
      site: { description: 'All about x & y', author: { name: 'Ann' } },
    });
  });

  test('without title and address, it is told what the feeds are called', async () => {
    expect((await run(site({ 'posts/a.md': dated('A') }), 'init')).stdout).toContain(
      'Note: no title of the site is known: set site.title, or the feeds are called Feedwright.\n',
    );
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
        'the 22nd of July',
      ),
    });
    expect((await run(folder, 'init')).stdout).toMatch(
      /Note: third-post\.md cannot be published as written, "feedwright check" says why: pubDate: "the 22nd of July" is not a date/,
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
      content: { dir: 'src/content/posts', permalink: '/posts/:path', generator: 'astro' },
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
    ['  posts: /:year/:month/:slug/', { posts: '/:year/:month/:slug/' }],
    ['  posts: /:section/:year/:contentbasename', { posts: '/:section/:year/:contentbasename/' }],
    [
      '  page: { posts: "/:year/:month/:day/:slugorfilename/" }\n  section: { posts: /x/ }',
      { posts: '/:year/:month/:day/:slugorfilename/' },
    ],
    ['  other: /:year/:slug/', { other: '/:year/:slug/' }],
    ['  other: /x/', '/:path/'],
  ])('Hugo: %s', async (written, expected) => {
    const [permalink, stdout] = await hugo(written);
    expect(permalink).toEqual(expected);
    expect(stdout).not.toContain('Note');
  });

  test('Hugo: titles, slugs, sections and dates with an offset', async () => {
    const [permalink, stdout] = await hugo('  posts: /:sections/:year/:day/:title/', {
      'a.md': dated('A'),
      'deep/B.md': dated('The Second').replace('2024-05-17', '2024-05-17T00:00:00+09:00'),
      'Case.md': dated('Third', 'slug: Third-One\n'),
    });
    expect(permalink).toEqual({ posts: '/:section/:year/:day/:title/' });
    expect(stdout).not.toContain('another address');
  });

  test('Hugo: folders with an _index.md are sections', async () => {
    const [permalink] = await hugo('  posts: /:sections/:title/', {
      'deep/_index.md': '',
      'deep/b.md': dated('B'),
    });
    expect(permalink).toEqual({ posts: '/:sections/:title/' });
  });

  test('Hugo: what cannot be said is told, with the posts that it concerns', async () => {
    const [permalink, stdout] = await hugo('  posts: /:year/:sections[1]/:slug/');
    expect(permalink).toEqual({ posts: '/:year/:slug/' });
    expect(stdout).toContain(
      'Note: Hugo makes addresses with :sections[1], which content.permalink does not know',
    );
  });

  test('Hugo: with disablePathToLower', async () => {
    const folder = site({
      'hugo.toml': 'baseURL = "https://blog.example/"\ndisablePathToLower = true\n',
      'content/posts/My-Post.md': dated('A'),
    });
    expect((await run(folder, 'init')).stdout).not.toContain('another address');
    expect(readYaml(settings(folder))).toMatchObject({ content: { permalink: '/:path/' } });
    await run(folder, 'build');
    expect(items(folder).map(({ url }) => url)).toEqual(['https://blog.example/posts/My-Post/']);
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
      content: { dir: 'content', permalink: { posts: '/:slug/' }, generator: 'hugo' },
    });
  });

  test.each([
    ['Hugo', 'hugo.yaml', 'baseURL: https://blog.example/\nlanguages: { en: {}, fr: {} }\n'],
    ['Zola', 'config.toml', 'base_url = "https://blog.example"\n[languages.fr]\n'],
  ])('%s: translations are in the feeds of their language', async (_, name, config) => {
    const folder = site({
      [name]: config,
      'content/posts/a.md': dated('A'),
      'content/posts/a.fr.md': dated('Le A'),
      'content/posts/_index.fr.md': '---\n---\n',
    });
    const { stdout } = await run(folder, 'init');
    expect(stdout).not.toMatch(/another address|no date/);
    expect(stdout).toContain(
      'Note: posts/a.fr.md is a translation, in no feed but that of the language: add language to feeds.per for those feeds.',
    );
    expect(readYaml(settings(folder))).toMatchObject({ content: { languages: ['en', 'fr'] } });
    await run(folder, 'build');
    expect(items(folder).map(({ url }) => url)).toEqual(['https://blog.example/posts/a/']);
    expect((await run(folder, 'ledger', 'posts/a.fr.md')).stdout).toContain(
      'https://blog.example/fr/posts/a/',
    );
  });

  test('posts that are no markdown are named', async () => {
    const folder = site({
      'hugo.toml': 'baseURL = "https://blog.example/"\n',
      'content/posts/a.md': dated('A'),
      'content/posts/b.html': dated('B'),
      'content/posts/c.html': '<p>No front matter.</p>\n',
      'content/posts/.d.html': dated('D'),
    });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: posts/b.html is a post that is no markdown, and is not read.\n',
    );
  });

  test('a configuration is read as its generator reads it', async () => {
    const folder = site({
      '_config.yml': "title: First\ntitle: Ann\nurl: https://ann.example\nexclude: [\n  'a',\n]\n",
      '_posts/2024-05-17-a.md': '---\ntitle: A\n---\nText.\n',
    });
    expect((await run(folder, 'init')).status).toBe(0);
    expect(readYaml(settings(folder))).toMatchObject({ site: { title: 'Ann' } });
  });

  test('Jekyll: path and url are no permalinks', async () => {
    const folder = site({
      '_config.yml': 'url: https://ann.example\npermalink: /:title/\n',
      '_posts/2024-05-17-a.md': '---\ntitle: A\npath: /\nurl: https://other.example/x\n---\nText.\n',
    });
    expect((await run(folder, 'init')).stdout).not.toContain('another address');
    await run(folder, 'build');
    expect(items(folder).map(({ url }) => url)).toEqual(['https://ann.example/a/']);
  });

  const jekyll = (config: string, extra = '') =>
    permalinkOf({
      '_config.yml': `url: https://ann.example\n${config}\n`,
      '_posts/2024-05-17-a.md': `---\ntitle: A\n${extra}---\nText.\n`,
    });

  test.each([
    ['permalink: pretty', '/:categories/:year/:month/:day/:title/'],
    ['permalink: date', '/:categories/:year/:month/:day/:title:output_ext'],
    ['permalink: none', '/:categories/:title:output_ext'],
    ['permalink: ordinal', '/:categories/:year/:y_day/:title:output_ext'],
    ['permalink: weekdate', '/:categories/:year/W:week/:short_day/:title:output_ext'],
    ['permalink: /:year/:i_month/:i_day/:title/', '/:year/:i_month/:i_day/:title/'],
    ['permalink: /blog/:title', '/blog/:title'],
    ['collections: { posts: { permalink: "/:collection/:name:output_ext" } }', '/posts/:slug:output_ext'],
    ['defaults: [{ scope: { path: "", type: posts }, values: { permalink: "/d/:title/" } }]', '/d/:title/'],
    ['defaults: [{ scope: { path: _posts/ }, values: { permalink: "/:path.html" } }]', '/:path.html'],
    [
      'defaults: [{ scope: { path: _posts }, values: { permalink: "/p/:title/" } }, { scope: { path: "" }, values: { permalink: "/d/:title/" } }]',
      '/p/:title/',
    ],
    [
      'defaults: [{ scope: { path: _drafts }, values: { permalink: "/d/:title/" } }]',
      '/:categories/:year/:month/:day/:title:output_ext',
    ],
  ])('Jekyll: %s', async (config, expected) => {
    const [pattern, stdout] = await jekyll(config);
    expect(pattern).toBe(expected);
    expect(stdout).not.toMatch(/another address|makes addresses with/);
  });

  test('Jekyll: categories', async () => {
    const folder = site({
      '_config.yml': 'url: https://ann.example\n',
      '_posts/2024-05-17-a.md': '---\ntitle: A\ncategories: jekyll Update\n---\nText.\n',
    });
    expect((await run(folder, 'init')).stdout).not.toContain('another address');
    await run(folder, 'build');
    expect(items(folder)[0]!.url).toBe('https://ann.example/jekyll/update/2024/05/17/a.html');
  });

  const eleventy = (files: Record<string, string> = {}, config = 'module.exports = () => {};\n') =>
    permalinkOf({ '.eleventy.js': config, 'posts/2024-05-17-a.md': dated('A'), ...files });

  test.each([
    ['posts/posts.json', '{ "permalink": "/b/{{ page.fileSlug }}/index.html" }', '/b/:slug/'],
    ['posts/posts.11tydata.json', '{ "permalink": "/{{ title | slugify }}/" }', '/:title/'],
    [
      'posts/posts.json',
      '{ "permalink": "/{{ page.date | date: \\"%Y\\" }}/{{ page.fileSlug }}.html" }',
      '/:year/:slug.html',
    ],
    [
      'posts/posts.11tydata.js',
      'export default { permalink: `/${data.page.date.getFullYear()}/${slugify(title)}/` };',
      '/:year/:title/',
    ],
    [
      'posts/posts.11tydata.js',
      'module.exports = { permalink: "/b/{{ page.filePathStem }}/" };',
      '/b/posts/:path/',
    ],
    [
      'posts/posts.11tydata.js',
      `export default { permalink: "/{{ page.date | date: '%Y/%m' }}/{{ page.fileSlug }}/" };`,
      '/:year/:month/:slug/',
    ],
    [
      'posts/posts.11tydata.js',
      'export default {\n  permalink: function({page}) {\n    return `/web/${ page.fileSlug }/`\n  },\n}',
      '/web/:slug/',
    ],
    [
      'posts/posts.11tydata.js',
      'export default { permalink: ({ page }) => "/w/" + page.fileSlug + "/" };',
      '/w/:slug/',
    ],
    [
      'posts/posts.11tydata.js',
      'export default { eleventyComputed: { permalink: (data) => `/w/${data.page.fileSlug}/` } };',
      '/w/:slug/',
    ],
    ['posts/posts.11tydata.js', '// permalink: "/no/"\nexport default { tags: ["a"] };', '/posts/:path/'],
  ])('Eleventy: %s with %s', async (name, text, expected) => {
    const [pattern, stdout] = await eleventy({ [name]: text });
    expect(pattern).toBe(expected);
    expect(stdout).not.toMatch(/Note: Eleventy makes|another address/);
  });

  test('Eleventy: the layout of the posts, by its alias', async () => {
    const [pattern] = await eleventy(
      {
        'posts/posts.json': '{ "layout": "post" }',
        '_includes/layouts/post.njk': '---\npermalink: "/l/{{ page.fileSlug }}/"\n---\n',
      },
      'module.exports = (config) => { config.addLayoutAlias("post", "layouts/post.njk"); };\n',
    );
    expect(pattern).toBe('/l/:slug/');
  });

  test.each([
    [
      'by a program, in posts/posts.11tydata.js',
      'posts/posts.11tydata.js',
      'export default { permalink: (data) => { if (!data.date) return `/a/`; return path(data); } };',
    ],
    [
      'with {{ page.date | slugDate }}, in posts/posts.json',
      'posts/posts.json',
      '{ "permalink": "/{{ page.date | slugDate }}/{{ page.fileSlug }}/" }',
    ],
  ])('Eleventy: addresses that are made %s are told', async (what, name, text) => {
    const [, stdout] = await eleventy({ [name]: text });
    expect(stdout).toContain(
      `Note: Eleventy makes the addresses of posts ${what}, and that is not run to find them: set content.permalink to what they look like`,
    );
  });

  test('Astro: pages in src/pages, and a collection shown elsewhere', async () => {
    const config = { 'astro.config.ts': "export default { site: 'https://a.example' }\n" };
    expect((await permalinkOf({ ...config, 'src/pages/posts/one.md': dated('One') }))[0]).toBe('/:path/');
    const shown = { 'src/content/blog/one.md': dated('One'), 'src/pages/writing/[id].astro': '' };
    expect((await permalinkOf({ ...config, ...shown }))[0]).toBe('/writing/:path/');
  });
});

describe('collections of Astro', () => {
  const astro = (config: string, files: Record<string, string>) => {
    const about = { 'astro.config.mjs': "export default { site: 'https://a.example' };\n" };
    return site({ ...about, 'src/content.config.ts': config, ...files });
  };

  test('are in the folder that the loader names, and shown by the page that asks for them', async () => {
    const folder = astro(
      `const talks = defineCollection({ loader: file('talks.json') });
const entries = defineCollection({
  schema: z.object({ title: z.string() }),
  loader: glob({ pattern: '**/*.md', base: './writing/posts' }),
});
export const collections = { talks, posts: entries };
`,
      {
        'writing/posts/one.md': dated('One'),
        'src/pages/about.md': '# About\n',
        'src/pages/talk/[slug].astro': "---\ngetCollection('talks');\n---\n",
        'src/pages/read/[slug].astro': "---\ngetCollection('posts');\n---\n",
      },
    );
    await run(folder, 'init');
    expect(readYaml(settings(folder))).toMatchObject({
      content: { dir: 'writing/posts', permalink: '/read/:path/', generator: 'astro' },
    });
  });

  test('whose addresses a page computes are told', async () => {
    const folder = astro("const blog = defineCollection({ loader: glob({ base: './blog' }) });\n", {
      'blog/one.md': dated('One'),
      'src/pages/[category]/[slug].astro': "---\ngetCollection('blog');\n---\n",
    });
    expect((await run(folder, 'init')).stdout).toContain(
      'Note: the posts are shown by src/pages/[category]/[slug].astro, which computes parts of their addresses: set content.permalink',
    );
  });

  test('at the root, in any language', async () => {
    const folder = astro("const posts = defineCollection({ loader: glob({ base: 'posts' }) });\n", {
      'posts/one.md': dated('One'),
      'src/pages/[...lang]/[slug].astro': "---\ngetCollection('posts');\n---\n",
    });
    await run(folder, 'init');
    expect(readYaml(settings(folder))).toMatchObject({ content: { permalink: '/:path/' } });
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
