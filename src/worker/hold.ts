/** Where the fragments of a run are until they are put into files: the first in memory, more than that in a file that nobody else sees. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apart, inMemory } from '../publish/render.ts';
import type { Hold } from '../publish/render.ts';

/** Bytes that are kept in memory. */
const ROOM = 48 * 1024 * 1024;

export interface Holder {
  hold: Hold;
  /** What is held is of no use afterwards. */
  close(): void;
}

export function createHolder(room = ROOM): Holder {
  let taken = 0;
  let file: OpenFile | undefined;
  return {
    hold(bytes, lengths) {
      taken += bytes.length;
      if (taken <= room) return inMemory(bytes, lengths);
      try {
        file ??= openFile();
        const [at, size] = [file.append(bytes), bytes.length];
        return () => apart(file!.read(at, size), lengths);
      } catch {
        // Where nothing can be written there is memory, perhaps.
        return inMemory(bytes, lengths);
      }
    },
    close: () => file?.close(),
  };
}

interface OpenFile {
  append(bytes: Uint8Array): number;
  read(at: number, length: number): Buffer;
  close(): void;
}

function openFile(): OpenFile {
  const path = join(tmpdir(), `feedwright-${randomBytes(12).toString('hex')}`);
  const handle = openSync(path, 'wx+', 0o600);
  // Most systems let go of it with the process that has it open, whatever becomes of that; others, when it is closed.
  const isGone = removed(path);
  let size = 0;
  return {
    append(bytes) {
      const at = size;
      for (let done = 0; done < bytes.length;)
        done += writeSync(handle, bytes, done, bytes.length - done, at + done);
      size += bytes.length;
      return at;
    },
    read(at, length) {
      const bytes = Buffer.allocUnsafeSlow(length);
      let done = 0;
      for (let read = -1; read !== 0 && done < length; done += read)
        read = readSync(handle, bytes, done, length - done, at + done);
      if (done < length) throw new Error('what was rendered cannot be read again');
      return bytes;
    },
    close() {
      closeSync(handle);
      if (!isGone) removed(path);
    },
  };
}

function removed(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}
