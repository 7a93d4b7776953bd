/** Load by wrk, servers as children: what `serve.js` and its parts share. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';

const has = (program) => spawnSync('which', [program]).status === 0;
export const NGINX = has('nginx');
const PINNED = has('taskset');
if (!has('wrk')) {
  console.error('bench:serve needs wrk to make load (apt-get install wrk)');
  process.exit(2);
}

const children = [];
// Whatever happens, no server stays behind.
process.on('exit', () => children.forEach((child) => child.kill()));
/** Servers run on the first core, load on the second. */
const onCore = (core, command) => (PINNED ? ['taskset', '-c', String(core), ...command] : command);

/** Starts a server and waits for the first line in which `pattern` is found; its match comes with the child. */
export async function startServer(command, pattern) {
  const [program, ...args] = onCore(0, command);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  for await (const line of createInterface(child.stdout)) {
    const match = pattern.exec(line);
    if (match) return { child, match };
  }
  throw new Error(`${command.join(' ')} ended`);
}

/** Starts a server that says nothing. */
export function startSilent(command) {
  const [program, ...args] = onCore(0, command);
  const child = spawn(program, args, { stdio: 'ignore' });
  children.push(child);
  return child;
}

export async function stopAll() {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

const UNITS = { us: 0.001, ms: 1, s: 1000 };
const time = (text) => {
  const [, number, unit] = /([\d.]+)(us|ms|s)/.exec(text) ?? [];
  return Number(number) * UNITS[unit];
};

/** Requests per second, and how long answers took in milliseconds; throws if one was no answer. */
export function load(url, headers, seconds, script) {
  return new Promise((resolve, reject) => {
    const options = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const lua = script ? ['-s', script] : [];
    const [program, ...args] = onCore(1, [
      'wrk',
      '-t1',
      '-c32',
      `-d${seconds}s`,
      '--latency',
      ...options,
      ...lua,
      url,
    ]);
    const child = spawn(program, args);
    let said = '';
    child.stdout.on('data', (part) => (said += part));
    child.on('error', reject);
    child.on('exit', () => {
      if (/Socket errors|Non-2xx or 3xx/.test(said)) return reject(new Error(said));
      const found = (pattern) => pattern.exec(said)?.[1] ?? '';
      resolve({
        perSecond: Number(found(/Requests\/sec:\s+([\d.]+)/)),
        p50: time(found(/^ +50%\s+([\d.]+\w+)/m)),
        p99: time(found(/^ +99%\s+([\d.]+\w+)/m)),
      });
    });
  });
}

/** One answer with its headers as they came. */
export function ask(url, headers = {}) {
  return new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const { statusCode: status, rawHeaders, headers } = answer;
        resolve({ status, rawHeaders, headers, body: Buffer.concat(parts) });
      });
      answer.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
