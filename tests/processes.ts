/** Feedwright as its users run it: processes of the built program, ended when a test is over. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const MAIN = join(import.meta.dirname, '../dist/main.js');
const running: ChildProcess[] = [];

/** To be called after each test. */
export async function endAll(): Promise<void> {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
}

/** A command of a process that may write no file of more blocks (of 512 bytes, or 1024) than that: what a full disk is like. */
export function fullDisk(blocks: number, args: string[]): [command: string, args: string[]] {
  return ['sh', ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, MAIN, ...args]];
}

/** Starts a service; resolves when it has printed where it serves, or logged that it has published. */
export async function start(
  args: string[],
  cwd: string,
  [command, commandArgs]: [string, string[]] = [process.execPath, [MAIN, ...args]],
): Promise<{
  child: ChildProcess;
  url: string;
  logged: (message: RegExp) => Promise<Record<string, unknown>>;
}> {
  const child = spawn(command, commandArgs, {
    cwd,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const lines: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  createInterface(child.stderr).on('line', (line) => {
    lines.push(JSON.parse(line) as Record<string, unknown>);
    for (const wake of waiting.splice(0)) wake();
  });
  const logged = async (message: RegExp): Promise<Record<string, unknown>> => {
    for (;;) {
      const at = lines.findIndex((line) => message.test(String(line['msg'])));
      if (at !== -1) return lines.splice(0, at + 1).at(-1)!;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  if (args[0] === 'work') return { child, url: '', logged };
  for await (const line of createInterface(child.stdout)) {
    const url = /all feeds\s+(http\S+)/.exec(line)?.[1];
    if (url) return { child, url, logged };
  }
  throw new Error(`feedwright ${args.join(' ')} ended: ${JSON.stringify(lines)}`);
}
