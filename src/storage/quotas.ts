import { emptyWindow, type MeteredApi, type QuotaStore, type QuotaWindow } from '../transport/quota.ts';
import type { Database } from './database.ts';
import { withFallback } from './unavailable.ts';

/** A change of a window that waits to be written. */
interface PendingChange {
  readonly apply: (window: QuotaWindow) => QuotaWindow;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates a store that counts calls in the ledger: one row for each API, locked while it changes, so that replicas never
 * use one call twice. Changes that arrive during a transaction are written together in the next one.
 */
export function createQuotaStore(db: Database): QuotaStore {
  return withMemoryFallback(createLedgerStore(db));
}

/** A process's own copy of a window. */
interface LocalWindow {
  window: QuotaWindow;
  /** Changes that are not in the ledger yet, oldest first. */
  unsaved: ((window: QuotaWindow) => QuotaWindow)[];
}

/** Counts in memory while the ledger is unavailable, from its last state, and writes those calls to the ledger afterwards. */
function withMemoryFallback(store: QuotaStore): QuotaStore {
  const windows = new Map<string, LocalWindow>();
  const localOf = ({ key, api }: MeteredApi) => {
    const name = `${key} ${api}`;
    const local = windows.get(name) ?? { window: emptyWindow, unsaved: [] };
    windows.set(name, local);
    return local;
  };
  return {
    read: (api) =>
      withFallback(
        () => store.read(api),
        () => localOf(api).window,
      ),
    update<T>(api: MeteredApi, change: (window: QuotaWindow) => readonly [QuotaWindow, T]) {
      const local = localOf(api);
      const unsaved = local.unsaved.splice(0);
      const work = async () => {
        let saved = emptyWindow;
        const result = await store.update(api, (window) => {
          const [changed, result] = change(unsaved.reduce((current, apply) => apply(current), window));
          saved = changed;
          return [changed, result];
        });
        local.window = saved;
        return result;
      };
      return withFallback(work, () => {
        const [changed, result] = change(local.window);
        local.unsaved.unshift(...unsaved);
        // A rejected call does not change the window, so the list is no longer than the quota allows.
        if (changed !== local.window) local.unsaved.push((window) => change(window)[0]);
        local.window = changed;
        return result;
      });
    },
  };
}

function createLedgerStore(db: Database): QuotaStore {
  const queues = new Map<string, PendingChange[]>();

  /** Writes the pending changes of an API until none is left. */
  const drain = async (name: string, api: MeteredApi, queue: PendingChange[]): Promise<void> => {
    while (queue.length > 0) {
      const batch = queue.splice(0);
      try {
        await changeWindow(db, api, (window) => batch.reduce((changed, { apply }) => apply(changed), window));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    queues.delete(name);
  };

  return {
    async read({ key, api }) {
      const query = db.selectFrom('quotas').select('calls').where('key', '=', key).where('api', '=', api);
      return (await query.executeTakeFirst())?.calls ?? emptyWindow;
    },
    update: <T>(api: MeteredApi, change: (window: QuotaWindow) => readonly [QuotaWindow, T]) =>
      new Promise<T>((resolve, reject) => {
        let result: T;
        const apply = (window: QuotaWindow) => {
          const [changed, value] = change(window);
          result = value;
          return changed;
        };
        const pending = { apply, resolve: () => resolve(result), reject };
        const name = `${api.key} ${api.api}`;
        const queue = queues.get(name);
        if (queue !== undefined) {
          queue.push(pending);
        } else {
          const newQueue = [pending];
          queues.set(name, newQueue);
          void drain(name, api, newQueue);
        }
      }),
  };
}

/** Changes a window in a transaction that locks its row. */
function changeWindow(
  db: Database,
  { key, api }: MeteredApi,
  apply: (window: QuotaWindow) => QuotaWindow,
): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    // Inserts the row or updates it to its own value, which locks it and returns it in either case.
    const { calls } = await transaction
      .insertInto('quotas')
      .values({ key, api, calls: JSON.stringify(emptyWindow) })
      .onConflict((conflict) =>
        conflict.columns(['key', 'api']).doUpdateSet((eb) => ({ calls: eb.ref('quotas.calls') })),
      )
      .returning('calls')
      .executeTakeFirstOrThrow();
    const changed = apply(calls);
    if (changed === calls) return;
    const update = transaction.updateTable('quotas').set({ calls: JSON.stringify(changed) });
    await update.where('key', '=', key).where('api', '=', api).execute();
  });
}
