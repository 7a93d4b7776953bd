/** File names, kinds of files, and encodings. */
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { BROKEN, ENTRY, MENDED, OPEN, PAGE, SECRET, SILENT, WARNED, body, post, row, yaml } from './row.ts';
import type { Expect, Maker, Row } from './row.ts';

const good = post('');
const ROOT = process.getuid?.() === 0;

const NAMES = [
  'name blank.md', ' name blank first.md', 'name#hash.md', 'name%percent.md', 'name%2e%2e%2fx.md', 'name?query.md', 'name&amp;.md', 'name<b>.md', "name'quote.md", 'name"quotes.md',
  'name\\backslash.md', 'name:colon.md', 'name*star.md', 'name|pipe.md', 'name\nline.md', 'name\ttab.md', 'name\u0001control.md', 'name\u007Fdelete.md', 'name]]>.md', '-name.md', '--help.md', '$(name).md', '`name`.md',
  'name;rm -rf.md', '__proto__.md', 'constructor.md', 'toString.md', 'index.md', 'feed.xml.md', 'CON.md', 'name.md.md', 'name..md', 'a..b/dots.md', '日本語の名前.md', '👩‍👩‍👧‍👦.md', 'name\u202Edm.md', 'name\u200B.md', 'name\u2028.md', 'naïve.md',
  'NAME-CASE.MD', 'name-case.MarkDown', 'ext-a.mdown', 'ext-b.mkd', 'ext-c.MKDN', 'ext-d.mdx', `${'n'.repeat(252)}.md`, `${'日'.repeat(84)}.md`, `${'deep/'.repeat(60)}far.md`, 'folder.with.dots/dotted.md', 'name folder #1%/?/odd.md', 'all.md', 'tags/tagged.md', 'feeds/feed.md',
]; // prettier-ignore

const SKIPPED = [
  '.hidden.md', '.md', '..md', '...md', '.git/name.md', '.obsidian/templates/name.md', 'node_modules/pkg/README.md', 'blog/node_modules/pkg/README.md', 'skip.md~', '#skip.md#', '.#skip.md', '.skip.md.swp', 'skip.md.swp', 'skip.md.bak', 'skip.md.orig',
  '~skip.md', '_index.md', 'section/_index.md', 'skip.txt', 'skip.md.txt', 'skip.html', 'skip', 'skipmd', 'skip.rst', 'skip.md ', '.DS_Store', '._skip.md',
]; // prettier-ignore

const names: Row[] = [
  ...NAMES.map((name) => row(name, `A name: ${JSON.stringify(name)}`, good, { ...ENTRY, title: 'One' })),
  ...SKIPPED.map((name) => row(name, `Skipped: ${name}`, good, SILENT)),
  row('name\u0001untitled.md', 'A control character in a name that becomes the title', yaml('date: 2026-05-17'), { ...WARNED, title: /^name ?untitled$/ }),
  row('name\uFFFDlost.md', 'U+FFFD in a name that becomes the title', yaml('date: 2026-05-17'), { is: 'open', title: /^name ?lost$/ }),
  row('nfd-e\u0301.md', 'A name in decomposed Unicode', good, ENTRY),
  row('pair-\u00E9.md', 'One name in both forms of Unicode is one post', (path) => {
    for (const form of ['NFC', 'NFD'] as const) writeFileSync(join(dirname(path), 'pair-\u00E9.md'.normalize(form)), good);
  }, MENDED),
  row('pair-folder-\u00E9/a.md', 'One folder in both forms of Unicode', (path) => {
    for (const [form, name] of [['NFC', 'a.md'], ['NFD', 'b.md']] as const) {
      const folder = join(dirname(dirname(path)), 'pair-folder-\u00E9'.normalize(form));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), good);
    }
  }, { is: 'entry' }),
  row('bytes.md', 'A name that is not UTF-8', (path) => {
    writeFileSync(Buffer.concat([Buffer.from(dirname(path)), Buffer.from('/bytes-\xFF\xE9.md', 'latin1')]), good);
  }, { ...BROKEN, file: /^bytes-.*\.md$/ }),
  row('bytes-folder.md', 'A folder whose name is not UTF-8', (path) => {
    const folder = Buffer.concat([Buffer.from(dirname(path)), Buffer.from('/folder-bytes-\xFF', 'latin1')]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from('/a.md')]), good);
  }, { ...BROKEN, file: /^folder-bytes-/ }),
  row('bytes-twins.md', 'Two names that are the same once they are read as UTF-8', (path) => {
    for (const byte of ['\xFE', '\xFD']) writeFileSync(Buffer.concat([Buffer.from(dirname(path)), Buffer.from(`/twin-${byte}.md`, 'latin1')]), good);
  }, { ...BROKEN, file: /^twin-/ }),
]; // prettier-ignore

