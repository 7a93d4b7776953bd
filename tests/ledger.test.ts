import { mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { ledgerBytes, ownLedger } from '../src/ledger/bytes.ts';
import { parseLedger } from '../src/ledger/document.ts';
import { LEDGER } from '../src/ledger/keep.ts';
import { likeness, plain, sketchOf } from '../src/content/fingerprint.ts';
import { readCatalogue } from '../src/store/catalogue.ts';
import { validateDocument } from '../src/validate/validate.ts';
import { rehearse, run } from '../src/worker/run.ts';
import { checkModel } from './ledger-model.ts';
import { HISTORY, NOW, OPTIONS, SITE, blogOf, markdown, post, write } from './blog.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/** Words that no two seeds share much of. */
const words = (seed: number, length = 120): string => {
  let state = seed * 7919 + 17;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) >> 8;
  return Array.from({ length }, () => `w${next() % 4000}`).join(' ');
};

const many = (count: number, make: (at: number) => [string, string]): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => make(at)));

const numbered = (count: number, extra = ''): Record<string, string> =>
  many(count, (at) => [
    `${at}.md`,
    `---\ntitle: Post ${at}\ndate: 2026-0${(at % 9) + 1}-${10 + (at % 19)}\ntags: [t${at % 7}]\n---\n${words(at)}${extra}\n`,
  ]);

const ids = async (blog: ReturnType<typeof blogOf>): Promise<Record<string, string>> =>
  Object.fromEntries((await blog.items()).map(({ title, id }) => [title, id]));

