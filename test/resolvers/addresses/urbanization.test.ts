import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { box, openTestServer, receiver, type TestServer } from '../../support/test-server.ts';

const street = { street1: '150 Calle A', city: 'San Juan', state: 'PR', postalCode: '00926', country: 'US' };
const shop = { ...street, name: 'Ana Colón', phone: '787-555-0100', urbanization: 'Las Gladiolas' };

describe('an address with an urbanization', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  const verify = async (address: object, accountId: string) => {
    const query = `query ($address: AddressInput!, $accountId: ID) { addressVerification(address: $address, accountId: $accountId) {
      status address { street1 street2 urbanization postalCode } changes { field from to } messages { field message } } }`;
    return (await server.ask(query, { address, accountId })).data.addressVerification;
  };

  it.each(['usps', 'easypost'])(
    'is verified with it by %s, in its field or on a street line',
    async (account) => {
      const verified = {
        status: 'VERIFIED',
        address: { street1: '150 CALLE A', urbanization: 'URB LAS GLADIOLAS' },
      };
      for (const address of [
        { ...street, urbanization: 'Las Gladiolas' },
        { ...street, street2: 'Urb Las Gladiolas' },
      ]) {
        const { changes, ...verification } = await verify(address, account);
        expect(verification).toMatchObject(verified);
        expect(changes.map(({ field }: any) => field)).not.toContain('urbanization');
      }
    },
  );

  it('is another one with another urbanization, and AMBIGUOUS without: the message names what is missing', async () => {
    const zip = async (urbanization: string) =>
      (await verify({ ...street, urbanization }, 'usps')).address.postalCode;
    expect([await zip('Urb Las Gladiolas'), await zip('Villa Capri')]).toEqual(['00926-1101', '00926-2202']);
    const { status, messages } = await verify(street, 'usps');
    expect(status).toBe('AMBIGUOUS');
    expect(messages).toContainEqual({
      field: 'urbanization',
      message: expect.stringMatching(/urbanization is missing/),
    });
  });

  it.each(['usps', 'easypost'])('is labelled, picked up and listed in a manifest by %s', async (account) => {
    const input = {
      from: shop,
      to: { ...receiver, phone: '415-555-0100' },
      parcels: [box],
      accountIds: [account],
    };
    const rates = await server.ask('query ($input: RatesInput!) { rates(input: $input) { rates { id carrier service { code } } } }', { input }); // prettier-ignore
    const { id: rateId } = rates.data.rates.rates.find(
      ({ service }: any) => service.code === 'PRIORITY_MAIL',
    );
    const purchased = await server.ask(
      'mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status from { street1 street2 urbanization } } failure { message } userErrors { message } } }',
      { input: { idempotencyKey: randomUUID(), rateId } },
    );
    const { shipment } = purchased.data.shipmentPurchase;
    expect(shipment).toMatchObject({
      status: 'PURCHASED',
      from: { street1: '150 Calle A', street2: null, urbanization: 'Las Gladiolas' },
    });
    const pickup = await server.ask(
      'mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { pickup { status } failure { message field } userErrors { message field } } }',
      { input: { idempotencyKey: randomUUID(), shipmentIds: [shipment.id], address: { ...shop, email: 'ana@example.com' }, date: '2026-11-19', maxPrice: { amount: '20.00', currencyCode: 'USD' } } }, // prettier-ignore
    );
    expect(pickup.data.pickupSchedule).toMatchObject({ failure: null, pickup: { status: 'SCHEDULED' } });
    const manifest = await server.ask(
      'mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { manifest { status } failure { message field } userErrors { message field } } }',
      { input: { idempotencyKey: randomUUID(), shipmentIds: [shipment.id] } },
    );
    expect(manifest.data.manifestCreate).toMatchObject({ failure: null, manifest: { status: 'CREATED' } });
  });
});
