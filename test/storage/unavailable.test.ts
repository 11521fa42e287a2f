import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';

import { isUnavailable } from '../../src/storage/unavailable.ts';
import { box, freshDatabase, receiver, sender } from '../support/test-server.ts';
import { failing } from '../support/fault-injection.ts';
import { openLedgerTestServer, type LedgerTestServer } from '../support/ledger-server.ts';

const afterwards: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

const reads = `query ($input: RatesInput!, $address: AddressInput!) {
  rates(input: $input) { rates { id } }
  addressVerification(address: $address) { status }
  tracker(trackingNumber: "EZ4000000004", maxAgeSeconds: 0) { status stale asOf failure { code } }
}`;
const input = { from: sender, to: receiver, parcels: [box] };

const charges = ({ sandbox }: LedgerTestServer) =>
  sandbox.usps.charges().length + sandbox.easypost.charges().length;
const calls = ({ sandbox }: LedgerTestServer) => sandbox.usps.calls.length + sandbox.easypost.calls.length;

/** Nothing that costs money, and everything that does not. */
async function expectReadsOnly(house: LedgerTestServer, rateId: string, isLost: boolean): Promise<void> {
  const before = { charges: charges(house), calls: calls(house) };
  const refused = [
    await house.buy('during', rateId),
    await house.ask(
      'mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { userErrors { code } } }',
      { input: { idempotencyKey: 'during', address: { ...sender, phone: '2025550100' }, date: '2026-11-20', shipmentIds: ['shp_1'] } }, // prettier-ignore
    ),
    await house.ask(
      'mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { userErrors { code } } }',
      { input: { idempotencyKey: 'during', shipmentIds: ['shp_1'] } },
    ),
  ];
  // Where it can still be read, these find out that there is no such shipment.
  for (const { errors } of isLost ? refused : refused.slice(0, 1)) {
    expect(errors).toHaveLength(1);
    expect(errors![0].extensions).toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      retryable: true,
      hint: expect.stringContaining('idempotency key'),
    });
  }
  expect(calls(house)).toBe(before.calls);

  const { data, errors } = await house.ask(reads, { input, address: receiver });
  expect(errors).toBeUndefined();
  expect(data.rates.rates.length).toBeGreaterThan(10);
  expect(data.addressVerification.status).toBe('VERIFIED');
  expect(data.tracker).toEqual({
    status: 'DELIVERED',
    stale: false,
    asOf: new Date(house.clock.now()).toISOString(),
    failure: null,
  });
  expect((await fetch(`${house.url}/readyz`)).status).toBe(503);
  expect(charges(house)).toBe(before.charges);
}

async function expectWell(house: LedgerTestServer, rateId: string): Promise<void> {
  expect((await fetch(`${house.url}/readyz`)).status).toBe(200);
  const before = charges(house);
  const { data } = await house.buy('during', rateId);
  expect(data.shipmentPurchase.shipment.status).toBe('PURCHASED');
  expect(charges(house)).toBe(before + 1);
}

async function open() {
  const database = failing();
  const house = await openLedgerTestServer('embedded', { wrapDialect: database.between });
  afterwards.push(house.close);
  return { house, database };
}

describe.each([
  ['is lost', '08006', /(?:)/],
  ['has a full disk', '53100', /^\s*(insert|update|delete|begin)/i],
  ['was made read-only', '25006', /^\s*(insert|update|delete)/i],
] as const)('where the ledger %s', (what, code, statement) => {
  it('nothing is bought, and everything else is answered', async () => {
    const { house, database } = await open();
    const rateId = await house.rate('usps');
    database.fail(code, statement);
    await expectReadsOnly(house, rateId, what === 'is lost');
    database.heal();
    await expectWell(house, rateId);
  });
});

it('counts go on in memory while the ledger is lost, and are made up for', async () => {
  const { house, database } = await open();
  const left = async () => {
    const query = '{ providerAccounts { id quotas { api remaining } } }';
    const { providerAccounts } = (await house.ask(query)).data;
    const usps = providerAccounts.find(({ id }: any) => id === 'usps');
    return usps.quotas.find(({ api }: any) => api === 'addresses').remaining as number;
  };
  const verify = async (street1: string) => {
    const query =
      'query ($address: AddressInput!) { addressVerification(address: $address, accountId: "usps") { status } }';
    expect((await house.ask(query, { address: { ...receiver, street1 } })).errors).toBeUndefined();
  };
  await verify('1 Main St');
  const before = await left();
  database.fail('ECONNREFUSED');
  await verify('2 Main St');
  await verify('3 Main St');
  expect(await left()).toBe(before - 2);
  database.heal();
  await verify('4 Main St');
  expect(await left()).toBe(before - 4 + 1);
});

describe.each(['usps', 'easypost'] as const)('where the ledger is lost between %s and us', (account) => {
  it('the label that was sold is found when it is back, charged once', async () => {
    const { house, database } = await open();
    const rateId = await house.rate(account);
    database.failFrom('57P01', /update "parcels" set .*"tracking_number"/);
    const lost = await house.buy('lost', rateId);
    expect(lost.errors![0].extensions.code).toBe('LEDGER_UNAVAILABLE');
    expect(charges(house)).toBe(1);
    database.heal();
    const found = await house.buy('lost', rateId);
    expect(found.data.shipmentPurchase.shipment).toMatchObject({
      status: 'PURCHASED',
      trackingNumber: expect.any(String),
    });
    expect(charges(house)).toBe(1);
  });
});

describe.runIf(process.env.DATABASE_URL)('a server whose connections are cut', () => {
  // Without DATABASE_URL there is no server to cut off.
  it('refuses what costs money and answers the rest, until it is back', async () => {
    const server = await freshDatabase();
    afterwards.push(server.drop);
    const house = await openLedgerTestServer('server', { storage: { url: server.url } });
    afterwards.push(house.close);
    const rateId = await house.rate('usps');
    await cut(server.url, true);
    afterwards.push(() => cut(server.url, false));
    await expectReadsOnly(house, rateId, true);
    await cut(server.url, false);
    await expectWell(house, rateId);
  });
});

/** Ends all connections of a database and lets no new one in, or lets them in again. */
async function cut(url: string, isCut: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(`alter database ${name} with allow_connections ${!isCut}`);
  if (isCut) await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]); // prettier-ignore
  await client.end();
}

it('is told by what databases and their drivers say, not by what is wrong with a statement', () => {
  const error = (code: string) => Object.assign(new Error('x'), { code });
  for (const code of [
    '08006',
    '57P01',
    '57P03',
    '53100',
    '53300',
    '25006',
    '55000',
    '3D000',
    'ECONNREFUSED',
    'ECONNRESET',
    'ENOSPC',
  ])
    expect(isUnavailable(error(code)), code).toBe(true);
  for (const words of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])
    expect(isUnavailable(new Error(words)), words).toBe(true);
  for (const code of ['23505', '42601', '40001', '25P02', '22P02'])
    expect(isUnavailable(error(code)), code).toBe(false);
  expect(isUnavailable(new Error('the answer is unreadable'))).toBe(false);
});