describe('the text of a post', () => {
  const hash = (body: string, fields = {}): string => post(fields, body).text;

  test.each([
    ['emphasis', 'Some *words* and __more__.', 'Some _words_ and **more**.'],
    ['line breaks', 'One two\nthree four.', 'One\ntwo three\nfour.'],
    ['headings', '# Head #\n\nText', 'Head\n====\n\nText'],
    ['lists', '- one\n- two', '* one\n* two'],
    ['numbers of lists', '1. one\n1. two', '1) one\n2) two'],
    ['links', 'See [here](https://a.example/x_(y) "T").', 'See [here][1].\n\n[1]: https://a.example/z'],
    ['code', '```js\nlet a\n```', '    let a'],
    ['quotes', '> a\n> b', '> a\nb'],
    ['tables', '| a | b |\n|---|---|\n| c | d |', 'a|b\n:-:|-\nc|d'],
    ['HTML', 'a <b>c</b>', 'a **c**'],
    ['comments', 'a <!-- note --> b', 'a b'],
    ['rules', 'a\n\n---\n\nb', 'a\n\n***\n\nb'],
  ])('is the same however %s are written', (_, one, other) => {
    expect(plain(one)).toBe(plain(other));
    expect(hash(one)).toBe(hash(other));
  });

  test('is what each rule leaves of each line, however few lines are looked at', () => {
    const rules: [RegExp, string][] = [
      [/^[ \t>|:\-*_=+]+$|^[ \t>]*(?:`{3,}[^`\n]*|~{3,}.*)$|^ {0,3}\[[^\]^\n][^\]\n]*\]:.*$/gm, ''],
      [/^[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|#{1,6}(?=[ \t]))[ \t]*)+/gm, ''],
      [/[ \t]#+[ \t]*$/gm, ''],
      [/\]\[[^\]\n]*\]/g, ''],
      [/!(?=\[)|[*_`~[\]\\]/g, ''],
      [/[|\s]+/g, ' '],
    ];
    const ends = ['\n', '\n\n', '\r\n', '\r', '\u2028', '\u2029'];
    const marks = '\t|>|- |+|1. |12)|# |*|***|==|```|~~~|[^1]: |[a|]: /b|]|7|`|_'.split('|');
    const pieces = fc.constantFrom(...ends, ...marks, '|', ' ', 'word', 'a b');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (written) => {
        const left = rules.reduce((text, [rule, by]) => text.replace(rule, by), written.join(''));
        expect(plain(written.join(''))).toBe(left.trim());
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['a word', 'One two.', 'One three.'],
    ['a sign', 'Really?', 'Really!'],
    ['a sentence', 'One.', 'One. Two.'],
    ['code', '`a`', '`b`'],
  ])('is another when %s is', (_, one, other) => {
    expect(hash(one)).not.toBe(hash(other));
  });

  test.each([
    ['title', { title: 'Another' }],
    ['summary', { summary: 'Another' }],
    ['external URL', { external_url: 'https://other.example/' }],
    ['enclosure', { audio: 'https://other.example/a.mp3' }],
  ])('includes the %s', (_, fields) => {
    expect(hash('x', fields)).not.toBe(hash('x'));
  });

  test.each([
    ['tags', { tags: ['a'] }],
    ['date', { date: '2020-01-01' }],
    ['author', { author: 'Somebody' }],
    ['permalink', { permalink: '/x/' }],
  ])('does not include the %s', (_, fields) => {
    expect(hash('x', fields)).toBe(hash('x'));
  });

  test('is sketched so that likeness can be told', () => {
    const text = words(1, 300);
    expect(likeness(sketchOf(text), sketchOf(text))).toBe(1);
    expect(
      likeness(sketchOf(text), sketchOf(`${text} and one more sentence of a few words`)),
    ).toBeGreaterThan(0.9);
    expect(likeness(sketchOf(text), sketchOf(words(2, 300)))).toBeLessThan(0.1);
    expect(likeness('', sketchOf(text))).toBe(0);
  });
});

describe('ids', () => {
  test('survive another address, pattern, file, folder, title, date and text', async () => {
    const blog = blogOf({ 'one.md': markdown('One', '', words(1)), 'two.md': markdown('Two', '', words(2)) });
    await blog.once();
    const before = await ids(blog);
    expect(before).toEqual({ One: 'tag:example.com,2026-05-17:one', Two: 'tag:example.com,2026-05-17:two' });

    const site = { ...SITE, url: 'https://other.example/', feedsUrl: 'https://other.example/' };
    const languages = ['en', 'de'];
    const permalink = { patterns: { '/': '/:year/:title/' }, generator: 'hugo' as const, languages };
    const options = { ...OPTIONS, permalink, languages };
    expect(await blog.once({ site, options })).toMatchObject({ outcome: 'published' });
    expect(await ids(blog)).toEqual(before);
    expect((await blog.items())[0]!.url).toMatch(/^https:\/\/other\.example\/2026\//);
    expect(await blog.text('atom.xml')).toContain('<id>https://example.com/atom.xml</id>');

    rmSync(join(blog.folder, 'one.md'));
    write(blog.folder, { 'deep/er/eins.md': markdown('One', '', words(1)) });
    await blog.once();
    expect(await ids(blog)).toEqual(before);
    write(blog.folder, { 'deep/er/eins.md': markdown('Uno', '', words(3)).replace('05-17', '05-18') });
    await blog.once();
    expect((await ids(blog))['Uno']).toBe(before['One']);
    const { entries } = JSON.parse((await blog.text(LEDGER))!) as {
      entries: Record<string, { permalinks: string[] }>;
    };
    expect(entries[before['One']!]!.permalinks).toEqual(
      expect.arrayContaining(['https://example.com/posts/one/', 'https://example.com/posts/eins/']),
    );
  });

  test('that the author wrote are kept byte for byte in all formats', async () => {
    const id = 'https://old.example/?p=1&x=Ä';
    const blog = blogOf({ 'one.md': markdown('One', `guid: "${id}"\n`) });
    await blog.once();
    expect((await blog.items())[0]!.id).toBe(id);
    expect(await blog.text('feed.xml')).toContain('https://old.example/?p=1&amp;x=Ä</guid>');
    expect(await blog.text('atom.xml')).toContain('https://old.example/?p=1&amp;x=Ä</id>');
  });

  test('of a new post under an old name are new, and never one that was used', async () => {
    const blog = blogOf({ 'note.md': markdown('One', '', words(1)) });
    await blog.once();
    rmSync(join(blog.folder, 'note.md'));
    write(blog.folder, {
      'kept.md': markdown('One', '', words(1)),
      'note.md': markdown('Two', '', words(2)),
    });
    await blog.once();
    expect(await ids(blog)).toEqual({
      One: 'tag:example.com,2026-05-17:note',
      Two: 'tag:example.com,2026-05-17:note.md',
    });
  });

  test('follow their texts when files change places', async () => {
    const blog = blogOf(many(4, (at) => [`${at}.md`, markdown(`Post ${at}`, '', words(at))]));
    await blog.once();
    const before = await ids(blog);
    write(
      blog.folder,
      many(4, (at) => [`${at + 1}.md`, markdown(`Post ${at}`, '', words(at))]),
    );
    rmSync(join(blog.folder, '0.md'));
    const { changes } = await blog.once();
    expect(changes.map(({ effects }) => effects[0])).toEqual(['renamed', 'renamed', 'renamed', 'renamed']);
    expect(await ids(blog)).toEqual(before);
  });

  test('survive a new name with a new sentence, also in two runs', async () => {
    const blog = blogOf({ 'one.md': markdown('One', '', words(1)), 'two.md': markdown('Two', '', words(2)) });
    await blog.once();
    const before = await ids(blog);
    rmSync(join(blog.folder, 'one.md'));
    await blog.once();
    expect(Object.keys(await ids(blog))).toEqual(['Two']);
    write(blog.folder, { 'x/new.md': markdown('One', '', `${words(1)} One more sentence.`) });
    blog.clock.now += DAY;
    const { changes } = await blog.once();
    expect(changes[0]!.effects).toContain('back again');
    expect(await ids(blog)).toEqual(before);
  });

  test('are not given to a post that is only similar', async () => {
    const common = words(1, 200);
    const pair = (title: string, seed: number): string => markdown(title, '', `${common} ${words(seed, 20)}`);
    const blog = blogOf({ 'release-1.md': pair('Release 1', 11), 'other.md': markdown('Other') });
    await blog.once();
    rmSync(join(blog.folder, 'release-1.md'));
    write(blog.folder, { 'release-2.md': pair('Release 2', 12) });
    await blog.once();
    expect((await ids(blog))['Release 2']).toBe('tag:example.com,2026-05-17:release-2');
  });

  const edited = (seed: number): string => `${words(seed)} One more sentence.`;
  test.each<[string, Record<string, string>, Record<string, string>, Record<string, string>]>([
    [
      'files that changed places while both were edited',
      { 'a.md': markdown('One', '', words(1)), 'b.md': markdown('Two', '', words(2)) },
      { 'a.md': markdown('Two', '', edited(2)), 'b.md': markdown('One', '', edited(1)) },
      { One: 'a', Two: 'b' },
    ],
    [
      'files of which only the bodies changed places',
      { 'a.md': markdown('One', '', words(1)), 'b.md': markdown('Two', '', words(2)) },
      { 'a.md': markdown('One', '', words(2)), 'b.md': markdown('Two', '', words(1)) },
      { One: 'a', Two: 'b' },
    ],
    [
      'a post that was put away under another title, while its name is a new one’s',
      { 'now.md': markdown('Now', '', words(1)) },
      {
        'archive/05.md': markdown('Now, in May', '', edited(1)),
        'now.md': markdown('Now', '', words(2)).replace('05-17', '06-17'),
      },
      { 'Now, in May': 'now' },
    ],
    [
      'a new name, title and date, while a long text stays',
      { '2026-05-17-tpyo.md': markdown('Tpyo', '', words(1, 150)) },
      { '2026-05-20-typo.md': markdown('Typo', '', words(1, 150)).replace('05-17', '05-20') },
      { Typo: '2026-05-17-tpyo' },
    ],
    [
      'a new name and title of a short link post, while it leads to the same on the same day',
      { 'a.md': markdown('Link', 'external_url: https://a.example/\n', 'See it.') },
      { 'b.md': markdown('Link!', 'external_url: https://a.example/\n', 'See it there.') },
      { 'Link!': 'a' },
    ],
    [
      'the longer half, where one post becomes two',
      { 'all.md': markdown('All', '', `${words(1, 200)}\n\n${words(2)}`) },
      { 'one.md': markdown('All', '', words(1, 200)), 'two.md': markdown('All, again', '', words(2)) },
      { All: 'all', 'All, again': 'two' },
    ],
  ])('survive %s', async (_, before, after, paths) => {
    const blog = blogOf({ ...before, 'other.md': markdown('Other', '', words(9)) });
    await blog.once();
    for (const name of Object.keys(before)) rmSync(join(blog.folder, name));
    write(blog.folder, after);
    await blog.once();
    const known = await ids(blog);
    for (const [title, path] of Object.entries(paths))
      expect({ title, id: known[title] }).toEqual({ title, id: `tag:example.com,2026-05-17:${path}` });
  });

  test('survive when posts of one title and date change places while both are edited', async () => {
    const blog = blogOf({ 'a.md': markdown('Links', '', words(1)), 'b.md': markdown('Links', '', words(2)) });
    const byText = async (): Promise<Record<string, string>> =>
      Object.fromEntries((await blog.items()).map(({ id, content_html }) => [content_html.slice(0, 30), id]));
    await blog.once();
    const before = await byText();
    write(blog.folder, {
      'a.md': markdown('Links', '', edited(2)),
      'b.md': markdown('Links', '', edited(1)),
    });
    await blog.once();
    expect(await byText()).toEqual(before);
  });

  test.each([
    [
      'short and leads elsewhere, with the same title and date',
      markdown('Link', 'external_url: https://a.example/\n', 'See it.'),
      markdown('Link', 'external_url: https://b.example/\n', 'See it.'),
    ],
    [
      'a short one of a row',
      markdown('Week 1', '', 'What are you reading?'),
      markdown('Week 2', '', 'What are you reading?').replace('05-17', '05-24'),
    ],
    [
      'of the same title',
      markdown('Notes', '', words(1)),
      markdown('Notes', '', words(2)).replace('05-17', '05-24'),
    ],
  ])('are not given to another post that is %s', async (_, gone, come) => {
    const blog = blogOf({ 'a.md': gone, 'other.md': markdown('Other', '', words(9)) });
    await blog.once();
    rmSync(join(blog.folder, 'a.md'));
    write(blog.folder, { 'b.md': come });
    const { changes } = await blog.once();
    expect(changes.map(({ effects }) => effects)).toEqual([['new'], ['removed']]);
  });

  test('survive a new title and a new name, while the text stays', async () => {
    const blog = blogOf({ 'tpyo.md': markdown('Tpyo', '', words(1, 40)), 'other.md': markdown('Other') });
    await blog.once();
    rmSync(join(blog.folder, 'tpyo.md'));
    write(blog.folder, { 'typo.md': markdown('Typo', '', words(1, 40)) });
    await blog.once();
    expect((await ids(blog))['Typo']).toBe('tag:example.com,2026-05-17:tpyo');
  });

  test('minted while the site had only a loopback address are minted again', async () => {
    const blog = blogOf({ 'one.md': markdown('One') });
    const site = { ...SITE, url: 'http://127.0.0.1:3000/', feedsUrl: 'http://127.0.0.1:3000/' };
    await blog.once({ site });
    expect(await ids(blog)).toEqual({ One: 'tag:127.0.0.1,2026-05-17:one' });
    const { changes } = await blog.once();
    expect(changes.filter(({ held }) => held)).toEqual([]);
    expect(await ids(blog)).toEqual({ One: 'tag:example.com,2026-05-17:one' });
    expect(await blog.text('atom.xml')).not.toContain('127.0.0.1');
    expect(await blog.text(LEDGER)).not.toContain('127.0.0.1');
  });

  test('of a copy with the same written id are a problem, and the original stays', async () => {
    const blog = blogOf({ 'one.md': markdown('One', 'id: x\n') });
    await blog.once();
    write(blog.folder, { 'a-copy.md': markdown('Copy', 'id: x\n', 'Other text.') });
    const { problems } = await blog.once();
    expect(problems).toMatchObject([{ file: 'a-copy.md', rule: 'duplicate-id' }]);
    expect(await blog.titles()).toEqual(['One']);
  });

  test.each([
    ['a', 'b', 'a.md'],
    ['b', 'a', 'a.md'],
    ['a', 'b', 'renamed.md'],
  ])('that the author wrote no longer stay: of %s and then %s the last, in %s', async (one, two, name) => {
    const blog = blogOf({ 'a.md': markdown('A', `id: ${one}\n`), 'b.md': markdown('B') });
    const history = { ...HISTORY, approved: true };
    await blog.once({ history });
    write(blog.folder, { 'a.md': markdown('A', `id: ${two}\n`) });
    await blog.once({ history });
    rmSync(join(blog.folder, 'a.md'));
    write(blog.folder, { [name]: markdown('A') });
    await blog.once({ history });
    expect((await ids(blog))['A']).toBe(two);
  });
});

describe('updated', () => {
  const updated = async (blog: ReturnType<typeof blogOf>): Promise<string> =>
    (await blog.items())[0]!.date_modified;

  test('is when a run saw another text, and nothing else moves it', async () => {
    const blog = blogOf({ 'one.md': markdown('One', 'tags: [a]\n', 'Some *text* here.') });
    await blog.once();
    expect(await updated(blog)).toBe('2026-05-17T00:00:00Z');
    blog.clock.now += DAY;
    for (const same of [
      markdown('One', 'tags: [a, b]\n', 'Some *text* here.'),
      `---\ntags: [b]\ndate: 2026-05-17\ntitle: "One"\n---\n\n\nSome _text_\nhere.\n`,
    ]) {
      write(blog.folder, { 'one.md': same });
      await blog.once();
      expect(await updated(blog)).toBe('2026-05-17T00:00:00Z');
    }
    blog.clock.now += DAY;
    write(blog.folder, { 'one.md': markdown('One', '', 'Some other text here.') });
    await blog.once();
    expect(await updated(blog)).toBe('2026-11-25T12:00:00Z');
  });

  test('is what the author wrote, but never before published and never ahead', async () => {
    const blog = blogOf({ 'one.md': markdown('One', 'updated: 2026-06-01\n') });
    await blog.once();
    expect(await updated(blog)).toBe('2026-06-01T00:00:00Z');
    write(blog.folder, { 'one.md': markdown('One', 'updated: 2026-11-25\n') });
    const { nextDue } = await blog.once();
    expect(await updated(blog)).toBe('2026-06-01T00:00:00Z');
    expect(nextDue).toBe(Date.UTC(2026, 10, 25));
    blog.clock.now = nextDue!;
    await blog.once();
    expect(await updated(blog)).toBe('2026-11-25T00:00:00Z');
  });
});

describe('a thousand posts', () => {
  jest.setTimeout(60_000);
  test('touched, cloned and with their front matter in another order: nothing is written', async () => {
    const posts = numbered(1000);
    const blog = blogOf(posts);
    await blog.once();
    blog.puts.length = 0;
    blog.clock.now += DAY;
    for (const name of Object.keys(posts)) utimesSync(join(blog.folder, name), new Date(), new Date());
    expect(await blog.once()).toMatchObject({ outcome: 'unchanged' });
    const clone = blogOf(posts);
    await blog.once({ contentFolder: clone.folder });
    write(
      clone.folder,
      Object.fromEntries(
        Object.entries(posts).map(([name, text]) => [
          name,
          text.replace(/^---\n(.*)\n(.*)\n(.*)\n---/, '---\n$3\n$1\n$2\n---'),
        ]),
      ),
    );
    expect(await blog.once({ contentFolder: clone.folder })).toMatchObject({
      outcome: 'unchanged',
      changes: [],
    });
    expect(blog.puts).toEqual([]);
  });

  test('moved into another folder keep all their ids', async () => {
    const blog = blogOf(numbered(1000));
    const options = { ...OPTIONS, limit: 0 };
    await blog.once({ options });
    const before = await ids(blog);
    mkdirSync(join(blog.folder, 'archive'));
    for (let at = 0; at < 1000; at++)
      renameSync(join(blog.folder, `${at}.md`), join(blog.folder, `archive/${at}.md`));
    const { changes } = await blog.once({ options });
    expect(changes).toHaveLength(1000);
    expect(changes.filter(({ held, effects }) => held || effects[0] !== 'renamed')).toEqual([]);
    expect(await ids(blog)).toEqual(before);
  });

  test('with a sentence added to each are held, and the plan says so', async () => {
    const blog = blogOf(numbered(1000));
    await blog.once();
    const before = await blog.items();
    const atom = await blog.text('atom.xml');
    blog.clock.now += DAY;
    write(blog.folder, numbered(1000, ' One more sentence.'));
    write(blog.folder, { 'new.md': markdown('New').replace('2026-05-17', '2026-11-23') });

    const planned = await rehearse(blog.input());
    expect(planned.guard.counted).toBeGreaterThan(planned.guard.allowed);
    expect(planned.changes.filter(({ held }) => held)).toHaveLength(1000);
    expect((await blog.items()).map(({ title }) => title)).not.toContain('New');

    const outcome = await blog.once();
    expect(outcome.changes.filter(({ held }) => held)).toHaveLength(1000);
    const [first, ...others] = await blog.items();
    expect(first!.title).toBe('New');
    expect(others).toEqual(before.slice(0, others.length));

    rmSync(join(blog.folder, 'new.md'));
    write(blog.folder, numbered(1000));
    const undone = await blog.once();
    expect(undone.changes.filter(({ held }) => held)).toEqual([]);
    expect((await blog.text('atom.xml'))!.replace(/ *<at:deleted.*\n/, '')).toBe(atom);

    blog.clock.now += DAY;
    write(blog.folder, numbered(1000, ' One more sentence.'));
    await blog.once({ history: { ...HISTORY, approved: true } });
    expect((await blog.items())[0]!.content_html).toContain('One more sentence.');
    expect((await blog.items())[0]!.date_modified).toBe('2026-11-25T12:00:00Z');
  });
});

describe('the flood guard', () => {
  test('lets through up to five changes in a small blog, and holds the removal of all', async () => {
    const blog = blogOf(numbered(6));
    await blog.once();
    write(blog.folder, numbered(5, ' Edited.'));
    expect((await blog.once()).changes.filter(({ held }) => held)).toEqual([]);
    for (let at = 0; at < 6; at++) rmSync(join(blog.folder, `${at}.md`));
    expect(await blog.once()).toMatchObject({ outcome: 'held' });
    expect(await blog.titles()).toHaveLength(6);
    await blog.once({ history: { ...HISTORY, approved: true } });
    expect(await blog.titles()).toEqual([]);
    expect(await blog.text('atom.xml')).toContain('deleted-entry');
  });

  test('holds a post that would become another entry', async () => {
    const blog = blogOf({ 'one.md': markdown('One'), 'two.md': markdown('Two') });
    await blog.once();
    const before = await ids(blog);
    write(blog.folder, { 'one.md': markdown('One', 'guid: other\n'), 'two.md': markdown('Two!') });
    const { changes } = await blog.once();
    expect(changes.filter(({ held }) => held)).toMatchObject([
      { path: 'one.md', effects: ['taken for another'] },
    ]);
    expect(await ids(blog)).toEqual({ One: before['One'], 'Two!': before['Two'] });
    await blog.once({ history: { ...HISTORY, approved: true } });
    expect((await ids(blog))['One']).toBe('other');
    expect(await blog.text('atom.xml')).toContain(`ref="${before['One']}"`);
  });

  test('does not count what the settings do, and what the author planned', async () => {
    const blog = blogOf(numbered(10, ''));
    write(
      blog.folder,
      many(8, (at) => [`e${at}.md`, markdown(`Event ${at}`, 'expires: 2026-11-24\n', words(at + 50))]),
    );
    await blog.once();
    blog.clock.now += 2 * DAY;
    const site = { ...SITE, url: 'https://other.example/', feedsUrl: 'https://other.example/' };
    const { changes } = await blog.once({ site });
    expect(changes.filter(({ held }) => held)).toEqual([]);
    expect(changes.filter(({ effects }) => effects[0] === 'expired')).toHaveLength(8);
    expect(await blog.titles()).toHaveLength(10);
  });

  test('falling off a feed’s limit is no removal', async () => {
    const blog = blogOf(numbered(10));
    const options = { ...OPTIONS, limit: 10, per: [] };
    await blog.once({ options });
    write(
      blog.folder,
      many(8, (at) => [`new-${at}.md`, markdown(`New ${at}`).replace('05-17', '11-01')]),
    );
    const { changes } = await blog.once({ options });
    expect(changes.map(({ effects }) => effects)).toEqual(Array.from({ length: 8 }, () => ['new']));
    expect(await blog.text('atom.xml')).not.toContain('deleted-entry');
  });
});

describe('an entry that goes', () => {
  test('leaves a tombstone for 30 days, and is the same when it comes back', async () => {
    const blog = blogOf({
      'one.md': markdown('One', 'tags: [a]\n'),
      'two.md': markdown('Two', 'tags: [b]\n'),
    });
    await blog.once();
    const { One: id } = await ids(blog);
    write(blog.folder, { 'one.md': markdown('One', 'draft: true\ntags: [a]\n') });
    await blog.once();
    expect(await blog.titles()).toEqual(['Two']);
    const atom = (await blog.text('atom.xml'))!;
    expect(atom).toContain(
      `<at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${id}" when="2026-11-23T12:00:00Z"/>`,
    );
    expect(await blog.text('tags/a/atom.xml')).toContain('deleted-entry');
    expect(await blog.text('tags/b/atom.xml')).not.toContain('deleted-entry');
    for (const name of ['atom.xml', 'tags/a/atom.xml', 'tags/a/feed.xml', 'tags/a/feed.json']) {
      const report = await validateDocument({ name, body: Buffer.from((await blog.text(name))!) });
      expect({ name, findings: report.findings.filter(({ level }) => level === 'error') }).toEqual({
        name,
        findings: [],
      });
    }
    blog.clock.now += 31 * DAY;
    await blog.once();
    expect(await blog.text('atom.xml')).not.toContain('deleted-entry');
    expect(await blog.text('tags/a/atom.xml')).toBeUndefined();
    write(blog.folder, { 'one.md': markdown('One', 'tags: [a]\n') });
    await blog.once();
    expect((await ids(blog))['One']).toBe(id);
  });

  test('is not removed while its folder cannot be read, or its file is broken', async () => {
    const blog = blogOf({ 'one.md': markdown('One'), 'two.md': markdown('Two') });
    await blog.once();
    write(blog.folder, { 'one.md': '---\ntitle: [\n---\n' });
    const { changes } = await blog.once();
    expect(changes).toEqual([]);
    expect((await blog.titles()).sort()).toEqual(['One', 'Two']);
  });
});

