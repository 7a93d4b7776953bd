/** The text of a new post. Pure. */
import type { PostShape } from './layout.ts';
import { scalar } from './yaml-text.ts';

/** A post's file as it begins: front matter, and room for the text. */
export function postText(
  {
    title,
    link,
    tags,
    draft,
    date,
  }: { title: string; link?: string; tags: string[]; draft: boolean; date: string },
  { date: dateKey = 'date', draft: draftLine = 'draft: true', also = [], nested }: PostShape,
): string {
  const tagLines = tags.length > 0 ? [`tags: [${tags.map(scalar).join(', ')}]`] : [];
  const linkLines = link === undefined ? [] : ['post_kind: link', `external_url: ${scalar(link)}`, '# tldr:'];
  const within = (table: string, lines: string[]): string[] =>
    nested && lines.length > 0 ? [`${table}:`, ...lines.map((line) => `  ${line}`)] : lines;
  const lines = [
    `title: ${scalar(title)}`,
    ...also,
    `${dateKey}: ${date}`,
    ...(draft ? [draftLine] : []),
    ...within('taxonomies', tagLines),
    ...within('extra', linkLines),
  ];
  return `---\n${lines.join('\n')}\n---\n\n`;
}
