/** Entries that feeds are likely to show, rendered before the feeds are made: a server in the same process has its turn in between. */
import { setImmediate as breath } from 'node:timers/promises';
import type { PublishInput } from '../publish/publish.ts';
import { createRenderer } from '../publish/render.ts';
import type { Rendered } from '../publish/render.ts';

/** Milliseconds after which others get their turn. */
const SLICE = 10;

/** By id, what is rendered; what is missing is rendered when it is needed. */
export async function renderAhead(input: PublishInput): Promise<ReadonlyMap<string, Rendered>> {
  const { limit, bytes } = input.options;
  const { render, rendered } = createRenderer(input);
  let begun = performance.now();
  for (const { folder, listings } of input.feeds) {
    let spent = 0;
    for (const { id } of limit > 0 ? listings.slice(0, limit) : listings) {
      spent += render(id, folder)?.bytes ?? 0;
      if (limit > 0 && spent > bytes) break;
      if (performance.now() - begun < SLICE) continue;
      await breath();
      begun = performance.now();
    }
  }
  return rendered;
}