describe('a broken post', () => {
  const BROKEN = '---\ntitle: [\n---\n';
  const three = (): ReturnType<typeof blogOf> =>
    blogOf(many(3, (at) => [`a/${at}/index.md`, markdown(`Post ${at}`, '', words(at))]));

  test.each([
    ['before its folder is moved', true],
    ['while its folder is moved', false],
  ])('%s stays as it was, and is the same when it is mended', async (_, isBefore) => {
    const blog = three();
    await blog.once();
    const before = await ids(blog);
    const shown = await blog.items();
    write(blog.folder, { 'a/1/index.md': BROKEN });
    if (isBefore) await blog.once();
    renameSync(join(blog.folder, 'a'), join(blog.folder, 'b'));
    expect((await blog.once()).changes.map(({ effects }) => effects)).toEqual([['renamed'], ['renamed']]);
    expect(await blog.items()).toEqual(shown);
    write(blog.folder, { 'b/1/index.md': markdown('Post 1', '', `${words(1)} More.`) });
    await blog.once();
    expect(await ids(blog)).toEqual(before);
  });

  test('that is new keeps no other from being hidden or deleted', async () => {
    const blog = three();
    await blog.once();
    write(blog.folder, {
      'b/1/index.md': BROKEN,
      'a/1/index.md': markdown('Post 1', 'draft: true\n', words(1)),
    });
    rmSync(join(blog.folder, 'a/2'), { recursive: true });
    await blog.once();
    expect(await blog.titles()).toEqual(['Post 0']);
  });
});

