import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { ALIASES } from '../src/content/aliases.ts';
import { readYaml } from '../src/content/front-matter.ts';
import { runCommand } from '../src/cli.ts';
import { createMetrics } from '../src/serve/metrics.ts';
import { OVERRIDES, checkSettings, settingsSchema } from '../src/settings.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(ROOT, name), 'utf8');
const README = read('README.md');

/** Of the headings of a page, as code hosts make them. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

/** The commands that help names, with what it says of each. */
async function helpOf(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const edge = {
    env: {},
    folder: ROOT,
    print: (text: string) => void printed.push(text),
    complain: (text: string) => void printed.push(text),
    colours: false,
    progress: () => undefined,
    ended: new Promise<void>(() => {}),
    onReload: () => {},
  };
  await runCommand([...args, '--help'], edge);
  return printed.join('');
}

describe('the README', () => {
  test('names every command that there is, and no other', async () => {
    const commands = [...(await helpOf()).matchAll(/^ {2}([a-z]+) .*$/gm)]
      .map((match) => match[1])
      .filter((name) => name !== 'help');
    const documented = [...README.matchAll(/^\| `feedwright ([a-z]+)/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual(commands.sort());
  });

  test('has the flags of each command that are no settings', async () => {
    const rows = [...README.matchAll(/^\| `feedwright ([a-z]+).*$/gm)];
    const settings = [...OVERRIDES.map(({ flag }) => flag.split(' ')[0]!), '--config', '--help'];
    for (const [row, name] of rows) {
      const flags = [...(await helpOf(name!)).matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(
        (match) => match[1]!,
      );
      const own = flags.filter((flag) => !settings.includes(flag));
      const said = README.slice(README.indexOf('## Commands'), README.indexOf('## Settings'));
      expect([name, own.filter((flag) => !said.includes(`\`${flag}`))]).toEqual([name, []]);
      // What a row names, the command has.
      const named = [...row.matchAll(/`(--[a-z-]+)/g)].map((match) => match[1]!);
      expect([name, named.filter((flag) => !own.includes(flag))]).toEqual([name, []]);
    }
    const json = /^(.*) answer as JSON with `--json`/m.exec(README)![1]!;
    for (const [, name] of rows)
      expect([name, json.includes(`\`${name}\``)]).toEqual([name, (await helpOf(name!)).includes('--json')]);
  });

  test('has every flag and variable, with the key it overrides', () => {
    const rows = [...README.matchAll(/^\| `(--[a-z]+) [A-Z]+`\s*\|([^|]*)\|([^|]*)\|/gm)].map((match) =>
      match.slice(1, 4).map((cell) => cell.replace(/`/g, '').trim()),
    );
    const expected = OVERRIDES.map(({ flag, env, key }) => [flag.split(' ')[0], env ?? '', key]);
    expect(rows).toEqual([...expected, ['--config', '', '']]);
  });

  test('shows settings that are all there are, and valid', () => {
    const example = README.slice(
      README.indexOf('```yaml\nsite:') + 8,
      README.indexOf('```', README.indexOf('```yaml\nsite:') + 8),
    );
    const written = readYaml(example) as Record<string, object>;
    const checked = checkSettings(written, (key) => key);
    expect(checked).not.toHaveProperty('problems');
    // A key that is no setting makes the answer name those that are.
    const everything = ['', 'site', 'content', 'feeds', 'guard', 'server'].map((section) => {
      const wrong = section ? { [section]: { nonsense_of_ours: 1 } } : { nonsense_of_ours: 1 };
      const answer = checkSettings(wrong, (key) => key);
      const known =
        'problems' in answer ? (/known here: (.*)$/.exec(answer.problems[0]!)?.[1]?.split(', ') ?? []) : [];
      const shown = Object.keys(section ? written[section]! : written);
      return {
        section,
        undocumented: known.filter((name) => !shown.includes(name)),
        known: known.length > 0,
      };
    });
    expect(everything).toEqual(
      ['', 'site', 'content', 'feeds', 'guard', 'server'].map((section) => ({
        section,
        undocumented: [],
        known: true,
      })),
    );
  });

  test('links only to what exists', () => {
    for (const page of PAGES) {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
      const lost = links.filter(([, to, part]) => {
        const path = to === '' ? page : join(page, '..', to!);
        return !existsSync(join(ROOT, path)) || (part !== undefined && !anchorsOf(read(path)).includes(part));
      });
      expect(lost.map(([link]) => [page, link])).toEqual([]);
    }
  });
});

const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'bench/README.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test.each(PAGES)('%s has no trace of a merge that was not finished', (page) => {
  // Prettier writes what it takes for quotes with blanks between.
  expect(read(page)).not.toMatch(/^\|? ?(?:<{7}|={7}|>{7}|(?:> ){7})/m);
});

test('the page for troubles explains messages that there are', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read(`src/${name}`))
    .join('\n');
  const messages = [...read('docs/troubleshooting.md').matchAll(/^\| `(.+?)` *\|/gm)].map(
    (match) => match[1]!,
  );
  expect(messages.length).toBeGreaterThan(10);
  // What differs from case to case is left out: a name, a number, or the setting that a sentence begins with.
  const parts = messages.flatMap((message) =>
    message.replace(/^content\.permalink | \(.*\)$/g, '').split(/…|\?/),
  );
  const lost = parts.map((part) => part.trim()).filter((part) => part.length > 8 && !sources.includes(part));
  expect(lost).toEqual([]);
});

