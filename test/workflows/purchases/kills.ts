import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { systemClock } from '../../../sandbox/clock.ts';
import { easypostSandboxKey } from '../../../sandbox/easypost/index.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import { uspsSandboxClient as usps } from '../../../sandbox/usps/index.ts';
import { openDatabase } from '../../../src/storage/database.ts';
import { ageSentRequests } from '../../support/age-sent-requests.ts';
import { startServer, type Server } from './server.ts';

export interface KillOptions {
  readonly kills: number;
  /** A folder for the embedded ledger, or a server's database that two replicas share. */
  readonly storage: { readonly folder: string } | { readonly url: string };
  /** The database step at which the first server dies; each later server dies one step later. */
  readonly firstStep?: number;
  /** Called every 25 kills. */
  readonly onProgress?: (progress: object) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly keys: number;
  /** Labels requested under those keys, labels charged, and the number of shipments by status. */
  readonly labels: number;
  readonly charges: number;
  readonly shipments: Readonly<Record<string, number>>;
  /** Pickups requested, each under its own key, and pickups booked at the provider. */
  readonly pickups: { readonly keys: number; readonly booked: number };
  /** The longest time from a server's restart until no purchase from before it is PURCHASING. */
  readonly worstRecoveryMs: number;
}

const apiKey = 'a-key-of-the-proof';
/** The database steps of a purchase and its pickup; counting starts again after them. */
const steps = 72;
const concurrency = 3;

