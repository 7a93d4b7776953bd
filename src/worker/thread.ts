/** What another thread does: reads files, renders entries. `threads.ts` starts it. */
import { parentPort } from 'node:worker_threads';
import { loadPost, tell } from '../content/read-file.ts';
import type { Told } from '../content/read-file.ts';
import { forgetFragments } from '../publish/render.ts';
import type { Rendered } from '../publish/render.ts';
import { gate } from '../validate/gate.ts';
import { renderAll } from './render-ahead.ts';
import type { Answer, Question } from './threads.ts';

parentPort?.on('message', (question: Question) => {
  void answerTo(question).then((answer) => parentPort!.postMessage(answer));
});

async function answerTo({ number, read, render }: Question): Promise<Answer> {
  try {
    if (read) return { number, told: await readFiles(read) };
    return { number, rendered: renderEntries(render!) };
  } catch (error) {
    return { number, failure: (error as Error).message };
  }
}

async function readFiles({ folder, files, options }: NonNullable<Question['read']>): Promise<Told[]> {
  const told: Told[] = [];
  for (const place of files) told.push(tell(await loadPost(place, options, folder)));
  return told;
}

function renderEntries({ tasks, site, options }: NonNullable<Question['render']>): Rendered[] {
  const whole = tasks.map(({ post, body, ...identified }) => ({
    post: { body: () => body, ...post },
    ...identified,
  }));
  const rendered = renderAll(whole, { site, options, gate }).map(
    ({ key, entry, bytes, lengths, fragments }) => {
      // Small buffers are parts of larger ones, and those would be copied as a whole.
      const { rss, atom, json } = fragments;
      const own = { rss: new Uint8Array(rss), atom: new Uint8Array(atom), json: new Uint8Array(json) };
      return { key, entry, bytes, lengths, fragments: own };
    },
  );
  forgetFragments();
  return rendered;
}
