/** Podcasts: what directories of them get, and how the length of a file becomes known. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readSettings } from '../src/config.ts';
import { enclosures } from '../src/enclosures.ts';
import type { Podcast } from '../src/publish/feed.ts';
import { build } from '../src/commands.ts';
import { fileStore } from '../src/store/files.ts';
import { OPTIONS, SITE, blogOf, post, publishPosts, temporaryFolder, write } from './blog.ts';

const PODCAST: Podcast = {
  image: 'https://example.com/cover.jpg',
  categories: ['Technology', 'Arts > Books & more'],
  explicit: false,
  kind: 'episodic',
  email: 'ann@example.com',
};
const site = { ...SITE, podcast: PODCAST };
const options = { ...OPTIONS, podcast: true };
const EPISODE = post(
  { title: 'Episode', tags: ['show'], image: '/e.png', audio: { url: '/e.mp3', length: '1234', duration: '1:02:03' } },
  'Notes.',
  'e.md',
); // prettier-ignore
const ARTICLE = post({ title: 'Article', tags: ['text'] }, 'Text.', 'a.md');

const textsOf = (posts: Parameters<typeof publishPosts>[0], input = {}): Record<string, string> =>
  Object.fromEntries(
    publishPosts(posts, { site, options, ...input }).files.map(({ name, body }) => [name, body().toString()]),
  );

describe('a podcast', () => {
  test('says what directories ask for, in the feeds that have episodes', () => {
    const feeds = textsOf([EPISODE, ARTICLE]);
    const rss = feeds['feed.xml']!;
    for (const line of [
      'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
      '<itunes:author>Example</itunes:author>',
      '<itunes:image href="https://example.com/cover.jpg"/>',
      '<itunes:category text="Technology"/>',
      '<itunes:category text="Arts"><itunes:category text="Books &amp; more"/></itunes:category>',
      '<itunes:explicit>false</itunes:explicit>',
      '<itunes:type>episodic</itunes:type>',
      '<itunes:owner><itunes:name>Example</itunes:name><itunes:email>ann@example.com</itunes:email></itunes:owner>',
      '<itunes:duration>3723</itunes:duration>',
      '<itunes:image href="https://example.com/e.png"/>',
      '<enclosure length="1234" type="audio/mpeg" url="https://example.com/e.mp3"/>',
    ])
      expect(rss).toContain(line);
    expect(feeds['tags/show/feed.xml']).toContain('itunes:category');
    expect(feeds['tags/text/feed.xml']).not.toContain('itunes');
    expect(feeds['atom.xml']).not.toContain('itunes');
    expect(JSON.parse(feeds['feed.json']!)).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({ attachments: [{ url: 'https://example.com/e.mp3', mime_type: 'audio/mpeg', size_in_bytes: 1234, duration_in_seconds: 3723 }] }),
      ]) as unknown,
    }); // prettier-ignore
  });

  test('is nothing that a site with a sound file is by itself', () => {
    expect(textsOf([EPISODE], { site: SITE, options: OPTIONS })['feed.xml']).not.toContain('itunes');
  });
});

describe('the length of an attached file', () => {
  const lengths = async (blog: ReturnType<typeof blogOf>): Promise<unknown[]> => {
    const feed = JSON.parse((await blog.text('feed.json'))!) as {
      items: { attachments?: { size_in_bytes?: number }[] }[];
    };
    return feed.items.flatMap(({ attachments = [] }) =>
      attachments.map(({ size_in_bytes }) => size_in_bytes),
    );
  };
  const episode = (audio: string): string =>
    `---\ntitle: E\ndate: 2026-05-17\naudio: ${audio}\n---\nNotes.\n`;

  test.each([
    ['beside its post', 'show/index.md', 'a.mp3', 'show/a.mp3', 5],
    ['above its post', 'show/index.md', '../media/a%20b.mp3', 'media/a b.mp3', 5],
    ['at the root of the folder', 'show/index.md', '/media/a.mp3', 'media/a.mp3', 5],
    ['in the front matter', 'e.md', '{ url: a.mp3, length: 99 }', 'a.mp3', 99],
    ['outside of the folder', 'e.md', '../../../../../../etc/hostname', 'x.mp3', undefined],
    ['hidden', 'e.md', '.secret/a.mp3', '.secret/a.mp3', undefined],
    ['nowhere', 'e.md', 'b.mp3', 'a.mp3', undefined],
  ])('that is %s', async (_, path, audio, file, length) => {
    const blog = blogOf({ [path]: episode(audio), [file]: '12345' });
    await blog.once();
    expect(await lengths(blog)).toEqual([length]);
  });
});

describe('feedwright enclosures', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  test('asks once how long files on other servers are, and builds ask nobody', async () => {
    const asked: string[] = [];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === '/gone.mp3') response.writeHead(404).end();
      else if (request.url === '/old.mp3') response.writeHead(302, { Location: '/new.mp3' }).end();
      else response.writeHead(200, { 'Content-Length': '4321', 'Content-Type': 'audio/mpeg; x=y' }).end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const folder = write(temporaryFolder(), {
      'content/e.md': `---\ntitle: E\ndate: 2026-05-17\nattachments: ["${base}/old.mp3", "${base}/gone.mp3", "${base}/plain"]\n---\nNotes.\n`,
    });
    const said: string[] = [];
    const edge = {
      env: {}, folder, ended: Promise.resolve(), onReload: () => undefined,
      print: (text: string) => void said.push(text), complain: (text: string) => void said.push(text), colours: false, progress: () => undefined,
    }; // prettier-ignore
    const settings = readSettings({ url: 'https://example.com/' }, {}, folder);
    const run = (): Promise<number> => enclosures(settings, { json: false, approve: false }, edge);
    const publish = (): Promise<number> => build(settings, { json: false, approve: false }, edge);

    await expect(run()).rejects.toThrow('nothing is published yet');
    await publish();
    expect(asked).toEqual([]);
    expect(await run()).toBe(1);
    expect(asked.sort()).toEqual(['HEAD /gone.mp3', 'HEAD /new.mp3', 'HEAD /old.mp3', 'HEAD /plain']);
    expect(said.join('')).toContain(`${base}/gone.mp3: the server answers 404\n`);
    expect(said.at(-1)).toBe('2 lengths found, 1 not; the next build writes them into the feeds\n');

    await publish();
    const feed = (await fileStore(join(folder, 'feeds')).get('feed.json'))!.body.toString();
    expect((JSON.parse(feed) as { items: [{ attachments: unknown[] }] }).items[0].attachments).toEqual([
      { url: `${base}/old.mp3`, mime_type: 'audio/mpeg', size_in_bytes: 4321 },
      { url: `${base}/gone.mp3`, mime_type: 'audio/mpeg' },
      { url: `${base}/plain`, mime_type: 'audio/mpeg', size_in_bytes: 4321 },
    ]);
    asked.length = 0;
    await run();
    expect(asked).toEqual(['HEAD /gone.mp3']);
  });
});
