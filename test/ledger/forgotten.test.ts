import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Kysely, PGliteDialect, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pino } from 'pino';
import { ProviderError } from '../../src/domain/errors.ts';
import { createLabels } from '../../src/ledger/labels.ts';
import { createRetention } from '../../src/ledger/retention.ts';
import { startChores } from '../../src/chores.ts';
import { ledgerFolder } from '../support/house.ts';
import { modelProvider } from '../purchases/providers.ts';
import { openReplica } from '../purchases/replica.ts';

const folder = ledgerFolder();
let pglite: PGlite;
let watch: Kysely<any>;
beforeAll(async () => {
  pglite = await PGlite.create(join(folder, 'ledger'), { relaxedDurability: true });
  watch = new Kysely<any>({ dialect: new PGliteDialect({ pglite }) });
});
afterAll(async () => {
  await watch.destroy();
  rmSync(folder, { recursive: true, force: true });
});
let n = 0;
const intentOf = (ticket: string, parcels: number, key = `key-${(n += 1)}`): any => {
  const price = { amount: `${10 * parcels}.00`, currencyCode: 'USD' };
  const address = { country: 'US', postalCode: '20260' };
  return {
    tenantId: 't',
    mutation: 'shipmentPurchase',
    idempotencyKey: key,
    inputHash: 'same',
    by: { actor: 'key:1' },
    rateHash: ticket.split(' ')[0],
    account: { id: 'account', provider: 'x', environment: 'TEST' },
    order: {
      request: {
        from: address,
        to: address,
        parcels: Array.from({ length: parcels }, () => ({})),
        shipDate: '2026-11-18',
      },
      offer: { carrier: 'USPS', service: { code: 'X', name: 'X' }, price, ticket },
      from: address,
      to: address,
      format: 'PDF',
      quotedAt: 0,
      limit: price,
    },
  };
};
const clockAt = (skew = 0) => ({
  now: () => Date.parse('2026-11-18T18:00:00Z') + skew,
  sleep: async () => {},
});

it('one label that is not taken back keeps no other', async () => {
  const provider = modelProvider('by key', clockAt().now);
  const { purchases, refunds } = openReplica({ pglite }, provider.carrier, clockAt());
  const s = await purchases.buy(intentOf('d', 3));
  const first = s.parcels[0]!.tracking_number;
  const real = provider.carrier.labels!.void!;
  (provider.carrier.labels as any).void = async (sold: any, call: any) => {
    if (sold.trackingNumber === first) throw new ProviderError('REJECTED', 'used already');
    return real(sold, call);
  };
  await expect(refunds.void('t', s.id, { actor: 'k' })).rejects.toThrow('used already');
  expect(provider.live()).toEqual([first]);
});

it('a void whose process dies is heard of all the same', async () => {
  let now = clockAt().now();
  const provider = modelProvider('read back', () => now);
  const one = openReplica({ pglite }, provider.carrier, clockAt());
  const s = await one.purchases.buy(intentOf('d2', 1));
  let asked = 0;
  const real = provider.carrier.labels!.void!;
  (provider.carrier.labels as any).void = async (...a: any) => {
    asked += 1;
    const r = await (real as any)(...a);
    one.dieIn(1);
    return r;
  };
  void one.refunds.void('t', s.id, { actor: 'k' });
  await new Promise((r) => setTimeout(r, 300));
  const two = openReplica({ pglite }, provider.carrier, { now: () => now, sleep: async () => {} });
  for (const day of [0, 1, 2, 3]) {
    now = clockAt().now() + 300_000 + day * 86_400_000;
    await two.refunds.follow();
  }
  const { rows } =
    await sql`select status, state, refund->>'status' as refund, refund_due_at from shipments join parcels on shipment_id = id where id = ${s.id}`.execute(
      watch,
    );
  expect(rows).toEqual([{ status: 'VOIDED', state: 'VOIDED', refund: 'REFUNDED', refund_due_at: null }]);
  expect(asked).toBe(2);
});

it('a label that is fetched while it is deleted stays deleted', async () => {
  const provider = modelProvider('by key', clockAt().now);
  const { purchases } = openReplica({ pglite }, provider.carrier, clockAt());
  const s = await purchases.buy(intentOf('r', 1));
  await sql`update shipments set created_at = now() - interval '40 days' where id = ${s.id}`.execute(watch);
  await sql`alter table history disable trigger history_stands`.execute(watch);
  await sql`update history set at = at - interval '40 days' where subject_id = ${s.id}`.execute(watch);
  await sql`update parcels set label = null, label_source = 'x' where shipment_id = ${s.id}`.execute(watch);
  const gate = Promise.withResolvers<Uint8Array>();
  const reached = Promise.withResolvers<void>();
  const carrierOf: any = () => ({
    labels: {
      document: () => {
        reached.resolve();
        return gate.promise;
      },
    },
  });
  const reading = createLabels(watch as any, carrierOf).read({ id: s.id, position: 0 });
  await reached.promise;
  expect(await createRetention(watch as any, carrierOf).blank(30)).toMatchObject({ shipments: 1 });
  gate.resolve(new Uint8Array([1, 2, 3]));
  await reading;
  const { rows } =
    await sql`select blanked_at is not null as blanked, label from shipments join parcels on id = shipment_id where id = ${s.id}`.execute(
      watch,
    );
  expect(rows).toEqual([{ blanked: true, label: null }]);
});

it('a provider that hangs on a refund keeps no purchase from being settled', async () => {
  const settled: number[] = [];
  const began = Date.now();
  const ledger: any = {
    purchases: { settle: async () => (settled.push(Date.now() - began), 0) },
    errands: { settle: async () => 0 },
    attention: { list: async () => [] },
    refunds: { follow: () => new Promise(() => {}) },
    retention: {},
  };
  void startChores({
    ledger,
    log: pino({ level: 'silent' }),
    clock: { now: Date.now, sleep: async () => {} },
  });
  await new Promise((r) => setTimeout(r, 5000));
  expect(settled.length).toBeGreaterThan(1);
}, 20000);
