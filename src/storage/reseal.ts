import { sql } from 'kysely';

import { dataKeyPurpose } from '../domain/data-key.ts';
import type { Sealer } from '../domain/seal.ts';
import { webhookSecretPurpose } from '../domain/webhook-events.ts';
import type { Database } from './database.ts';

/** Columns whose values are sealed for good, each bound to the id of its row. Other sealed values expire. */
const sealedColumns = [
  { table: 'tenants', column: 'data_key', purpose: dataKeyPurpose },
  { table: 'webhook_endpoints', column: 'secret', purpose: webhookSecretPurpose },
] as const;

/**
 * Seals what the previous secret has sealed with the present one, and returns how many values that were. A value that changes
 * meanwhile is left as it is.
 */
export async function resealAll(db: Database, sealer: Sealer): Promise<number> {
  let resealed = 0;
  for (const { table, column, purpose } of sealedColumns) {
    const { rows } = await sql<{ id: string; sealed: string }>`
      select id, ${sql.ref(column)} as sealed from ${sql.table(table)}`.execute(db);
    for (const { id, sealed } of rows.filter((row) => !sealer.isCurrent(row.sealed))) {
      const opened = sealer.open(purpose, id, sealed);
      if (opened === undefined) continue;
      const { numAffectedRows } = await sql`update ${sql.table(table)}
        set ${sql.ref(column)} = ${sealer.seal(purpose, id, opened)}
        where id = ${id} and ${sql.ref(column)} = ${sealed}`.execute(db);
      resealed += Number(numAffectedRows);
    }
  }
  return resealed;
}
