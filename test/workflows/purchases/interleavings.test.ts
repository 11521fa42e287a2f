import { rmSync } from 'node:fs';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Tables } from '../../../src/storage/tables.ts';
import { freshDatabase, ledgerFolder, storages } from '../../support/test-server.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { ageSentRequests } from '../../support/age-sent-requests.ts';
import type { Location } from '../../support/proof-ledger.ts';
import { explore } from './explore.ts';
import { intentOf } from './intent.ts';
import { modelProvider, type Rule } from './providers.ts';
import { openReplica } from './replica.ts';

describe.each(storages)('random interleavings on the %s ledger', (storage) => {
  let location: Location;
  let drop = async () => {};
  beforeAll(async () => {
    if (storage === 'embedded') {
      const folder = ledgerFolder();
      location = { folder };
      drop = async () => rmSync(folder, { recursive: true, force: true });
      return;
    }
    const database = await freshDatabase();
    await (await openDatabase(database)).close();
    [location, drop] = [database, database.drop];
  });
  afterAll(() => drop());

  it('of callers, lost responses, stalls and crashes charge once per key and lose no label', { timeout: 240_000 }, async () => {
    const seed = Date.now() % 1_000_000_000;
    const { runs, sum } = await explore([location], storage === 'embedded' ? 60 : 40, seed);
    expect(runs).toBe(storage === 'embedded' ? 60 : 40);
    // The runs met crashes and voided labels.
    expect(sum.deaths).toBeGreaterThan(0);
    expect(sum.purchased).toBeGreaterThan(sum.charges);
  }); // prettier-ignore
});

describe('a process that stalls', () => {
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

  const expireLeases = () =>
    sql`update shipments set leased_until = now() - interval '1 second' where leased_until is not null`.execute(
      db,
    );
  /** Opens two replicas. The first stalls between marking a request as sent and sending it. */
  const openStalled = (rule: Rule) => {
    const clock = { now: () => Date.parse('2026-11-18T18:00:00Z'), sleep: async () => {} };
    const provider = modelProvider(rule, clock.now);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const labels = provider.adapter.labels!;
    const slow: typeof labels = {
      ...labels,
      async buy(...args) {
        reached.resolve();
        await gate.promise;
        return labels.buy(...args);
      },
    };
    return {
      provider,
      stalled: openReplica({ pglite }, { ...provider.adapter, labels: slow }, clock),
      other: openReplica({ pglite }, provider.adapter, clock),
      reached: reached.promise,
      wake: gate.resolve,
    };
  };
  const purchasedParcels = (id: string) =>
    db.selectFrom('parcels').select(['tracking_number']).where('shipment_id', '=', id).where('state', '=', 'PURCHASED').execute(); // prettier-ignore

  it.each<Rule>(['by key', 'read back'])('is not mistaken for one that never sent its request (%s)', async (rule) => {
    const { provider, stalled, other, reached, wake } = openStalled(rule);
    const intent = intentOf(`soon ${rule}`, rule === 'by key' ? 1 : 2);
    const bought = stalled.purchases.buy(intent);
    await reached;
    await expireLeases();
    // USPS refuses the repeated request, EasyPost has no label yet: neither proves anything so soon.
    provider.meet(rule === 'by key' ? ['refused'] : []);
    expect((await other.purchases.find(intent))!.status).toBe('UNCERTAIN');
    wake();
    const shipment = await bought;
    expect(shipment.status).toBe('PURCHASED');
    expect((await purchasedParcels(shipment.id)).map((each) => each.tracking_number).sort()).toEqual(provider.charged().sort());
  }); // prettier-ignore

  it('has its label voided where it sends after its key was retried', async () => {
    const { provider, stalled, other, reached, wake } = openStalled('by key');
    const intent = intentOf('late', 1);
    const late = stalled.purchases.buy(intent);
    await reached;
    await ageSentRequests(db);
    await expireLeases();
    provider.meet(['refused']);
    expect(await other.purchases.find(intent)).toBeUndefined();
    const bought = await other.purchases.buy(intent);
    expect(bought.status).toBe('PURCHASED');
    wake();
    expect(await late).toMatchObject({ id: bought.id, status: 'PURCHASED' });
    await other.purchases.reconcileDue(true);
    expect(provider.purchased()).toBe(2);
    expect(provider.charged()).toEqual(
      (await purchasedParcels(bought.id)).map((each) => each.tracking_number),
    );
    const orphans = await db.selectFrom('shipments').select('status').where('idempotency_key', 'like', `${intent.idempotencyKey} %`).execute(); // prettier-ignore
    expect(orphans).toEqual([{ status: 'FAILED' }]);
  });

  it('completes its purchase where it sends after the purchase failed', async () => {
    const { provider, stalled, other, reached, wake } = openStalled('by key');
    const intent = intentOf('given up', 1);
    const late = stalled.purchases.buy(intent);
    await reached;
    await ageSentRequests(db);
    await expireLeases();
    provider.meet(['refused']);
    expect(await other.purchases.find(intent)).toBeUndefined();
    wake();
    const shipment = await late;
    expect(shipment).toMatchObject({ status: 'PURCHASED', failure: null });
    expect(provider.charged()).toEqual(
      (await purchasedParcels(shipment.id)).map((each) => each.tracking_number),
    );
  });

  it('leaves a purchase UNCERTAIN while its provider refuses to report the outcome', async () => {
    const { provider, other } = openStalled('by key');
    const intent = intentOf('quota', 1);
    provider.meet(['lost after', 'no outcome']);
    expect((await other.purchases.buy(intent)).status).toBe('UNCERTAIN');
    expect((await other.purchases.find(intent))!.status).toBe('UNCERTAIN');
    expect((await other.purchases.find(intent))!.status).toBe('PURCHASED');
    expect(provider.purchased()).toBe(1);
  });
});
