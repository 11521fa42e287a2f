import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ProviderAdapter } from '../../src/carriers/adapter.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import { createRecords } from '../../src/storage/storage.ts';
import type { Tables } from '../../src/storage/tables.ts';
import { createWorkflows } from '../../src/workflows/workflows.ts';
import { ledgerFolder, testClock } from '../support/test-server.ts';
import { intentOf, tenant } from './purchases/intent.ts';
import { modelProvider, type Rule } from './purchases/providers.ts';
import { openReplica } from './purchases/replica.ts';
import { webhookSender } from '../support/webhook-sender.ts';

const noon = '2026-11-18T18:00:00Z';
const day = 24 * 60 * 60 * 1000;
const by = { actor: 'key:1' };

describe('concurrent events', () => {
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

  /** Opens a provider whose `void` can be replaced. `replica` starts a process that purchases there. */
  function open(rule: Rule) {
    const clock = testClock(noon);
    const provider = modelProvider(rule, clock.now);
    const { labels } = provider.adapter as Required<ProviderAdapter>;
    const { void: voidLabel } = labels as Required<typeof labels>;
    const replica = () => openReplica({ pglite }, provider.adapter, clock);
    const instead = (other: typeof voidLabel) => void (labels.void = other);
    return { clock, provider, replica, voidLabel, instead };
  }

  it('void the other labels of a shipment where one cannot be voided', async () => {
    const { provider, replica, voidLabel, instead } = open('by key');
    const { purchases, refunds } = replica();
    const { id, parcels } = await purchases.buy(intentOf('three', 3));
    const used = parcels[0]!.tracking_number!;
    instead(async (sold, call) => {
      if (sold.trackingNumber === used) throw new ProviderError('REJECTED', 'used already');
      return voidLabel(sold, call);
    });
    await expect(refunds.void(tenant, id, by)).rejects.toThrow('used already');
    expect(provider.charged()).toEqual([used]);
  });

  it('void a label in another process where the first dies before it stores the refund', async () => {
    const { clock, replica, voidLabel, instead } = open('read back');
    const [dying, other] = [replica(), replica()];
    const { id } = await dying.purchases.buy(intentOf('one', 1));
    const dead = Promise.withResolvers<void>();
    let asked = 0;
    instead(async (sold, call) => {
      asked += 1;
      const refund = await voidLabel(sold, call);
      if (asked === 1) {
        dying.dieIn(1);
        dead.resolve();
      }
      return refund;
    });
    void dying.refunds.void(tenant, id, by);
    await dead.promise;

    // Longer than a call takes, then until the refund is decided.
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

  it('leave a label redacted that is fetched while it is redacted', async () => {
    const { replica } = open('by key');
    const { id } = await replica().purchases.buy(intentOf('old', 1));
    await sql`update shipments set created_at = now() - interval '40 days' where id = ${id}`.execute(db);
    await sql`alter table history disable trigger history_append_only`.execute(db);
    await sql`update history set at = at - interval '40 days' where subject_id = ${id}`.execute(db);
    await sql`alter table history enable trigger history_append_only`.execute(db);
    await sql`update parcels set label = null, label_source = 'there' where shipment_id = ${id}`.execute(db);

    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<Uint8Array>()];
    const document = () => {
      asked.resolve();
      return answer.promise;
    };
    const adapterOf = () => ({ labels: { fetchDocument: document } }) as unknown as ProviderAdapter;
    const { documents, redaction } = createWorkflows(
      createRecords(db),
      adapterOf,
      testClock(),
      webhookSender,
    );
    const reading = documents.read({ id, position: 0 });
    await asked.promise;
    expect(await redaction.redact(30)).toMatchObject({ shipments: 1 });
    answer.resolve(new Uint8Array([1, 2, 3]));
    await reading;
    const parcel = db.selectFrom('parcels').select(['label', 'label_source']).where('shipment_id', '=', id);
    expect(await parcel.execute()).toEqual([{ label: null, label_source: null }]);
  });
});