describe('time', () => {
  test('that was wrong by a year leaves no moment of the future but in Last-Modified', async () => {
    const history = { ...HISTORY, hold: 10 * MINUTE };
    const blog = blogOf({ 'one.md': markdown('One'), 'two.md': markdown('Two', 'tags: [a]\n') });
    await blog.once({ history });
    blog.clock.now += 365 * DAY;
    rmSync(join(blog.folder, 'two.md'));
    write(blog.folder, { 'one.md': markdown('Uno'), 'new.md': markdown('New') });
    await blog.once({ history });
    blog.clock.now = NOW + DAY;
    await blog.once({ history });
    const moments = async (name: string): Promise<string[]> =>
      [...(await blog.text(name))!.matchAll(/(?:<updated>|when=")([^"<]*)/g)].map(([, moment]) => moment!);
    expect(await moments('atom.xml')).toEqual(expect.arrayContaining(['2026-11-24T12:00:00Z']));
    for (const name of ['atom.xml', 'tags/a/atom.xml'])
      for (const moment of await moments(name))
        expect(Date.parse(moment)).toBeLessThanOrEqual(blog.clock.now);
    expect(await blog.titles()).toEqual(['Uno']);
    blog.clock.now += 11 * MINUTE;
    await blog.once({ history });
    expect((await blog.titles()).sort()).toEqual(['New', 'Uno']);
    blog.clock.now += 30 * DAY;
    await blog.once({ history });
    expect(await blog.text('atom.xml')).not.toContain('deleted-entry');
    expect(await blog.text('tags/a/atom.xml')).toBeUndefined();
  });

  test('a hold of part of a second ends with the second', async () => {
    const blog = blogOf({ 'one.md': markdown('One') });
    await blog.once();
    write(blog.folder, { 'two.md': markdown('Two') });
    const { nextDue } = await blog.once({ history: { ...HISTORY, hold: 1500 } });
    expect(nextDue).toBe(NOW + 2000);
  });

  test('the hold makes one of a file that is copied first and removed then', async () => {
    const history = { ...HISTORY, hold: 10 * MINUTE };
    const blog = blogOf({ 'one.md': markdown('One', '', words(1)), 'two.md': markdown('Two') });
    await blog.once({ history });
    const before = await ids(blog);
    write(blog.folder, { 'x/eins.md': markdown('One', '', words(1)) });
    await blog.once({ history });
    rmSync(join(blog.folder, 'one.md'));
    blog.clock.now += MINUTE;
    expect((await blog.once({ history })).changes.map(({ effects }) => effects[0])).toEqual(['renamed']);
    expect(await ids(blog)).toEqual(before);
  });

  test('a post that is dated ahead appears when it is due, and goes when it expires', async () => {
    const blog = blogOf({
      'now.md': markdown('Now'),
      'soon.md': markdown('Soon', 'expires: 2026-11-23T14:00:00Z\n').replace(
        '2026-05-17',
        '2026-11-23T13:00:00Z',
      ),
    });
    const first = await blog.once();
    expect(first).toMatchObject({ posts: 1, scheduled: 1, nextDue: NOW + 3_600_000 });
    expect(await blog.titles()).toEqual(['Now']);
    blog.clock.now = first.nextDue!;
    const second = await blog.once();
    expect(await blog.titles()).toEqual(['Soon', 'Now']);
    expect(second.nextDue).toBe(NOW + 7_200_000);
    blog.clock.now = second.nextDue!;
    await blog.once();
    expect(await blog.titles()).toEqual(['Now']);
  });

  test('a new post is kept back for the hold, edits are free, and deleted it never was', async () => {
    const history = { ...HISTORY, hold: 10 * MINUTE };
    const blog = blogOf({ 'one.md': markdown('One') });
    await blog.once({ history });
    expect(await blog.titles()).toEqual(['One']);
    write(blog.folder, { 'two.md': markdown('Two'), 'three.md': markdown('Three') });
    expect(await blog.once({ history })).toMatchObject({
      scheduled: 2,
      nextDue: NOW + 10 * MINUTE,
      changes: [],
    });
    blog.clock.now += 5 * MINUTE;
    write(blog.folder, { 'two.md': markdown('Two, corrected') });
    rmSync(join(blog.folder, 'three.md'));
    await blog.once({ history });
    expect(await blog.titles()).toEqual(['One']);
    blog.clock.now += 5 * MINUTE;
    await blog.once({ history });
    const two = (await blog.items()).find(({ title }) => title === 'Two, corrected')!;
    expect(two.date_modified).toBe('2026-05-17T00:00:00Z');
    expect(await blog.text(LEDGER)).not.toContain('three');
  });

  test('Last-Modified moves with the bytes, forward only, whatever the clock does', async () => {
    const blog = blogOf({ 'one.md': markdown('One') });
    const modified = async (): Promise<number> =>
      (await readCatalogue(blog.store))!.files['feed.xml']!.modified;
    await blog.once();
    expect(await modified()).toBe(NOW);
    const waits: number[] = [];
    write(blog.folder, { 'one.md': markdown('Uno') });
    await blog.once({ wait: (ms) => Promise.resolve(waits.push(ms)) });
    expect(await modified()).toBe(NOW + 1000);
    expect(waits).toEqual([1000]);
    for (const back of [10_000, 3 * DAY]) {
      blog.clock.now = NOW - back;
      const before = await modified();
      write(blog.folder, { 'one.md': markdown(`Back ${back}`) });
      await blog.once();
      expect(await modified()).toBeGreaterThan(before);
      expect(await blog.titles()).toEqual([`Back ${back}`]);
    }
    const before = await modified();
    blog.clock.now = NOW + DAY;
    await blog.once();
    expect(await modified()).toBe(before);
  });
});

