/** Rules that hold in every format, by what readers do with feeds more than by one specification. */
import { FORMAT_FILES } from '../publish/feed.ts';
import type { EntryReading, FeedDocument } from './document.ts';
import { START, lineIndex } from './place.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';

const YEAR_1990 = Date.UTC(1990, 0, 1);

/** Atom allows it, for versions of one entry; readers show one all the same. */
export const DUPLICATE_ID: Rule<FeedDocument> = {
  name: 'duplicate-id',
  level: 'error',
  section: 'RSS 2.0 guid; RFC 4287, 4.1.1; JSON Feed 1.1 id',
  *check({ entries }) {
    const lines = new Map<string, number>();
    for (const entry of entries) {
      if (entry.id === undefined) continue;
      const line = lines.get(entry.id);
      if (line === undefined) lines.set(entry.id, entry.line);
      else
        yield fault(
          entry,
          `This entry has the id ${quote(entry.id)} of the one on line ${line}, so readers show only one of them: give each its own.`,
        );
    }
  },
};

export const COMMON_RULES: Rule<FeedDocument>[] = [
  {
    name: 'entry-order',
    level: 'warning',
    section: 'custom of readers',
    *check({ entries }) {
      const published = firstRise(entries, ({ published }) => published);
      const updated = firstRise(entries, ({ updated }) => updated);
      const hasDates = (of: 'published' | 'updated'): boolean =>
        entries.some((entry) => entry[of] !== undefined);
      if (hasDates('published') ? !published || (hasDates('updated') && !updated) : !updated) return;
      yield fault(
        (published ?? updated)!,
        'This entry is newer than the one before it: put the newest first, since readers may show only the top.',
      );
    },
  },
  {
    name: 'plain-title',
    level: 'warning',
    section: 'RSS 2.0 title; RFC 4287, 4.2.14; JSON Feed 1.1 title',
    *check({ entries }) {
      for (const entry of entries) {
        if (entry.title && hasMarkup(entry)) {
          yield fault(
            entry,
            `The title ${quote(entry.title)} holds HTML, which many readers show as it is: write plain text.`,
          );
        }
      }
    },
  },
  {
    name: 'implausible-date',
    level: 'warning',
    section: 'W3C feed validator, ImplausibleDate',
    *check({ entries }) {
      for (const entry of entries) {
        const moment = entry.published ?? entry.updated;
        if (moment === undefined || moment >= YEAR_1990) continue;
        yield fault(
          entry,
          `The entry is dated ${new Date(moment).toISOString().slice(0, 10)}, before there were feeds: check its date.`,
        );
      }
    },
  },
  {
    name: 'replacement-character',
    level: 'warning',
    section: 'W3C feed validator, BadCharacters',
    *check({ text }) {
      const at = text.indexOf('\uFFFD');
      if (at >= 0)
        yield fault(
          lineIndex(text)(at),
          'There is a � in place of a character that was lost: write the right one.',
        );
    },
  },
  {
    name: 'self-location',
    level: 'warning',
    section: 'W3C feed validator, SelfDoesntMatchLocation; WebSub, 4',
    *check({ self, url }) {
      if (self && url && self.url !== url) {
        yield fault(
          self,
          `The feed says that it lives at ${quote(self.url)}, but it was read from ${quote(url)}: make them the same.`,
        );
      }
    },
  },
  {
    name: 'content-type',
    level: 'error',
    section: 'RFC 7303, 9; RFC 4287, 7; JSON Feed 1.1, Suggestions for publishers',
    *check({ format, contentType }) {
      const type = contentType?.split(';')[0]!.trim().toLowerCase();
      if (type === undefined || [FORMAT_FILES[format].type, ...OTHER_TYPES[format]].includes(type)) return;
      yield fault(
        START,
        `It is served as ${type || 'nothing'}, where readers look for ${FORMAT_FILES[format].type}: set the Content-Type.`,
      );
    },
  },
  {
    name: 'charset',
    level: 'warning',
    section: 'RFC 7303, 3',
    *check({ format, contentType }) {
      if (contentType === undefined) return;
      const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
      if (charset ? charset.toLowerCase() === 'utf-8' : format === 'json') return;
      yield fault(
        START,
        `Its Content-Type ${charset ? `says charset=${charset}` : 'names no charset'}: add charset=utf-8.`,
      );
    },
  },
];

/** What a format may be served as too. */
const OTHER_TYPES = {
  rss: ['application/xml', 'text/xml'],
  atom: ['application/xml', 'text/xml'],
  json: ['application/json'],
} as const;

/** The first entry whose moment is later than that of the one before it. */
function firstRise(
  entries: EntryReading[],
  momentOf: (entry: EntryReading) => number | undefined,
): EntryReading | undefined {
  const dated = entries.filter((entry) => momentOf(entry) !== undefined);
  return dated.find((entry, index) => index > 0 && momentOf(entry)! > momentOf(dated[index - 1]!)!);
}

function hasMarkup({ title = '', titleType }: EntryReading): boolean {
  // What an XHTML title holds beside text is not in its own character data.
  if (titleType === 'xhtml') return false;
  // A closing tag, since a title may well name a tag in words.
  const hasTag = /<\/[a-z][a-z\d]*\s*>|<(?:br|img)\b[^<>]*>/i.test(title);
  return (
    hasTag ||
    (titleType === 'text' &&
      /&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d+|#x[\da-f]+);/i.test(title))
  );
}
