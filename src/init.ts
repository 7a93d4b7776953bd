/** The command `init`: looks at the folder it is run in, and writes feedwright.yml for what it finds. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adopt, allowedSite } from './setup/adopt.ts';
import type { Adopted } from './setup/adopt.ts';
import { UsageError } from './edge.ts';
import type { Edge, ExitCode } from './edge.ts';
import type { Found } from './setup/layout.ts';
import { ConfigError } from './setup/layout.ts';
import { plain, recognise } from './setup/table.ts';
import { count } from './report.ts';
import { settingsText } from './setup/settings-text.ts';
import { filesOf, survey } from './setup/survey.ts';
import type { Survey } from './setup/survey.ts';

const NAME = 'feedwright.yml';

export async function init({ dryRun }: { dryRun: boolean }, edge: Edge): Promise<ExitCode> {
  const there = [NAME, 'feedwright.yaml'].find((name) => existsSync(join(edge.folder, name)));
  if (there !== undefined && !dryRun)
    throw new UsageError([
      `${there} is here already and stays as it is; edit it, or move it away and run "feedwright init" again`,
    ]);
  const { layout, found } = recognised(edge.folder);
  const timezone = allowedSite(found).site.timezone ?? 'UTC';
  const seen = await survey(join(edge.folder, found.dir), timezone, Date.now());
  const adopted = adopt(layout, found, seen);
  const text = settingsText(adopted);
  if (isElsewhere(found, seen)) {
    edge.complain(`${report(adopted)}\n${nothingFound(found, seen)}\n`);
    return 1;
  }
  if (!dryRun) writeFileSync(join(edge.folder, NAME), text, { flag: 'wx' });
  edge.print(`${report(adopted)}\n`);
  if (dryRun) edge.print(`${NAME} would be:\n\n${text}`);
  else edge.print(`Wrote ${NAME}. Next: ${nextStep(seen)}, then feedwright start.\n`);
  return 0;
}

function nextStep({ posts, hidden }: Survey): string {
  return posts.length + hidden.length > 0 ? 'feedwright check' : 'feedwright new "My first post"';
}

function recognised(folder: string): ReturnType<typeof plain> {
  const files = filesOf(folder);
  try {
    return recognise(files) ?? plain(files);
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError([error.message]) : error;
  }
}

/** Whether there is something to publish from, and no post where posts were looked for. */
function isElsewhere({ config, notes }: Found, { posts, hidden, undated, errors }: Survey): boolean {
  if (posts.length + hidden.length > 0) return false;
  return config !== undefined || notes.length + undated.length + errors.length > 0;
}

function nothingFound({ dir }: Found, { undated }: Survey): string {
  const why = undated.length > 0 ? 'what is there has no date, and posts need one' : 'there are no posts';
  const where = dir === '.' ? 'this folder' : dir;
  return `Nothing was written: in ${where} ${why}. Write one, or run "feedwright init" again in the folder of your posts, or write feedwright.yml by hand with content.dir`;
}

/** What was found and decided, for people. */
function report(adopted: Adopted): string {
  const { layout, config, site, dir, permalink, generator, posts, hidden, notes } = adopted;
  const what = config === undefined ? 'Found no generator' : `Found ${layout.name} (${config})`;
  const kept = hidden > 0 ? `, ${hidden} kept back` : '';
  const { author, ...words } = site;
  const settings = {
    ...Object.fromEntries(Object.entries(words).map(([key, value]) => [`site.${key}`, value])),
    ...(author && { 'site.author': Object.values(author).join(', ') }),
    'content.dir': dir,
    ...(typeof permalink === 'string'
      ? { 'content.permalink': permalink }
      : Object.fromEntries(
          Object.entries(permalink).map(([folder, pattern]) => [`content.permalink.${folder}`, pattern]),
        )),
    ...(generator && { 'content.generator': generator }),
  };
  return [
    `${what}, ${count(posts, 'post')}${kept} in ${dir === '.' ? 'this folder' : dir}.`,
    ...Object.entries(settings).map(([key, value]) => `  ${key.padEnd(18)} ${value}`),
    ...notes.map((note) => `Note: ${note}.`),
  ].join('\n');
}