describe('the document', () => {
  test('can be read and compared line by line', async () => {
    const blog = blogOf({ 'b.md': markdown('B'), 'a.md': markdown('A') });
    await blog.once();
    const text = (await blog.text(LEDGER))!;
    expect(text.split('\n').slice(0, 8)).toEqual([
      '{',
      ' "version": 1,',
      ' "entries": {',
      '  "tag:example.com,2026-05-17:a": {',
      '   "feeds": ["","kinds/article/"],',
      '   "first": "2026-11-23T12:00:00Z",',
      '   "path": "a.md",',
      '   "permalinks": ["https://example.com/posts/a/"],',
    ]);
  });

  test.each<[string, (text: string) => string | Buffer, RegExp]>([
    ['damaged', (text) => text.slice(0, 100), /damaged.*or remove it/],
    [
      'from a newer version',
      (text) => text.replace('"version": 1', '"version": 2'),
      /version 2, and this Feedwright knows 1: install a newer Feedwright$/,
    ],
    [
      'no UTF-8',
      (text) =>
        Buffer.concat([
          Buffer.from(text.replace(/One[^]*/, '')),
          Buffer.from([0xe9]),
          Buffer.from(text.replace(/[^]*?One/, '')),
        ]),
      /damaged: .*valid/,
    ],
    ['of other fields', (text) => text.replace('"path"', '"paht"'), /damaged: entries > tag:/],
  ])('that is %s is never overwritten', async (_, damage, message) => {
    const blog = blogOf({ 'one.md': markdown('One') });
    await blog.once();
    const damaged = damage((await blog.text(LEDGER))!);
    await blog.store.put(LEDGER, typeof damaged === 'string' ? Buffer.from(damaged) : damaged);
    blog.puts.length = 0;
    write(blog.folder, { 'one.md': markdown('Two') });
    await expect(blog.once()).rejects.toThrow(message);
    expect(blog.puts).toEqual([]);
    expect(await blog.titles()).toEqual(['One']);
  });

  test.each([
    ['damaged', '{"version": 1, ', /^the ledger \.feedwright\/ledger\.changes\.json .*damaged.*or remove it/],
    ['from a newer version', '{"version": 2}', /version 2.*install a newer Feedwright$/],
  ])('has a journal: one that is %s stops the run', async (_, journal, message) => {
    const blog = blogOf({ 'one.md': markdown('One') });
    await blog.once();
    await blog.store.put('.feedwright/ledger.changes.json', Buffer.from(journal));
    blog.puts.length = 0;
    write(blog.folder, { 'one.md': markdown('Two') });
    await expect(blog.once()).rejects.toThrow(message);
    expect(blog.puts).toEqual([]);
  });

  test('has a journal: that of another ledger says nothing, and goes', async () => {
    const blog = blogOf({ 'one.md': markdown('One') });
    const { memory } = await run(blog.input({ memory: {} }));
    write(blog.folder, { 'one.md': markdown('Two') });
    await run(blog.input({ memory, changed: ['one.md'] }));
    const journal = (await blog.store.get('.feedwright/ledger.changes.json'))!.body;
    write(blog.folder, { 'one.md': markdown('Three') });
    blog.clock.now += DAY;
    await blog.once();
    const whole = await blog.text(LEDGER);
    await blog.store.put('.feedwright/ledger.changes.json', journal);
    await blog.once();
    expect(await blog.text(LEDGER)).toBe(whole);
    write(blog.folder, { 'one.md': markdown('Four') });
    await blog.once();
    expect(await blog.text('.feedwright/ledger.changes.json')).toBeUndefined();
  });

  test.each([
    ['with the last forms', false],
    ['with nothing but the feeds', true],
  ])('that is lost is made anew from the feeds, %s', async (_, feedsOnly) => {
    const blog = blogOf({ ...numbered(30), 'gone.md': markdown('Gone', 'tags: [t1]\n', words(99)) });
    await blog.once();
    renameSync(join(blog.folder, '3.md'), join(blog.folder, 'three.md'));
    write(blog.folder, { '4.md': numbered(5, ' Edited.')['4.md']! });
    rmSync(join(blog.folder, 'gone.md'));
    blog.clock.now += DAY;
    await blog.once();
    const before = await Promise.all(
      (await blog.store.list()).map(async ({ name }) => [name, await blog.text(name)]),
    );
    const moments = (await readCatalogue(blog.store))!.files;
    for (const { name } of await blog.store.list('.feedwright/'))
      if (name === LEDGER || feedsOnly) await blog.store.remove(name);
    blog.clock.now += DAY;

    const outcome = await blog.once();
    expect(
      outcome.changes.filter(
        ({ effects, held }) => held || (effects[0] !== 'new' && effects[0] !== 'renamed'),
      ),
    ).toEqual([]);
    expect(
      await Promise.all((await blog.store.list()).map(async ({ name }) => [name, await blog.text(name)])),
    ).toEqual(before);
    expect((await readCatalogue(blog.store))!.files).toEqual(moments);
    expect(await ids(blog)).toMatchObject({ 'Post 3': 'tag:example.com,2026-04-13:3' });
  });

  test('that is lost still knows which feeds moved, ended or are empty', async () => {
    const tagged = (tag: string): string => markdown('One', `tags: [${tag}]\n`);
    const blog = blogOf({ 'one.md': tagged('old'), 'two.md': markdown('Two', 'tags: [gone]\nid: two-42\n') });
    await blog.once();
    write(blog.folder, { 'one.md': tagged('new') });
    rmSync(join(blog.folder, 'two.md'));
    await blog.once();
    const before = [await blog.text('tags/gone/atom.xml'), (await readCatalogue(blog.store))!.redirects];
    await blog.store.remove(LEDGER);
    await blog.once();
    expect([await blog.text('tags/gone/atom.xml'), (await readCatalogue(blog.store))!.redirects]).toEqual(
      before,
    );
    expect(before[1]).toMatchObject({ 'tags/old/atom.xml': '/tags/new/atom.xml' });
    // What is deleted and what is there is told by one id, also where Atom writes it otherwise.
    write(blog.folder, { 'two.md': markdown('Two', 'id: two-42\n') });
    await blog.once();
    expect(await blog.text('atom.xml')).toContain('<id>tag:feedwright,2026:id/two-42</id>');
    expect(await blog.text('atom.xml')).not.toContain('deleted-entry');
  });

  test('that is lost is made anew, whatever ids authors gave', async () => {
    const id = 'tag:feedwright,2026:id/100%';
    const blog = blogOf({ 'one.md': markdown('One'), 'two.md': markdown('Two', `id: ${id}\n`) });
    await blog.once();
    rmSync(join(blog.folder, 'two.md'));
    await blog.once();
    const before = await blog.text('atom.xml');
    expect(before).toContain(`ref="${id}"`);
    await blog.store.remove(LEDGER);
    await blog.once();
    expect(await blog.text('atom.xml')).toBe(before);
  });

  test('that is lost leaves of what went only ids, which no other post gets by its name', async () => {
    const blog = blogOf({ 'a.md': markdown('A', '', words(1)), 'b.md': markdown('B', '', words(2)) });
    await blog.once();
    rmSync(join(blog.folder, 'a.md'));
    await blog.once();
    await blog.store.remove(LEDGER);
    await blog.once();
    const before = await ids(blog);
    rmSync(join(blog.folder, 'b.md'));
    write(blog.folder, { 'a.md': markdown('B', '', words(2)) });
    expect((await blog.once()).changes.map(({ effects }) => effects[0])).toEqual(['renamed']);
    expect(await ids(blog)).toEqual(before);
  });

  test('that is lost with all feeds gives the same ids again', async () => {
    const posts = numbered(10);
    const [one, other] = [blogOf(posts), blogOf(posts)];
    await one.once();
    other.clock.now += 100 * DAY;
    await other.once();
    expect(await ids(other)).toEqual(await ids(one));
  });
});

