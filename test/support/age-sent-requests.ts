import { sql } from 'kysely';

import type { Database } from '../../src/storage/database.ts';

/** Three minutes pass for what was sent: longer than anything stays under way. The database's own clock can't be moved. */
export async function letSentAge(db: Database): Promise<void> {
  // Locked in the order in which a sale is written down.
  await sql`with sent as (select shipment_id, position from parcels where state = 'SENT'
      order by shipment_id, position for update)
    update parcels set sent_at = sent_at - interval '3 minutes' from sent
    where parcels.shipment_id = sent.shipment_id and parcels.position = sent.position`.execute(db);
  await sql`update errands set sent_at = sent_at - interval '3 minutes'
    where status in ('OPEN', 'UNCERTAIN')`.execute(db);
}
