/** The text of a new feedwright.yml. Pure. */
import type { Adopted } from './adopt.ts';
import { oneLine } from '../content/text.ts';
import { flowMap, scalar } from './yaml-text.ts';

/** Each line of `site`: its key, and what stands there as a comment where nothing is known. */
const SITE = {
  title: 'My site',
  url: 'https://example.com/ # where the posts live',
  description: 'What this is about.',
  language: 'en',
  timezone: 'Europe/Paris # of dates without a zone; UTC if none is set',
  author: '{ name: Ann, email: ann@example.com, url: https://ann.example/ } # or just a name',
} as const;

/** Settings as a commented YAML document: what is known stands there, what has a default stands in comments. */
export function settingsText({
  layout,
  config,
  site,
  dir,
  permalink,
  generator,
  languages,
  notes,
}: Adopted): string {
  const origin = config === undefined ? '' : ` for ${layout.name}, from ${config}`;
  const known = Object.keys(SITE).filter((key) => site[key as keyof typeof SITE] !== undefined);
  const words = Object.entries(SITE).map(([key, example]) => {
    const value = site[key as keyof typeof SITE];
    const indent = known.length > 0 ? '  # ' : '#   ';
    if (value === undefined) return `${indent}${key}: ${example}`;
    return `  ${key}: ${typeof value === 'string' ? scalar(value) : flowMap(value)}`;
  });
  return `${[
    `# Written by "feedwright init"${origin}. All of it is optional; the README says what else there is.`,
    ...notes.map((note) => `# Note: ${oneLine(note)}.`),
    known.length > 0 ? 'site:' : '# site:',
    ...words,
    'content:',
    `  dir: ${scalar(dir)}`,
    ...permalinkLines(permalink),
    ...(generator === undefined ? [] : [`  generator: ${generator} # by whose rules addresses are made`]),
    ...(languages === undefined
      ? []
      : [`  languages: [${languages.map(scalar).join(', ')}] # of translated files`]),
    '# feeds:',
    '#   limit: 20 # entries per feed',
    '#   content: full # or summary',
    '#   per: [tag, source, author, kind] # also: language',
    '# store: file:feeds # where the feeds are written',
    "# schedule: '*/5 * * * *' # when to publish, besides at every change",
    ...(layout.feed === undefined || layout.feed === '/feed.xml'
      ? []
      : [`# redirects: { ${layout.feed}: /feed.xml } # for readers of ${layout.name}'s own feed`]),
    '# server:',
    '#   port: 3000',
    '#   host: 127.0.0.1',
  ].join('\n')}\n`;
}

function permalinkLines(permalink: Adopted['permalink']): string[] {
  const comment = "# a post's own permalink wins";
  if (typeof permalink === 'string') return [`  permalink: ${scalar(permalink)} ${comment}`];
  const lines = Object.entries(permalink).map(
    ([folder, pattern]) => `    ${scalar(folder)}: ${scalar(pattern)}`,
  );
  return [`  permalink: ${comment}`, ...lines];
}
