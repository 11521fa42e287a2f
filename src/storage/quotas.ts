import { emptyWindow, type Counter, type QuotaStore, type QuotaWindow } from '../transport/quota.ts';
import type { Database } from './database.ts';
import { withFallback } from './unavailable.ts';

/** A change that waits for its turn, and what becomes of it once it is durable. */
interface Waiting {
  readonly apply: (window: QuotaWindow) => QuotaWindow;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Counts in the ledger: a row a counter, locked while it changes, so that replicas never take one call twice. Changes
 * that come while one is being written go together in the next transaction.
 */
export function createQuotaStore(db: Database): QuotaStore {
  return withMemory(inLedger(db));
}

/** What a process knows of a counter by itself. */
interface Memory {
  window: QuotaWindow;
  /** Changes that the ledger has not heard of, in their order. */
  missed: ((window: QuotaWindow) => QuotaWindow)[];
}

/** Counts go on in memory while the ledger is unavailable, from what it last told, and are made up for afterwards. */
function withMemory(store: QuotaStore): QuotaStore {
  const memories = new Map<string, Memory>();
  const memoryOf = ({ key, api }: Counter) => {
    const name = `${key} ${api}`;
    const memory = memories.get(name) ?? { window: emptyWindow, missed: [] };
    memories.set(name, memory);
    return memory;
  };
  return {
    read: (counter) =>
      withFallback(
        () => store.read(counter),
        () => memoryOf(counter).window,
      ),
    update<T>(counter: Counter, change: (window: QuotaWindow) => readonly [QuotaWindow, T]) {
      const memory = memoryOf(counter);
      const missed = memory.missed.splice(0);
      const work = async () => {
        let now = emptyWindow;
        const result = await store.update(counter, (window) => {
          const [changed, result] = change(missed.reduce((each, apply) => apply(each), window));
          now = changed;
          return [changed, result];
        });
        memory.window = now;
        return result;
      };
      return withFallback(work, () => {
        const [changed, result] = change(memory.window);
        memory.missed.unshift(...missed);
        // What is refused changes nothing, so no more is missed than the quota allows.
        if (changed !== memory.window) memory.missed.push((window) => change(window)[0]);
        memory.window = changed;
        return result;
      });
    },
  };
}

function inLedger(db: Database): QuotaStore {
  const queues = new Map<string, Waiting[]>();

  /** Writes what waits for a counter until nothing does. */
  const drain = async (name: string, counter: Counter, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) {
      const turn = queue.splice(0);
      try {
        await change(db, counter, (window) => turn.reduce((changed, { apply }) => apply(changed), window));
        for (const { done } of turn) done();
      } catch (error) {
        for (const { failed } of turn) failed(error);
      }
    }
    queues.delete(name);
  };

  return {
    async read({ key, api }) {
      const query = db.selectFrom('quotas').select('calls').where('key', '=', key).where('api', '=', api);
      return (await query.executeTakeFirst())?.calls ?? emptyWindow;
    },
    update: <T>(counter: Counter, change: (window: QuotaWindow) => readonly [QuotaWindow, T]) =>
      new Promise<T>((resolve, reject) => {
        let result: T;
        const apply = (window: QuotaWindow) => {
          const [changed, answer] = change(window);
          result = answer;
          return changed;
        };
        const waiting = { apply, done: () => resolve(result), failed: reject };
        const name = `${counter.key} ${counter.api}`;
        const queue = queues.get(name);
        if (queue !== undefined) {
          queue.push(waiting);
        } else {
          const fresh = [waiting];
          queues.set(name, fresh);
          void drain(name, counter, fresh);
        }
      }),
  };
}

function change(
  db: Database,
  { key, api }: Counter,
  apply: (window: QuotaWindow) => QuotaWindow,
): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    // An update that changes nothing, since it locks the row and tells what it holds, whether it was there or not.
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
