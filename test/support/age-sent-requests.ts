import { sql } from 'kysely';

import type { Database } from '../../src/storage/database.ts';

/** Makes sent requests three minutes older, so that none counts as in progress. The database's clock can't be moved. */
export async function ageSentRequests(db: Database): Promise<void> {
  // Locks rows in the order in which purchased labels are stored.
  await sql`with sent as (select shipment_id, position from parcels where state = 'SENT'
      order by shipment_id, position for update)
    update parcels set sent_at = sent_at - interval '3 minutes' from sent
    where parcels.shipment_id = sent.shipment_id and parcels.position = sent.position`.execute(db);
  await sql`update operations set sent_at = sent_at - interval '3 minutes'
    where status in ('PENDING', 'UNCERTAIN')`.execute(db);
}
