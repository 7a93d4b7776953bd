/** The text of a post, as it may be rendered. */
import type { FrontMatter } from './front-matter.ts';
import { excess } from './limits.ts';
import type { Problem } from './post.ts';
import { clearTemplates } from './templates.ts';

/** A post's markdown without templates, and what is to be said about it; no body if it is more than one post may be. */
export function readBody(path: string, matter: FrontMatter): { body?: string; problems: Problem[] } {
  const problem = (level: Problem['level'], line: number, rule: string, message: string): Problem => ({
    level,
    file: path,
    line: matter.bodyLine + line,
    rule,
    message,
  });
  const tooMuch = excess(matter.body, path);
  if (tooMuch) return { problems: [problem('error', tooMuch.line, tooMuch.rule, tooMuch.message)] };
  const { body, removed } = clearTemplates(matter.body, path);
  const problems: Problem[] = [];
  const [first] = removed;
  if (first) {
    const more = removed.length - 1;
    const others = more === 0 ? '' : more === 1 ? ', and so is another' : `, and so are ${more} others`;
    const message = `${shown(first.what)} is for a site generator and is left out${others}; code keeps such text`;
    problems.push(problem('warning', first.line, 'template', message));
  }
  return { body, problems };
}

/** A tag as far as it is needed to find it. */
function shown(tag: string): string {
  const text = tag.replace(/\s+/g, ' ');
  if (text.length <= 60) return text;
  const word = text.lastIndexOf(' ', 60);
  return word > 30 ? `${text.slice(0, word)} …` : `${text.slice(0, 60)}…`;
}
