import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { problemLine } from '../src/report.ts';
import { LINK_POST, temporaryFolder, write } from './blog.ts';

const MAIN = join(import.meta.dirname, '../dist/main.js');

/** Runs the built program as a shell would. */
function feedwright(
  args: string[],
  {
    cwd = temporaryFolder(),
    env = {},
    uid,
  }: { cwd?: string; env?: Record<string, string>; uid?: number } = {},
) {
  const path = { PATH: process.env['PATH'] ?? '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...path, ...env },
    encoding: 'utf8',
    ...(uid !== undefined && { uid, gid: uid }),
  });
  return { status, stdout, stderr };
}

/** Every file below a folder with its text. */
/** Everything below a folder, but for the cache, which says how the files of this machine are. */
function tree(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => statSync(join(folder, name)).isFile() && !name.startsWith('.feedwright/cache/'),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const GOOD = '---\ntitle: Good\ndate: 2026-05-17 09:30\ntags: [a]\n---\nText.\n';

describe('build', () => {
  test('tells many warnings of one kind by the first of them, and check tells all', () => {
    const pages = Array.from({ length: 30 }, (_, at): [string, string] => [
      `content/p${at}.md`,
      '---\ntitle: P\n---\nText.\n',
    ]);
    const cwd = write(temporaryFolder(), { 'content/good.md': GOOD, ...Object.fromEntries(pages) });
    const { status, stderr } = feedwright(['build', '--url', 'https://example.com/'], { cwd });
    const lines = stderr.trimEnd().split('\n');
    expect([status, lines.length]).toEqual([0, 21]);
    expect(lines.at(-1)).toBe('and 10 more of (no-date); "feedwright check" lists them all');
    expect(
      feedwright(['check'], { cwd })
        .stdout.split('\n')
        .filter((line) => line.includes('(no-date)')),
    ).toHaveLength(30);
  });

  test('publishes what is in content/ to feeds/, from any folder', () => {
    const cwd = write(temporaryFolder(), { 'content/good.md': GOOD, 'content/link.md': LINK_POST });
    const { status, stdout } = feedwright(['build', '--url', 'https://example.com/'], { cwd });
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^Published 2 posts in 6 feeds \(files: 31 written, 0 unchanged\)\.\nEntries: 2 new, 0 changed, 0 unchanged; 0 errors, 0 warnings; \d+\.\d s\.\n$/,
      ) as unknown,
    });
    expect(readFileSync(join(cwd, 'feeds/feed.xml'), 'utf8')).toContain('<title>Good</title>');
    expect(feedwright(['build', '--url', 'https://example.com/'], { cwd }).stdout).toMatch(
      /^Nothing has changed: 6 feeds of 2 posts/,
    );
  });

  test('tells an edit that no feed shows from none', () => {
    const old = (text: string): string => `---\ntitle: Old\ndate: 2025-05-17\n---\n${text}\n`;
    const cwd = write(temporaryFolder(), { 'content/good.md': GOOD, 'content/old.md': old('Text.') });
    const args = ['build', '--url', 'https://example.com/', '--limit', '1'];
    feedwright(args, { cwd });
    write(cwd, { 'content/old.md': old('Another text.') });
    expect(feedwright(args, { cwd }).stdout).toMatch(
      /^No feed shows what has changed: 3 feeds of 2 posts are up to date\.\nEntries: 0 new, 1 changed, 1 unchanged;/,
    );
    expect(feedwright(args, { cwd }).stdout).toMatch(/^Nothing has changed: /);
  });

  test('gives the same bytes in every folder and time zone, and touches nothing the second time', () => {
    const files = { 'content/good.md': GOOD, 'content/link.md': LINK_POST };
    const built = ['America/New_York', 'Asia/Tokyo'].map((TZ) => {
      const cwd = write(temporaryFolder(), files);
      const args = ['build', '--url', 'https://example.com/'];
      expect(
        feedwright(args, { cwd, env: { TZ, LANG: TZ.startsWith('Asia') ? 'ja_JP.UTF-8' : 'C' } }).status,
      ).toBe(0);
      const first = tree(join(cwd, 'feeds'));
      const times = Object.keys(first).map((name) => statSync(join(cwd, 'feeds', name)).mtimeMs);
      feedwright(args, { cwd, env: { TZ } });
      expect(Object.keys(first).map((name) => statSync(join(cwd, 'feeds', name)).mtimeMs)).toEqual(times);
      // What is remembered of when things happened is another, of course.
      const {
        '.feedwright/ledger.json': _ledger,
        '.feedwright/index.json': _index,
        ...others
      } = tree(join(cwd, 'feeds'));
      return others;
    });
    expect(built[0]).toEqual(built[1]);
  });

  test('names what is broken with line and reason, publishes the rest, and ends with 1', () => {
    const cwd = write(temporaryFolder(), {
      'content/good.md': GOOD,
      'content/yaml.md': '---\ntitle: a\n  b: c\n---\n',
      'content/date.md': '---\ntitle: Date\ndate: 2026-02-30\n---\n',
      'content/untitled.md': '---\ndate: 2026-01-01\n---\nText\n',
      'content/js.md': '---js\n({ title: require("fs").writeFileSync("trace", "x") })\n---\n',
    });
    const { status, stdout, stderr } = feedwright(['build', '--url', 'https://example.com/'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Published 2 posts/);
    expect(stderr.trim().split('\n')).toEqual([
      'content/date.md:3:1: error: date: "2026-02-30" does not exist in the calendar or on the clock (date)',
      'content/js.md:1:1: error: front matter in "js" is not read; write it as YAML, TOML or JSON (front-matter-language)',
      'content/untitled.md:2:1: warning: there is no title; "untitled" from the file name stands in (title)',
      'content/yaml.md:3:4: error: the YAML cannot be read: bad indentation of a mapping entry; put a value in quotes if it has ": " in it, or begins with a sign like @ or % (yaml)',
    ]);
    expect(existsSync(join(cwd, 'trace'))).toBe(false);
  });

  test('answers as JSON', () => {
    const cwd = write(temporaryFolder(), { 'content/good.md': GOOD });
    const { stdout } = feedwright(['build', '--json', '--url', 'https://example.com/'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'published',
      posts: 1,
      problems: [],
      failures: [],
      removed: [],
    });
  });

  test('a folder that may not be read keeps its posts published', () => {
    const cwd = write(temporaryFolder(), {
      'content/good.md': GOOD,
      'content/sub/other.md': GOOD.replace('Good', 'Other').replace('[a]', '[b]'),
    });
    const root = process.getuid?.() === 0;
    if (root) chmodSync(cwd, 0o777);
    mkdirSync(join(cwd, 'feeds'));
    chmodSync(join(cwd, 'feeds'), 0o777);
    const options = { cwd, ...(root && { uid: 65534 }) };
    const args = ['build', '--json', '--url', 'https://example.com/'];
    expect(feedwright(args, options).status).toBe(0);
    chmodSync(join(cwd, 'content/sub'), 0);
    const { status, stdout } = feedwright(args, options);
    chmodSync(join(cwd, 'content/sub'), 0o755);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'unchanged',
      removed: [],
      problems: [{ file: 'sub', rule: 'unreadable' }],
    });
    expect(readFileSync(join(cwd, 'feeds/tags/b/feed.json'), 'utf8')).toContain('"title":"Other"');
  });

  test('ends with 3 and a sentence when it cannot publish', () => {
    const cwd = write(temporaryFolder(), { 'content/good.md': GOOD, feeds: 'a file, not a folder' });
    const { status, stderr } = feedwright(['build', '--url', 'https://example.com/'], { cwd });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^feedwright: .*feeds.*\n$/);
  });
});

