/** Slots: URNs that mean nothing and stand in a document where values belong, which are filled in escaped for where they stand. */

/** What gives a place to each value, and fills them all in. */
export interface Slots {
  /** Plain text, an id or an address, for an element or an attribute. */
  slot: (value: string) => string;
  /** A title of RSS. */
  title: (value: string) => string;
  /** HTML, for an element that is a CDATA section. */
  html: (value: string) => string;
  /** A moment that is written as `value`, however it is asked to write itself. */
  moment: (value: string) => Date;
  /** The document with every slot filled in. */
  fill: (document: Skeleton) => string;
}

/** A document cut at its slots: texts, with the number of a slot between two. */
export interface Skeleton {
  texts: readonly string[];
  numbers: readonly number[];
}

export function skeletonOf(document: string): Skeleton {
  const parts = document.split(/<!\[CDATA\[urn:slot:(\d+):\]\]>|urn:slot:(\d+):/);
  const texts: string[] = [];
  const numbers: number[] = [];
  // A text, then the number that one of the two patterns found.
  for (let at = 0; at < parts.length; at += 3) {
    texts.push(parts[at]!);
    if (at + 1 < parts.length) numbers.push(Number(parts[at + 1] ?? parts[at + 2]));
  }
  return { texts, numbers };
}

export function slots(): Slots {
  const values: string[] = [];
  const add = (value: string): string => `urn:slot:${values.push(value) - 1}:`;
  return {
    slot: (value) => add(escapeXml(value)),
    title: (value) => add(escapeTitle(value)),
    // In HTML the two mean the same.
    html: (value) => add(`<![CDATA[${value.replaceAll(']]>', ']]&gt;')}]]>`),
    moment: (value) => new SlotDate(add(value)),
    fill: ({ texts, numbers }) => {
      let filled = texts[0]!;
      for (const [at, number] of numbers.entries()) filled += values[number]! + texts[at + 1]!;
      return filled;
    },
  };
}

class SlotDate extends Date {
  private readonly slot: string;

  constructor(slot: string) {
    super(0);
    this.slot = slot;
  }
  override toISOString(): string {
    return this.slot;
  }
  override toUTCString(): string {
    return this.slot;
  }
}

/**
 * Text for an element or a quoted attribute. Simple parsers know the five named references and no others: to them a fragment begins at
 * the `#` of `&#x26;`. Line ends and tabs as references, since attributes would lose them.
 */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"\t\n]/g, (c) => XML[c]!);
}

const XML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
};

/** `&` and `<` in the form that the RSS profile recommends: readers that take plain text for HTML show it right as well. */
function escapeTitle(text: string): string {
  return text.replace(/[&<>"\t\n]/g, (c) => TITLE[c]!);
}

const TITLE: Record<string, string> = { ...XML, '&': '&#x26;', '<': '&#x3C;' };
