/** Where published files live. Names are relative, with `/` between their parts: `tags/rust/feed.xml`. */

/** What is private in a store: never served, and not needed where only the feeds are deployed. */
export const PRIVATE = '.feedwright/';

export interface Stat {
  name: string;
  /** Bytes. */
  size: number;
  /** When the bytes last changed, in milliseconds since 1970. */
  modified: number;
  /** Changes whenever the file is put; equal versions mean equal bytes. */
  version: string;
}

export interface Stored extends Stat {
  body: Buffer;
}

/** A right that one holder at a time has, until it is released or its time is up. */
export interface Lease {
  /** Asks for another `ttl`; false if the lease was lost. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/** Errors: a method rejects when the store cannot be reached or written; a missing file is no error. */
export interface Store {
  /** The whole file, or undefined if there is none. */
  get(name: string): Promise<Stored | undefined>;
  /** What is known of the file without reading it, or undefined if there is none. */
  stat(name: string): Promise<Stat | undefined>;
  /** Stores the whole file or nothing: a reader sees the old bytes or the new, and after it resolves a crash does not undo it. */
  put(name: string, body: Uint8Array): Promise<void>;
  /** All files whose names begin with `prefix`, sorted by name; the private ones only if the prefix asks for them. */
  list(prefix?: string): Promise<Stat[]>;
  /** Removes the file; it is no error if there is none. */
  remove(name: string): Promise<void>;
  /** Takes the lease `name` for `ttl` milliseconds, or gives undefined while somebody else holds it. */
  lease(name: string, ttl: number): Promise<Lease | undefined>;
  close(): Promise<void>;
}