test('levels have colours for those who want them', () => {
  const problem = {
    file: 'a.md',
    line: 3,
    field: 'date',
    level: 'error',
    rule: 'date',
    message: 'no date',
  } as const;
  expect(problemLine(problem, 'content')).toBe('content/a.md:3:1: error: no date (date)');
  expect(problemLine(problem, 'content', true)).toBe(
    'content/a.md:3:1: \u001b[31merror\u001b[0m: no date (date)',
  );
});

describe('check', () => {
  test('says in one line what is wrong in front matter, and what to do', () => {
    const cwd = write(temporaryFolder(), {
      'content/colon.md': '---\ntitle: Tea: a story\n---\n',
      'content/quote.md': '---\ntitle: "Tea\ndate: 2026-05-17\n---\n',
      'content/no-colon.md': '---\ntitle Tea\ndate: 2026-05-17\n---\n',
      'content/star.md': '---\ntitle: *Tea*\n---\n',
      'content/tab.md': '---\ntitle: x\n\tdate: 2026-05-17\n---\n',
      'content/value.md': '{ "title":\n}\nText',
      'content/comma.md': '{ "title": "x" "date": "2026-05-17" }\nText',
    });
    const { stdout } = feedwright(['check'], { cwd });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.replace(/^content\/([\w-]+)\.md:[\d:]+ error: /, '$1 ')),
    ).toEqual([
      expect.stringMatching(/^colon the YAML .*; put a value in quotes if it has ": " in it/),
      "comma the JSON cannot be read: Expected ',' or '}' after property value (json)",
      expect.stringMatching(/^no-colon the YAML .*; a line before it has no ":" behind its key \(yaml\)$/),
      expect.stringMatching(
        /^quote the YAML .*; a quotation mark or bracket before it is not closed \(yaml\)$/,
      ),
      expect.stringMatching(/^star the YAML .*; put a value in quotes if it begins with \* \(yaml\)$/),
      expect.stringMatching(/^tab the YAML .*; use blanks \(yaml\)$/),
      "value the JSON cannot be read: Unexpected token '}' (json)",
      '0 posts, 7 errors, 0 warnings',
    ]);
  });

  test('tells every problem and publishes nothing', () => {
    const cwd = write(temporaryFolder(), {
      'posts/good.md': GOOD,
      'posts/bad.md': '---\ntitle: a\n',
      'posts/draft.md': '---\ntitle: x\ndraft: maybe\n---\n',
    });
    const { status, stdout } = feedwright(['check', '--content', 'posts'], { cwd });
    expect(status).toBe(1);
    expect(stdout.trim().split('\n')).toEqual([
      'posts/bad.md:1:1: error: the front matter is never closed; end it with a line --- (front-matter-open)',
      'posts/draft.md:3:1: error: "draft: maybe" is neither true nor false; the post is kept back (draft)',
      '1 post, 2 errors, 0 warnings',
    ]);
    expect(existsSync(join(cwd, 'feeds'))).toBe(false);
    expect(JSON.parse(feedwright(['check', '--json', '--content', 'posts'], { cwd }).stdout)).toMatchObject({
      posts: 1,
      problems: [
        { file: 'bad.md', line: 1 },
        { file: 'draft.md', line: 3 },
      ],
    });
  });

  test('tells of links that lead to no post', () => {
    const links = '`[x](code.md)` [a](good.md)\n[b](../nowhere.md)\n[c](@/gone.md) [d]({% post_url good %})';
    const cwd = write(temporaryFolder(), {
      'posts/good.md': GOOD,
      'posts/sub/links.md': `---\ntitle: x\ndate: 2026-05-17\n---\n${links}\n\n[e]({{< ref "other/hidden.md#a" >}})`,
      'posts/hidden.md': '---\ntitle: x\ndate: 2026-05-17\ndraft: true\n---\n',
    });
    const { status, stdout } = feedwright(['check', '--content', 'posts'], { cwd });
    const line = (at: number, name: string): string =>
      `posts/sub/links.md:${at}:1: warning: it links to ${name}, which is no post that is published (link)`;
    expect(stdout.trim().split('\n')).toEqual([
      line(5, 'sub/good.md'),
      line(6, 'nowhere.md'),
      line(7, 'gone.md'),
      line(9, 'other/hidden.md'),
      '2 posts, 0 errors, 4 warnings',
    ]);
    expect(status).toBe(0);
  });
});

