/** From the settings to what the store, the ledger and a run take. */
import { basename, dirname } from 'node:path';
import type { Settings } from './config.ts';
import { UsageError } from './edge.ts';
import { LEDGER } from './ledger/keep.ts';
import type { LedgerPlace } from './ledger/keep.ts';
import { reasonOf } from './report.ts';
import { fileStore } from './store/files.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/store.ts';
import { gate } from './validate/gate.ts';
import type { History } from './worker/plan.ts';
import type { RunInput } from './worker/runs.ts';

/** The store that the settings name; a name that means nothing is wrong use. */
export function storeOf({ storeUrl, baseFolder }: Settings): Store {
  try {
    return openStore(storeUrl, baseFolder);
  } catch (error) {
    throw new UsageError([reasonOf(error)]);
  }
}

export function historyOf({ hold, guardShare, tombstones }: Settings, approved = false): History {
  return { hold, share: guardShare, tombstones, approved };
}

export function ledgerPlace({ ledgerFile }: Settings, store: Store): LedgerPlace {
  if (ledgerFile === undefined) return { store, name: LEDGER };
  return { store: fileStore(dirname(ledgerFile)), name: basename(ledgerFile) };
}

/** What a run by these settings takes. */
export function runInput(settings: Settings, store: Store, approved = false): RunInput {
  const { contentFolder, maxFile, site, publish, redirects } = settings;
  return {
    contentFolder,
    maxFile,
    store,
    ledger: ledgerPlace(settings, store),
    site,
    options: publish,
    history: historyOf(settings, approved),
    redirects,
    gate,
    cache: true,
    now: Date.now(),
  };
}
