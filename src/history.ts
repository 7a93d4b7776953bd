/** The commands about identity and time: what a build would change, and what is remembered. */
import type { Settings } from './config.ts';
import type { Options } from './commands.ts';
import type { Edge, ExitCode } from './edge.ts';
import { EFFECTS } from './ledger/changes.ts';
import { readLedger } from './ledger/keep.ts';
import type { EntryRecord } from './ledger/ledger.ts';
import { rebuildLedger } from './ledger/rebuild.ts';
import { rfc3339 } from './publish/feed.ts';
import { count, planLines } from './report.ts';
import { ledgerPlace, runInput, storeOf } from './inputs.ts';
import { rehearse } from './worker/run.ts';
import { isOwnFile } from './worker/seen.ts';

/** Says what a build would change for subscribers. Ends with 1 if some of it would be held. */
export async function plan(settings: Settings, { json }: Options, edge: Edge): Promise<ExitCode> {
  const store = storeOf(settings);
  try {
    const outcome = await rehearse(runInput(settings, store));
    const { changes, guard } = outcome;
    const told = changes.map((change) => ({ ...change, notice: EFFECTS[change.effects[0]!] }));
    if (json) edge.print(`${JSON.stringify({ changes: told, guard }, null, 2)}\n`);
    else
      edge.print(
        planLines(outcome)
          .map((line) => `${line}\n`)
          .join(''),
      );
    return guard.all || changes.some(({ held }) => held) ? 1 : 0;
  } finally {
    await store.close();
  }
}

/** Lists the entries that are remembered, or tells all that is known of those that `words` name. */
export async function ledger(
  settings: Settings,
  words: readonly string[],
  { json }: Options,
  edge: Edge,
): Promise<ExitCode> {
  const store = storeOf(settings);
  try {
    const stored = await readLedger(ledgerPlace(settings, store));
    const known = stored?.ledger ?? (await rebuildLedger(store, isOwnFile));
    const all = [...(known?.entries ?? [])].sort(
      ([a, x], [b, y]) => y.published - x.published || (a < b ? -1 : 1),
    );
    const wanted =
      words.length === 0
        ? all
        : all.filter(([id, record]) => words.some((word) => isNamed(word, id, record)));
    if (json)
      edge.print(
        `${JSON.stringify(
          wanted.map(([id, record]) => ({ id, ...readable(record) })),
          null,
          2,
        )}\n`,
      );
    else if (words.length > 0)
      edge.print(wanted.map(([id, record]) => `${explained(id, record)}\n`).join('\n'));
    else {
      for (const [id, record] of wanted)
        edge.print(
          `${rfc3339(record.published).slice(0, 10)}  ${stateOf(record)}  ${record.path || '(unknown file)'}  ${id}\n`,
        );
      const found = count(all.length, 'entry', 'entries');
      edge.print(
        stored
          ? `${found} remembered\n`
          : known
            ? `${found} found in the feeds; the ledger is lost, and the next build makes it anew from them\n`
            : 'Nothing is remembered yet: nothing was published.\n',
      );
    }
    for (const word of words)
      if (!wanted.some(([id, record]) => isNamed(word, id, record)))
        edge.complain(`feedwright: the ledger knows no entry ${word}\n`);
    return words.length > 0 && wanted.length === 0 ? 1 : 0;
  } finally {
    await store.close();
  }
}

function isNamed(word: string, id: string, { path, permalinks }: EntryRecord): boolean {
  return word === id || word === path || permalinks.includes(word) || path.endsWith(`/${word}`);
}

function stateOf({ gone, feeds }: EntryRecord): string {
  return gone !== undefined ? 'gone     ' : feeds.length > 0 ? 'in feeds ' : 'published';
}

function readable(record: EntryRecord): Record<string, unknown> {
  const { published, updated, expires, first, gone, ...others } = record;
  const moments = Object.entries({ published, updated, expires, first, gone }).filter(
    ([, moment]) => moment !== undefined,
  );
  return { ...others, ...Object.fromEntries(moments.map(([name, moment]) => [name, rfc3339(moment!)])) };
}

/** Everything about one entry, a line each. */
function explained(id: string, record: EntryRecord): string {
  const { path, title, permalinks, published, updated, first, gone, feeds, expires, externalUrl } = record;
  const rows: [string, string | undefined][] = [
    ['id', id],
    ['title', title],
    ['file', path || 'not known: the ledger was made anew from the feeds'],
    ['links to', externalUrl],
    ['permalink', permalinks.at(-1)],
    ['before', permalinks.slice(0, -1).reverse().join(', ') || undefined],
    ['published', rfc3339(published)],
    ['updated', rfc3339(updated)],
    ['first out', `${rfc3339(first)}, in the first run that published it`],
    ['expires', expires === undefined ? undefined : rfc3339(expires)],
    [
      'gone',
      gone === undefined
        ? undefined
        : `${rfc3339(gone)}; its id stays its own, and if it comes back it is the same entry`,
    ],
    [
      gone === undefined ? 'in feeds' : 'was in',
      feeds.length === 0 ? 'none: newer entries fill them' : feeds.map((folder) => `/${folder}`).join(' '),
    ],
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(10)} ${value}`)
    .join('\n');
}
