/** What else than the posts a run depends on. */
import type { RunInput } from './runs.ts';

/** All settings that what is remembered was made with, as text: it is of use only where they are the same. */
export function settingsOf({ contentFolder, maxFile, site, options, history }: RunInput): string {
  const { media: _, sources, ...others } = options;
  return JSON.stringify([
    contentFolder,
    maxFile,
    site,
    others,
    [...sources],
    history.hold,
    history.tombstones,
  ]);
}
