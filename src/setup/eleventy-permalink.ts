/** What Eleventy's posts are addressed by, where that can be read off without running anything. */
import { literal, readConfig, textAt, withoutComments } from './generator-config.ts';
import type { Script } from './generator-config.ts';
import type { Files } from './layout.ts';

/** Where a permalink is given, and as which template; undefined where that is computed. */
export interface Given {
  file: string;
  template: string | undefined;
}

/** The permalink that the data files of the posts' folder give, or their layout. `input` is Eleventy's folder. */
export function givenPermalink(files: Files, main: Script, input: string, dir: string): Given | undefined {
  const data = dataFiles(dir, input).flatMap((file) => {
    const text = files.text(file);
    return text === undefined ? [] : [{ file, text: withoutComments(text) }];
  });
  const speaking = data.find(({ text }) => /\bpermalink\b["']?\s*[:(]/.test(text));
  if (speaking) {
    const { file, text } = speaking;
    return { file, template: file.endsWith('.json') ? inJson(files, file) : inScript(text) };
  }
  const named = data.map(({ text }) => /\blayout["']?\s*:\s*["'`]([^"'`]+)["'`]/.exec(text)?.[1]);
  const layout = named.find(Boolean) ?? layoutOfFirst(files, dir);
  return layout === undefined ? undefined : inLayout(files, main, input, layout);
}

/** Nearest first; of one folder the script wins. */
function dataFiles(dir: string, input: string): string[] {
  const ends = ['11tydata.js', '11tydata.mjs', '11tydata.cjs', '11tydata.ts', '11tydata.json', 'json'];
  const folders: string[] = [];
  for (let at = dir; at !== '.' && at !== ''; at = at.slice(0, Math.max(at.lastIndexOf('/'), 0))) {
    folders.push(at);
    if (at === input) break;
  }
  return folders.flatMap((folder) => ends.map((end) => `${folder}/${folder.split('/').at(-1)}.${end}`));
}

function inJson(files: Files, file: string): string | undefined {
  const data = readConfig(files, [file])?.data;
  return textAt(data, 'eleventyComputed', 'permalink') ?? textAt(data, 'permalink');
}

const EXPRESSION = String.raw`(?:"[^"\n]*"|'[^'\n]*'|${'`[^`]*`'}|[\w.]+)`;
/** As a value, or as what a function returns that does nothing else. */
const PERMALINK = new RegExp(
  String.raw`\bpermalink["']?\s*(?::\s*(?:async\s*)?(?:function\b\s*\w*\s*)?(?:(?:\([^()]*\)|\w+)\s*(?:=>\s*)?)?|\([^()]*\)\s*)\{?\s*(?:return\s+)?` +
    String.raw`(${EXPRESSION}(?:\s*\+\s*${EXPRESSION})*)\s*(?=[;,}\n])`,
);
const VALUE = new RegExp(
  String.raw`\bpermalink["']?\s*:\s*(${EXPRESSION}(?:\s*\+\s*${EXPRESSION})*)\s*(?=[;,}\n])`,
);

/** The permalink in a data file as a template; undefined if it is computed. */
function inScript(text: string): string | undefined {
  const written = (VALUE.exec(text) ?? PERMALINK.exec(text))?.[1];
  if (written === undefined || /^[\w.]+$/.test(written)) return undefined;
  const parts = written.match(new RegExp(EXPRESSION, 'g'))!;
  return parts.map((part) => (/^["'`]/.test(part) ? part.slice(1, -1) : `{{ ${part} }}`)).join('');
}

/** The layout that the first post names. */
function layoutOfFirst(files: Files, dir: string): string | undefined {
  const names = files.names(dir);
  const folder = names.find((name) => name.endsWith('/'));
  const first = names.find((name) => name.endsWith('.md')) ?? (folder && `${folder}index.md`);
  return first === undefined ? undefined : keyIn(files.text(`${dir}/${first}`), 'layout');
}

function inLayout(files: Files, main: Script, input: string, layout: string): Given | undefined {
  const index = main.strings.findIndex(
    (text, at) => text === layout && new RegExp(`addLayoutAlias\\(\\s*'${at}'`).test(main.code),
  );
  const alias = index === -1 ? undefined : main.strings[index + 1];
  const folders = ['layouts', 'includes'].flatMap((key) => literal(main, key) ?? []);
  const within = input === '.' ? '' : `${input}/`;
  for (const folder of [...folders, '_includes', '_layouts', '_includes/layouts'])
    for (const end of ['', '.njk', '.liquid', '.html', '.webc', '.hbs']) {
      const file = `${within}${folder}/${alias ?? layout}${end}`;
      const template = keyIn(files.text(file), 'permalink');
      if (template !== undefined) return { file, template };
    }
  return undefined;
}

/** A key of YAML front matter as text. */
function keyIn(text: string | undefined, key: string): string | undefined {
  const matter = /^---\r?\n([^]*?)\r?\n---/.exec(text ?? '')?.[1];
  return new RegExp(`^${key}:[ \\t]*(["']?)(.+?)\\1[ \\t]*$`, 'm').exec(matter ?? '')?.[2];
}

const EXPRESSIONS: readonly [RegExp, string][] = [
  [/^(?:page\.)?fileSlug(?:\s*\|\s*slug(?:ify)?)?$/, ':slug'],
  [/^slug(?:\s*\|\s*slug(?:ify)?)?$/, ':slugorfilename'],
  [/^title\s*\|\s*slug(?:ify)?$/, ':title'],
  [/^slugify\(title\)$/, ':title'],
  [/^(?:page\.)?date\.get(?:UTC)?FullYear\(\)$/, ':year'],
];
const FORMAT = /^(?:page\.)?date\s*\|\s*\w+\s*[:(]\s*["']([^"']+)["']\s*\)?$/;
const DATE_TOKENS: Readonly<Record<string, string>> = {
  '%Y': ':year', '%y': ':short_year', '%m': ':month', '%-m': ':i_month', '%d': ':day', '%-d': ':i_day', '%j': ':y_day',
  yyyy: ':year', YYYY: ':year', MM: ':month', LL: ':month', M: ':i_month', dd: ':day', DD: ':day', d: ':i_day', D: ':i_day',
}; // prettier-ignore

/** A template in our placeholders, and what of it has none. `prefix` is the path of the posts' folder. */
export function asPattern(template: string, prefix: string): { pattern: string; lost: string[] } {
  const lost: string[] = [];
  const pattern = template.replace(/\$?\{\{?-?\s*(.*?)\s*-?\}?\}/g, (whole, inside: string) => {
    const expression = inside.replace(/^(?:data|this)\./, '');
    if (expression === 'page.filePathStem') return `${prefix}/:path`;
    const known = EXPRESSIONS.find(([form]) => form.test(expression))?.[1];
    const made = known ?? dated(FORMAT.exec(expression)?.[1]);
    if (made === undefined) lost.push(whole);
    return made ?? '';
  });
  return { pattern: `/${pattern}`.replace(/\/{2,}/g, '/').replace(/\/index\.html$/, '/'), lost };
}

/** A format of dates, as strftime or date-fns and its like have it; undefined if there is something else in it. */
function dated(format: string | undefined): string | undefined {
  const parts = format?.match(/%-?[a-z]|[a-z]+|[^a-z%]+/gi);
  const made = parts?.map((part) => (/[a-z]/i.test(part) ? DATE_TOKENS[part] : part));
  return made?.every((part) => part !== undefined) ? made.join('') : undefined;
}
