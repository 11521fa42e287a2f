import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ProviderAdapter } from '../../src/carriers/adapter.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import { createLabels } from '../../src/workflows/documents.ts';
import { createRetention } from '../../src/storage/retention.ts';
import type { Tables } from '../../src/storage/tables.ts';
import { ledgerFolder, testClock } from '../support/test-server.ts';
import { intentOf, tenant } from './purchases/intent.ts';
import { modelProvider, type Rule } from './purchases/providers.ts';
import { openReplica } from './purchases/replica.ts';

const noon = '2026-11-18T18:00:00Z';
const day = 24 * 60 * 60 * 1000;
const by = { actor: 'key:1' };

describe('what is under way when something else happens', () => {
  const folder = ledgerFolder();
  let pglite: PGlite;
  let db: Kysely<Tables>;
  beforeAll(async () => {
    pglite = await PGlite.create(join(folder, 'ledger'), { relaxedDurability: true });
    db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  });
  afterAll(async () => {
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A provider, a process that buys there, and what the provider does instead of taking a label back. */
  function open(rule: Rule) {
    const clock = testClock(noon);
    const provider = modelProvider(rule, clock.now);
    const { labels } = provider.carrier as Required<ProviderAdapter>;
    const { void: takeBack } = labels as Required<typeof labels>;
    const replica = () => openReplica({ pglite }, provider.carrier, clock);
    const instead = (other: typeof takeBack) => void (labels.void = other);
    return { clock, provider, replica, takeBack, instead };
  }

  it('one label that is not taken back keeps no other', async () => {
    const { provider, replica, takeBack, instead } = open('by key');
    const { purchases, refunds } = replica();
    const { id, parcels } = await purchases.buy(intentOf('three', 3));
    const used = parcels[0]!.tracking_number!;
    instead(async (sold, call) => {
      if (sold.trackingNumber === used) throw new ProviderError('REJECTED', 'used already');
      return takeBack(sold, call);
    });
    await expect(refunds.void(tenant, id, by)).rejects.toThrow('used already');
    expect(provider.live()).toEqual([used]);
  });

  it('a label that is taken back by a process that dies then is VOIDED by another', async () => {
    const { clock, replica, takeBack, instead } = open('read back');
    const [dying, other] = [replica(), replica()];
    const { id } = await dying.purchases.buy(intentOf('one', 1));
    const dead = Promise.withResolvers<void>();
    let asked = 0;
    instead(async (sold, call) => {
      asked += 1;
      const refund = await takeBack(sold, call);
      if (asked === 1) {
        dying.dieIn(1);
        dead.resolve();
      }
      return refund;
    });
    void dying.refunds.void(tenant, id, by);
    await dead.promise;

    // Longer than a call takes; then the refund is decided.
    for (const later of [5 * 60_000, day, day]) {
      clock.advance(later);
      await other.refunds.checkDue();
    }
    const parcel = db.selectFrom('parcels').select(['state', 'refund', 'refund_due_at']).where('shipment_id', '=', id); // prettier-ignore
    expect(await parcel.execute()).toMatchObject([
      { state: 'VOIDED', refund: { status: 'REFUNDED' }, refund_due_at: null },
    ]);
    const shipment = db.selectFrom('shipments').select('status').where('id', '=', id);
    expect(await shipment.execute()).toEqual([{ status: 'VOIDED' }]);
    expect(asked).toBe(2);
  });

  it('a label that is deleted while it is fetched stays deleted', async () => {
    const { replica } = open('by key');
    const { id } = await replica().purchases.buy(intentOf('old', 1));
    await sql`update shipments set created_at = now() - interval '40 days' where id = ${id}`.execute(db);
    await sql`alter table history disable trigger history_stands`.execute(db);
    await sql`update history set at = at - interval '40 days' where subject_id = ${id}`.execute(db);
    await sql`alter table history enable trigger history_stands`.execute(db);
    await sql`update parcels set label = null, label_source = 'there' where shipment_id = ${id}`.execute(db);

    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<Uint8Array>()];
    const document = () => {
      asked.resolve();
      return answer.promise;
    };
    const carrierOf = () => ({ labels: { fetchDocument: document } }) as unknown as ProviderAdapter;
    const reading = createLabels(db, carrierOf).read({ id, position: 0 });
    await asked.promise;
    expect(await createRetention(db, carrierOf).redact(30)).toMatchObject({ shipments: 1 });
    answer.resolve(new Uint8Array([1, 2, 3]));
    await reading;
    const parcel = db.selectFrom('parcels').select(['label', 'label_source']).where('shipment_id', '=', id);
    expect(await parcel.execute()).toEqual([{ label: null, label_source: null }]);
  });
});
