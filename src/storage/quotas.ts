import type { QuotaStore } from '../transport/quota-counter.ts';
import {
  addDifference,
  emptyWindow,
  windowDifference,
  type MeteredApi,
  type QuotaWindow,
} from '../transport/quota-window.ts';
import type { Database } from './database.ts';
import { withFallback } from './unavailable.ts';

/**
 * Creates a store that counts calls in the ledger: one row for each API, locked while it changes, so that replicas never
 * use one call twice.
 */
export function createQuotaStore(db: Database): QuotaStore {
  return withMemoryFallback(createLedgerStore(db));
}

/** A process's own copy of a window. */
interface LocalWindow {
  /** The last state in the ledger. */
  saved: QuotaWindow;
  /** What was counted since and is not in the ledger yet. */
  unsaved: QuotaWindow;
}

/** Counts in memory while the ledger is unavailable, from its last state, and writes those calls to the ledger afterwards. */
function withMemoryFallback(store: QuotaStore): QuotaStore {
  const windows = new Map<string, LocalWindow>();
  const localOf = ({ key, api }: MeteredApi) => {
    const name = `${key} ${api}`;
    const local = windows.get(name) ?? { saved: emptyWindow, unsaved: emptyWindow };
    windows.set(name, local);
    return local;
  };
  return {
    read: (api) =>
      withFallback(
        () => store.read(api),
        () => addDifference(localOf(api).saved, localOf(api).unsaved),
      ),
    update<T>(api: MeteredApi, change: (window: QuotaWindow) => readonly [QuotaWindow, T]) {
      const local = localOf(api);
      const { unsaved } = local;
      local.unsaved = emptyWindow;
      const work = async () => {
        let saved = emptyWindow;
        const result = await store.update(api, (window) => {
          const [changed, result] = change(addDifference(window, unsaved));
          saved = changed;
          return [changed, result];
        });
        local.saved = saved;
        return result;
      };
      return withFallback(work, () => {
        const current = addDifference(addDifference(local.saved, local.unsaved), unsaved);
        const [changed, result] = change(current);
        local.unsaved = windowDifference(changed, local.saved);
        return result;
      });
    },
  };
}

const createLedgerStore = (db: Database): QuotaStore => ({
  async read({ key, api }) {
    const query = db.selectFrom('quotas').select('calls').where('key', '=', key).where('api', '=', api);
    return (await query.executeTakeFirst())?.calls ?? emptyWindow;
  },
  update: ({ key, api }, change) =>
    db.transaction().execute(async (transaction) => {
      // Inserts the row or updates it to its own value, which locks it and returns it in either case.
      const { calls } = await transaction
        .insertInto('quotas')
        .values({ key, api, calls: JSON.stringify(emptyWindow) })
        .onConflict((conflict) =>
          conflict.columns(['key', 'api']).doUpdateSet((eb) => ({ calls: eb.ref('quotas.calls') })),
        )
        .returning('calls')
        .executeTakeFirstOrThrow();
      const [changed, result] = change(calls);
      if (changed !== calls) {
        const update = transaction.updateTable('quotas').set({ calls: JSON.stringify(changed) });
        await update.where('key', '=', key).where('api', '=', api).execute();
      }
      return result;
    }),
});
