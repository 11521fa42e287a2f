import { emptyWindow, type Counter, type QuotaStore } from '../transport/quota.ts';
import type { Database } from './database.ts';

/** Counts in the ledger: a row a counter, locked while it changes, so that replicas never take one call twice. */
export function createQuotaStore(db: Database): QuotaStore {
  const row = (counter: Counter) => ({ key: counter.key, api: counter.api });
  return {
    async read(counter) {
      const found = await db
        .selectFrom('quotas')
        .select('calls')
        .where('key', '=', counter.key)
        .where('api', '=', counter.api)
        .executeTakeFirst();
      return found?.calls ?? emptyWindow;
    },
    update: (counter, change) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('quotas')
          .values({ ...row(counter), calls: JSON.stringify(emptyWindow) })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const { calls } = await transaction
          .selectFrom('quotas')
          .select('calls')
          .where('key', '=', counter.key)
          .where('api', '=', counter.api)
          .forUpdate()
          .executeTakeFirstOrThrow();
        const [changed, result] = change(calls);
        if (changed !== calls) {
          await transaction
            .updateTable('quotas')
            .set({ calls: JSON.stringify(changed) })
            .where('key', '=', counter.key)
            .where('api', '=', counter.api)
            .execute();
        }
        return result;
      }),
  };
}
