/**
 * The W3C feed validator's verdict on each fixture beside ours; docs/validating.md explains where they differ. It needs
 * `w3c-validate`, which runs that validator offline: W3C_VALIDATE names it.
 */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { validateDocument } from '../src/validate/validate.ts';
import { temporaryFolder, write } from './blog.ts';
import { FIXTURES } from './fixtures/feeds.ts';
import type { Fixture } from './fixtures/feeds.ts';

const TOOL = process.env['W3C_VALIDATE'] ?? join(import.meta.dirname, '../../shared/tools/w3c-validate');

/** It reads no JSON Feed. */
const XML = FIXTURES.filter(({ name }) => name.endsWith('.xml'));

/** The worst that is said of a feed, and by which rules or classes. */
interface Verdict {
  level: 'error' | 'warning' | 'valid';
  by: string[];
}

function verdictOf(findings: { level: string; by: string }[]): Verdict {
  for (const level of ['error', 'warning'] as const) {
    const by = findings.filter((finding) => finding.level === level).map((finding) => finding.by);
    if (by.length > 0) return { level, by: [...new Set(by)].sort() };
  }
  return { level: 'valid', by: [] };
}

/** Why it cannot be asked, if it cannot. */
function whyNot(): string | undefined {
  const { error, status, stderr } = spawnSync(TOOL, ['-'], { input: XML[0]!.input.body, encoding: 'utf8' });
  if (error) return `${TOOL}: ${error.message}`;
  return status === 2 ? stderr.trim() : undefined;
}

/** What it says of files or URLs, by target. */
async function ask(targets: string[], options: string[] = []): Promise<(target: string) => Verdict> {
  const args = [...options, '--max-per-class', '1', ...targets];
  const { stdout } = await promisify(execFile)(TOOL, args, { maxBuffer: 2 ** 26 }).catch(
    // It exits with 1 if it finds errors.
    (failure: { code: unknown; stdout: string }) => {
      if (failure.code !== 1) throw failure as unknown as Error;
      return failure;
    },
  );
  const found = Array.from(
    stdout.matchAll(/^(ERROR|WARNING) +(.+):\d+:\d+ (\w+) \(/gm),
    ([, level, target, by]) => ({
      level: level!.toLowerCase(),
      target: target!,
      by: by!,
    }),
  );
  return (target) => verdictOf(found.filter((each) => each.target === target));
}

async function theirsOfFiles(fixtures: Fixture[]): Promise<Map<string, Verdict>> {
  const folder = write(
    temporaryFolder(),
    Object.fromEntries(fixtures.map(({ name, input }) => [name, input.body])),
  );
  const verdict = await ask(fixtures.map(({ name }) => join(folder, name)));
  return new Map(fixtures.map(({ name }) => [name, verdict(join(folder, name))]));
}

/** Each served from this machine as it says, and judged as if from the address that it says. */
async function theirsOfServed(fixtures: Fixture[]): Promise<Map<string, Verdict>> {
  const server = createServer((request, response) => {
    const { input } = fixtures.find(({ name }) => `/${name}` === request.url)!;
    for (const [name, value] of input.headers as Headers) response.setHeader(name, value);
    response.end(response.hasHeader('content-encoding') ? gzipSync(input.body) : input.body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  try {
    const verdicts = new Map<string, Verdict>();
    for (const { name, input } of fixtures) {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
      verdicts.set(name, (await ask([url], ['--self', input.url!]))(url));
    }
    return verdicts;
  } finally {
    server.close();
  }
}

async function oursOf({ input }: Fixture): Promise<Verdict> {
  const { findings } = await validateDocument(input);
  return verdictOf(findings.map(({ level, rule }) => ({ level, by: rule })));
}

const written = ({ level, by }: Verdict): string =>
  level === 'valid' ? level : `${level}: ${by.map((name) => `\`${name}\``).join(', ')}`;

const reason = whyNot();
// Of a file whose tests are all skipped Jest says not a word.
if (reason !== undefined) process.stderr.write(`tests/w3c.long.ts is skipped: ${reason}\n`);

(reason === undefined ? test : test.skip)(
  'the W3C validator says of each fixture what we say, or the page says why not',
  async () => {
    const theirs = new Map([
      ...(await theirsOfFiles(XML.filter(({ input }) => input.url === undefined))),
      ...(await theirsOfServed(XML.filter(({ input }) => input.url !== undefined))),
    ]);
    const differences: string[][] = [];
    for (const fixture of XML) {
      const [our, their] = [await oursOf(fixture), theirs.get(fixture.name)!];
      if (our.level !== their.level) differences.push([`\`${fixture.name}\``, written(our), written(their)]);
    }
    const page = readFileSync(join(import.meta.dirname, '../docs/validating.md'), 'utf8');
    const section = page.slice(page.indexOf('## Beside the W3C validator'));
    const rows = Array.from(section.matchAll(/^\| (`.*\S) +\|$/gm), ([, cells]) => cells!.split(/ +\| +/));
    expect(rows.map((cells) => cells.slice(0, 3))).toEqual(differences);
    expect(rows.filter(([, , , why = '']) => why.length < 10)).toEqual([]);
  },
  300_000,
);
