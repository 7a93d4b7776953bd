/**
 * A map of which each value is made from a source when it is first asked for: of many thousand things in a document most are
 * never asked for.
 */
export class LazyMap<S, V extends object> extends Map<string, V> {
  readonly #make: (source: S, key: string) => V;

  constructor(make: (source: S, key: string) => V) {
    super();
    this.#make = make;
  }

  /** Puts a value that is not made yet. */
  lay(key: string, source: S): this {
    return super.set(key, new Unmade(source) as unknown as V);
  }

  /** What the value is to be made from, as long as nobody has asked for it. */
  sourceOf(key: string): S | undefined {
    const known: unknown = super.get(key);
    return known instanceof Unmade ? (known as Unmade<S>).source : undefined;
  }

  override get(key: string): V | undefined {
    const source = this.sourceOf(key);
    if (source === undefined) return super.get(key);
    const value = this.#make(source, key);
    this.set(key, value);
    return value;
  }

  override *entries(): MapIterator<[string, V]> {
    for (const key of super.keys()) yield [key, this.get(key)!];
  }

  override *values(): MapIterator<V> {
    for (const key of super.keys()) yield this.get(key)!;
  }

  override [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  override forEach(visit: (value: V, key: string, map: Map<string, V>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

/** Stands where a value is to be. */
class Unmade<S> {
  readonly source: S;

  constructor(source: S) {
    this.source = source;
  }
}
