/** Rules for what is said in words: plain where it must be plain, whole, and in a language. */
import type { FeedDocument, Text } from './document.ts';
import { isHtmlElement } from './html-elements.ts';
import { languageFault } from '../content/language.ts';
import { lineIndex } from './place.ts';
import { fault, quote } from './rule.ts';
import type { Fault, Rule } from './rule.ts';

export const TEXT_RULES: Rule<FeedDocument>[] = [
  {
    name: 'plain-title',
    level: 'warning',
    section: 'RSS 2.0 title; RFC 4287, 4.2.14; JSON Feed 1.1 title',
    *check({ title, entries }) {
      for (const each of [title, ...entries.map((entry) => entry.title)]) {
        if (each && hasMarkup(each))
          yield fault(
            each,
            `The title ${quote(each.text)} holds HTML, which many readers show as it is: write plain text.`,
          );
      }
    },
  },
  {
    name: 'plain-summary',
    level: 'warning',
    section: 'RSS 2.0, Required channel elements; RFC 4287, 3.1.1.1; JSON Feed 1.1 summary',
    *check({ summaries }) {
      for (const each of summaries) {
        if (hasMarkup(each))
          yield fault(
            each,
            `The ${each.name} ${quote(each.text)} holds HTML, but it is plain text here, and shown as it is: write it without.`,
          );
      }
    },
  },
  {
    name: 'language',
    level: 'error',
    section: 'RSS 2.0 language; RFC 4287, 2; JSON Feed 1.1 language; RFC 5646',
    *check({ format, languages }) {
      for (const { tag, ...place } of languages) {
        // In Atom an empty one says that the language is not known (XML 1.0, 2.12).
        const wrong = format === 'atom' && tag === '' ? undefined : languageFault(tag);
        if (wrong) yield fault(place, `The language ${quote(tag)} ${wrong}.`);
      }
    },
  },
  {
    name: 'replacement-character',
    level: 'warning',
    section: 'W3C feed validator, BadCharacters',
    *check({ text }) {
      yield* first(
        text,
        text.indexOf('\uFFFD'),
        'There is a \uFFFD in place of a character that was lost: write the right one.',
      );
    },
  },
  {
    name: 'garbled-text',
    level: 'warning',
    section: 'W3C feed validator, BadCharacters',
    *check({ format, text }) {
      const match =
        GARBLED.exec(text) ?? (format === 'json' ? null : CONTROL_REFERENCE.exec(withoutCdata(text)));
      if (!match) return;
      const shown = quote(match[0].replace(/\p{Cc}/gu, '\u2423'));
      yield* first(
        text,
        match.index,
        `Here is ${shown}, which is left of a character that was saved in one encoding and read in another: write the right one, and save as UTF-8.`,
      );
    },
  },
];

/** Controls between U+0080 and U+009F, which only Windows means as letters, and UTF-8 that was taken for Windows-1252. */
const GARBLED =
  /[\u0080-\u009F]|\u00E2\u20AC[\u00A2\u00A6\u0153\u02DC\u2018-\u2122]|\u00C3[\u00A1-\u00BF]|\u00C2[\u00A0-\u00BF]/;
const CONTROL_REFERENCE = /&#(?:x0*[89][\da-f]|0*(?:12[89]|1[345]\d));/i;

/** With blanks in place of CDATA sections, in which references mean nothing to XML. */
function withoutCdata(xml: string): string {
  return xml.replace(/<!\[CDATA\[[^]*?\]\]>/g, (section) => ' '.repeat(section.length));
}

function* first(text: string, at: number, message: string): Generator<Fault> {
  if (at >= 0) yield fault(lineIndex(text)(at), message);
}

const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|#\d+|#x[\da-f]+);/i;

/** Whether a text looks like HTML, though it is none or should not be. */
export function hasMarkup({ text, type, source }: Text): boolean {
  // What an XHTML title holds beside text is not in its own character data.
  if (type === 'xhtml') return false;
  // A closing tag, since a text may well name a tag in words.
  for (const [, name] of text.matchAll(/<\/([a-z][a-z\d]*)\s*>/gi)) if (isHtmlElement(name!)) return true;
  if (isMeantPlain(source)) return false;
  return /<(?:br|img)\b[^<>]*>/i.test(text) || (type === 'text' && ENTITY.test(text));
}

/** Whether it is written as the RSS profile advises, so that careful readers know that no HTML is meant. */
export function isMeantPlain(source = ''): boolean {
  return /&#x/i.test(source);
}
