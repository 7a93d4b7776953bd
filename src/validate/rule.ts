/** What a rule is: a row in a table, whose check names each place that breaks it. */
import type { Level } from '../content/post.ts';
import type { Place } from './place.ts';

/** One sentence: what is wrong, where, and what to do. */
export interface Fault extends Place {
  message: string;
}

export interface Rule<Document> {
  /** For looking it up and for filtering. */
  name: string;
  level: Level;
  /** Where it is written, as a reader of the specification finds it. */
  section: string;
  check(document: Document): Iterable<Fault>;
}

export function fault({ line, column }: Place, message: string): Fault {
  return { line, column, message };
}

/** The text for a message: on one line, and not all of it. */
export function quote(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
}
