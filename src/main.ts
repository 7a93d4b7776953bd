#!/usr/bin/env node
/** The process's edge: arguments, environment, signals and the exit code. */
import module from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { UsageError } from './edge.ts';
import { NoFolderError } from './content/files.ts';

// From Node 22 on, what is compiled once is kept: beside the program, so that who cannot change that cannot change this either.
const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
enableCompileCache?.(join(import.meta.dirname, '.compiled'));

// V8 takes what one run makes in thousands for what stays, and puts it where it is seldom cleared up: a third more memory.
setFlagsFromString('--no-allocation-site-pretenuring');

const ended = new Promise<void>((resolve) => {
  let asked = false;
  const end = (): void => {
    // Who asks a second time does not want to wait.
    if (asked) process.exit(130);
    asked = true;
    resolve();
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
});

// Who listened may have heard enough, as in `feedwright check | head`: the command still does what it was asked for.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
  });
}

/** A line at the bottom of a terminal: from the second second on, and not more often than a person can read. */
function progressLine(): (line: string) => void {
  if (!process.stderr.isTTY) return () => undefined;
  const begun = performance.now();
  let shown = -Infinity;
  return (line) => {
    const now = performance.now();
    if (line === '' ? shown < 0 : now - begun < 1000 || now - shown < 100) return;
    shown = line === '' ? -Infinity : now;
    process.stderr.write(`\r\u001b[2K${line}`);
  };
}

try {
  const { runCommand } = await import('./cli.ts');
  process.exitCode = await runCommand(process.argv.slice(2), {
    env: process.env,
    folder: process.cwd(),
    print: (text) => void process.stdout.write(text),
    complain: (text) => void process.stderr.write(text),
    colours: (process.stderr.isTTY ?? false) && !process.env['NO_COLOR'],
    progress: progressLine(),
    ended,
    onReload: (callback) => void process.on('SIGHUP', callback),
  });
} catch (error) {
  const wrongUse = error instanceof UsageError || error instanceof NoFolderError;
  const sentences = error instanceof UsageError ? error.sentences : [(error as Error).message];
  for (const sentence of sentences) process.stderr.write(`feedwright: ${sentence}\n`);
  process.exitCode = wrongUse ? 2 : 3;
}
// Sockets that idle must not keep a command alive that has ended; what is being written may still be.
setTimeout(() => process.exit(), 1000).unref();