describe('the configuration page', () => {
  interface Schema {
    properties?: Record<string, Schema>;
    anyOf?: Schema[];
  }
  /** Every key by its whole name; of a key that has others below it, those too. */
  const keysOf = ({ properties = {}, anyOf = [] }: Schema, prefix = ''): string[] => [
    ...Object.entries(properties).flatMap(([key, schema]) => [
      prefix + key,
      ...keysOf(schema, `${prefix}${key}.`),
    ]),
    ...anyOf.flatMap((schema) => keysOf(schema, prefix)),
  ];

  test('has every setting, and no other', () => {
    const documented = [...read('docs/configuration.md').matchAll(/^\| `([a-z_.]+)`/gm)].map(
      (match) => match[1]!,
    );
    const known = keysOf(settingsSchema()).filter((key) => !/^site\.author\./.test(key));
    const isInner = (key: string): boolean => known.some((each) => each.startsWith(`${key}.`));
    // Sections are headings; a key that is either a word or a section is a row as well.
    const expected = known.filter((key) => !isInner(key) || key === 'server.fair_use');
    expect(documented.sort()).toEqual([...new Set(expected)].sort());
  });

  test('has settings of which whatever else is written is told in our own words', () => {
    const known = [...new Set(keysOf(settingsSchema()))];
    expect(known.length).toBeGreaterThan(40);
    const nonsense = ['', 'x', 5, -1, true, [], ['x'], [5], {}, { x: 1 }, { '/x': 'y' }, [[]], [{}]];
    for (const key of known)
      for (const value of nonsense) {
        const written = key.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value);
        const checked = checkSettings(written, (place) => place);
        const problems = 'problems' in checked ? checked.problems : [];
        expect(problems.filter((problem) => !/ must | is not a setting; /.test(problem))).toEqual([]);
        expect(problems.filter((problem) => /known here: $/.test(problem))).toEqual([]);
      }
  });

  test('goes with a schema for editors that is up to date', () => {
    expect(JSON.parse(read('feedwright.schema.json'))).toEqual(JSON.parse(JSON.stringify(settingsSchema())));
  });
});

