/** The commands: a table of what each is called, takes and does. The only home of commander. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { readSettings } from './config.ts';
import type { Flags, Settings } from './config.ts';
import type { Options } from './commands.ts';
import type { Edge, ExitCode } from './edge.ts';
import { optional } from './content/values.ts';
import { OVERRIDES } from './settings.ts';

interface Call {
  settings: () => Settings;
  /** What stands behind the command's name. */
  words: string[];
  options: Options & Own;
}

/** The flags of single commands. */
interface Own {
  dryRun: boolean;
  draft: boolean;
  link?: string;
  tags?: string;
}

const FLAGS = {
  json: ['--json', 'answer as JSON'],
  approve: ['--approve', 'publish what is held, too'],
  dryRun: ['--dry-run', 'say what would be written, and write nothing'],
  draft: ['--draft', 'keep the post back'],
  link: ['--link <url>', 'what the post points to; makes a link post'],
  tags: ['--tags <list>', 'its tags, parted by commas'],
} as const satisfies Record<keyof (Options & Own), readonly [string, string]>;

interface Row {
  name: string;
  help: string;
  /** Takes the settings' flags; `validate` needs none. */
  settings: boolean;
  /** Flags of its own. */
  flags: readonly (keyof typeof FLAGS)[];
  act(call: Call, edge: Edge): Promise<ExitCode>;
  /** Whether it is one of those that one needs first. */
  first?: boolean;
}

const LATER = 'And then:';

/** What each needs is loaded when it is called. */
const COMMANDS: readonly Row[] = [
  { name: 'init', help: 'write feedwright.yml for the site in this folder', settings: false, flags: ['dryRun'], first: true, act: async ({ options }, edge) => (await import('./init.ts')).init(options, edge) },
  { name: 'check', help: 'say what is wrong in the posts, without publishing', settings: true, flags: ['json'], first: true, act: async ({ settings, options }, edge) => (await import('./commands.ts')).check(settings(), options, edge) },
  { name: 'start', help: 'publish, keep publishing, and serve the feeds', settings: true, flags: [], first: true, act: async ({ settings }, edge) => (await import('./services.ts')).start(settings(), edge) },
  { name: 'new <title...>', help: 'write the file of a new post', settings: true, flags: ['link', 'draft', 'tags'], act: async ({ settings, words, options }, edge) => (await import('./new-post.ts')).newPost(settings(), { title: words.join(' '), ...options }, edge) },
  { name: 'build', help: 'publish once, and end', settings: true, flags: ['json', 'approve'], act: async ({ settings, options }, edge) => (await import('./commands.ts')).build(settings(), options, edge) },
  { name: 'plan', help: 'say what a build would change for subscribers, without publishing', settings: true, flags: ['json'], act: async ({ settings, options }, edge) => (await import('./history.ts')).plan(settings(), options, edge) },
  { name: 'work', help: 'publish as start does, without serving', settings: true, flags: [], act: async ({ settings }, edge) => (await import('./services.ts')).workOnly(settings(), edge) },
  { name: 'serve', help: 'serve what is published, without publishing', settings: true, flags: [], act: async ({ settings }, edge) => (await import('./services.ts')).serveOnly(settings(), edge) },
  { name: 'enclosures', help: 'ask other servers how long the files attached to posts are, and remember it', settings: true, flags: ['json'], act: async ({ settings, options }, edge) => (await import('./enclosures.ts')).enclosures(settings(), options, edge) },
  { name: 'ledger [entries...]', help: 'list all entries that were ever published, or explain some: by id, path or permalink', settings: true, flags: ['json'], act: async ({ settings, words, options }, edge) => (await import('./history.ts')).ledger(settings(), words, options, edge) },
  { name: 'validate <targets...>', help: 'check any RSS, Atom or JSON feed: files or http(s) URLs', settings: false, flags: ['json'], act: async ({ words, options }, edge) => (await import('./commands.ts')).validate(words, options, edge) },
]; // prettier-ignore

/** Runs one command line, without the program's name. */
export async function runCommand(args: readonly string[], edge: Edge): Promise<ExitCode> {
  let exit: Promise<ExitCode> | undefined;
  const program = new Command('feedwright')
    .description('Publishes a folder of markdown posts as RSS, Atom and JSON Feed, and serves them.')
    .version(version(), '--version')
    .showSuggestionAfterError()
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({
      subcommandTerm: (command) => `${command.name()} ${command.usage().replace(/\[options\] ?/, '')}`.trim(),
    })
    .configureOutput({
      writeOut: edge.print,
      writeErr: edge.complain,
      outputError: (said, write) => write(wrongUse(said, 'feedwright')),
    })
    .exitOverride();
  program.commandsGroup(LATER).helpCommand(true);
  for (const row of COMMANDS) {
    const command = program.command(row.name).description(row.help).copyInheritedSettings(program);
    command.helpGroup(row.first ? 'First, in this order:' : LATER);
    command.configureOutput({
      outputError: (said, write) => write(wrongUse(said, `feedwright ${command.name()}`)),
    });
    for (const name of row.flags) {
      const [flag, help] = FLAGS[name];
      command.option(flag, help);
    }
    if (row.settings) {
      command.optionsGroup('In place of what feedwright.yml says:');
      for (const { flag, help } of OVERRIDES) command.option(flag, help);
      command.option('--config <file>', 'read the settings from this file (feedwright.yml)');
    }
    command.action((...parts: unknown[]) => {
      const {
        json = false,
        approve = false,
        dryRun = false,
        draft = false,
        link,
        tags,
        ...flags
      } = command.opts<Flags & Partial<Options & Own>>();
      const own = { dryRun, draft, ...optional('link', link), ...optional('tags', tags) };
      const words = Array.isArray(parts[0]) ? (parts[0] as string[]) : [];
      const settings = (): Settings => readSettings(flags, edge.env, edge.folder);
      exit = row.act({ settings, words, options: { json, approve, ...own } }, edge);
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

/** What commander says of wrong use, as a sentence like all of ours; `command` is what one would type to know more. */
function wrongUse(said: string, command: string): string {
  const [what = '', hint = ''] = said
    .replace(/^error: /, '')
    .replace('. Expected', ', expected')
    .trim()
    .split('\n');
  const near = /^\((Did you mean .+\?)\)$/.exec(hint)?.[1];
  const help = `"${command} --help" says what there is`;
  return `feedwright: ${what.replace(/\.$/, '')}; ${near ? near.replace(/^D/, 'd') : help}\n`;
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
