/** What a rule is: a row in a table, whose check names each place that breaks it. */
import type { Level } from '../content/post.ts';
import type { Circumstances } from './document.ts';
import type { Place } from './place.ts';

/** One sentence: what is wrong, where, and what to do. */
export interface Fault extends Place {
  message: string;
}

/** What is told of a rule. */
export interface RuleRow {
  /** For looking it up and for filtering. */
  name: string;
  level: Level;
  /** Where it is written, as a reader of the specification finds it. */
  section: string;
}

export interface Rule<Document> extends RuleRow {
  check(document: Document, circumstances: Circumstances): Iterable<Fault>;
}

/** A fault, and what is told of the rule that it breaks. */
export interface Found extends Fault {
  level: Level;
  /** The rule's name. */
  rule: string;
  section: string;
}

export function found({ name, level, section }: RuleRow, { line, column, message }: Fault): Found {
  return { line, column, level, rule: name, section, message };
}

export function fault({ line, column }: Place, message: string): Fault {
  return { line, column, message };
}

/** The text for a message: on one line, and not all of it. */
export function quote(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return `"${line.length > 60 ? `${line.slice(0, 60)}…` : line}"`;
}
