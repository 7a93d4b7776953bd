import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allRules } from '../src/validate/rules.ts';
import { formatReport, validateDocument } from '../src/validate/validate.ts';
import type { FeedInput, Report } from '../src/validate/validate.ts';
import { XmlError, parseFragment, parseXml } from '../src/validate/xml.ts';
import type { XmlElement } from '../src/validate/xml.ts';
import { FIXTURES, NOW, fixture } from './fixtures/feeds.ts';
import type { Fixture } from './fixtures/feeds.ts';

function bytesOf(name: string): Buffer {
  return fixture(name).input.body;
}

function judge(body: string | Uint8Array, served: Partial<FeedInput> = {}): Promise<Report> {
  return validateDocument({
    name: 'feed.xml',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    now: NOW,
    ...served,
  });
}

const VALID = FIXTURES.filter((each) => each.expect === 'valid');
const BROKEN = FIXTURES.filter((each) => each.expect !== 'valid');

/** The lines of a fixture, without what it says of itself. */
function linesOf({ input }: Fixture): string[] {
  const text = input.body.toString('utf8').replace(/<!-- Description: [^]*? -->|"_fixture": \{[^}]*\},/, '');
  return text.split('\n').map((line) => line.trim().replace(/,$/, ''));
}

/** How many lines stand in one of the two and not in the other. */
function distance(one: string[], other: string[]): number {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of other) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0);
}