/** A symbolic link to `target`, seen from the content folder's parent, as `../` is from the content folder. */
const link = (target: string): Maker => {
  return (path) => symlinkSync(target, path);
};

const kinds: Row[] = [
  row('kind-folder.md', 'An empty folder called like a post', (path) => void mkdirSync(path), SILENT),
  row('kind-folder-full.md/kind.md', 'A post in a folder called like a post', good, ENTRY),
  row('kind-bundle.md/index.md', 'A leaf bundle called like a post', good, ENTRY),
  row('kind-fifo.md', 'A pipe', (path) => void execFileSync('mkfifo', [path]), { is: 'absent' }),
  row('kind-socket.md', 'A socket', async (path) => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return () => void server.close();
  }, { is: 'absent' }),
  row('kind-device.md', 'A link to a device without an end', link('/dev/zero'), { is: 'absent', lacks: [] }),
  row('kind-random.md', 'A link to another one', link('/dev/urandom'), { is: 'absent' }),
  row('kind-stdin.md', 'A link to standard input', link('/dev/stdin'), { is: 'absent' }),
  row('kind-proc.md', 'A link to what is not a real file', link('/proc/self/environ'), { is: 'absent' }),
  row('link-passwd.md', 'A link to a file of the system', link('/etc/passwd'), { is: 'absent', problems: [{ level: 'warning' }] }),
  row('link-outside.md', 'A link to a post outside', link('../outside/secret.md'), { is: 'absent', problems: [{ level: 'warning' }] }),
  row('link-outside-folder', 'A link to a folder outside', link('../outside'), { is: 'absent', problems: [{ level: 'warning' }] }),
  row('link-prefix.md', 'A link to a folder whose name begins like the content folder’s', link('../content-too/secret.md'), { is: 'absent', problems: [{ level: 'warning' }] }),
  row('link-through.md', 'A link that goes through a link out', link('link-outside-folder/secret.md'), { is: 'absent', problems: [{ level: 'warning' }] }),
  row('link-parent', 'A link to the folder above', link('..'), { is: 'absent' }),
  row('link-root', 'A link to the root of the system', link('/'), { is: 'absent' }),
  row('link-self.md', 'A link to itself', link('link-self.md'), { is: 'absent' }),
  row('link-loop', 'A link to the content folder', link('.'), { is: 'absent' }),
  row('link-ring-a.md', 'Links to each other', (path) => {
    symlinkSync('link-ring-b.md', path);
    symlinkSync('link-ring-a.md', join(dirname(path), 'link-ring-b.md'));
  }, { is: 'absent' }),
  row('link-ring/a/b/again.md', 'A folder that links to its parent', (path) => {
    writeFileSync(path, good);
    symlinkSync('../..', join(dirname(path), 'up'));
  }, ENTRY),
  row('link-dangling.md', 'A link to nothing', link('nothing.md'), { is: 'absent' }),
  row('link-inside.md', 'A link to a post inside is not a second post', link('good-one.md'), { is: 'absent' }),
  row('link-inside-other.md', 'A link to a file inside that is no post by itself', (path) => {
    writeFileSync(join(dirname(path), 'link-target.txt'), good);
    symlinkSync('link-target.txt', path);
  }, ENTRY),
  row('link-hard.md', 'A second name of one file', (path) => {
    writeFileSync(path, good);
    linkSync(path, join(dirname(path), 'link-hard-too.md'));
  }, { is: 'entry' }),
  row('unreadable.md', 'A file that may not be read', (path) => {
    writeFileSync(path, good);
    chmodSync(path, 0);
  }, ROOT ? ENTRY : BROKEN),
]; // prettier-ignore

const utf16 = (text: string): Buffer => Buffer.from(`\uFEFF${text}`, 'utf16le');
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const shows = (...contains: string[]): Expect => ({ ...ENTRY, title: 'One', contains });

