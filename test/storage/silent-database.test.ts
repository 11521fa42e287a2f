import { sql } from 'kysely';
import pg from 'pg';
import { describe, it } from 'vitest';

import { openDatabase } from '../../src/storage/database.ts';
import { LedgerUnavailable } from '../../src/storage/unavailable.ts';
import { box, freshDatabase, receiver, sender } from '../support/test-server.ts';
import { openLedgerTestServer } from '../support/ledger-server.ts';
import { startDatabaseProxy } from '../support/database-proxy.ts';

/** Adds what runs when a test has ended, the last first. */
type AtEnd = (step: () => Promise<void>) => void;

async function openProxy(atEnd: AtEnd) {
  const database = await freshDatabase();
  atEnd(database.drop);
  const proxy = await startDatabaseProxy(database.url);
  atEnd(proxy.close);
  return { database, proxy };
}
const msSince = (startedAt: number) => Date.now() - startedAt;

// There is no server without DATABASE_URL. The tests wait for time-outs, all at the same time.
describe.runIf(process.env.DATABASE_URL).concurrent('a database server', () => {
  it('that closes a connection fails its transaction, and not the process', async ({
    expect,
    onTestFinished,
  }) => {
    const { proxy, database } = await openProxy(onTestFinished);
    const { db, close } = await openDatabase({ url: proxy.url });
    onTestFinished(close);
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    onTestFinished(() => other.end());
    for (const end of ['terminate', 'reset']) {
      const work = db.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
        if (end === 'reset') proxy.reset();
        else await other.query('select pg_terminate_backend($1, 5000)', [rows[0]!.pid]);
        await sql`select 2`.execute(transaction);
      });
      await expect(work).rejects.toThrow(LedgerUnavailable);
      await sql`select 1`.execute(db);
    }
  });

  it(
    'that stops responding fails statements within seconds, and its locks are released',
    { timeout: 60_000 },
    async ({ expect, onTestFinished }) => {
      const { proxy, database } = await openProxy(onTestFinished);
      const { db, close } = await openDatabase({ url: proxy.url });
      onTestFinished(close);
      const { db: other, close: closeOther } = await openDatabase({ url: database.url });
      onTestFinished(closeOther);
      await sql`insert into quotas values ('k', 'labels', '{"slices": []}')`.execute(db);
      const startedAt = Date.now();
      const locking = db.transaction().execute(async (transaction) => {
        await sql`update quotas set api = api`.execute(transaction);
        proxy.silence();
        await sql`update quotas set api = api`.execute(transaction);
      });
      // A statement that waits for the row fails with the statement time-out at the latest; after that the row is free.
      const waiting = sql`update quotas set api = api`.execute(other).catch(() => {});
      await expect(locking).rejects.toThrow(LedgerUnavailable);
      expect(msSince(startedAt)).toBeLessThan(16_000);
      await waiting;
      await sql`update quotas set api = api`.execute(other);
      expect(msSince(startedAt)).toBeLessThan(25_000);

      // Statements to an unreachable server fail without waiting.
      const sentAt = Date.now();
      await Promise.all(Array.from({ length: 50 }, () => expect(sql`select 1`.execute(db)).rejects.toThrow(LedgerUnavailable))); // prettier-ignore
      expect(msSince(sentAt)).toBeLessThan(5_000);
      proxy.restore();
      await expect.poll(() => sql`select 1`.execute(db).then(() => 'responds', () => ''), { timeout: 10_000 }).toBe('responds'); // prettier-ignore
    },
  );

  it(
    'that stops responding does not affect reads and prevents purchases',
    { timeout: 90_000 },
    async ({ expect, onTestFinished }) => {
      const { proxy } = await openProxy(onTestFinished);
      const server = await openLedgerTestServer('server', { storage: { url: proxy.url } });
      onTestFinished(server.close);
      const rateId = await server.rate('usps');
      proxy.silence();
      const startedAt = Date.now();
      const charges = () => server.sandbox.usps.charges().length;
      const [purchase, { data }] = await Promise.all([
        server.buy('silent', rateId),
        server.ask('query ($input: RatesInput!) { rates(input: $input) { rates { id } } }', { input: { from: sender, to: receiver, parcels: [box] } }), // prettier-ignore
      ]);
      expect(purchase.errors![0].extensions.code).toBe('LEDGER_UNAVAILABLE');
      expect(data.rates.rates.length).toBeGreaterThan(10);
      expect(msSince(startedAt)).toBeLessThan(15_000);
      expect(charges()).toBe(0);
      proxy.restore();
      const retry = async () => (await server.buy('silent', rateId)).data?.shipmentPurchase?.shipment.status;
      await expect.poll(retry, { timeout: 20_000, interval: 500 }).toBe('PURCHASED');
      expect(charges()).toBe(1);
    },
  );

  it(
    'that stops responding does not keep the process from ending',
    { timeout: 60_000 },
    async ({ onTestFinished }) => {
      const { proxy } = await openProxy(onTestFinished);
      const server = await openLedgerTestServer('server', { storage: { url: proxy.url } });
      await server.rate('usps');
      proxy.silence();
      await server.close();
    },
  );
});
