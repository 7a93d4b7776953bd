/** The pages for people, in a real browser: Debian's Chromium, or the one that CHROMIUM names. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import RssParser from 'rss-parser';
import { LINK_POST, temporaryFolder, write } from './blog.ts';
import { endAll, start } from './processes.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Screenshots, to be looked at. */
const SHOTS = process.env['SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'feedwright-shots-'));

const many = Object.fromEntries(
  Array.from({ length: 40 }, (_, at) => [
    `content/p${at}.md`,
    `---\ntitle: "Post ${at}: <b>bold</b> & \\"quoted\\""\ndate: 2026-${String((at % 9) + 1).padStart(2, '0')}-03\ntags: [Tag ${at}, Letters, "C++"]\nauthor: Ann\nsummary: What it says, in a sentence or two.\n---\n# A heading\n\n- one\n- two\n\n\`\`\`\n${'a long line of code '.repeat(9)}\n\`\`\`\n\nText with \`code\`, a [link](https://other.example/) and a picture.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n`,
  ]),
);
const CONFIG = (language: string): string =>
  `site: { title: Example, url: "http://127.0.0.1:1/", language: ${language}, description: Notes on things. }\npages: { entries: on }\n`;
const PATHS = [
  '/',
  '/tags/',
  '/tags/letters/',
  '/kinds/link/',
  '/sources/example-weekly/',
  '/posts/p1/',
  '/posts/link/',
];

let browser: Browser;
let url: string;
beforeAll(async () => {
  const executablePath = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== '' && existsSync(path),
  ); // prettier-ignore
  if (executablePath === undefined)
    throw new Error('there is no browser: install chromium, or name one by the variable CHROMIUM');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  mkdirSync(SHOTS, { recursive: true });
  url = await serve('en');
}, 120_000);
afterAll(async () => {
  await browser.close();
  await endAll();
});

async function serve(language: string): Promise<string> {
  const folder = write(temporaryFolder(), {
    ...many,
    'content/link.md': LINK_POST,
    'feedwright.yml': CONFIG(language),
  });
  const first = await start(['start', '--port', '0'], folder);
  // The pages name the address that is configured: so the one that was free is.
  const { port } = new URL(first.url);
  first.child.kill('SIGTERM');
  await new Promise((resolve) => first.child.once('exit', resolve));
  const { url } = await start(['start', '--port', port, '--url', `http://127.0.0.1:${port}/`], folder);
  return url;
}

interface Opened {
  page: Page;
  complaints: string[];
}

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}

async function violations(page: Page): Promise<unknown> {
  return page.evaluate(
    `${AXE}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]))`,
  );
}

const VIEWS = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme): [number, 'light' | 'dark'] => [width, scheme]),
);

test.each(VIEWS)(
  'every kind of page at %i pixels, %s',
  async (width, scheme) => {
    const { page, complaints } = await open(width, scheme);
    for (const path of PATHS) {
      const answer = await page.goto(url + path.slice(1));
      expect([path, answer?.status()]).toEqual([path, 200]);
      expect([path, await violations(page)]).toEqual([path, []]);
      const [wide, screen] = await page.evaluate<[number, number]>(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      );
      expect([path, wide <= screen]).toEqual([path, true]);
      await page.screenshot({
        path: join(SHOTS, `${path.replace(/\W+/g, '-')}${width}-${scheme}.png`),
        fullPage: true,
      });
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  },
  120_000,
);

describe('a page', () => {
  test('copies the address of a feed, and says so', async () => {
    const { page } = await open(1280, 'light');
    await page.goto(`${url}tags/letters/`);
    await page.getByRole('button', { name: 'Copy address (Atom)' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${url}tags/letters/atom.xml`);
    expect(await page.getByRole('status').textContent()).toBe('The address of the Atom feed was copied.');
    await page.context().close();
  }, 60_000);

  test('leads programs to feeds that can be parsed', async () => {
    const { page } = await open(1280, 'light');
    for (const path of ['', 'tags/letters/', 'posts/p1/']) {
      await page.goto(url + path);
      const found = await page.evaluate<[string, string][]>(
        `[...document.querySelectorAll('link[rel=alternate]')].map((each) => [each.type, each.href])`,
      );
      expect(found.length).toBeGreaterThanOrEqual(3);
      for (const [type, href] of found) {
        const answer = await fetch(href);
        expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
        const text = await answer.text();
        if (type.endsWith('json')) expect(JSON.parse(text)).toHaveProperty('items');
        else expect((await new RssParser().parseString(text)).items.length).toBeGreaterThan(0);
      }
    }
    await page.context().close();
  }, 60_000);

  test('can be read without scripts, by the keyboard, and from right to left', async () => {
    const rtl = await serve('ar');
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 390, height: 900 },
    });
    const page = await context.newPage();
    await page.goto(rtl);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.getByRole('link', { name: `${rtl}feed.xml` }).isVisible()).toBe(true);
    expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
    await page.screenshot({ path: join(SHOTS, 'rtl.png'), fullPage: true });
    await context.close();

    const { page: keyed } = await open(1280, 'light');
    await keyed.goto(url);
    const names: string[] = [];
    for (let at = 0; at < 6; at++) {
      await keyed.keyboard.press('Tab');
      names.push(
        await keyed.evaluate<string>(
          'document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent',
        ),
      );
    }
    expect(names).toEqual([
      'Example',
      'All feeds',
      `${url}feed.xml`,
      'Copy address (RSS)',
      'Open in a reader (RSS)',
      `${url}atom.xml`,
    ]);
    await keyed.context().close();
  }, 60_000);
});

test.each(['feed.xml', 'atom.xml'])(
  '%s is shown as text by its stylesheet',
  async (name) => {
    const { page, complaints } = await open(1280, 'light');
    await page.goto(url + name);
    const [root, title, content, said] = await page.evaluate<[string, string, string, string]>(`[
    document.documentElement.localName,
    getComputedStyle(document.getElementsByTagName('title')[0]).display,
    getComputedStyle(document.getElementsByTagName('${name === 'feed.xml' ? 'guid' : 'id'}')[1]).display,
    getComputedStyle(document.documentElement, '::before').content,
  ]`);
    expect([root, title, content]).toEqual([name === 'feed.xml' ? 'rss' : 'feed', 'block', 'none']);
    expect(said).toContain('This is a feed');
    expect(complaints).toEqual([]);
    await page.context().close();
  },
  60_000,
);