test('who does not listen to the end hears no complaint', () => {
  const cwd = write(temporaryFolder(), { 'content/good.md': GOOD, 'content/page.md': 'Text.' });
  const command = `"${process.execPath}" "${MAIN}" check | true`;
  expect(spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' }).stderr).toBe('');
});

describe('validate', () => {
  test('finds nothing wrong in what build writes', () => {
    const cwd = write(temporaryFolder(), { 'content/good.md': GOOD, 'content/link.md': LINK_POST });
    feedwright(['build', '--url', 'https://example.com/'], { cwd });
    const { status, stdout } = feedwright(
      ['validate', 'feeds/feed.xml', 'feeds/atom.xml', 'feeds/feed.json'],
      { cwd },
    );
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /feed\.xml: RSS 2\.0, 2 entries, 0 errors, 0 warnings[^]*atom\.xml: Atom 1\.0, 2 entries, 0 errors, 0 warnings[^]*feed\.json: JSON Feed 1\.1, 2 entries, 0 errors, 0 warnings/,
      ),
    });
  });

  test('finds what is wrong in others', () => {
    const cwd = write(temporaryFolder(), {
      'bad.xml': '<rss version="2.0"><channel><title>x</title></channel>',
    });
    const { status, stdout } = feedwright(['validate', 'bad.xml'], { cwd });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^bad\.xml:1:\d+: error: /);
    expect(feedwright(['validate', 'nowhere.xml'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nowhere.xml'),
    });
  });
});

