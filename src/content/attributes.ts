/** Attribute lists in braces, as kramdown, Hugo and Zola read them: nothing that a reader should see. */

/** A token of markdown-it, as far as it is looked at here. */
interface Token {
  type: string;
  content: string;
  hidden: boolean;
  children: Token[] | null;
}

/** Classes, an id, key="value" and names: what may stand in braces. */
const ONE = String.raw`(?:[.#][\w:.#-]{1,100}|[\w-]{1,100}(?:=(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'|[^\s"'{}]{1,500}))?)`;
const LIST = String.raw`[ \t]*${ONE}(?:[ \t]+${ONE}){0,20}[ \t]*`;
/** kramdown begins one with a colon; the others' says what it is by its first sign. */
const BEGIN = String.raw`\{(?::|(?=[ \t]*[.#]))`;
/** On a line of its own, for the block beside it; `{:name: .class}` defines a list. */
const LINE = new RegExp(String.raw`^(?:${BEGIN}|\{:[\w-]{1,100}:)${LIST}\}[ \t]*$`);
/** Right behind what it is for. */
const BEHIND = new RegExp(String.raw`^${BEGIN}${LIST}\}`);
/** At the end of a heading. */
const HEADING = new RegExp(String.raw`[ \t]*${BEGIN}${LIST}\}[ \t]*$`);
/** In place of the list that it stands below. */
const TOC = /(?:^|\n)\{:[ \t]*toc(?:[ \t][^{}\n]*)?\}[ \t]*$/;

/** Takes attribute lists out of the tokens, which are changed. */
export function dropAttributes(tokens: Token[]): void {
  tokens.forEach((token, at) => {
    if (token.type !== 'inline' || !token.content.includes('{') || !token.children) return;
    const opening = tokens[at - 1];
    if (opening?.type === 'heading_open') dropAtEnd(token.children);
    if (/\{[ \t]*[:.#]/.test(token.content)) {
      if (TOC.test(token.content)) hideList(tokens, at);
      token.children = dropBehind(dropLines(token.children));
      const isEmpty = token.children.every(({ type, content }) => type === 'text' && content.trim() === '');
      if (isEmpty && opening?.type === 'paragraph_open') hide(tokens, at - 1, at + 1);
    }
  });
}

function dropAtEnd(children: Token[]): void {
  const last = children.at(-1);
  if (last?.type !== 'text' || !last.content.endsWith('}') || last.content.length > 5000) return;
  // What is behind the last opening brace, so that no text is looked through for each of its braces.
  const from = last.content.lastIndexOf('{');
  const blanks = /[ \t]*$/.exec(last.content.slice(Math.max(0, from - 20), from))![0].length;
  if (HEADING.test(last.content.slice(from))) last.content = last.content.slice(0, from - blanks);
}

/** Lines that are nothing but a list go with the break before them, else with the one behind. */
function dropLines(children: Token[]): Token[] {
  const isBreak = (token: Token | undefined): boolean =>
    token?.type === 'softbreak' || token?.type === 'hardbreak';
  const kept: Token[] = [];
  for (let at = 0; at < children.length; at++) {
    const token = children[at]!;
    const begins = kept.length === 0 || isBreak(kept.at(-1));
    const ends = at === children.length - 1 || isBreak(children[at + 1]);
    if (!begins || !ends || token.type !== 'text' || !LINE.test(token.content)) kept.push(token);
    else if (kept.length > 0) kept.pop();
    else at++;
  }
  return kept;
}

/** Behind emphasis, links, pictures and code. */
function dropBehind(children: Token[]): Token[] {
  children.forEach((token, at) => {
    const before = children[at - 1];
    if (token.type !== 'text' || !token.content.startsWith('{') || !before) return;
    if (/^(?:image|code_inline|\w+_close)$/.test(before.type))
      token.content = token.content.replace(BEHIND, '');
  });
  return children;
}

/** kramdown puts a table of contents in the place of a list; here there is none. */
function hideList(tokens: Token[], at: number): void {
  const isList = (index: number, what: string): boolean =>
    new RegExp(`^(?:bullet|ordered)_list_${what}$`).test(tokens[index]?.type ?? '');
  // A list of more than one item is somebody's own.
  if (tokens[at - 2]?.type === 'list_item_open' && isList(at - 3, 'open') && isList(at + 3, 'close'))
    hide(tokens, at - 3, at + 3);
}

function hide(tokens: Token[], from: number, to: number): void {
  for (const token of tokens.slice(from, to + 1)) {
    token.hidden = true;
    token.children &&= [];
  }
}