describe('a feed', () => {
  test('whose label was renamed keeps its id, and its old address leads to it', async () => {
    const tagged = (tag: string) =>
      many(3, (at) => [`${at}.md`, markdown(`Post ${at}`, `tags: [${tag}]\n`, words(at))]);
    const blog = blogOf({ ...tagged('js'), 'other.md': markdown('Other', 'tags: [x]\n') });
    await blog.once();
    write(blog.folder, { ...tagged('javascript'), 'new.md': markdown('New', 'tags: [javascript]\n') });
    await blog.once();
    const { redirects } = (await readCatalogue(blog.store))!;
    expect(redirects).toEqual({
      'tags/js/atom.xml': '/tags/javascript/atom.xml',
      'tags/js/feed.json': '/tags/javascript/feed.json',
      'tags/js/feed.xml': '/tags/javascript/feed.xml',
    });
    expect(await blog.text('tags/javascript/atom.xml')).toContain(
      '<id>https://example.com/tags/js/atom.xml</id>',
    );
    expect(await blog.text('tags/js/feed.xml')).toBeUndefined();
    write(blog.folder, { 'old.md': markdown('Old', 'tags: [js]\n') });
    await blog.once();
    expect((await readCatalogue(blog.store))!.redirects).toEqual({});
    expect(await blog.text('tags/js/atom.xml')).toContain('<id>https://example.com/tags/js/atom.xml#2</id>');
  });

  test('that the settings no longer ask for has ended', async () => {
    const blog = blogOf({ 'one.md': markdown('One', 'tags: [a]\n') });
    await blog.once();
    const redirects = new Map([['old.xml', '/feed.xml']]);
    await blog.once({ options: { ...OPTIONS, per: [] }, redirects });
    const catalogue = (await readCatalogue(blog.store))!;
    expect(catalogue.redirects).toMatchObject({ 'old.xml': '/feed.xml', 'tags/a/feed.xml': 'gone' });
    expect(Object.keys(catalogue.files)).toEqual(['atom.xml', 'feed.json', 'feed.xml']);
  });
});

