import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { parseFragment } from 'parse5';
import { ALLOWED, GLOBAL } from '../src/content/html.ts';
import { renderMarkdown } from '../src/content/markdown.ts';
import { PLAIN_LINK, linkUrl } from '../src/content/urls.ts';

const BASE = 'https://example.com/posts/one/';
const URLS = new Set(['href', 'src', 'srcset', 'poster', 'cite']);
const SCHEMES = /^(?:https?|mailto|tel|sms|xmpp|ircs?|gemini|magnet|geo):/;

/** What a browser would make of the HTML that must not be in a feed: by a parser that has nothing to do with ours. */
function offences(html: string): string[] {
  const found: string[] = [];
  const pending: unknown[] = [parseFragment(html)];
  for (let node = pending.pop() as Node | undefined; node; node = pending.pop() as Node | undefined) {
    pending.push(...(node.childNodes ?? []));
    if (node.nodeName === '#comment') found.push('a comment');
    if (!node.tagName) continue;
    const allowed = ALLOWED[node.tagName];
    if (!allowed) found.push(`<${node.tagName}>`);
    for (const { name, value } of node.attrs ?? []) {
      if (![...(allowed ?? []), ...GLOBAL].includes(name)) found.push(`${node.tagName} ${name}`);
      if (URLS.has(name))
        found.push(
          ...urlsOf(name, value)
            .filter((url) => !isSafe(url, name))
            .map((url) => `${name}=${url}`),
        );
    }
  }
  return found;
}

interface Node {
  nodeName: string;
  tagName?: string;
  attrs?: { name: string; value: string }[];
  childNodes?: Node[];
}

function urlsOf(name: string, value: string): string[] {
  return name === 'srcset'
    ? value.split(/,\s+/).map((candidate) => candidate.trim().split(/\s+/)[0]!)
    : [value];
}

function isSafe(url: string, name: string): boolean {
  if (name !== 'href' && name !== 'cite' && /^data:image\/(?:png|gif|jpe?g|webp|avif);base64,/.test(url))
    return true;
  return SCHEMES.test(url) && URL.canParse(url);
}

const words = fc.constantFrom(
  'text', ' ', '\n', '\n\n', '*', '**', '_', '~~', '`', '```\n', '> ', '- ', '1. ', '# ', '|', '|-|\n', '[', ']', '(', ')', '![', '](', '<', '>', '/', '"', "'", '=', '&', ';', '\\', '\t', '    ',
  '[^1]', '[^1]: ', '^[', '- [x] ', '&lt;', '&#106;avascript:', '&Tab;', '\u0000', '\u0001', ']]>', '<!--', '-->', '<![CDATA[', '<?', '?>',
); // prettier-ignore
const urls = fc.oneof(
  fc.constantFrom('javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\nscript:alert(1)', '\u0001javascript:alert(1)', 'vbscript:x', 'data:text/html,<script>alert(1)</script>', 'data:image/svg+xml,<svg onload=alert(1)>', 'data:image/png;base64,iVBORw0KGgo=', '//evil.example/x', '/root', 'relative.html', '#fragment', '?query', 'mailto:a@b.example', 'file:///etc/passwd', 'blob:x', 'http://[', 'https://a.example/ b"c', 'x:y', ''),
  fc.webUrl(),
); // prettier-ignore
const tag = fc.constantFrom(
  ...Object.keys(ALLOWED), 'script', 'style', 'iframe', 'embed', 'object', 'form', 'input', 'button', 'textarea', 'select', 'option', 'svg', 'math', 'mi', 'mglyph', 'foreignObject', 'annotation-xml', 'template', 'noscript', 'noembed', 'noframes', 'xmp', 'plaintext', 'title', 'meta', 'base', 'link', 'frameset', 'frame', 'marquee', 'x-y', 'body', 'html', 'head', 'image', 'isindex', 'keygen', 'nobr',
); // prettier-ignore
const attribute = fc
  .tuple(
    fc.constantFrom('href', 'src', 'srcset', 'poster', 'cite', 'onerror', 'onclick', 'style', 'srcdoc', 'action', 'formaction', 'xlink:href', 'background', 'data', 'id', 'name', 'class', 'title', 'align', 'ping', 'target', 'autofocus', 'is', 'slot', '<a', '"', '`'),
    fc.oneof(urls, words),
    fc.constantFrom('"', "'", '', '`'),
  )
  .map(([name, value, quote]) => ` ${name}=${quote}${value}${quote}`); // prettier-ignore
