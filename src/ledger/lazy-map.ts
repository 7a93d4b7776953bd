/**
 * A map of which each value is made from a source when it is first asked for: of many thousand things in a document most are
 * never asked for.
 */
export class LazyMap<S, V extends object> extends Map<string, V> {
  readonly #make: (source: S, key: string) => V;
  readonly #sources = new Map<string, S>();

  constructor(make: (source: S, key: string) => V) {
    super();
    this.#make = make;
  }

  /** Puts a value that is not made yet. */
  lay(key: string, source: S): this {
    this.#sources.set(key, source);
    return super.set(key, undefined as unknown as V);
  }

  /** What the value is to be made from, as long as nobody has asked for it. */
  sourceOf(key: string): S | undefined {
    return this.#sources.get(key);
  }

  override get(key: string): V | undefined {
    const known = super.get(key);
    if (known !== undefined) return known;
    const source = this.#sources.get(key);
    if (source === undefined) return undefined;
    const value = this.#make(source, key);
    this.set(key, value);
    return value;
  }

  override set(key: string, value: V): this {
    this.#sources.delete(key);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#sources.delete(key);
    return super.delete(key);
  }

  override clear(): void {
    this.#sources.clear();
    super.clear();
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
