import { join } from 'node:path';

import pg from 'pg';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';

import { isUnavailable } from '../../src/storage/unavailable.ts';
import { box, freshDatabase, receiver, sender } from '../support/test-server.ts';
import { failWrites, isDiskObservable, passRestartInterval } from '../support/disk.ts';
import { createFaultyDatabase } from '../support/fault-injection.ts';
import { openLedgerTestServer, type LedgerTestServer } from '../support/ledger-server.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanups.splice(0).reverse()) await step();
});

const readsQuery = `query ($input: RatesInput!, $address: AddressInput!) {
  rates(input: $input) { rates { id } }
  addressVerification(address: $address) { status }
  tracker(trackingNumber: "EZ4000000004", maxAgeSeconds: 0) { status stale asOf failure { code } }
}`;
const input = { from: sender, to: receiver, parcels: [box] };

const charges = ({ sandbox }: LedgerTestServer) =>
  sandbox.usps.charges().length + sandbox.easypost.charges().length;
const calls = ({ sandbox }: LedgerTestServer) => sandbox.usps.calls.length + sandbox.easypost.calls.length;

/** Expects that nothing is purchased and that reads succeed. */
async function expectReadsOnly(
  server: LedgerTestServer,
  rateId: string,
  isUnreachable: boolean,
): Promise<void> {
  const before = { charges: charges(server), calls: calls(server) };
  const refused = [
    await server.buy('during', rateId),
    await server.ask(
      'mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) { userErrors { code } } }',
      { input: { idempotencyKey: 'during', address: { ...sender, phone: '2025550100' }, date: '2026-11-20', shipmentIds: ['shp_1'] } }, // prettier-ignore
    ),
    await server.ask(
      'mutation ($input: ManifestCreateInput!) { manifestCreate(input: $input) { userErrors { code } } }',
      { input: { idempotencyKey: 'during', shipmentIds: ['shp_1'] } },
    ),
  ];
  // A ledger that can be read reports that there is no such shipment.
  for (const { errors } of isUnreachable ? refused : refused.slice(0, 1)) {
    expect(errors).toHaveLength(1);
    expect(errors![0].extensions).toMatchObject({
      code: 'LEDGER_UNAVAILABLE',
      retryable: true,
      hint: expect.stringContaining('idempotency key'),
    });
  }
  expect(calls(server)).toBe(before.calls);

  const { data, errors } = await server.ask(readsQuery, { input, address: receiver });
  expect(errors).toBeUndefined();
  expect(data.rates.rates.length).toBeGreaterThan(10);
  expect(data.addressVerification.status).toBe('VERIFIED');
  expect(data.tracker).toEqual({
    status: 'DELIVERED',
    stale: false,
    asOf: new Date(server.clock.now()).toISOString(),
    failure: null,
  });
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  expect(charges(server)).toBe(before.charges);
}

async function expectPurchase(server: LedgerTestServer, rateId: string): Promise<void> {
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const before = charges(server);
  const { data } = await server.buy('during', rateId);
  expect(data.shipmentPurchase.shipment.status).toBe('PURCHASED');
  expect(charges(server)).toBe(before + 1);
}

async function open() {
  const database = createFaultyDatabase();
  const server = await openLedgerTestServer('embedded', { wrapDialect: database.wrapDialect });
  cleanups.push(server.close);
  return { server, database };
}

describe.each([
  ['is unreachable', '08006', /(?:)/],
  ['has a full disk', '53100', /^\s*(insert|update|delete|begin)/i],
  ['is read-only', '25006', /^\s*(insert|update|delete)/i],
] as const)('while the ledger %s', (state, code, statement) => {
  it('nothing is purchased and reads succeed', async () => {
    const { server, database } = await open();
    const rateId = await server.rate('usps');
    database.fail(code, statement);
    await expectReadsOnly(server, rateId, state === 'is unreachable');
    database.restore();
    await expectPurchase(server, rateId);
  });
});

