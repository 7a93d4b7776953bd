/** Footnotes as HTML: each entry's own, since feeds show many entries in one page. */
import { escapeHtml } from './text.ts';

/** A token of markdown-it, as far as it is looked at here. */
interface Token {
  meta: { id: number; subId?: number };
}

/** Where the text will be, and what its footnotes are called there. */
interface Env {
  base: string;
  idPrefix: string;
}

type Rule = (tokens: readonly Token[], at: number, options: unknown, env: Env) => string;

/** Rules of a renderer, by the tokens that they write. */
export const FOOTNOTES: Readonly<Record<string, Rule>> = {
  footnote_ref: (tokens, at, _options, { base, idPrefix }) => {
    const { number, again } = numberOf(tokens[at]!);
    return `<sup id="${idPrefix}-ref-${number}${again}"><a href="${escapeHtml(`${base}#${idPrefix}-${number}`)}">${number}</a></sup>`;
  },
  footnote_block_open: () => '<hr>\n<section>\n<ol>\n',
  footnote_open: (tokens, at, _options, { idPrefix }) =>
    `<li id="${idPrefix}-${numberOf(tokens[at]!).number}">`,
  footnote_anchor: (tokens, at, _options, { base, idPrefix }) => {
    const { number, again } = numberOf(tokens[at]!);
    return ` <a href="${escapeHtml(`${base}#${idPrefix}-ref-${number}${again}`)}">↩\uFE0E</a>`;
  },
};

function numberOf({ meta: { id, subId } }: Token): { number: number; again: string } {
  return { number: id + 1, again: subId ? `-${subId}` : '' };
}
