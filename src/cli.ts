/** The commands: a table of what each is called, takes and does. The only home of commander. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { readSettings } from './config.ts';
import type { Flags, Settings } from './config.ts';
import { build, check, validate } from './commands.ts';
import type { Options } from './commands.ts';
import type { Edge, ExitCode } from './edge.ts';
import { ledger, plan } from './history.ts';
import { serveOnly, start, workOnly } from './services.ts';
import { OVERRIDES } from './settings.ts';

interface Call {
  settings: () => Settings;
  /** What stands behind the command's name. */
  words: string[];
  options: Options;
}

const FLAGS = {
  json: 'answer as JSON',
  approve: 'publish what is held, too',
};

interface Row {
  name: string;
  help: string;
  /** Takes the settings' flags; `validate` needs none. */
  settings: boolean;
  /** Flags of its own. */
  flags: readonly (keyof typeof FLAGS)[];
  act(call: Call, edge: Edge): Promise<ExitCode>;
}

const COMMANDS: readonly Row[] = [
  { name: 'start', help: 'publish, keep publishing, and serve the feeds', settings: true, flags: [], act: ({ settings }, edge) => start(settings(), edge) },
  { name: 'build', help: 'publish once', settings: true, flags: ['json', 'approve'], act: ({ settings, options }, edge) => build(settings(), options, edge) },
  { name: 'plan', help: 'say what a build would change for subscribers, without publishing', settings: true, flags: ['json'], act: ({ settings, options }, edge) => plan(settings(), options, edge) },
  { name: 'work', help: 'publish now, on every change and on schedule, without serving', settings: true, flags: [], act: ({ settings }, edge) => workOnly(settings(), edge) },
  { name: 'serve', help: 'serve what is published, without publishing', settings: true, flags: [], act: ({ settings }, edge) => serveOnly(settings(), edge) },
  { name: 'check', help: 'say what is wrong in the posts, without publishing', settings: true, flags: ['json'], act: ({ settings, options }, edge) => check(settings(), options, edge) },
  { name: 'ledger [entries...]', help: 'list what is remembered of entries, or all that is known of some: ids, paths or permalinks', settings: true, flags: ['json'], act: ({ settings, words, options }, edge) => ledger(settings(), words, options, edge) },
  { name: 'validate <targets...>', help: 'judge feeds: files or http(s) URLs', settings: false, flags: ['json'], act: ({ words, options }, edge) => validate(words, options, edge) },
]; // prettier-ignore

/** Runs one command line, without the program's name. */
export async function runCommand(args: readonly string[], edge: Edge): Promise<ExitCode> {
  let exit: Promise<ExitCode> | undefined;
  const program = new Command('feedwright')
    .description('Publishes a folder of markdown posts as RSS, Atom and JSON Feed, and serves them.')
    .version(version(), '--version')
    .showSuggestionAfterError()
    .showHelpAfterError('(--help says what there is)')
    .configureOutput({ writeOut: edge.print, writeErr: edge.complain })
    .exitOverride();
  for (const row of COMMANDS) {
    const command = program.command(row.name).description(row.help).copyInheritedSettings(program);
    if (row.settings) {
      for (const { flag, help } of OVERRIDES) command.option(flag, help);
      command.option('--config <file>', 'settings (feedwright.yml)');
    }
    for (const flag of row.flags) command.option(`--${flag}`, FLAGS[flag]);
    command.action((...parts: unknown[]) => {
      const { json = false, approve = false, ...flags } = command.opts<Flags & Partial<Options>>();
      const words = Array.isArray(parts[0]) ? (parts[0] as string[]) : [];
      const settings = (): Settings => readSettings(flags, edge.env, edge.folder);
      exit = row.act({ settings, words, options: { json, approve } }, edge);
    });
  }
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return (await exit) ?? 2;
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
