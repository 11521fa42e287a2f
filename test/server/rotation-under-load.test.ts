import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { pino } from 'pino';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStore } from '../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClients,
  type UspsClient,
  type UspsSandbox,
} from '../../sandbox/usps/index.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import { toApiKeyConfig } from '../../src/config/api-key.ts';
import type { Config } from '../../src/config/config.ts';
import { systemClock } from '../../src/domain/clock.ts';
import { permissions } from '../../src/domain/permission.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { uspsCredentials } from '../support/adapters.ts';
import { administer } from '../support/run-time-tenants.ts';
import { startApp, type RunningApp } from '../support/start-app.ts';
import { ask, box, freshDatabase, receiver, sender } from '../support/test-server.ts';

const operatorKey = 'the-key-of-the-operator';
const [oldSecret, newSecret] = ['the old secret of thirty-two characters', 'the new secret of thirty-two characters'] as const; // prettier-ignore
/** Two apps of one owner, with credentials of their own. */
const clients = uspsSandboxClients.slice(0, 2) as [UspsClient, UspsClient];
const quota = { default: 1_000_000 };

const quoteQuery = `query ($input: RatesInput!) { rates(input: $input) { rates { id } failures { code message } } }`;
const buyMutation = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { shipment { id status } failure { code message } userErrors { code message } } }`;

/** Two replicas on one database, behind a balancer that takes a replica out before it stops. */
describe.runIf(process.env.DATABASE_URL)('two replicas under load', () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let emulator: UspsSandbox;
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-'));
  const replicas: RunningApp[] = [];
  /** The replicas that the balancer sends requests to. */
  let inService: RunningApp[] = [];

  const start = (secrets: Pick<Config, 'secret' | 'previousSecret'>) =>
    startApp(
      {
        logLevel: 'silent',
        host: '127.0.0.1',
        port: 0,
        storage: { url: database.url },
        dataDir: folder,
        tenants: [
          {
            id: 'operator',
            name: 'Operator',
            apiKeys: [toApiKeyConfig({ key: operatorKey, permissions: [...permissions] })],
            accounts: [
              { id: 'usps', provider: usps, name: 'USPS', environment: 'TEST', baseUrl: emulator.url, credentials: uspsCredentials(clients[0]), options: usps.options.parse({}), quota }, // prettier-ignore
            ],
          },
        ],
        ...secrets,
      },
      { log: pino({ level: 'silent' }) },
    );
  beforeAll(async () => {
    database = await freshDatabase();
    emulator = await startUsps({ clock: systemClock, store: openStore(), quota: quota.default });
    for (let count = 0; count < 2; count += 1) replicas.push(await start({ secret: oldSecret }));
    inService = [...replicas];
  });
  afterAll(async () => {
    await Promise.all(replicas.map(({ close }) => close()));
    await emulator.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  let turn = 0;
  const underWay = new Map<RunningApp, number>();
  const send = async (query: string, variables: object, key: string) => {
    const replica = inService[(turn += 1) % inService.length]!;
    const count = (more: number) => underWay.set(replica, (underWay.get(replica) ?? 0) + more);
    count(1);
    return ask<any>(replica.url, query, variables, key).finally(() => count(-1));
  };
  const takeOut = async (replica: RunningApp) => {
    inService = inService.filter((each) => each !== replica);
    await expect.poll(() => underWay.get(replica), { interval: 10, timeout: 20_000 }).toBe(0);
  };
  const admin = administer((query, variables) => send(query, variables, operatorKey));
  const account = (client: UspsClient) => ({
    tenantId: 'acme',
    id: 'usps',
    provider: 'usps',
    environment: 'TEST',
    credentials: uspsCredentials(client),
    options: { baseUrl: emulator.url, quota },
  });

  const knownIn = async (change: () => Promise<unknown>, isKnown: (url: string) => Promise<boolean>) => {
    await change();
    const changedAt = performance.now();
    for (const { url } of replicas) await expect.poll(() => isKnown(url), { interval: 10, timeout: 20_000 }).toBe(true); // prettier-ignore
    return performance.now() - changedAt;
  };
  const tenantAt = async (url: string, id: string) =>
    (await ask<any>(url, 'query ($id: ID!) { tenant(id: $id) { accounts { id } } }', { id }, operatorKey)).data.tenant; // prettier-ignore

  it('know of a change within a second, and of one during a lost connection after it', async () => {
    const isThere = async (url: string) => (await tenantAt(url, 'acme')) !== null;
    expect(await knownIn(() => admin.tenantCreate({ id: 'acme', name: 'Acme' }), isThere)).toBeLessThan(1000);
    const hasAccount = async (url: string) => (await tenantAt(url, 'acme')).accounts.length === 1;
    expect(await knownIn(() => admin.accountSet(account(clients[0])), hasAccount)).toBeLessThan(1000);

    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %' and datname = current_database()`); // prettier-ignore
    await client.end();
    const isLater = async (url: string) => (await tenantAt(url, 'later')) !== null;
    await knownIn(() => admin.tenantCreate({ id: 'later', name: 'Later' }), isLater);
  });

  it(
    'fail no request while the secret of the server and the credentials of an account change',
    { timeout: 120_000 },
    async () => {
      const key = await admin.keyCreate('acme');
      const faults: string[] = [];
      const counts = { quoted: 0, bought: 0, rotated: 0 };
      let isOver = false;
      const note = (what: string, answer: { status: number; errors?: unknown }, failures: unknown) => {
        if (answer.status !== 200 || answer.errors || JSON.stringify(failures) !== '[]')
          faults.push(`${what}: ${answer.status} ${JSON.stringify(answer.errors ?? failures)}`);
      };
      /** Quotes at one replica, and buys at the next. */
      const ship = async (worker: number) => {
        for (let turn = 0; !isOver; turn += 1) {
          const parcels = [
            { ...box, weight: { value: 1 + ((worker * 97 + turn) % 300) / 10, unit: 'OUNCE' } },
          ];
          const quoted = await send( quoteQuery, { input: { from: sender, to: receiver, parcels } }, key); // prettier-ignore
          note('quote', quoted, quoted.data?.rates?.failures);
          counts.quoted += 1;
          const rateId = quoted.data?.rates?.rates[0]?.id;
          if (turn % 4 > 0 || rateId === undefined) continue;
          const input = { idempotencyKey: `${worker} ${turn}`, rateId };
          const bought = await send(buyMutation, { input }, key);
          const { shipment, failure, userErrors } = bought.data?.shipmentPurchase ?? {};
          note('purchase', bought, [failure, ...(userErrors ?? [])].filter(Boolean));
          if (shipment?.status === 'PURCHASED') counts.bought += 1;
        }
      };
      const rotateCredentials = async () => {
        while (!isOver) {
          const { account: set, diagnostics } = await admin.accountSet(account(clients[counts.rotated % 2]!));
          if (set === null) faults.push(`rotation: ${JSON.stringify(diagnostics)}`);
          counts.rotated += 1;
          await sleep(100);
        }
      };
      const load = Promise.all([rotateCredentials(), ...[1, 2, 3, 4].map(ship)]);

      const replaceAll = async (secrets: Pick<Config, 'secret' | 'previousSecret'>) => {
        for (const [index, replica] of replicas.entries()) {
          await takeOut(replica);
          await replica.close();
          replicas[index] = await start(secrets);
          inService.push(replicas[index]);
        }
      };
      await replaceAll({ secret: oldSecret, previousSecret: newSecret });
      await replaceAll({ secret: newSecret, previousSecret: oldSecret });
      await expect.poll(() => sealedKeys(database.url), { timeout: 10_000 }).toEqual([true, true]);
      // Rates that were quoted before can be bought for a day: as long as the previous secret is kept.
      const { quoted } = counts;
      await expect.poll(() => counts.quoted, { timeout: 10_000 }).toBeGreaterThan(quoted + 10);
      await replaceAll({ secret: newSecret });
      isOver = true;
      await load;

      expect(faults).toEqual([]);
      expect(counts.rotated).toBeGreaterThan(4);
      expect(counts.bought).toBeGreaterThan(10);
      expect(emulator.charges().length).toBe(counts.bought);
    },
  );
});

/** Tells of each tenant's data key whether the new secret has sealed it. */
async function sealedKeys(connectionString: string): Promise<boolean[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ data_key: string }>('select data_key from tenants');
  await client.end();
  return rows.map(({ data_key }) => createSealer(newSecret).isCurrent(data_key));
}