test('whatever happens to a blog, its subscribers see each entry once', async () => {
  await checkModel({ sequences: 25, steps: 30 });
}, 120_000);

test('a ledger of our own writing is read without checks, to the same', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('160', '7', '__proto__', 'a": {\n "b'),
  );
  const moment = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
  const record = fc.record(
    {
      path: text, title: text, permalinks: fc.array(text), text, sketch: text, published: moment, updated: moment,
      first: moment, feeds: fc.array(text), externalUrl: text, expires: moment, gone: moment,
    },
    { requiredKeys: ['path', 'title', 'permalinks', 'text', 'sketch', 'published', 'updated', 'first', 'feeds'] },
  ); // prettier-ignore
  const mapOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Map<string, T>> =>
    fc.array(fc.tuple(text, value)).map((entries) => new Map(entries));
  const feed = fc.record(
    { id: text.filter(Boolean), title: text, emptied: moment, moved: text },
    { requiredKeys: ['id', 'title'] },
  );
  const ledger = fc.record({
    entries: mapOf(record),
    feeds: mapOf(feed),
    files: mapOf(fc.record({ hash: text, modified: moment })),
    waiting: mapOf(moment),
    media: mapOf(fc.record({ length: fc.nat() })),
  });
  fc.assert(
    fc.property(ledger, (one) => {
      const bytes = ledgerBytes(one);
      const [own, checked] = [ownLedger(bytes), parseLedger(bytes)];
      expect(ledgerBytes(own).equals(bytes)).toBe(true);
      expect({ ...own, entries: new Map(own.entries) }).toEqual(checked);
      expect(ledgerBytes(own).equals(bytes)).toBe(true);
      expect(ledgerBytes(checked).equals(bytes)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
