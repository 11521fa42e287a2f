import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRecords } from '../../src/storage/storage.ts';
import { createRedaction } from '../../src/workflows/redaction.ts';
import { sender, storages } from '../support/test-server.ts';
import { openLedgerTestServer, shipmentFields, type LedgerTestServer } from '../support/ledger-server.ts';

const personalData = /Sally|Rita|Townsend|L'Enfant|2025550100|4155550100|Signe/;

describe.each(storages)('personal data past its retention on the %s ledger', (storage) => {
  let server: LedgerTestServer;
  const bought: Record<string, any> = {};
  const rates: Record<string, string> = {};
  let pickupId: string;
  beforeAll(async () => {
    server = await openLedgerTestServer(storage);
    for (const [key, account] of [
      ['usps-1', 'usps'],
      ['usps-2', 'usps'],
      ['easypost-1', 'easypost'],
      ['young', 'usps'],
      ['unknown', 'usps'],
    ] as const) {
      rates[key] = await server.rate(account);
      if (key === 'unknown') server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, drop: 'after' }); // prettier-ignore
      bought[key] = (await server.buy(key, rates[key])).data.shipmentPurchase.shipment;
    }
    expect(Object.values(bought).map(({ status }) => status)).toEqual([
      ...Array(4).fill('PURCHASED'),
      'UNCERTAIN',
    ]);
    const reprint = { shipmentId: bought['usps-1'].id, format: 'ZPL' };
    await server.ask('mutation ($reprint: LabelReprintInput!) { labelReprint(input: $reprint) { failure { message } } }', { reprint }); // prettier-ignore
    bought['usps-1'] = await shipmentOf('usps-1');
    expect((await (await fetch(bought['usps-1'].label.url)).text()).startsWith('^XA')).toBe(true);
    const input = { idempotencyKey: 'p', address: { ...sender, phone: '2025550100' }, date: '2026-11-20', shipmentIds: [bought['usps-1'].id] }; // prettier-ignore
    const { data } = await server.ask('mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { id } failure { message } } }', { input }); // prettier-ignore
    pickupId = data.pickupSchedule.pickup.id;
    await server.stop();
    await server.within(async (db) => {
      const old = Object.values(bought).map(({ id }) => id as string).filter((id) => id !== bought.young.id); // prettier-ignore
      await sql`update shipments set created_at = created_at - interval '40 days', retry_at = now() + interval '1 hour'
        where id = any(${sql.val(old)})`.execute(db);
      await sql`update operations set created_at = created_at - interval '40 days'`.execute(db);
      await sql`alter table history disable trigger history_append_only`.execute(db);
      await sql`update history set at = at - interval '40 days' where subject_id <> ${bought.young.id}`.execute(
        db,
      );
      await sql`alter table history enable trigger history_append_only`.execute(db);
      const state = { status: 'DELIVERED', signedBy: 'Signe Signer', events: [
        { status: 'DELIVERED', description: 'Delivered', occurredAt: '2026-10-01T10:00:00Z', location: { name: 'Signe', street1: '1 Main St', city: 'Reno', country: 'US' } },
        { status: 'ACCEPTED', description: 'Accepted', occurredAt: '2026-09-29T10:00:00Z' }] }; // prettier-ignore
      await sql`insert into trackers values ('sandbox', '9434611206217000000009', 'USPS', 'usps',
        ${JSON.stringify(state)}::jsonb, now() - interval '40 days')`.execute(db);
    });
  });
  afterAll(() => server.close());

  const shipmentOf = async (key: string) =>
    (await server.ask(`query ($id: ID!) { shipment(id: $id) { ${shipmentFields} } }`, { id: bought[key].id })).data.shipment; // prettier-ignore

  it('is counted before anything is deleted', async () => {
    await server.within(async (db) => {
      const redaction = createRedaction({ storage: createRecords(db), adapterOf: () => undefined });
      expect(await redaction.count(30)).toEqual({ shipments: 3, operations: 1, trackers: 1, voidable: 3, open: 1 }); // prettier-ignore
      expect(await redaction.count(45)).toEqual({ shipments: 0, operations: 0, trackers: 0, voidable: 0, open: 0 }); // prettier-ignore
      const { rows } = await sql<{ text: string }>`select sender::text || recipient::text as text from shipments`.execute(db); // prettier-ignore
      for (const { text } of rows) expect(text).toMatch(personalData);
    });
  });

  it('is deleted by the background job, and nothing else is', async () => {
    await server.start({ retentionDays: 30 });
    await expect
      .poll(
        () => server.log.find((line) => line.includes('personal data older than the retention was deleted')),
        {
          timeout: 15_000,
        },
      )
      .toContain('"shipments":3,"operations":1,"trackers":1');
    const noPerson = { name: null, street1: null, city: null, phone: null };
    for (const key of ['usps-1', 'usps-2', 'easypost-1']) {
      const before = bought[key];
      const { createdAt: _, ...now } = await shipmentOf(key);
      expect(now).toMatchObject({
        status: 'PURCHASED',
        trackingNumber: before.trackingNumber,
        price: before.price,
        quotedPrice: before.quotedPrice,
        history: before.history,
        from: noPerson,
        to: noPerson,
        label: null,
        parcels: [{ label: null, trackingNumber: before.trackingNumber }],
      });
      const gone = await fetch(before.label.url.replace(/^http:\/\/[^/]*/, server.url));
      expect(gone.status).toBe(410);
      expect((await gone.json()).error).toContain('was deleted');
    }
    const young = await shipmentOf('young');
    expect(young.from.name).toBe('Sally Sender');
    expect((await fetch(young.label.url)).status).toBe(200);
  });

  it('stays in UNCERTAIN purchases, which are then reconciled', async () => {
    const charged = server.sandbox.usps.charges().length;
    const { shipment } = (await server.buy('unknown', rates.unknown!)).data.shipmentPurchase;
    expect(shipment).toMatchObject({ status: 'PURCHASED', from: { name: 'Sally Sender' } });
    expect(server.sandbox.usps.charges()).toHaveLength(charged);
  });

  it('leaves shipments that are found by key and tracking number, tracked and listed', async () => {
    const { shipment } = (await server.buy('usps-1', rates['usps-1']!)).data.shipmentPurchase;
    expect(shipment).toMatchObject({ id: bought['usps-1'].id, status: 'PURCHASED' });
    const query = `query ($n: String!) { shipments(filter: { trackingNumber: $n }) { nodes { id } }
      tracker(trackingNumber: $n) { status failure { code } shipment { id } } }`;
    const { data, errors } = await server.ask(query, { n: shipment.trackingNumber });
    expect(errors).toBeUndefined();
    expect(data.shipments.nodes).toEqual([{ id: shipment.id }]);
    expect(data.tracker).toMatchObject({ status: 'PRE_TRANSIT', shipment: { id: shipment.id } });
    const tracked = await server.ask('{ tracker(trackingNumber: "9434611206217000000009", carrier: "USPS", maxAgeSeconds: 99999999) { status signedBy events { description location { name street1 city } } } }'); // prettier-ignore
    expect(tracked.data.tracker).toEqual({
      status: 'DELIVERED',
      signedBy: null,
      events: [
        { description: 'Delivered', location: { name: null, street1: null, city: 'Reno' } },
        { description: 'Accepted', location: null },
      ],
    });
    const pickup = await server.ask('query ($id: ID!) { pickup(id: $id) { status date } }', { id: pickupId });
    expect(pickup.data.pickup).toEqual({ status: 'SCHEDULED', date: '2026-11-20' });
  });

  it('leaves shipments that can be voided, and cannot be added to a manifest', async () => {
    const input = { idempotencyKey: 'm', shipmentIds: [bought['usps-2'].id] };
    const { data } = await server.ask('mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { userErrors { code message } } }', { input }); // prettier-ignore
    expect(data.manifestCreate.userErrors).toEqual([{ code: 'NOT_ALLOWED', message: expect.stringContaining('addresses were deleted') }]); // prettier-ignore
    const voidShipment = async (key: string) =>
      (await server.ask('mutation ($id: ID!) { shipmentVoid(input: { id: $id }) { shipment { status refund { status } } failure { code message } } }', { id: bought[key].id })).data.shipmentVoid; // prettier-ignore
    expect(await voidShipment('usps-2')).toEqual({ shipment: { status: 'VOIDED', refund: { status: 'REFUNDED' } }, failure: null }); // prettier-ignore
    expect(await voidShipment('easypost-1')).toMatchObject({ shipment: { refund: { status: 'REQUESTED' } }, failure: null }); // prettier-ignore
    server.clock.advance(20 * 24 * 60 * 60 * 1000);
    expect(await voidShipment('easypost-1')).toMatchObject({ shipment: { status: 'VOIDED', refund: { status: 'REFUNDED' } }, failure: null }); // prettier-ignore
  });

  it('is nowhere in the tables', async () => {
    await server.stop();
    await server.within(async (db) => {
      const ids = ['usps-1', 'usps-2', 'easypost-1'].map((key) => bought[key].id as string);
      const { rows } = await sql<{ text: string }>`
        select s::text || p::text || coalesce(convert_from(label, 'LATIN1'), '') as text
          from shipments s join parcels p on shipment_id = s.id where s.id = any(${sql.val(ids)})
        union all select convert_from(data, 'LATIN1') from reprints union all select e::text from operations e union all select t::text from trackers t`.execute(
        db,
      );
      expect(rows.length).toBeGreaterThanOrEqual(5);
      for (const { text } of rows) expect(text).not.toMatch(personalData);
    });
  });
});