describe('fixtures', () => {
  test.each(FIXTURES.map((each) => [each.name, each] as const))(
    '%s breaks the rule that it names, and no other',
    async (_, { expect: expected, input }) => {
      const report = await validateDocument(input);
      const broken = [...new Set(report.findings.map(({ rule }) => rule))];
      expect({ broken, report: formatReport(report) }).toMatchObject({
        broken: expected === 'valid' ? [] : [expected],
      });
    },
  );

  test('every rule has one that breaks it, in a format that it is for', () => {
    const formatOf = ({ name }: Fixture): string => name.split('-')[0]!.replace('podcast', 'rss');
    const proven = new Set(BROKEN.map((each) => `${each.expect} ${formatOf(each)}`));
    const formats = new Map<string, string[]>();
    for (const { name, format } of allRules()) formats.set(name, [...(formats.get(name) ?? []), format]);
    const unproven = [...formats].filter(
      ([name, all]) => !all.some((format) => proven.has(`${name} ${format}`)),
    );
    expect(unproven).toEqual([]);
    expect(BROKEN.map((each) => each.expect).filter((name) => !formats.has(name))).toEqual([]);
  });

  test('every rule has one that keeps it as well: the same but for a few lines', () => {
    const valid = VALID.map(linesOf);
    const nearest = new Map<string, number>();
    for (const each of BROKEN) {
      const distances = valid.map((lines) => distance(lines, linesOf(each)));
      nearest.set(each.expect, Math.min(nearest.get(each.expect) ?? Infinity, ...distances));
    }
    const far = [...nearest].filter(([, lines]) => lines > 8).map(([rule]) => rule);
    // What breaks these is the file as a whole.
    expect(far).toEqual(expect.arrayContaining(['empty', 'web-page', 'parse-back']));
    expect(far).toHaveLength(3);
  });

  test('a finding says which file, where, how bad it is, which rule, and where that is written', async () => {
    for (const { input } of BROKEN) {
      const lines = input.body.toString('utf8').split('\n');
      for (const finding of (await validateDocument(input)).findings) {
        expect(Object.keys(finding).sort()).toEqual(
          ['column', 'file', 'level', 'line', 'message', 'rule', 'section'],
        ); // prettier-ignore
        const { file, line, column, level, rule, section, message } = finding;
        expect(file).toBe(input.name);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
        expect(allRules()).toContainEqual(expect.objectContaining({ name: rule, level, section }));
        expect(message).toMatch(/^\S[^\n]*(?:: | must )[^\n]+\.$/);
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
      bytesOf('rss-valid.xml').subarray(0, 300),
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
    const report = await judge(Buffer.concat([Buffer.from('\uFEFF'), bytesOf('atom-valid.xml')]));
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
  test.each([
    '<',
    '<p ',
    '<!-- ',
    '&lt;p ',
    '<a href="',
    '<p><b>',
    '<b></p>',
    '<svg>',
    '<script>',
    '</',
    '&#146;',
    '&#x',
  ])('200,000 times %j in a post', async (piece) => {
    const text = bytesOf('rss-valid.xml').toString('utf8').replace('<p>Take', piece.repeat(200_000));
    expect((await judge(text)).entries).toBe(2);
  });
});

describe('how it was served', () => {
  const HEADERS = {
    'Content-Type': 'application/rss+xml; charset=utf-8',
    'Content-Encoding': 'br',
    ETag: '"1"',
  };
  const rulesFor = async (served: Partial<FeedInput>): Promise<string[]> =>
    (await judge(bytesOf('rss-valid.xml'), served)).findings.map(({ rule }) => rule);

  test.each([
    [{}, []],
    [{ 'Content-Type': 'text/xml; charset="UTF-8"' }, []],
    [{ 'Content-Type': '' }, ['content-type', 'charset']],
    [{ 'Content-Encoding': 'identity' }, ['uncompressed']],
    [{ ETag: '', 'Last-Modified': 'Mon, 09 Sep 2024 08:00:00 GMT' }, []],
    [{ ETag: '' }, ['no-validator']],
  ])('with %j', async (changed, rules) => {
    expect(await rulesFor({ headers: new Headers({ ...HEADERS, ...changed }) })).toEqual(rules);
  });

  test('a file has no headers, and of a header that is known alone nothing else is said', async () => {
    expect(await rulesFor({})).toEqual([]);
    expect(await rulesFor({ contentType: 'application/rss+xml' })).toEqual(['charset']);
  });

  test('a feed that fits into a packet need not be compressed', async () => {
    const body = '<rss version="2.0"><channel/></rss>';
    const rules = (await judge(body, { headers: new Headers() })).findings.map(({ rule }) => rule);
    expect(rules).toContain('no-validator');
    expect(rules).not.toContain('uncompressed');
  });

  test.each(['https://ANN.example:443/feed.xml', 'https://ann.example/feed.xml#top'])(
    'from %s, which is the same address',
    async (url) => {
      expect(await rulesFor({ url })).toEqual([]);
    },
  );
});

test('what is still to come is so by the moment that is given, and clocks differ by minutes', async () => {
  const at = Date.UTC(2024, 8, 9, 8);
  const rules = async (now: number | undefined): Promise<string[]> =>
    (
      await validateDocument({
        name: 'a.xml',
        body: bytesOf('rss-valid.xml'),
        ...(now !== undefined && { now }),
      })
    ).findings.map(({ rule }) => rule);
  expect(await rules(at - 600_000)).toEqual([]);
  expect(await rules(at - 600_001)).toEqual(['future-date', 'future-date']);
  expect(await rules(undefined)).toEqual([]);
});

test('rules for podcasts are for feeds with something to play that speak of a podcast', async () => {
  const podcast = bytesOf('podcast-no-image.xml').toString('utf8');
  expect((await judge(podcast)).findings).not.toEqual([]);
  expect(
    (await judge(podcast.replace(/<enclosure [^>]*>\s*<itunes:duration>[^<]*<.itunes:duration>/g, '')))
      .findings,
  ).toEqual([]);
  expect(
    (await judge(podcast.replace(/<itunes:.*|.*<.itunes:.*| xmlns:itunes="[^"]*"/g, ''))).findings,
  ).toEqual([]);
});

test('a report is one line a finding, and one that sums up', async () => {
  const report = await validateDocument({ name: 'feed.xml', body: bytesOf('rss-self-link.xml') });
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
  const small = FIXTURES.map(({ input }) => input.body).filter((body) => body.length < 10_000);
  const pieces = small.flatMap((body) => body.toString('utf8').split(/(?=[<"{])/));
  const soup = fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
    fc.tuple(fc.constantFrom(...small), fc.nat(), fc.nat({ max: 40 })).map(([body, at, length]) => {
      const start = body.length > 0 ? at % body.length : 0;
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

describe('a fragment', () => {
  /** What stands there, wherever it stands; undefined for what is no XML. */
  const said = (read: () => XmlElement): unknown => {
    const bare = ({ name, uri, prefix, attributes, text, children }: XmlElement): unknown => [
      [name, uri, prefix, { ...attributes }, text],
      children.map(bare),
    ];
    try {
      return bare(read());
    } catch (error) {
      return (error as Error).message;
    }
  };
  const pieces = fc.constantFrom('<![CDATA[', '<![CDATA[', ']]>', ']]>', ']]', '>', '<a>', '</a>', '<b c="', '"/>', '<!--', '-->', '<?x', '?>', '<!DOCTYPE a>', '0', '1', '&amp;', '&', 'text', 'é', '😀', '\ud83d', '\u0001', '\r\n', '\ufffe'); // prettier-ignore

  test('says the same whether its sections are read by the character or not', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const within = (xml: string): string => `<x>${xml}</x>`;
        const fragment = parts.join('');
        expect(said(() => parseFragment(fragment, within))).toEqual(said(() => parseXml(within(fragment))));
      }),
      { numRuns: 5000 },
    );
  });
});

describe('docs/validating.md', () => {
  test('has every rule, as the code has it, with what breaks it', () => {
    const page = readFileSync(new URL('../docs/validating.md', import.meta.url), 'utf8');
    const LABELS = { rss: 'RSS', atom: 'Atom', json: 'JSON' };
    const rows = new Map<string, string[]>();
    for (const { name, format, level, section } of allRules()) {
      const key = `${name} ${level} ${section}`;
      const row = rows.get(key);
      if (row) row[1] += `, ${LABELS[format]}`;
      else {
        const example = BROKEN.find((each) => each.expect === name && each.name.startsWith(format)) ??
          BROKEN.find((each) => each.expect === name); // prettier-ignore
        rows.set(key, [`\`${name}\``, LABELS[format], level, example!.description, section]);
      }
    }
    const written = [
      ...page
        .slice(page.indexOf('## Rules'), page.indexOf('## Beside the W3C'))
        .matchAll(/^\| (`.*\S) +\|$/gm),
    ];
    expect(written.map(([, cells]) => cells!.split(/ +\| +/))).toEqual([...rows.values()]);
  });
});