describe('settings', () => {
  const cwd = () => write(temporaryFolder(), { 'posts/good.md': GOOD });
  const titleOf = (folder: string): string =>
    (JSON.parse(readFileSync(join(folder, 'feed.json'), 'utf8')) as { title: string }).title;

  test('flags go before the environment, that before the file, that before the defaults', () => {
    const folder = write(cwd(), {
      'feedwright.yml': 'site: { title: File, url: "https://file.example/" }\ncontent: { dir: posts }\n',
    });
    const build = (args: string[], env: Record<string, string> = {}) => {
      expect(feedwright(['build', ...args], { cwd: folder, env })).toMatchObject({ status: 0 });
      return titleOf(join(folder, 'feeds'));
    };
    expect(build([])).toBe('File');
    expect(build([], { SITE_TITLE: 'Environment' })).toBe('Environment');
    expect(build(['--title', 'Flag'], { SITE_TITLE: 'Environment' })).toBe('Flag');
    expect(build([], { SITE_TITLE: '' })).toBe('File');
  });

  test('paths in the file are relative to it, others to the current folder', () => {
    const folder = write(cwd(), {
      'etc/feedwright.yml':
        'site: { url: "https://example.com" }\ncontent: { dir: ../posts }\nstore: file:out\n',
    });
    expect(feedwright(['build', '--config', 'etc/feedwright.yml'], { cwd: folder }).status).toBe(0);
    expect(existsSync(join(folder, 'etc/out/feed.xml'))).toBe(true);
    expect(
      feedwright(['build', '--config', 'etc/feedwright.yml', '--out', 'here'], { cwd: folder }).status,
    ).toBe(0);
    expect(existsSync(join(folder, 'here/feed.xml'))).toBe(true);
    expect(
      feedwright(['build', '--config', 'etc/feedwright.yml'], { cwd: folder, env: { FEEDS_DIR: 'there' } })
        .status,
    ).toBe(0);
    expect(existsSync(join(folder, 'there/feed.xml'))).toBe(true);
    expect(
      feedwright(['build', '--config', 'etc/feedwright.yml', '--out', 'flag'], {
        cwd: folder,
        env: { STORE_URL: 'file:variable' },
      }).status,
    ).toBe(0);
    expect(existsSync(join(folder, 'flag/feed.xml'))).toBe(true);
  });

  test('all that are wrong are named in one answer, and it ends with 2', () => {
    const folder = write(cwd(), {
      'feedwright.yml':
        'site: { titel: x, url: nonsense, timezone: Mars/Base }\nfeeds: { limit: -1 }\nledger: file:x/.ledger\nschedul: "* * * * *"\n',
    });
    const { status, stderr } = feedwright(['build', '--port', 'many'], {
      cwd: folder,
      env: { SCHEDULE: 'whenever' },
    });
    expect(status).toBe(2);
    expect(stderr.trim().split('\n').sort()).toEqual([
      'feedwright: --port must be a whole number',
      'feedwright: SCHEDULE must be a cron expression like "*/5 * * * *"',
      'feedwright: feedwright.yml: feeds.limit must not be negative',
      'feedwright: feedwright.yml: ledger must be store, or a file like file:ledger.json whose name does not begin with a dot',
      'feedwright: feedwright.yml: schedul is not a setting; did you mean schedule?',
      'feedwright: feedwright.yml: site.timezone must be the name of a time zone like Europe/Paris',
      'feedwright: feedwright.yml: site.titel is not a setting; did you mean title?',
      'feedwright: feedwright.yml: site.url must be a whole http(s) URL like https://example.com/',
    ]);
  });

  test.each(['{ /a: /a }', '{ /a.xml: /b.xml, /b.xml: /c.xml, /c.xml: /a.xml }', '{ /a: /b, /b: /b }'])(
    'redirects that lead nowhere are an error: %s',
    (redirects) => {
      const folder = write(cwd(), { 'feedwright.yml': `redirects: ${redirects}\n` });
      const { status, stderr } = feedwright(['check'], { cwd: folder });
      expect([status, stderr]).toEqual([
        2,
        'feedwright: feedwright.yml: redirects must not lead back to where they began\n',
      ]);
    },
  );

  test.each([
    ['site: &a { title: *a }', 'title must not contain itself'],
    ['feeds: { limit: "" }', 'feeds.limit must be a whole number'],
    ['feeds: { limit: true }', 'feeds.limit must be a whole number'],
    ['feeds: { limit: [3] }', 'feeds.limit must be a whole number'],
    ['server: { trust_proxy: yes, port: 0x10 }', 'server.trust_proxy must be a whole number'],
    ['server: { port: "70000" }', 'server.port must be at most 65535'],
    ['schedule: ""', 'schedule must not be empty'],
    ['site: { title: "\\u0001" }', 'site.title must not be empty'],
  ])('%s is told in one sentence', (written, sentence) => {
    const folder = write(cwd(), { 'feedwright.yml': written });
    expect(feedwright(['build'], { cwd: folder })).toMatchObject({
      status: 2,
      stderr: `feedwright: feedwright.yml: ${sentence}\n`,
    });
  });

  test('an address is published with what no URL may hold encoded', () => {
    const folder = write(cwd(), {
      'content/one.md': '---\ntitle: One\ndate: 2026-05-17\n---\nText.\n',
      'feedwright.yml':
        'site: { title: "T\\u0001", url: "https://example.com/a|b", author: { name: A, url: \'https://a.example/"b"\' } }\n',
    });
    expect(feedwright(['build'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(readFileSync(join(folder, 'feeds/feed.json'), 'utf8'))).toMatchObject({
      title: 'T',
      home_page_url: 'https://example.com/a%7Cb/',
      authors: [{ name: 'A', url: 'https://a.example/%22b%22' }],
    });
  });

  test('a key without anything behind it is as if it were not there', () => {
    const folder = write(cwd(), {
      'feedwright.yml': 'site:\n  # url: https://example.com/\ncontent:\n  dir: posts\n  permalink:\n',
    });
    expect(feedwright(['check'], { cwd: folder })).toMatchObject({ status: 0, stderr: '' });
  });

  test.each([
    [['bulid'], /^feedwright: unknown command 'bulid'; did you mean build\?\n$/],
    [['build', '--contnet', 'x'], /^feedwright: unknown option '--contnet'; did you mean --content\?\n$/],
    [['build', '--content'], /argument missing; "feedwright build --help" says what there is\n$/],
    [['validate'], /missing required argument 'targets'; "feedwright validate --help"/],
    [['validate', 'nowhere.xml'], /nowhere\.xml cannot be read: there is no such file\n$/],
    [['validate', '.'], /\. cannot be read: it is a folder, not a file\n$/],
    [['build', '--config', 'nowhere.yml'], /nowhere\.yml cannot be read: there is no such file\n$/],
    [['build', '--store', 'ftp://example.com/'], /ftp: is not a known kind of store/],
    [['build', '--content', 'nowhere'], /nowhere/],
    [
      ['start', '--content', 'nowhere', '--port', '0'],
      /^feedwright: there is no folder .*nowhere; name the one/,
    ],
    [['work', '--content', 'nowhere'], /^feedwright: there is no folder .*nowhere; name the one/],
  ])('%j is wrong use', (args, message) => {
    const { status, stderr } = feedwright(args, { cwd: cwd() });
    expect(status).toBe(2);
    expect(stderr).toMatch(message);
  });

  test('--limit 0 shows all entries, whatever their size', () => {
    const posts = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`content/${at}.md`, `${GOOD}${'x'.repeat(20_000)}`]),
    );
    const folder = write(temporaryFolder(), posts);
    const items = (limit: string): number => {
      feedwright(['build', '--url', 'https://example.com/', '--limit', limit], { cwd: folder });
      return (JSON.parse(readFileSync(join(folder, 'feeds/feed.json'), 'utf8')) as { items: unknown[] }).items
        .length;
    };
    expect([items('0'), items('5'), items('20')]).toEqual([30, 5, 12]);
  });
});

