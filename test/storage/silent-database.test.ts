import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';

import { openDatabase } from '../../src/storage/database.ts';
import { LedgerUnavailable } from '../../src/storage/unavailable.ts';
import { box, freshDatabase, receiver, sender } from '../support/test-server.ts';
import { openLedgerTestServer } from '../support/ledger-server.ts';
import { databaseWire } from '../support/database-proxy.ts';

const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

async function wired() {
  const server = await freshDatabase();
  afterwards.push(server.drop);
  const wire = await databaseWire(server.url);
  afterwards.push(wire.close);
  return { server, wire };
}
const since = (begun: number) => Date.now() - begun;

// Without DATABASE_URL there is no server.
describe.runIf(process.env.DATABASE_URL)('a server that', () => {
  it('ends a connection in the middle of a transaction ends that transaction, and not us', async () => {
    const { wire, server } = await wired();
    const { db, close } = await openDatabase({ url: wire.url });
    afterwards.push(close);
    const other = new pg.Client({ connectionString: server.url });
    await other.connect();
    afterwards.push(() => other.end());
    for (const end of ['terminate', 'reset']) {
      const work = db.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
        if (end === 'reset') wire.cut();
        else await other.query('select pg_terminate_backend($1, 5000)', [rows[0]!.pid]);
        await sql`select 2`.execute(transaction);
      });
      await expect(work).rejects.toThrow(LedgerUnavailable);
      await sql`select 1`.execute(db);
    }
  });

  it('falls silent is given up, and what it was locking is free', { timeout: 60_000 }, async () => {
    const { wire, server } = await wired();
    const { db, close } = await openDatabase({ url: wire.url });
    afterwards.push(close);
    const { db: other, close: closeOther } = await openDatabase({ url: server.url });
    afterwards.push(closeOther);
    await sql`insert into quotas values ('k', 'labels', '{"slices": []}')`.execute(db);
    const begun = Date.now();
    const locking = db.transaction().execute(async (transaction) => {
      await sql`update quotas set api = api`.execute(transaction);
      wire.silence();
      await sql`update quotas set api = api`.execute(transaction);
    });
    // Somebody else waits for the row no longer than for a server; whoever asks after that has it.
    const waiting = sql`update quotas set api = api`.execute(other).catch(() => {});
    await expect(locking).rejects.toThrow(LedgerUnavailable);
    expect(since(begun)).toBeLessThan(16_000);
    await waiting;
    await sql`update quotas set api = api`.execute(other);
    expect(since(begun)).toBeLessThan(25_000);

    // Known to be gone, it keeps nobody waiting.
    const asked = Date.now();
    await Promise.all(Array.from({ length: 50 }, () => expect(sql`select 1`.execute(db)).rejects.toThrow(LedgerUnavailable))); // prettier-ignore
    expect(since(asked)).toBeLessThan(5_000);
    wire.heal();
    await expect.poll(() => sql`select 1`.execute(db).then(() => 'answers', () => ''), { timeout: 10_000 }).toBe('answers'); // prettier-ignore
  });

  it('falls silent keeps reads going and lets nothing be bought', { timeout: 90_000 }, async () => {
    const { wire } = await wired();
    const house = await openLedgerTestServer('server', { storage: { url: wire.url } });
    afterwards.push(house.close);
    const rateId = await house.rate('usps');
    wire.silence();
    const begun = Date.now();
    const charges = () => house.sandbox.usps.charges().length;
    const [bought, { data }] = await Promise.all([
      house.buy('silent', rateId),
      house.ask('query ($input: RatesInput!) { rates(input: $input) { rates { id } } }', { input: { from: sender, to: receiver, parcels: [box] } }), // prettier-ignore
    ]);
    expect(bought.errors![0].extensions.code).toBe('LEDGER_UNAVAILABLE');
    expect(data.rates.rates.length).toBeGreaterThan(10);
    expect(since(begun)).toBeLessThan(15_000);
    expect(charges()).toBe(0);
    wire.heal();
    const again = async () => (await house.buy('silent', rateId)).data?.shipmentPurchase?.shipment.status;
    await expect.poll(again, { timeout: 20_000, interval: 500 }).toBe('PURCHASED');
    expect(charges()).toBe(1);
  });
});