/** Kills servers at every database step and at random moments, under load, and checks every guarantee. */
export async function killServers({
  kills,
  storage,
  firstStep = 1,
  onProgress,
}: KillOptions): Promise<KillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'parcelgraph-kills-'));
  const sandbox = await startSandbox({ clock: systemClock, quota: 1_000_000 });
  const tenants = join(folder, 'tenants.json');
  writeFileSync(tenants, JSON.stringify({ tenants: [tenantOf(sandbox)] }));
  const env = {
    PARCELGRAPH_TENANTS: tenants,
    PARCELGRAPH_SECRET: 'a secret of more than thirty-two characters',
    ...('url' in storage ? { DATABASE_URL: storage.url, DATA_DIR: folder } : { DATA_DIR: storage.folder }),
  };
  const replicas: (Server | undefined)[] = 'url' in storage ? [undefined, undefined] : [undefined];
  let killed = 0;
  let worstRecoveryMs = 0;
  let isOver = false;
  const purchases = new Map<string, { input: object; parcels: number; status?: string; ids: Set<string> }>();

  /** Restarts one replica each time it dies: one step later each time, and every fifth time at a random moment. */
  const restartRepeatedly = async (index: number) => {
    for (let life = index; killed < kills; life += replicas.length) {
      const moment = life % 5 === 4;
      const step = String(((life + firstStep - 1) % steps) + 1);
      const death: Record<string, string> = moment
        ? { DIE_AFTER_MS: String(2_500 + Math.random() * 3_000) }
        : { DIE_AT_STEP: step };
      replicas[index] = await startServer({ ...env, ...death });
      const server = replicas[index];
      if (server) {
        const recovery = recovered(server);
        await server.ended;
        worstRecoveryMs = Math.max(worstRecoveryMs, await recovery);
      }
      killed += 1;
      if (killed % 25 === 0) onProgress?.({ killed, keys: purchases.size, worstRecoveryMs });
    }
  };
  /** Starts the final servers, once no request can be in progress at a provider. */
  const startFinalServers = async () => {
    const { db, close } = await openDatabase(storage);
    await ageSentRequests(db).finally(close);
    const live = async (index: number) => {
      replicas[index] = await startServer(env);
      worstRecoveryMs = Math.max(worstRecoveryMs, await recovered(replicas[index]!));
    };
    await Promise.all(replicas.map((_, index) => live(index)));
  };

  /** Measures how long purchases from before a server's start stay PURCHASING; 0 where the server dies meanwhile. */
  const recovered = async (server: Server): Promise<number> => {
    const since = Date.now();
    const query = '{ shipments(first: 100, filter: { status: [PURCHASING] }) { nodes { id createdAt } } }';
    try {
      let left: Set<string> | undefined;
      for (;;) {
        const { data } = await ask(server.url, query);
        const now: string[] = data.shipments.nodes.map(({ id }: { id: string }) => id);
        left = left ? new Set(now.filter((id) => left!.has(id))) : new Set(now);
        if (left.size === 0) return Date.now() - since;
        await sleep(100);
      }
    } catch {
      return 0;
    }
  };

  const anyServer = async (): Promise<Server> => {
    for (;;) {
      const alive = replicas.filter((each) => each?.isAlive());
      if (alive.length > 0) return alive[Math.floor(Math.random() * alive.length)]!;
      await sleep(50);
    }
  };
  const retry = async (query: string, variables: object): Promise<any> => {
    for (;;) {
      const answer = await ask((await anyServer()).url, query, variables).catch(() => undefined);
      if (answer?.data) return answer.data;
      await sleep(50);
    }
  };
  const tryKey = async (key: string): Promise<string | undefined> => {
    const requested = purchases.get(key)!;
    const { shipmentPurchase } = await retry(purchaseMutation, { input: { idempotencyKey: key, ...requested.input } }); // prettier-ignore
    if (!shipmentPurchase.shipment) throw new Error(`${key}: ${JSON.stringify(shipmentPurchase)}`);
    requested.ids.add(shipmentPurchase.shipment.id);
    return (requested.status = shipmentPurchase.shipment.status as string);
  };
  const pickups = new Map<string, { input: object; status?: string; ids: Set<string> }>();
  const tryPickup = async (key: string): Promise<string | undefined> => {
    const requested = pickups.get(key)!;
    const { pickupSchedule } = await retry(pickupMutation, { input: { idempotencyKey: key, ...requested.input } }); // prettier-ignore
    if (!pickupSchedule.pickup) throw new Error(`${key}: ${JSON.stringify(pickupSchedule)}`);
    requested.ids.add(pickupSchedule.pickup.id);
    return (requested.status = pickupSchedule.pickup.status as string);
  };
  const toCollect: string[] = [];
  let keys = 0;
  const buyer = async () => {
    while (!isOver) {
      const number = (keys += 1);
      const key = `key-${number}`;
      const parcels = 1 + (number % 3);
      const account = number % 2 ? 'usps' : 'easypost';
      const data = await retry(ratesQuery, { input: ratesInput(account, parcels) });
      const rate = data.rates.rates.find((each: any) => each.service.code === 'PRIORITY_MAIL');
      if (!rate) continue;
      purchases.set(key, { input: { rateId: rate.id }, parcels, ids: new Set() });
      // Keys that are not PURCHASED by then are retried at the end.
      for (let tries = 0; tries < 4 && (await tryKey(key)) !== 'PURCHASED'; tries++) await sleep(50);
      // USPS reports no outcome of a pickup, so a lost response would leave it UNCERTAIN.
      if (account === 'easypost' && purchases.get(key)!.status === 'PURCHASED') toCollect.push(key);
    }
  };
  /** Schedules pickups beside the purchases: a key that waits for a dead process must not delay them. */
  const collector = async () => {
    while (!isOver) {
      const key = toCollect.shift();
      if (key === undefined) {
        await sleep(50);
        continue;
      }
      const { ids } = purchases.get(key)!;
      pickups.set(key, { input: { ...pickupInput(), shipmentIds: [...ids] }, ids: new Set() });
      await tryPickup(key);
    }
  };

  try {
    const buying = Array.from({ length: concurrency }, () => [buyer(), collector()]).flat();
    await Promise.all(replicas.map((_, index) => restartRepeatedly(index)));
    await startFinalServers();
    isOver = true;
    await Promise.all(buying);
    for (const [key, { status }] of purchases) {
      if (status === 'PURCHASED') continue;
      for (let tries = 0; tries < 10 && (await tryKey(key)) !== 'PURCHASED'; tries++) await sleep(500);
    }
    for (const [key, { status }] of pickups) {
      for (let tries = 0, now = status; tries < 10 && now !== 'SCHEDULED'; tries++)
        now = await tryPickup(key);
    }
    const shipments = await everyShipment(replicas[0]!.url);
    const counts = Map.groupBy(shipments, ({ status }) => status);
    const labels = [...purchases.values()].reduce((sum, { parcels }) => sum + parcels, 0);
    const numbers = shipments.flatMap(({ status, parcels }) =>
      status === 'PURCHASED' ? parcels.map(({ trackingNumber }) => trackingNumber) : [],
    );
    const charged = [...sandbox.usps.charges().map((each) => each.trackingNumber), ...sandbox.easypost.charges().map((each) => each.trackingCode)]; // prettier-ignore
    const booked = new Set(sandbox.easypost.calls.map(({ method, path }) => `${method} ${path}`).filter((each) => /^POST .*\/pickups\/\w+\/buy$/.test(each))); // prettier-ignore
    const isBookedOnce =
      booked.size === pickups.size && [...pickups.values()].every(({ status }) => status === 'SCHEDULED');
    const report = {
      kills: killed,
      keys: purchases.size,
      labels,
      charges: charged.length,
      shipments: Object.fromEntries([...counts].map(([status, each]) => [status, each.length])),
      pickups: { keys: pickups.size, booked: booked.size },
      worstRecoveryMs,
    };
    const twice = [...purchases, ...pickups].filter(([, { ids }]) => ids.size > 1);
    const isSame = JSON.stringify([...numbers].sort()) === JSON.stringify([...charged].sort());
    if (
      !isSame ||
      !isBookedOnce ||
      twice.length > 0 ||
      shipments.length !== purchases.size ||
      charged.length !== labels
    ) {
      const open = [...purchases].filter(([, { status }]) => status !== 'PURCHASED');
      throw new Error(`a promise is broken: ${JSON.stringify({ report, twice, open, lost: charged.filter((each) => !numbers.includes(each)) })}`); // prettier-ignore
    }
    return report;
  } finally {
    isOver = true;
    await Promise.all(replicas.map(async (each) => each?.kill('SIGTERM')));
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tenantOf(sandbox: Sandbox) {
  const credentials = { clientId: usps.id, clientSecret: usps.secret, crid: usps.crid, mid: usps.mid, manifestMid: usps.manifestMid, accountType: 'EPS', accountNumber: usps.accountNumber }; // prettier-ignore
  const quota = { default: 1_000_000 };
  return {
    id: 'proof',
    apiKeys: [apiKey],
    accounts: [
      { id: 'usps', provider: 'usps', environment: 'TEST', baseUrl: sandbox.usps.url, credentials, quota },
      { id: 'easypost', provider: 'easypost', baseUrl: sandbox.easypost.url, credentials: { apiKey: easypostSandboxKey }, quota }, // prettier-ignore
    ],
  };
}

const person = (name: string, street1: string, city: string, state: string, postalCode: string) =>
  ({ name, street1, city, state, postalCode, country: 'US' }); // prettier-ignore
const ratesInput = (account: string, parcels: number) => ({
  from: person('Sally Sender', "475 L'Enfant Plaza SW", 'Washington', 'DC', '20260'),
  to: person('Rita Receiver', '388 Townsend St', 'San Francisco', 'CA', '94107'),
  parcels: Array.from({ length: parcels }, () => ({
    weight: { value: 20, unit: 'OUNCE' },
    dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
  })),
  accountIds: [account],
});
const pickupInput = () => ({
  address: {
    ...person('Sally Sender', "475 L'Enfant Plaza SW", 'Washington', 'DC', '20260'),
    phone: '2025550100',
  },
  date: new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10),
  maxPrice: { amount: '100', currencyCode: 'USD' },
});
const pickupMutation = `mutation ($input: PickupScheduleInput!) { pickupSchedule(input: $input) {
  pickup { id status } userErrors { code field message } failure { code message } } }`;
const ratesQuery =
  'query ($input: RatesInput!) { rates(input: $input) { rates { id service { code } } failures { code message } } }';
const purchaseMutation = `mutation ($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) {
  shipment { id status } userErrors { code } failure { code message } } }`;

async function ask(url: string, query: string, variables?: object): Promise<{ data: any }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data: any };
}

interface Shown {
  readonly status: string;
  readonly parcels: readonly { readonly trackingNumber: string }[];
}

async function everyShipment(url: string): Promise<Shown[]> {
  const query = `query ($after: String) { shipments(first: 100, after: $after) {
    nodes { id status parcels { trackingNumber } } pageInfo { hasNextPage endCursor } } }`;
  const all: Shown[] = [];
  for (let after: string | null = null; ;) {
    const { shipments }: any = (await ask(url, query, { after })).data;
    all.push(...shipments.nodes);
    if (!shipments.pageInfo.hasNextPage) return all;
    after = shipments.pageInfo.endCursor;
  }
}
