import { sql } from 'kysely';

import type { ExternalShipment, ExternalLabel, Period } from '../carriers/webhooks.ts';
import { addExternalShipments, knownReferences, type Buyer } from './external-shipments.ts';
import type { Database } from './database.ts';

/** How far the import of one account has come. */
export interface ImportState {
  /** What has been imported whole. */
  readonly done?: Period;
  /** What was begun, and where it goes on. */
  readonly open?: { readonly span: Period; readonly next?: string };
}

export interface Imports {
  read(tenantId: string, accountId: string): Promise<ImportState>;
  write(tenantId: string, accountId: string, state: ImportState): Promise<void>;
  /** The labels among these that are not here, nor being bought. */
  missing(tenantId: string, labels: readonly ExternalLabel[]): Promise<readonly ExternalLabel[]>;
  /**
   * Makes what was bought elsewhere with an account shipments of ours, all or none, and returns how many are new. What
   * is here already stays as it is, however often it is heard of. `at` is when it was heard, epoch milliseconds.
   */
  addExternal(
    tenantId: string,
    buyer: Buyer,
    heard: readonly ExternalShipment[],
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
      const ours = await knownReferences(db, tenantId, labels);
      return labels.filter(({ reference }) => !ours.has(reference));
    },
    addExternal: (tenantId, buyer, heard, at) =>
      db
        .transaction()
        .execute((transaction) => addExternalShipments(transaction, tenantId, buyer, heard, at)),
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
