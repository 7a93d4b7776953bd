import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RULES } from '../src/validate/rules.ts';
import { formatReport, validateDocument } from '../src/validate/validate.ts';
import type { FeedInput, Report } from '../src/validate/validate.ts';
import { XmlError, parseXml } from '../src/validate/xml.ts';

const FOLDER = new URL('fixtures/feeds/', import.meta.url);
const FIXTURES = readdirSync(FOLDER).filter((name) => /\.(?:xml|json)$/.test(name));

function fixture(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER));
}

function judge(body: string | Uint8Array, served: Partial<FeedInput> = {}): Promise<Report> {
  return validateDocument({
    name: 'feed.xml',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    ...served,
  });
}

/** What a fixture says of itself: in its first comment, or in JSON in its `_fixture`. */
function expectationOf(name: string): string {
  const text = fixture(name).toString('utf8');
  const expected =
    /Description: [^]*?Expect: ([\w-]+) -->/.exec(text)?.[1] ?? /"expect": "([\w-]+)"/.exec(text)?.[1];
  if (!expected) throw new Error(`${name} does not say what it proves`);
  return expected;
}

describe('fixtures', () => {
  test.each(FIXTURES)('%s breaks the rule that it names, and no other', async (name) => {
    const report = await validateDocument({ name, body: fixture(name) });
    const broken = [...new Set(report.findings.map(({ rule }) => rule))];
    const expected = expectationOf(name);
    expect({ broken, report: formatReport(report) }).toMatchObject({
      broken: expected === 'valid' ? [] : [expected],
    });
  });

  test('every rule has one, but for those about how a feed is served', () => {
    const proven = (format: string): string[] =>
      FIXTURES.filter((name) => name.startsWith(`${format}-`)).map(expectationOf);
    const anywhere = ['rss', 'atom', 'json'].flatMap(proven);
    const shared = new Set(
      RULES.rss.map(({ name }) => name).filter((name) => RULES.json.some((rule) => rule.name === name)),
    );
    const unproven = Object.entries(RULES).flatMap(([format, rules]) =>
      rules
        .map(({ name }) => name)
        .filter((name) => !(shared.has(name) ? anywhere : proven(format)).includes(name)),
    );
    expect([...new Set(unproven)]).toEqual(['self-location', 'content-type', 'charset']);
  });

  test('messages are sentences that say where', async () => {
    for (const name of FIXTURES) {
      const body = fixture(name);
      const lines = body.toString('utf8').split('\n');
      for (const { message, line, column } of (await validateDocument({ name, body })).findings) {
        expect(message).toMatch(/^\S.*\.$/);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
      }
    }
  });
});