describe('the page for operators', () => {
  const PAGE = read('docs/operating.md');

  test('has every metric, and no other', async () => {
    const text = await createMetrics().text({
      feeds: [],
      cache: { files: 0, bytes: 0 },
      connections: 0,
      storeFailure: false,
      unreadable: 0,
    });
    const known = [...text.matchAll(/^# TYPE (feedwright_\w+)/gm)].map((match) => match[1]);
    const documented = [...PAGE.matchAll(/^\| `(feedwright_\w+)`/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual(known.sort());
  });

  test('has every event that is logged', () => {
    const events = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [
        ...read(`src/${name}`).matchAll(/\blog\.(?:info|warn|error)\([^;]*?'([^'{}]+)'\s*\)/gs),
      ])
      .map((match) => match[1]!);
    expect(events.length).toBeGreaterThan(5);
    expect(events.filter((event) => !PAGE.includes(`\`${event}\``))).toEqual([]);
  });
});

test('no page has the marks of a merge that was not finished', () => {
  const pages = [...readdirSync(ROOT), ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
  for (const page of pages.filter((name) => name.endsWith('.md')))
    expect({ page, marks: /^(?:<{7}|>{7}|(?:> ){6}>)(?: .*)?$/m.exec(read(page)) }).toEqual({
      page,
      marks: null,
    });
});

test('the front-matter page has every key, in the order in which they are tried', () => {
  const rows = [...read('docs/front-matter.md').matchAll(/^\| (\w+)\s*\|([^|]*)\|/gm)]
    .filter((match) => match[2]!.includes('`'))
    .map((match) => [match[1], [...match[2]!.matchAll(/`([^`]+)`/g)].map((key) => key[1])]);
  expect(Object.fromEntries(rows)).toEqual(ALIASES);
});

test('the aliases are all in lower or camel case once, and none stands in two rows that would quarrel', () => {
  const all = Object.values(ALIASES).flat() as string[];
  expect(new Set(all.map((alias) => alias.toLowerCase())).size).toBe(all.length);
});

describe('compose', () => {
  interface Service {
    build?: string;
    image: string;
    command: string[];
    environment: Record<string, string>;
    volumes: string[];
    ports?: string[];
    healthcheck: { test: string[] };
    read_only: boolean;
  }
  // YAML's core schema has no merge keys; the file uses plain aliases only.
  const compose = readYaml(read('docker-compose.yml')) as {
    services: Record<string, Service>;
    volumes: object;
  };
  const dockerfile = read('Dockerfile');

  test('runs commands with flags and variables that exist', async () => {
    expect(Object.keys(compose.services)).toEqual(['worker', 'server']);
    for (const { command, environment } of Object.values(compose.services)) {
      const help = await helpOf(command[0]!);
      for (const flag of command.filter((word) => word.startsWith('--'))) expect(help).toContain(flag);
      const variables: (string | undefined)[] = OVERRIDES.map(({ env }) => env);
      for (const name of Object.keys(environment)) expect(variables).toContain(name);
    }
  });

  test('mounts what its variables name, and serves on the port that it publishes', () => {
    for (const { environment, volumes, ports = [] } of Object.values(compose.services)) {
      const targets = volumes.map((volume) => volume.split(':')[1]);
      expect(targets).toContain(environment['FEEDS_DIR']);
      for (const volume of volumes) {
        const [from] = volume.split(':') as [string];
        expect(from.startsWith('./') ? existsSync(join(ROOT, from)) : from in compose.volumes).toBe(true);
      }
      for (const port of ports) expect(dockerfile).toContain(`EXPOSE ${port.split(':')[1]}`);
    }
    expect(compose.services['worker']!.volumes.map((volume) => volume.split(':')[1])).toContain(
      compose.services['worker']!.environment['CONTENT_DIR'],
    );
  });

  test('can write nowhere but to the feeds, and not as root', () => {
    for (const { read_only, volumes } of Object.values(compose.services)) {
      expect(read_only).toBe(true);
      expect(
        volumes.filter((volume) => !volume.endsWith(':ro')).every((volume) => volume === 'feeds:/feeds'),
      ).toBe(true);
    }
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('its health checks are programs that node can run', () => {
    for (const { healthcheck } of Object.values(compose.services)) {
      const [kind, program, flag, code] = healthcheck.test;
      expect([kind, program, flag]).toEqual(['CMD', 'node', '-e']);
      expect(() => new Script(code!)).not.toThrow();
    }
  });

  test('the image copies and runs what exists', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      match[1]!.split(' '),
    );
    expect(copied.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
    const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
    for (const [, script] of dockerfile.matchAll(/npm run ([a-z:]+)/g))
      expect(scripts).toHaveProperty([script!]);
    expect(dockerfile).toContain('node:24');
  });
});

test('the lockfile names a version for every package on every platform, and no address', () => {
  interface Locked {
    version?: string;
    resolved?: string;
    optionalDependencies?: Record<string, string>;
  }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  const others = Object.values(packages).filter(({ version, resolved }) => !version || resolved);
  expect({ missing, others }).toEqual({ missing: [], others: [] });
});
