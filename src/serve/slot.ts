/** One feed's file as the server knows it, and how it gets into memory. */
import type { LRUCache } from 'lru-cache';
import type { FileRecord } from '../store/catalogue.ts';
import type { Store } from '../store/store.ts';
import type { Timing } from './freshness.ts';
import type { Encoding } from './headers.ts';
import { LARGE, prepare } from './prepared.ts';
import type { Answer, Prepared } from './prepared.ts';
import { isWhole } from './whole.ts';

/** What is asked for, by name; what was not asked for longest goes first. */
export type Memory = LRUCache<string, Prepared>;

/** What a file is now: by the catalogue its hash and when it changed, without one only the store's version. */
export type Mark = FileRecord | { version: string };

export interface ShelfFile {
  readonly name: string;
  /** How often its feed changes. */
  readonly timing: Timing;
  /** What is in memory, to be answered with at once. */
  readonly current: Prepared | undefined;
  /** Reads the file, once however many ask at the same time. Rejects if it cannot be had. */
  load(): Promise<Prepared>;
  /** Makes an encoding of what was loaded ready. */
  encode(file: Prepared, encoding: Encoding): Promise<Answer>;
}

export interface Slot extends ShelfFile {
  expect(mark: Mark, timing: Timing): void;
  /** Reads the file again if it is, or is about to be, in memory as it was before. */
  catchUp(): Promise<void>;
}

export interface SlotOptions {
  store: Store;
  memory: Memory;
  /** Where the feeds are served; ends with `/`. */
  feedsUrl: string;
  now: () => number;
}

export function createSlot(name: string, { store, memory, feedsUrl, now }: SlotOptions): Slot {
  let expected: Mark | undefined;
  let timing: Timing = {};
  let loading: Promise<Prepared> | undefined;

  async function read(): Promise<Prepared> {
    const before = memory.get(name);
    const record = expected && 'hash' in expected ? expected : undefined;
    const stored = await store.get(name);
    if (!stored) throw new Error(`${name} is in the store's index but not in the store`);
    const prepared = prepare(stored, record, feedsUrl, now());
    // A run that was killed leaves files that the index does not know yet; what is no whole feed was damaged by somebody else.
    if (record && record.hash !== prepared.hash && !isWhole(stored))
      throw new Error(`${name} is damaged in the store; the next full run writes it again`);
    // Who had it compressed gets it compressed at once.
    for (const encoding of before?.made() ?? []) await prepared.make(encoding);
    memory.set(name, prepared);
    return prepared;
  }
  function load(): Promise<Prepared> {
    loading ??= read().finally(() => (loading = undefined));
    return loading;
  }
  async function encode(file: Prepared, encoding: Encoding): Promise<Answer> {
    // Nobody waits for the one, which is made as soon as somebody takes the other.
    if (encoding === 'gzip' && file.size > LARGE) void encode(file, 'br');
    const answer = await file.make(encoding);
    // It takes more memory now. Of a value that is there already the cache would not look at the size again.
    if (memory.peek(name) === file) {
      memory.delete(name);
      memory.set(name, file);
    }
    return answer;
  }
  const isCurrent = (current: Prepared): boolean =>
    expected !== undefined &&
    ('hash' in expected ? expected.hash === current.hash : expected.version === current.version);

  return {
    name,
    get timing() {
      return timing;
    },
    get current() {
      return memory.get(name);
    },
    load,
    encode,
    expect(mark, how) {
      expected = mark;
      timing = how;
    },
    async catchUp() {
      // A read under way may have begun before the change.
      await loading?.catch(() => {});
      const current = memory.peek(name);
      if (current && !isCurrent(current)) await load();
    },
  };
}
