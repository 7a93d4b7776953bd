/**
 * The parse-back: every fragment and every head is read again as a reader would, and what it says is compared with what it
 * should say. Nothing that fails is published.
 */
import type { FormatName, Gate } from '../publish/feed.ts';
import { atom } from './read-back-atom.ts';
import { json } from './read-back-json.ts';
import { rss } from './read-back-rss.ts';
import type { ReadBack, Saying } from './read-back.ts';

const FORMATS: Record<FormatName, ReadBack> = { rss, atom, json };

/** Each answers with what is wrong, in words, or nothing. */
export const gate: Gate = {
  head: (format, document, feed, site) =>
    judge(() => differences(FORMATS[format].readHead(document), FORMATS[format].head(feed, site))),
  fragment: (format, fragment, entry, link) =>
    judge(() => differences(FORMATS[format].readEntry(fragment), FORMATS[format].entry(entry, link))),
};

function judge(compare: () => string | undefined): string | undefined {
  try {
    return compare();
  } catch (error) {
    return `it cannot be read back: ${(error as Error).message}`;
  }
}

function differences(said: Saying, meant: Saying): string | undefined {
  for (const name in { ...meant, ...said }) {
    if (isSame(said[name], meant[name])) continue;
    const [is, should] = [JSON.stringify(said[name]) ?? 'nothing', JSON.stringify(meant[name]) ?? 'nothing'];
    if (is !== should) return `its ${name} reads back as ${shorten(is)} instead of ${shorten(should)}`;
  }
  return undefined;
}

/** Whether two values are the same to the last; most are, and to write them down takes longer. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((each, at) => each === b[at]);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
