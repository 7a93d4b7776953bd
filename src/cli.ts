/** The commands: a table of what each is called, takes and does. The only home of commander. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { readSettings } from './config.ts';
import type { Flags, Settings } from './config.ts';
import { build, check, validate } from './commands.ts';
import type { Edge, ExitCode } from './edge.ts';
import { serveOnly, start, workOnly } from './services.ts';
import { OVERRIDES } from './settings.ts';

interface Row {
  name: string;
  help: string;
  /** Takes the settings' flags; `validate` needs none. */
  settings: boolean;
  json: boolean;
  act(call: { settings: () => Settings; targets: string[]; json: boolean }, edge: Edge): Promise<ExitCode>;
}

const COMMANDS: readonly Row[] = [
  { name: 'start', help: 'publish, keep publishing, and serve the feeds', settings: true, json: false, act: ({ settings }, edge) => start(settings(), edge) },
  { name: 'build', help: 'publish once', settings: true, json: true, act: ({ settings, json }, edge) => build(settings(), json, edge) },
  { name: 'work', help: 'publish now, on schedule and on SIGHUP, without serving', settings: true, json: false, act: ({ settings }, edge) => workOnly(settings(), edge) },
  { name: 'serve', help: 'serve what is published, without publishing', settings: true, json: false, act: ({ settings }, edge) => serveOnly(settings(), edge) },
  { name: 'check', help: 'say what is wrong in the posts, without publishing', settings: true, json: true, act: ({ settings, json }, edge) => check(settings(), json, edge) },
  { name: 'validate <targets...>', help: 'judge feeds: files or http(s) URLs', settings: false, json: true, act: ({ targets, json }, edge) => validate(targets, json, edge) },
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
    if (row.json) command.option('--json', 'answer as JSON');
    command.action((...parts: unknown[]) => {
      const flags = command.opts<Flags & { json?: true }>();
      const targets = Array.isArray(parts[0]) ? (parts[0] as string[]) : [];
      const settings = (): Settings => readSettings(flags, edge.env, edge.folder);
      exit = row.act({ settings, targets, json: flags.json === true }, edge);
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
