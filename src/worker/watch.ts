/** Tells that posts in a content folder changed: as the system says so, or where it cannot, by looking now and then. */
import { watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { folderId, isGone, signatureOf, watchTree } from './watch-tree.ts';
import type { TreeWatch, Watching } from './watch-tree.ts';

export interface WatchOptions {
  /**
   * Called when a burst of changes is over, with the posts' files that may have changed: sorted, relative to the folder, with
   * `/`, in Unicode's composed form. Or with undefined if anything may have changed, or the folder is not there.
   */
  changed: (paths: readonly string[] | undefined) => void;
  /** Told once, in a sentence, why the folder cannot be watched and is looked through instead. */
  polling: (reason: string) => void;
  /** Milliseconds without a change after which a burst is over (200), and the longest that one is waited for (10,000). */
  settle?: number;
  patience?: number;
  /** Milliseconds between two looks at whether the folder is still the same (1000), and between two looks through it (5000). */
  rootEvery?: number;
  pollEvery?: number;
}

export interface FolderWatch {
  /** Nothing is called after this. */
  close(): void;
}

// Elsewhere Node makes a recursive watch of one watch per file, and the system's limit is soon reached.
const WATCHING: Watching = { watch, recursive: ['darwin', 'win32'].includes(process.platform) };

/**
 * Watches a folder, which need not be there yet, from before this returns until it is closed. Keeps no process alive. Links
 * inside are not followed. When looking begins, `changed` is called after the first look, since nobody knows what was missed.
 */
export function watchFolder(
  folder: string,
  { changed, polling, settle = 200, patience = 10_000, rootEvery = 1000, pollEvery = 5000 }: WatchOptions,
  watching: Watching = WATCHING,
): FolderWatch {
  const root = resolve(folder);
  const burst = startBurst(settle, patience, changed);
  let tree: TreeWatch | undefined;
  let fault: Error | undefined;
  let timer: NodeJS.Timeout | undefined;
  let doubtful: NodeJS.Immediate | undefined;
  // Who has waited for the disk goes on only if no other turn has begun meanwhile.
  let turns = 0;

  const renew = (): void => {
    tree?.close();
    tree = undefined;
    try {
      tree = watchTree(root, watching, { touched: burst.add, doubt, failed: doubt });
    } catch (error) {
      if (!isGone(error)) fault = error as Error;
    }
  };

  const doubt = (error?: Error): void => {
    if (fault) return;
    burst.add();
    // When all events are read that were waiting.
    doubtful ??= setImmediate(() => {
      doubtful = undefined;
      if (fault) return;
      renew();
      // That a watched folder was removed is a failure too, on Windows.
      if (tree) fault ??= error;
      goOn();
    });
  };

  const goOn = (): void => {
    const turn = ++turns;
    clearTimeout(timer);
    if (!fault) timer = setTimeout(() => void check(turn), rootEvery).unref();
    else {
      tree?.close();
      polling(reasonOf(fault));
      void look(turn);
    }
  };

  const check = async (turn: number): Promise<void> => {
    const about = await stat(root, { bigint: true }).catch(() => undefined);
    if (turn !== turns) return;
    if ((about && folderId(about)) !== tree?.id) {
      renew();
      burst.add();
    }
    goOn();
  };

  const look = async (turn: number, before?: string): Promise<void> => {
    const began = performance.now();
    const now = await signatureOf(root);
    if (turn !== turns) return;
    if (now !== before) burst.add();
    // However many posts there are, looking at them takes no more than a twentieth of the time.
    const pause = Math.max(pollEvery, 20 * (performance.now() - began));
    timer = setTimeout(() => void look(turn, now), pause).unref();
  };

  renew();
  if (!tree && !fault) burst.add();
  goOn();
  return {
    close: () => {
      turns++;
      clearTimeout(timer);
      clearImmediate(doubtful);
      burst.close();
      tree?.close();
    },
  };
}

/** Gathers paths, and gives them to `done` when none has come for `settle` milliseconds, or the first is `patience` old. */
function startBurst(settle: number, patience: number, done: WatchOptions['changed']) {
  const paths = new Set<string>();
  let anything = false;
  let quiet: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;
  let soon: NodeJS.Immediate | undefined;
  const close = (): void => {
    clearTimeout(quiet);
    clearTimeout(limit);
    clearImmediate(soon);
    quiet = undefined;
    anything = false;
    paths.clear();
  };
  const end = (): void => {
    const told = anything ? undefined : [...paths].sort();
    close();
    done(told);
  };
  // Where the process was busy for longer than `settle`, events wait that Node reads only after its timers.
  const endSoon = (): void => void (soon = setImmediate(end));
  return {
    close,
    /** Without a path: anything may have changed. */
    add: (path?: string): void => {
      if (path === undefined) anything = true;
      else paths.add(path);
      clearImmediate(soon);
      if (quiet) quiet.refresh();
      else {
        quiet = setTimeout(endSoon, settle).unref();
        limit = setTimeout(end, patience).unref();
      }
    },
  };
}

const REASONS: Record<string, string> = {
  ENOSPC:
    'the system’s limit on watched folders (fs.inotify.max_user_watches) is reached; raise it and start again',
  EMFILE:
    'the system’s limit on open files or on watching programs (fs.inotify.max_user_instances) is reached; raise it and start again',
  ENOSYS: 'this system cannot watch folders',
};

function reasonOf(fault: NodeJS.ErrnoException): string {
  const reason = REASONS[fault.code ?? ''] ?? `the system does not let it be watched: ${fault.message}`;
  return `the content folder is looked through every few seconds, not watched: ${reason}`;
}