const encodings: Row[] = [
  row('utf16-le.md', 'UTF-16LE', utf16(post('', 'Grüße 👍')), shows('Grüße 👍')),
  row('utf16-be.md', 'UTF-16BE', utf16(post('', 'Grüße 👍')).swap16(), shows('Grüße 👍')),
  row('utf16-crlf.md', 'UTF-16LE with CRLF', utf16(post('', 'Grüße').replaceAll('\n', '\r\n')), shows('Grüße')),
  row('utf16-odd.md', 'UTF-16 that is cut off', Buffer.concat([utf16(good), bytes('x')]), BROKEN),
  row('utf16-half.md', 'UTF-16 with half a character', Buffer.concat([utf16(post('', 'a')), bytes('\x00\xD8b\x00')]), { is: 'open' }),
  row('utf16-naked.md', 'UTF-16LE without its mark', Buffer.from(good, 'utf16le'), OPEN),
  row('utf16-mark.md', 'Nothing but the mark of UTF-16', bytes('\xFF\xFE'), PAGE),
  row('utf32.md', 'UTF-32LE', bytes(`\xFF\xFE\0\0${[...good].map((c) => `${c}\0\0\0`).join('')}`), OPEN),
  row('utf8-mark.md', 'UTF-8 with its mark', `\uFEFF${good}`, shows('Text.')),
  row('utf8-marks.md', 'UTF-8 with its mark twice', `\uFEFF\uFEFF${good}`, OPEN),
  row('utf8-mark-blank.md', 'The mark of UTF-8, blank lines, front matter', `\uFEFF\r\n \t\n\n${good}`, shows('Text.')),
  row('utf8-mark-inside.md', 'Marks inside', post('summary: "\uFEFFa\uFEFF"', 'b\uFEFFc'), { ...ENTRY, title: 'One' }),
  row('latin1.md', 'Latin 1', bytes(body('caf\xE9')), BROKEN),
  row('windows.md', 'Windows 1252', bytes(body('\x93quoted\x94 \x80')), BROKEN),
  row('utf8-overlong.md', 'Overlong UTF-8', bytes(body('\xC0\xAFetc')), BROKEN),
  row('utf8-surrogate.md', 'A surrogate as UTF-8', bytes(body('\xED\xA0\x80')), BROKEN),
  row('utf8-beyond.md', 'Beyond Unicode', bytes(body('\xF5\x80\x80\x80')), BROKEN),
  row('utf8-cut.md', 'UTF-8 that is cut off', bytes(`${good}\xE2\x82`), BROKEN),
  row('utf8-mixed.md', 'One wrong byte at the end of a long text', bytes(`${body('x'.repeat(100_000))}\xFF`), BROKEN),
  row('utf8-fffd.md', 'U+FFFD as it was written', post('', 'a\uFFFDb'), shows('ab')),
  row('utf7.md', 'UTF-7', body('+ADw-b+AD4-'), shows('+ADw-b+AD4-')),
  row('gzip.md', 'Compressed', bytes('\x1F\x8B\x08\0\0\0\0\0\0\x03'), BROKEN),
  row('png.md', 'A picture', bytes('\x89PNG\r\n\x1A\n\0\0\0\rIHDR'), BROKEN),
  row('pdf.md', 'A document', bytes('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n'), BROKEN),
  row('empty.md', 'Nothing', '', PAGE),
  row('2026-05-17-empty.md', 'Nothing, with a day in the name', '', { ...WARNED, title: 'empty' }),
  row('blank.md', 'Blanks', ' \n\t\n \n', PAGE),
  row('mark.md', 'Nothing but the mark of UTF-8', '\uFEFF', PAGE),
  row('nul.md', 'NUL bytes in the text', body('a\0b\0'), shows('ab')),
  row('nul-only.md', 'Nothing but NUL bytes', '\0'.repeat(10_000), PAGE),
  row('nul-first.md', 'A NUL byte before the front matter', `\0${good}`, { is: 'open' }),
  row('crlf.md', 'CRLF', post('tags: [a]', 'Text.\r\n\r\nMore.').replaceAll(/\r?\n/g, '\r\n'), shows('<p>Text.</p>', '<p>More.</p>')),
  row('cr.md', 'A lone CR at the end of each line', post('tags: [a]', 'Text.\n\nMore.').replaceAll('\n', '\r'), shows('<p>Text.</p>', '<p>More.</p>')),
  row('ends.md', 'All ends of lines', '---\r\ntitle: One\rdate: 2026-05-17\n---\r\r\nText.\n\r\nMore.', shows('<p>Text.</p>', '<p>More.</p>')),
  row('ends-rcr.md', 'Ends of lines doubled on their way', good.replaceAll('\n', '\r\r\n'), OPEN),
  row('end-of-file.md', 'The end of file of MS-DOS', `${good}\x1A`, shows('Text.')),
  row('escape.md', 'Sequences that move the cursor of a terminal', post('source: "\x1B[2Jx"', '\x1B[31mText.\x1B]0;title\x07'), { ...ENTRY, title: 'One' }),
  row('secret.md', 'A path to a file outside, in every field', post('source: ../outside/secret.md\nimage: file:///etc/passwd\ncover: ../../outside/secret.md\nlayout: /etc/passwd', '![a](../outside/secret.md)\n\n{% include ../outside/secret.md %}\n\n<!--#include file="../outside/secret.md"-->'), { is: 'entry', lacks: [SECRET] }),
]; // prettier-ignore

export const FILES: Row[] = [...names, ...kinds, ...encodings];