describe('plan, approval and ledger', () => {
  const URL = ['--url', 'https://example.com/'];
  const posts = (text: string) =>
    Object.fromEntries(
      Array.from({ length: 8 }, (_, at) => [
        `content/${at}.md`,
        `---\ntitle: Post ${at}\ndate: 2026-05-1${at}\n---\nText ${at}. ${text}\n`,
      ]),
    );

  test('a mass edit is held, told, and let through when it is approved', () => {
    const cwd = write(temporaryFolder(), posts(''));
    expect(feedwright(['build', ...URL], { cwd }).status).toBe(0);
    write(cwd, posts('More.'));

    const before = tree(join(cwd, 'feeds'));
    const plan = feedwright(['plan', ...URL], { cwd });
    expect(plan.status).toBe(1);
    expect(plan.stdout).toMatch(/^edited visibly \(8\): .*unread.*\n {2}HELD {2}0\.md {2}"Post 0"\n/);
    expect(plan.stdout).toMatch(/\nHeld: 8 entries .* and 5 may; .*feedwright build --approve/);
    const json = JSON.parse(feedwright(['plan', '--json', ...URL], { cwd }).stdout) as { changes: object[] };
    expect(json.changes).toHaveLength(8);
    expect(json.changes[0]).toMatchObject({
      path: '0.md',
      effects: ['edited visibly'],
      notice: 'its date of update changes; some readers show it as unread again',
      shown: true,
      held: true,
    });
    expect(tree(join(cwd, 'feeds'))).toEqual(before);

    const build = feedwright(['build', ...URL], { cwd });
    expect([build.status, build.stdout]).toEqual([
      1,
      expect.stringMatching(
        /^What has changed is held: 2 feeds of 8 posts stay as they were published\.\nEntries: 0 new, 0 changed, 8 unchanged, 8 held; 0 errors, 0 warnings; /,
      ),
    ]);
    expect(build.stderr).toMatch(/^Held: 8 entries/);
    expect(feedwright(['build', '--approve', ...URL], { cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(join(cwd, 'feeds/feed.json'), 'utf8')).toContain('More.');
    expect(feedwright(['plan', ...URL], { cwd })).toMatchObject({
      status: 0,
      stdout: 'Nothing would change for subscribers.\n',
    });
  });

  test('the plan tells apart what is new, renamed, removed and silently edited', () => {
    const cwd = write(temporaryFolder(), posts(''));
    feedwright(['build', ...URL], { cwd });
    renameSync(join(cwd, 'content/0.md'), join(cwd, 'content/zero.md'));
    rmSync(join(cwd, 'content/1.md'));
    write(cwd, {
      'content/new.md': GOOD,
      'content/2.md': posts('')['content/2.md']!.replace('date', 'tags: [x]\ndate'),
    });
    const { stdout } = feedwright(['plan', ...URL], { cwd });
    for (const line of [
      /^new \(1\)/,
      /^removed \(1\)/,
      /^renamed \(1\)/,
      /^edited silently \(1\)/,
      /zero\.md .*was 0\.md/,
    ])
      expect(stdout).toMatch(new RegExp(line, 'm'));
  });

  test('the ledger lists entries, and explains one by id, path or permalink', () => {
    const cwd = write(temporaryFolder(), posts(''));
    expect(feedwright(['ledger', ...URL], { cwd }).stdout).toMatch(/^Nothing is remembered yet/);
    feedwright(['build', ...URL], { cwd });
    const { stdout } = feedwright(['ledger', ...URL], { cwd });
    expect(stdout).toMatch(/^2026-05-17 {2}in feeds {3}7\.md {2}tag:example\.com,2026-05-17:7\n/);
    expect(stdout).toMatch(/8 entries remembered\n$/);
    for (const word of ['tag:example.com,2026-05-13:3', '3.md', 'https://example.com/posts/3/']) {
      const explained = feedwright(['ledger', word, ...URL], { cwd });
      expect(explained).toMatchObject({ status: 0, stderr: '' });
      expect(explained.stdout).toMatch(/^id +tag:example\.com,2026-05-13:3\ntitle +Post 3\n/);
      expect(explained.stdout).toMatch(/^in feeds +\/ \/kinds\/article\/$/m);
    }
    rmSync(join(cwd, 'content/3.md'));
    feedwright(['build', ...URL], { cwd });
    const gone = feedwright(['ledger', '3.md', ...URL], { cwd }).stdout;
    expect(gone).toMatch(/^gone +\d{4}-.*; its id stays its own.*\nwas in +\/ \/kinds\/article\/$/m);
    expect(feedwright(['ledger', 'x', ...URL], { cwd })).toMatchObject({
      status: 1,
      stderr: 'feedwright: the ledger knows no entry x\n',
    });
  });

  test('the ledger command tells of one that is lost what the feeds still know', () => {
    const cwd = write(temporaryFolder(), posts(''));
    feedwright(['build', ...URL], { cwd });
    rmSync(join(cwd, 'feeds/.feedwright/ledger.json'));
    const { stdout } = feedwright(['ledger', ...URL], { cwd });
    expect(stdout).toMatch(
      /8 entries found in the feeds; the ledger is lost, and the next build makes it anew/,
    );
    expect(feedwright(['ledger', '3.md', ...URL], { cwd }).stdout).toMatch(
      /^id +tag:example\.com,2026-05-13:3\n/,
    );
  });

  test('a damaged ledger stops the build with a sentence, and everything stays', () => {
    const cwd = write(temporaryFolder(), posts(''));
    feedwright(['build', ...URL], { cwd });
    write(cwd, { 'feeds/.feedwright/ledger.json': '{', ...posts('More.') });
    const before = tree(join(cwd, 'feeds'));
    const { status, stderr } = feedwright(['build', ...URL], { cwd });
    expect(status).toBe(3);
    expect(stderr).toMatch(
      /^feedwright: the ledger \.feedwright\/ledger\.json cannot be used, it is damaged: .*remove it.*\n$/,
    );
    expect(tree(join(cwd, 'feeds'))).toEqual(before);
  });

  test('the ledger can be kept beside the posts, for builds that begin with nothing', () => {
    const cwd = write(temporaryFolder(), {
      ...posts(''),
      'feedwright.yml': 'site: { url: https://example.com/ }\nledger: file:memory/ledger.json\n',
    });
    feedwright(['build'], { cwd });
    expect(existsSync(join(cwd, 'feeds/.feedwright/ledger.json'))).toBe(false);
    const feed = readFileSync(join(cwd, 'feeds/feed.json'), 'utf8');
    renameSync(join(cwd, 'content/0.md'), join(cwd, 'content/zero.md'));
    rmSync(join(cwd, 'feeds'), { recursive: true });
    expect(feedwright(['build'], { cwd }).status).toBe(0);
    const after = readFileSync(join(cwd, 'feeds/feed.json'), 'utf8');
    expect(after.replace('/posts/zero/', '/posts/0/')).toBe(feed);
  });
});
