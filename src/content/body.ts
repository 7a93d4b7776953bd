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
  const tooMuch = excess(matter.body);
  if (tooMuch) return { problems: [problem('error', tooMuch.line, tooMuch.rule, tooMuch.message)] };
  const { body, removed } = clearTemplates(matter.body, isMdx(path));
  const problems: Problem[] = [];
  const [first] = removed;
  if (first) {
    const shown = first.what.replace(/\s+/g, ' ').slice(0, 40);
    const others = removed.length > 1 ? ` and ${removed.length - 1} more of its kind` : '';
    const message = `"${shown}" is for a site generator and is left out${others}; code blocks keep such text`;
    problems.push(problem('warning', first.line, 'template', message));
  }
  return { body, problems };
}

export function isMdx(path: string): boolean {
  return /\.mdx$/i.test(path);
}