describe('what is no feed', () => {
  test.each([
    [
      'a web page',
      '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>',
      'web-page',
      'its feed is at /feed.xml',
    ],
    [
      'an XHTML page',
      '<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
      'web-page',
      'give the address of the feed itself',
    ],
    ['an empty file', '', 'empty', 'empty'],
    ['blanks', ' \n\t', 'empty', 'empty'],
    ['prose', 'Hello, world.', 'no-feed', 'it begins with "Hello, world."'],
    ['other XML', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'no-feed', '<svg>'],
    ['RSS 1.0', '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', 'no-feed', 'RSS 1.0'],
    ['a JSON list', '[]', 'no-feed', 'no JSON Feed'],
    ['broken JSON', '{"version": "https://jsonfeed.org/version/1.1",\n "items": [}', 'json', 'not JSON'],
    ['hostile comments', '<!-- -->'.repeat(50_000), 'no-feed', 'no feed'],
  ])('%s', async (_, body, rule, message) => {
    const report = await judge(body);
    expect(report).toMatchObject({ format: undefined, entries: 0, findings: [{ level: 'error', rule }] });
    expect(report.findings[0]!.message).toContain(message);
  });

  test('bytes that are not UTF-8, with their place', async () => {
    const bytes = Buffer.concat([
      fixture('rss-valid.xml').subarray(0, 300),
      Buffer.from([0xe9]),
      Buffer.from(' é'),
    ]);
    const before = bytes.subarray(0, 300).toString('utf8').split('\n');
    const place = { line: before.length, column: before.at(-1)!.length + 1 };
    expect((await judge(bytes)).findings).toMatchObject([{ rule: 'utf-8', level: 'error', ...place }]);
    expect((await judge(Buffer.from([0xff, 0xfe, 0x3c, 0x00]))).findings).toMatchObject([
      { rule: 'utf-8', line: 1, column: 1 },
    ]);
  });

  test('a byte order mark is only a warning', async () => {
    const report = await judge(Buffer.concat([Buffer.from('\uFEFF'), fixture('atom-valid.xml')]));
    expect(report).toMatchObject({
      format: 'atom',
      entries: 2,
      findings: [{ level: 'warning', rule: 'bom' }],
    });
  });

  test('a billion laughs', async () => {
    const lols = Array.from(
      { length: 9 },
      (_, i) => `<!ENTITY lol${i + 1} "${`&lol${i};`.repeat(10)}">`,
    ).join('');
    const report = await judge(
      `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY lol0 "lol">${lols}]><rss>&lol9;</rss>`,
    );
    expect(report.findings).toMatchObject([{ rule: 'well-formed', line: 1, column: 22 }]);
    expect(report.findings[0]!.message).toContain('DOCTYPE');
  });

  test('100,000 elements in one another', async () => {
    const deep = `<rss version="2.0"><channel>${'<x>'.repeat(100_000)}${'</x>'.repeat(100_000)}</channel></rss>`;
    expect((await judge(deep)).findings).toMatchObject([{ rule: 'well-formed' }]);
    expect((await judge(`{"items":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)).format).toBe('json');
  });

  // Each of these takes minutes in a parser that looks for the end of every tag from its beginning.
  test.each(['<', '<p ', '<!-- ', '&lt;p ', '<a href="'])('200,000 times %j in a post', async (piece) => {
    const text = fixture('rss-valid.xml').toString('utf8').replace('<p>Take', piece.repeat(200_000));
    expect((await judge(text)).entries).toBe(2);
  });
});

describe('how it was served', () => {
  const TYPE = 'application/rss+xml; charset=utf-8';

  test.each([
    [TYPE, []],
    ['text/xml; charset="UTF-8"', []],
    ['application/rss+xml', ['charset']],
    ['application/rss+xml; charset=iso-8859-1', ['charset']],
    ['application/atom+xml; charset=utf-8', ['content-type']],
    ['text/html; charset=utf-8', ['content-type']],
    ['', ['content-type', 'charset']],
  ])('RSS as %j', async (contentType, rules) => {
    const { findings } = await judge(fixture('rss-valid.xml'), { contentType });
    expect(findings.map(({ rule }) => rule)).toEqual(rules);
  });

  test('JSON Feed needs no charset', async () => {
    const { findings } = await judge(fixture('json-valid.json'), { contentType: 'application/feed+json' });
    expect(findings).toEqual([]);
  });

  test.each(['rss-valid.xml', 'atom-valid.xml', 'json-valid.json'])(
    '%s says where it lives',
    async (name) => {
      const body = fixture(name);
      const self = { rss: 'feed.xml', atom: 'atom.xml', json: 'feed.json' }[name.split('-')[0]!];
      expect((await judge(body, { url: `https://ann.example/${self}` })).findings).toEqual([]);
      const { findings } = await judge(body, { url: `https://www.ann.example/${self}` });
      expect(findings).toMatchObject([{ rule: 'self-location', level: 'warning' }]);
      expect(findings[0]!.line).toBeGreaterThan(1);
    },
  );
});

test('a report is one line a finding, and one that sums up', async () => {
  const report = await validateDocument({ name: 'feed.xml', body: fixture('rss-self-link.xml') });
  expect(formatReport(report)).toBe(
    'feed.xml:5:3: warning: The channel does not say where it lives: add <atom:link rel="self" type="application/rss+xml" href="..."/>. (self-link)\n' +
      'feed.xml: RSS 2.0, 2 entries, 0 errors, 1 warning',
  );
  expect(formatReport(await judge(''))).toMatch(/\nfeed\.xml: no feed, 1 error, 0 warnings$/);
});

describe('XML', () => {
  test('a tree with names, namespaces, text and places', () => {
    const root = parseXml(
      '<a xmlns:p="urn:p" p:x="1">\n  é😀<p:b\n y="&lt;"/>1<![CDATA[<2>]]>&#x33;\r\n</a>',
    );
    expect(root).toMatchObject({ name: 'a', uri: '', line: 1, column: 1, text: '\n  é😀1<2>3\n' });
    expect({ ...root.attributes }).toEqual({ 'xmlns:p': 'urn:p', 'p:x': '1' });
    expect(root.children).toMatchObject([{ name: 'b', prefix: 'p', uri: 'urn:p', line: 2, column: 5 }]);
    expect(root.children[0]!.attributes['y']).toBe('<');
  });

  test.each([
    ['<a>\u0001</a>', 1, 4], ['<a>&#1;</a>', 1, 7], ['<a>\uFFFE</a>', 1, 4], ['<a b="\u0001"/>', 1, 7], ['<a><![CDATA[\u0001]]></a>', 1, 13],
    ['<a>\uD800x</a>', 1, 4], ['<a>\uDC00</a>', 1, 4], ['<a>&#xD800;</a>', 1, 11], ['<?xml version="1.1"?><a>&#1;</a>', 1, 28],
    ['<a>AT&T</a>', 1, 6], ['<a>\n&<b>&amp;</b></a>', 2, 1], ['<a><!-- & -->&amp;<![CDATA[&]]>& </a>', 1, 32],
    ['<a>&constructor;</a>', 1, 16], ['<a>&nbsp;</a>', 1, 9], ['<a b="<"/>', 1, 7], ['<a b="1" b="2"/>', 1, 16], ['<a>]]></a>', 1, 6],
    ['<x:a/>', 1, 6], ['<a x:b=""/>', 1, 11], ['<a/><b/>', 1, 7], ['<a/>x', 1, 5], ['<a><b></a>', 1, 10], ['<a><![CDATA[', 1, 12],
  ])('%j is none', (text, line, column) => {
    expect(() => parseXml(text)).toThrow(XmlError);
    expect(() => parseXml(text)).toThrow(expect.objectContaining({ line, column }));
  }); // prettier-ignore

  test('any text comes back from where it was escaped, or is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = text.replace(/[&<>\r]/g, (character) => `&#${character.charCodeAt(0)};`);
        let read: string | undefined;
        try {
          read = parseXml(`<a>${escaped}</a>`).text;
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError);
        }
        // Characters outside of XML 1.0, section 2.2.
        const allowed = !/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text);
        expect(read).toBe(allowed ? text : undefined);
      }),
    );
  });
});

test('nothing that bytes can say makes it throw', async () => {
  const pieces = FIXTURES.flatMap((name) =>
    fixture(name)
      .toString('utf8')
      .split(/(?=[<"{])/),
  );
  const soup = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
    fc.tuple(fc.constantFrom(...FIXTURES), fc.nat(), fc.nat({ max: 40 })).map(([name, at, length]) => {
      const body = fixture(name);
      const start = at % body.length;
      return Buffer.concat([body.subarray(0, start), body.subarray(start + length)]);
    }),
  );
  await fc.assert(
    fc.asyncProperty(soup, async (body) => {
      const report = await judge(body);
      expect(report.format === undefined).toBe(
        report.findings.some(({ rule }) => NO_DOCUMENT.includes(rule)),
      );
    }),
    { numRuns: 300 },
  );
});

const NO_DOCUMENT = ['utf-8', 'empty', 'web-page', 'no-feed', 'well-formed', 'json'];
