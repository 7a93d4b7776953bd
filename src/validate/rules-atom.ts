/** Atom 1.0 (RFC 4287), with its tombstones (RFC 6721): rules for the feed and its entries. */
import type { AtomDocument } from './document.ts';
import { readRfc3339 } from './moments.ts';
import { fault, quote } from './rule.ts';
import type { Rule } from './rule.ts';
import { isAbsolute } from './syntax.ts';
import { named, repeatedIn } from './vocabulary.ts';
import { NS, child, childText, children } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** What Atom itself knows in each of its constructs; the starred may stand there more than once. */
const CONSTRUCTS = {
  feed: named(
    'author* category* contributor* generator icon id link* logo rights subtitle title updated entry*',
  ),
  entry: named(
    'author* category* content contributor* id link* published rights source summary title updated',
  ),
  source: named('author* category* contributor* generator icon id link* logo rights subtitle title updated'),
  author: named('name uri email'),
  contributor: named('name uri email'),
};

export const ATOM_RULES: Rule<AtomDocument>[] = [
  {
    name: 'atom-required',
    level: 'error',
    section: 'RFC 4287, 4.1.1 and 4.1.2',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries]) {
        for (const name of ['id', 'title', 'updated']) {
          const one = child(element, name, NS.atom);
          // Only a title may be empty.
          if (!one || (name !== 'title' && !one.text.trim()))
            yield fault(one ?? element, `The ${element.name} has no ${name}: add <${name}>.`);
        }
      }
    },
  },
  {
    name: 'unknown-element',
    level: 'error',
    section: 'RFC 4287, 4.1',
    *check(document) {
      for (const { element, known } of constructs(document)) {
        for (const one of element.children) {
          if (one.uri === '')
            yield fault(one, `<${one.name}> is in no namespace: give it one, or remove it.`);
          else if (one.uri === NS.atom && !known.has(one.name))
            yield fault(one, `Atom has no <${one.name}> in <${element.name}>: remove it.`);
        }
      }
    },
  },
  {
    name: 'repeated-element',
    level: 'error',
    section: 'RFC 4287, 4.1.1 and 4.1.2',
    *check(document) {
      for (const { element, known } of constructs(document)) yield* repeatedIn(element, NS.atom, known);
    },
  },
  {
    name: 'atom-id',
    level: 'error',
    section: 'RFC 4287, 4.2.6',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries]) {
        const id = child(element, 'id', NS.atom);
        if (id?.text.trim() && !isAbsolute(id.text))
          yield fault(
            id,
            `The id ${quote(id.text)} is no IRI: write one like tag:example.com,2024:post, without blanks around it.`,
          );
      }
    },
  },
  {
    name: 'atom-date',
    level: 'error',
    section: 'RFC 4287, 3.3; RFC 3339, 5.6',
    *check({ tree: { feed, entries } }) {
      for (const element of [feed, ...entries]) {
        for (const date of [
          ...children(element, 'updated', NS.atom),
          ...children(element, 'published', NS.atom),
        ]) {
          const reading = readRfc3339(date.text);
          if (date.text && 'fault' in reading)
            yield fault(date, `The date ${quote(date.text)} ${reading.fault}.`);
        }
      }
    },
  },
  {
    name: 'published-after-updated',
    level: 'warning',
    section: 'RFC 4287, 4.2.9 and 4.2.15',
    *check({ entries }) {
      for (const entry of entries) {
        if (entry.published !== undefined && entry.updated !== undefined && entry.published > entry.updated) {
          yield fault(
            entry,
            'The entry was updated before it was published: set updated to published or later.',
          );
        }
      }
    },
  },
  {
    name: 'feed-updated',
    level: 'warning',
    section: 'RFC 4287, 4.2.15',
    *check({ entries, tree: { feed } }) {
      const updated = child(feed, 'updated', NS.atom);
      const reading = readRfc3339(updated?.text ?? '');
      const newest = entries.reduce((latest, entry) => Math.max(latest, entry.updated ?? latest), -Infinity);
      // Of one from before there were feeds the rule `feed-date` speaks.
      if (updated && 'moment' in reading && reading.moment < newest && reading.moment >= Date.UTC(1990)) {
        yield fault(
          updated,
          `The feed was updated before its newest entry: set it to ${new Date(newest).toISOString().replace('.000', '')}.`,
        );
      }
    },
  },
  {
    name: 'duplicate-updated',
    level: 'warning',
    section: 'RFC 4287, 4.1.1; W3C feed validator, DuplicateUpdated',
    *check({ entries }) {
      const lines = new Map<number, number>();
      for (const entry of entries) {
        if (entry.updated === undefined) continue;
        const line = lines.get(entry.updated);
        if (line === undefined) lines.set(entry.updated, entry.line);
        else
          yield fault(
            entry,
            `This entry was updated at the same moment as the one on line ${line}, so readers cannot tell which is newer: give each its own time of day.`,
          );
      }
    },
  },
  {
    name: 'entries-last',
    level: 'warning',
    section: 'W3C feed validator, MisplacedMetadata',
    *check({ tree: { feed, entries } }) {
      const first = feed.children.indexOf(entries[0]!);
      const late = feed.children.slice(first).find((one) => one.uri === NS.atom && one.name !== 'entry');
      if (entries.length > 0 && late)
        yield fault(
          late,
          `<${late.name}> stands after the first entry, where readers that stop early miss it: put all entries last.`,
        );
    },
  },
  {
    name: 'atom-author',
    level: 'error',
    section: 'RFC 4287, 4.1.1 and 3.2.1',
    *check({ tree: { feed, entries } }) {
      const people = [feed, ...entries].flatMap((element) => [
        ...children(element, 'author', NS.atom),
        ...children(element, 'contributor', NS.atom),
      ]);
      for (const person of people) {
        if (!childText(person, 'name', NS.atom))
          yield fault(person, `The ${person.name} has no name: add <name>.`);
      }
      if (child(feed, 'author', NS.atom)) return;
      for (const entry of entries) {
        const source = child(entry, 'source', NS.atom);
        if (child(entry, 'author', NS.atom) || (source && child(source, 'author', NS.atom))) continue;
        yield fault(
          entry,
          'Neither the entry nor the feed has an author: add <author><name>...</name></author> to one.',
        );
      }
    },
  },
  {
    name: 'category-term',
    level: 'error',
    section: 'RFC 4287, 4.2.2.1',
    *check({ tree: { feed, entries } }) {
      for (const category of [feed, ...entries].flatMap((element) =>
        children(element, 'category', NS.atom),
      )) {
        if (!category.attributes['term']?.trim())
          yield fault(category, 'The category has no term: add term="...", or remove it.');
      }
    },
  },
  {
    name: 'tombstone',
    level: 'error',
    section: 'RFC 6721, 3',
    *check({ tree: { feed } }) {
      for (const tombstone of children(feed, 'deleted-entry', NS.tombstones)) {
        const { ref = '', when = '' } = tombstone.attributes;
        const reading = readRfc3339(when);
        if (!isAbsolute(ref))
          yield fault(tombstone, 'The deleted entry has no ref that is an IRI: write the id that it had.');
        if ('fault' in reading)
          yield fault(tombstone, `The deleted entry has no date: its when ${quote(when)} ${reading.fault}.`);
      }
    },
  },
];

/** The feed, its entries and what is made of parts in them, each with what it may hold. */
function* constructs({
  tree: { feed, entries },
}: AtomDocument): Generator<{ element: XmlElement; known: Map<string, boolean> }> {
  const rest = [feed, ...entries];
  for (const element of rest) {
    const known = CONSTRUCTS[element.name as keyof typeof CONSTRUCTS];
    yield { element, known };
    for (const name of ['source', 'author', 'contributor'])
      if (known.has(name)) rest.push(...children(element, name, NS.atom));
  }
}
