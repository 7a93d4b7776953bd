/** Files of which nothing is known, read by several threads. */
import type { Place } from './files.ts';
import { hear, loadPost } from './read-file.ts';
import type { FileOptions, Known, Told } from './read-file.ts';
import { piecesOf, share } from './share.ts';

export interface Readers {
  count: number;
  /** Reads some files of a content folder. */
  read: (folder: string, files: readonly Place[], options: FileOptions) => Promise<Told[]>;
}

export interface TogetherOptions extends FileOptions {
  others: Readers;
  progress?: (done: number, all: number) => void;
}

/** So many files are given to one at a time. */
const PIECE = 32;

/** Reads files of which nothing is known, here and in the other threads. */
export async function readTogether(
  folder: string,
  places: readonly Place[],
  { others, progress, ...plain }: TogetherOptions,
): Promise<[string, Known][]> {
  let done = 0;
  const told = (read: [string, Known][]): [string, Known][] => {
    progress?.((done += read.length), places.length);
    return read;
  };
  const here = async (part: readonly Place[]): Promise<[string, Known][]> => {
    const read: [string, Known][] = [];
    for (const place of part) read.push([place.path, await loadPost(place, plain, folder)]);
    return told(read);
  };
  const there = async (part: readonly Place[]): Promise<[string, Known][]> => {
    const read = await others.read(folder, part, plain);
    return told(read.map((each, at) => [part[at]!.path, hear(each, plain)]));
  };
  return (await share(piecesOf(places, PIECE), here, there, others.count)).flat();
}
