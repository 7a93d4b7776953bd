/** Whole processes, measured: wall time, user and system CPU, and peak memory. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { pathToFileURL } from 'node:url';

const TIME = '/usr/bin/time';
const HAS_TIME = /GNU/.test(spawnSync(TIME, ['--version'], { encoding: 'utf8' }).stdout ?? '');
const PEAK = pathToFileURL(join(import.meta.dirname, 'peak.js')).href;
/** Milliseconds after which a process that does not end has failed. */
const TIMEOUT = 30 * 60_000;

/** What measures CPU and memory: GNU time any program; without it only what runs in Node tells of itself. */
export const METER = HAS_TIME ? 'GNU time' : 'getrusage of Node processes only';

const running = new Set();
// Whatever happens, nothing stays behind.
process.on('exit', () => running.forEach((child) => end(child, 'SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/**
 * Runs a command to its end. Seconds of wall time and CPU, bytes of memory; the last two undefined if they cannot be known.
 * Throws with the last of what it said on standard error if its exit code is not 0.
 */
export async function measure([program, ...args], cwd) {
  const isNode = program === process.execPath;
  const report = join(cwd, '.time');
  const command = HAS_TIME
    ? [TIME, '-q', '-o', report, '-f', '%U %S %M', program, ...args]
    : isNode
      ? [program, '--import', PEAK, ...args]
      : [program, ...args];
  const begun = performance.now();
  const child = launch(command, cwd, ['ignore', 'ignore', 'pipe', HAS_TIME || !isNode ? 'ignore' : 'pipe']);
  let said = '';
  child.stderr.on('data', (part) => (said = (said + part).slice(-2000)));
  const told = HAS_TIME || !isNode ? undefined : textOf(child.stdio[3]);
  const timer = setTimeout(() => end(child, 'SIGKILL'), TIMEOUT);
  const [code, signal] = await once(child, 'exit');
  const seconds = (performance.now() - begun) / 1000;
  clearTimeout(timer);
  running.delete(child);
  if (code !== 0)
    throw new Error(
      `${program} ended with ${code ?? signal} after ${seconds.toFixed(0)} s: ${said.trim().slice(-300)}`,
    );
  if (told) return { seconds, ...JSON.parse(await told) };
  if (!HAS_TIME) return { seconds };
  const [user, system, kilobytes] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
  rmSync(report);
  return { seconds, cpu: user + system, peak: kilobytes * 1024 };
}

/** Starts Feedwright as a service; `stop` ends it and tells its CPU seconds and peak memory. */
export function startService(args, cwd) {
  const child = launch([process.execPath, '--import', PEAK, ...args], cwd, [
    'ignore',
    'pipe',
    'pipe',
    'pipe',
  ]);
  const told = textOf(child.stdio[3]);
  const exited = once(child, 'exit');
  return {
    child,
    async stop() {
      end(child, 'SIGTERM');
      await exited;
      running.delete(child);
      return JSON.parse((await told) || '{}');
    },
  };
}

function launch([program, ...args], cwd, stdio) {
  const env = { ...process.env, XDG_CACHE_HOME: join(cwd, '.cache') };
  const child = spawn(program, args, { cwd, stdio, env, detached: true });
  running.add(child);
  return child;
}

/** Ends a process and what it has started. */
function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

async function textOf(stream) {
  let text = '';
  for await (const part of stream) text += part;
  return text;
}

export const sorted = (values) => [...values].sort((a, b) => a - b);
export const median = (values) => {
  const all = sorted(values);
  const half = all.length >> 1;
  return all.length % 2 ? all[half] : (all[half - 1] + all[half]) / 2;
};
export const percentile = (values, share) => sorted(values)[Math.ceil(values.length * share) - 1];
