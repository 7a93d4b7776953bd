/** Other threads that read and render, where there is much to do and the machine has more than one core. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Place } from '../content/files.ts';
import type { Readers } from '../content/read-together.ts';
import type { FileOptions, Told } from '../content/read-file.ts';
import type { Site } from '../publish/feed.ts';
import type { PublishOptions } from '../publish/publish.ts';
import { withFragments } from '../publish/render.ts';
import type { Rendered } from '../publish/render.ts';
import type { RenderTask, Renderers } from './render-ahead.ts';

/** What a thread is asked: one of both. */
export interface Question {
  number: number;
  read?: { folder: string; files: readonly Place[]; options: FileOptions };
  render?: { tasks: readonly RenderTask[]; site: Site; options: PublishOptions };
}

export interface Answer {
  number: number;
  told?: Told[];
  rendered?: Rendered[];
  failure?: string;
}

export interface Threads extends Readers, Renderers {
  close(): Promise<void>;
}

/** More would need more memory than they save time. */
const MOST = 3;

/** Threads that start when they are first asked; undefined where there is no core for them. */
export function createThreads(): Threads | undefined {
  const count = Math.min(MOST, availableParallelism() - 1);
  const script = new URL('./thread.js', import.meta.url);
  if (count < 1 || !existsSync(fileURLToPath(script))) return undefined;
  let threads: Thread[] | undefined;
  const ask = (question: Omit<Question, 'number'>): Promise<Answer> => {
    threads ??= Array.from({ length: count }, () => startThread(script));
    return threads.reduce((a, b) => (b.waiting() < a.waiting() ? b : a)).ask(question);
  };
  return {
    count,
    read: async (folder, files, options) => (await ask({ read: { folder, files, options } })).told!,
    render: async (tasks, site, options) => {
      const { rendered } = await ask({ render: { tasks, site, options } });
      return rendered!.map(({ fragments, ...each }) => withFragments(each, options.link, fragments));
    },
    close: async () => {
      await Promise.all((threads ?? []).map((thread) => thread.close()));
      threads = undefined;
    },
  };
}

interface Thread {
  ask(question: Omit<Question, 'number'>): Promise<Answer>;
  waiting(): number;
  close(): Promise<unknown>;
}

function startThread(script: URL): Thread {
  const worker = new Worker(script);
  const open = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>();
  let asked = 0;
  let fault: Error | undefined;
  const fail = (error: Error): void => {
    fault ??= error;
    for (const { reject } of open.values()) reject(error);
    open.clear();
  };
  worker.on('message', (answer: Answer) => {
    const { resolve, reject } = open.get(answer.number)!;
    open.delete(answer.number);
    if (answer.failure === undefined) resolve(answer);
    else reject(new Error(answer.failure));
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread has ended')));
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (fault) return reject(fault);
        const number = asked++;
        open.set(number, { resolve, reject });
        worker.postMessage({ number, ...question } satisfies Question);
      }),
    waiting: () => open.size,
    close: () => worker.terminate(),
  };
}