describe.runIf(isDiskObservable).each(['ENOSPC', 'EIO'] as const)(
  'while the disk of an embedded ledger fails with %s',
  (code) => {
    it('nothing is purchased, and the ledger goes on afterwards with all that it had committed', async () => {
      const server = await openLedgerTestServer('embedded');
      cleanups.push(server.close);
      const rateId = await server.rate('usps');
      const earlier = await server.buy('earlier', await server.rate('easypost'));
      const restore = failWrites(join(server.folder, 'ledger'), code);
      onTestFinished(restore);
      await expectReadsOnly(server, rateId, true);
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      restore();
      passRestartInterval();
      await expectPurchase(server, rateId);
      const { shipment } = earlier.data.shipmentPurchase;
      const { data } = await server.ask(`query ($id: ID!) { shipment(id: $id) { id trackingNumber } }`, { id: shipment.id }); // prettier-ignore
      expect(data.shipment).toEqual({ id: shipment.id, trackingNumber: shipment.trackingNumber });
    });
  },
);

it('calls are counted in memory while the ledger is unreachable, and saved afterwards', async () => {
  const { server, database } = await open();
  const left = async () => {
    const query = '{ providerAccounts { id quotas { api remaining } } }';
    const { providerAccounts } = (await server.ask(query)).data;
    const usps = providerAccounts.find(({ id }: any) => id === 'usps');
    return usps.quotas.find(({ api }: any) => api === 'addresses').remaining as number;
  };
  const verify = async (street1: string) => {
    const query =
      'query ($address: AddressInput!) { addressVerification(address: $address, accountId: "usps") { status } }';
    expect((await server.ask(query, { address: { ...receiver, street1 } })).errors).toBeUndefined();
  };
  await verify('1 Main St');
  const before = await left();
  database.fail('ECONNREFUSED');
  await verify('2 Main St');
  await verify('3 Main St');
  expect(await left()).toBe(before - 2);
  database.restore();
  await verify('4 Main St');
  expect(await left()).toBe(before - 4 + 1);
});

describe.each(['usps', 'easypost'] as const)(
  'when the ledger becomes unreachable after a purchase at %s',
  (account) => {
    it('the label is found by a retry and charged once', async () => {
      const { server, database } = await open();
      const rateId = await server.rate(account);
      database.failFrom('57P01', /update "parcels" set .*"tracking_number"/);
      const lost = await server.buy('lost', rateId);
      expect(lost.errors![0].extensions.code).toBe('LEDGER_UNAVAILABLE');
      expect(charges(server)).toBe(1);
      database.restore();
      const found = await server.buy('lost', rateId);
      expect(found.data.shipmentPurchase.shipment).toMatchObject({
        status: 'PURCHASED',
        trackingNumber: expect.any(String),
      });
      expect(charges(server)).toBe(1);
    });
  },
);

describe.runIf(process.env.DATABASE_URL)('a database server that closes all connections', () => {
  it('prevents purchases and does not affect reads, until it is available again', async () => {
    const postgres = await freshDatabase();
    cleanups.push(postgres.drop);
    const server = await openLedgerTestServer('server', { storage: { url: postgres.url } });
    cleanups.push(server.close);
    const rateId = await server.rate('usps');
    await setConnections(postgres.url, false);
    cleanups.push(() => setConnections(postgres.url, true));
    await expectReadsOnly(server, rateId, true);
    await setConnections(postgres.url, true);
    await expectPurchase(server, rateId);
  });
});

/** Allows connections to a database, or closes all of them and allows no new one. */
async function setConnections(url: string, isAllowed: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(`alter database ${name} with allow_connections ${isAllowed}`);
  if (!isAllowed) await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]); // prettier-ignore
  await client.end();
}

it('unavailability is recognised by the codes and messages of databases and drivers, not by invalid statements', () => {
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
  for (const message of [
    'Connection terminated unexpectedly',
    'timeout exceeded when trying to connect',
    'Query read timeout',
  ])
    expect(isUnavailable(new Error(message)), message).toBe(true);
  for (const code of ['23505', '42601', '40001', '25P02', '22P02'])
    expect(isUnavailable(error(code)), code).toBe(false);
  expect(isUnavailable(new Error('the response is unreadable'))).toBe(false);
});
