/** HTML in which every value is escaped unless it was made here. */
import { escapeHtml } from '../../content/text.ts';

/** A piece of HTML, as opposed to text. */
export interface Html {
  readonly html: string;
}

type Value = string | number | Html | readonly Html[] | undefined;

/** A template whose values are text, and are escaped; pieces of HTML stay as they are, what is undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let made = parts[0]!;
  for (const [at, value] of values.entries()) made += asHtml(value) + parts[at + 1]!;
  return { html: made };
}

/** HTML that was made safe elsewhere, like an entry's content. */
export function safe(trusted: string): Html {
  return { html: trusted };
}

function asHtml(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapeHtml(value);
  return 'html' in value ? value.html : value.map((each) => each.html).join('');
}