const element = fc
  .tuple(
    fc.constantFrom('<', '</', '<', '<'),
    tag,
    fc.array(attribute, { maxLength: 3 }),
    fc.constantFrom('>', '/>', '', ' >'),
  )
  .map(([open, name, attributes, close]) => open + name + attributes.join('') + close);
const link = fc
  .tuple(fc.constantFrom('[x](', '![x](', '<', '[x]: ', ''), urls, fc.constantFrom(')', '>', ' "title")', ''))
  .map((parts) => parts.join(''));
const soup = fc
  .array(fc.oneof(words, element, link, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 25 })
  .map((parts) => parts.join(''));

describe('rendered HTML', () => {
  test('never holds anything off the allow-list, nor a URL that is relative or unsafe', () => {
    fc.assert(
      fc.property(soup, (source) => {
        const html = renderMarkdown(source, { base: BASE, idPrefix: 'n' });
        expect(offences(html)).toEqual([]);
        expect(html).not.toMatch(
          /[\u0000-\u0008\uFFFD-\uFFFF]|[\uD800-\uDFFF](?![\uDC00-\uDFFF])(?<![\uD800-\uDBFF][\uDC00-\uDFFF])/,
        );
      }),
      { numRuns: 5000 },
    );
  });

  test('is judged by somebody who would notice', () => {
    expect(
      offences('<p onclick=x><script>1</script><a href="/x">y</a><img src="javascript:x"><!-- -->'),
    ).toHaveLength(5);
  });
});

/** Addresses with everything that parsers change, and what looks like it. */
const addresses = fc
  .array(
    fc.oneof(
      fc.constantFrom('http://', 'https://', 'HTTP://', '/', '//', '.', '..', '-', '_', '~', '#', '?', 'xn--', 'xn--bcher-kva', 'a', 'B', '0', '0x1f', '127.0.0.1', '1.2', ':80', '@', '%20', '%2e', 'é', 'localhost', 'example.com'), // prettier-ignore
      fc.stringMatching(/^[\w.~-]{1,70}$/),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('an address that is plain', () => {
  test('is what a parser of URLs would make of it', () => {
    const bases = fc.constantFrom(BASE, 'http://localhost:8080/', 'https://127.0.0.1/a/', 'http://xn--a.b/', 'HTTP://A/b'); // prettier-ignore
    fc.assert(
      fc.property(addresses, bases, (address, base) => {
        fc.pre(URL.canParse(base) && URL.canParse(address, base));
        const { protocol, href } = new URL(address, base);
        fc.pre(/^https?:$/.test(protocol) && !/%(?![0-9a-f]{2})|#.*#/i.test(href));
        expect(linkUrl(address, base)).toBe(href);
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['https://a.example/b[c]?d[]=e', 'https://a.example/b%5Bc%5D?d%5B%5D=e'],
    ['https://a.example/#b#c', 'https://a.example/#b%23c'],
    ['https://u@[::1]:80/', 'https://u@[::1]:80/'],
    ['gemini://a.example/{b}|"', 'gemini://a.example/%7Bb%7D%7C%22'],
  ])('%s is nothing that is plain, and becomes %s', (address, expected) => {
    expect(linkUrl(address, BASE)).toBe(expected);
  });

  test('is what markdown-it would make of it', () => {
    const markdown = new MarkdownIt();
    fc.assert(
      fc.property(addresses, (address) => {
        fc.pre(PLAIN_LINK.test(address));
        expect(markdown.normalizeLink(address)).toBe(address);
      }),
      { numRuns: 3000 },
    );
  });
});
