import { rmSync } from 'node:fs';

import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Tables } from '../../../src/storage/tables.ts';
import { freshDatabase, ledgerFolder, storages } from '../../support/test-server.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { letSentAge } from '../../support/age-sent-requests.ts';
import { explore, type Place } from './explore.ts';
import { intentOf } from './intent.ts';
import { modelProvider, type Rule } from './providers.ts';
import { openReplica } from './replica.ts';

describe.each(storages)('random interleavings, on the %s ledger', (storage) => {
  let place: Place;
  let drop = async () => {};
  beforeAll(async () => {
    if (storage === 'embedded') {
      const folder = ledgerFolder();
      place = { folder };
      drop = async () => rmSync(folder, { recursive: true, force: true });
      return;
    }
    const database = await freshDatabase();
    await (await openDatabase(database)).close();
    [place, drop] = [database, database.drop];
  });
  afterAll(() => drop());

  it('of callers, lost answers, stalls and crashes charge once a key and lose nothing', { timeout: 240_000 }, async () => {
    const seed = Date.now() % 1_000_000_000;
    const { runs, sum } = await explore([place], storage === 'embedded' ? 60 : 40, seed);
    expect(runs).toBe(storage === 'embedded' ? 60 : 40);
    // They do meet what they are about.
    expect(sum.deaths).toBeGreaterThan(0);
    expect(sum.sold).toBeGreaterThan(sum.charges);
  }); // prettier-ignore
});

describe('a process that stalls', () => {
  const folder = ledgerFolder();
  let pglite: PGlite;
  let watch: Kysely<Tables>;
  beforeAll(async () => {
    pglite = await PGlite.create(join(folder, 'ledger'), { relaxedDurability: true });
    watch = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) });
  });
  afterAll(async () => {
    await watch.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  const loseLeases = () =>
    sql`update shipments set leased_until = now() - interval '1 second' where leased_until is not null`.execute(
      watch,
    );
  /** Two replicas, the first of which stalls between writing that it sends and sending. */
  const openStalled = (rule: Rule) => {
    const clock = { now: () => Date.parse('2026-11-18T18:00:00Z'), sleep: async () => {} };
    const provider = modelProvider(rule, clock.now);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const labels = provider.carrier.labels!;
    const slow: typeof labels = {
      ...labels,
      async buy(...asked) {
        reached.resolve();
        await gate.promise;
        return labels.buy(...asked);
      },
    };
    return {
      provider,
      stalled: openReplica({ pglite }, { ...provider.carrier, labels: slow }, clock),
      other: openReplica({ pglite }, provider.carrier, clock),
      reached: reached.promise,
      wake: gate.resolve,
    };
  };
  const stands = (id: string) =>
    watch.selectFrom('parcels').select(['tracking_number']).where('shipment_id', '=', id).where('state', '=', 'SOLD').execute(); // prettier-ignore

  it.each<Rule>(['by key', 'read back'])('is not taken for one that never sent (%s)', async (rule) => {
    const { provider, stalled, other, reached, wake } = openStalled(rule);
    const intent = intentOf(`soon ${rule}`, rule === 'by key' ? 1 : 2);
    const bought = stalled.purchases.buy(intent);
    await reached;
    await loseLeases();
    // USPS refuses the bytes for now, EasyPost has nothing yet: that proves nothing so soon.
    provider.meet(rule === 'by key' ? ['refused'] : []);
    expect((await other.purchases.find(intent))!.status).toBe('UNCERTAIN');
    wake();
    const shipment = await bought;
    expect(shipment.status).toBe('PURCHASED');
    expect((await stands(shipment.id)).map((each) => each.tracking_number).sort()).toEqual(provider.live().sort());
  }); // prettier-ignore

  it('and sends when its key was tried again, is heard: that label goes back', async () => {
    const { provider, stalled, other, reached, wake } = openStalled('by key');
    const intent = intentOf('late', 1);
    const late = stalled.purchases.buy(intent);
    await reached;
    await letSentAge(watch);
    await loseLeases();
    provider.meet(['refused']);
    expect(await other.purchases.find(intent)).toBeUndefined();
    const bought = await other.purchases.buy(intent);
    expect(bought.status).toBe('PURCHASED');
    wake();
    expect(await late).toMatchObject({ id: bought.id, status: 'PURCHASED' });
    await other.purchases.reconcileDue(true);
    expect(provider.sold()).toBe(2);
    expect(provider.live()).toEqual((await stands(bought.id)).map((each) => each.tracking_number));
    const apart = await watch.selectFrom('shipments').select('status').where('idempotency_key', 'like', `${intent.idempotencyKey} %`).execute(); // prettier-ignore
    expect(apart).toEqual([{ status: 'FAILED' }]);
  });

  it('and sends when it was given up, has bought after all', async () => {
    const { provider, stalled, other, reached, wake } = openStalled('by key');
    const intent = intentOf('given up', 1);
    const late = stalled.purchases.buy(intent);
    await reached;
    await letSentAge(watch);
    await loseLeases();
    provider.meet(['refused']);
    expect(await other.purchases.find(intent)).toBeUndefined();
    wake();
    const shipment = await late;
    expect(shipment).toMatchObject({ status: 'PURCHASED', failure: null });
    expect(provider.live()).toEqual((await stands(shipment.id)).map((each) => each.tracking_number));
  });

  it('a provider that refuses to tell what became of it has refused no sale', async () => {
    const { provider, other } = openStalled('by key');
    const intent = intentOf('quota', 1);
    provider.meet(['lost after', 'not told']);
    expect((await other.purchases.buy(intent)).status).toBe('UNCERTAIN');
    expect((await other.purchases.find(intent))!.status).toBe('UNCERTAIN');
    expect((await other.purchases.find(intent))!.status).toBe('PURCHASED');
    expect(provider.sold()).toBe(1);
  });
});
