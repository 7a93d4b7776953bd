/** What markdown-it takes for addresses, and how long it looks at them. */
import type MarkdownIt from 'markdown-it';
import { PLAIN_LINK } from './urls.ts';

/** Longer than any address that somebody would want to be a link. */
const WORD_LIMIT = 2000;

/**
 * Links what GFM links: URLs, www. and mail addresses; `README.md` is none. Word by word, since no address holds a blank, and
 * linkify-it takes quadratic time on text without an end.
 */
export function linkWords(md: MarkdownIt): void {
  md.linkify.set({ fuzzyLink: false });
  md.linkify.add('www.', {
    validate: (text: string, at: number) =>
      /^(?:[\w-]+\.)+[a-z]{2,}(?:[/?#][^\s<>"]*[^\s<>"?!.,:*_~'])?/i.exec(text.slice(at))?.[0].length ?? 0,
    normalize: (match: { url: string }) => {
      match.url = `http://${match.url}`;
    },
  });
  const match = md.linkify.match.bind(md.linkify);
  md.linkify.pretest = mayLink;
  md.linkify.test = mayLink;
  md.linkify.match = (text) => {
    const found = [];
    for (const { 0: word, index } of text.matchAll(/\S+/g)) {
      if (word.length > WORD_LIMIT || !mayLink(word)) continue;
      for (const link of match(word) ?? []) {
        link.index += index;
        link.lastIndex += index;
        found.push(link);
      }
    }
    return found;
  };
  const matchAtStart = md.linkify.matchAtStart.bind(md.linkify);
  md.linkify.matchAtStart = (text) => {
    const [word] = /^\S*/.exec(text.slice(0, WORD_LIMIT + 1))!;
    return word.length > WORD_LIMIT ? null : matchAtStart(word);
  };
}

/** Whether a text has what no address is without. Looking for that is much faster than for what may stand before an address. */
function mayLink(text: string): boolean {
  return text.includes('@') || (text.includes('//') && text.includes(':')) || /www\./i.test(text);
}

/** What is plain it would take apart, encode by the character and put together again. */
export function passPlainLinks(md: MarkdownIt): MarkdownIt {
  const normalize = md.normalizeLink.bind(md);
  md.normalizeLink = (url) => (PLAIN_LINK.test(url) ? url : normalize(url));
  return md;
}
