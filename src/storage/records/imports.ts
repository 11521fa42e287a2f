import { sql } from 'kysely';

import type { ExternalLabel, ExternalShipment } from '../../domain/external-shipment.ts';
import type { Database } from '../database.ts';
import { insertExternalShipments, knownReferences } from './external-shipments.ts';
import type { ImportState, PurchasingAccount } from '../tables.ts';

export interface Imports {
  read(tenantId: string, accountId: string): Promise<ImportState>;
  write(tenantId: string, accountId: string, state: ImportState): Promise<void>;
  /** Returns those labels that are not stored and not being purchased. */
  missing(tenantId: string, labels: readonly ExternalLabel[]): Promise<readonly ExternalLabel[]>;
  /**
   * Inserts external shipments of an account, all or none, and returns how many are new. Those that are stored already stay
   * as they are. `at` is when the provider reported them, epoch milliseconds.
   */
  addExternal(
    tenantId: string,
    account: PurchasingAccount,
    shipments: readonly ExternalShipment[],
    at: number,
  ): Promise<number>;
}

export function createImports(db: Database): Imports {
  return {
    async read(tenantId, accountId) {
      const row = await db
        .selectFrom('imports')
        .select('state')
        .where('tenant_id', '=', tenantId)
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      return row?.state ?? {};
    },
    async missing(tenantId, labels) {
      if (labels.length === 0) return [];
      const known = await knownReferences(db, tenantId, labels);
      return labels.filter(({ reference }) => !known.has(reference));
    },
    addExternal: (tenantId, account, shipments, at) =>
      db
        .transaction()
        .execute((transaction) => insertExternalShipments(transaction, tenantId, account, shipments, at)),
    async write(tenantId, accountId, state) {
      await db
        .insertInto('imports')
        .values({ tenant_id: tenantId, account_id: accountId, state: JSON.stringify(state) })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'account_id']).doUpdateSet({ state: sql`excluded.state` }),
        )
        .execute();
    },
  };
}
