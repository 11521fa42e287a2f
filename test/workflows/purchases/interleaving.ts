import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import fc from 'fast-check';
import { sql } from 'kysely';

import type { Clock } from '../../../src/domain/clock.ts';
import type { IdempotentKind } from '../../../src/domain/operation.ts';
import type { Database } from '../../../src/storage/database.ts';
import { ageSentRequests } from '../../support/age-sent-requests.ts';
import { modelProvider, parcelPrice, type Fate, type Rule } from './providers.ts';
import { openReplica, type Replica, type Shared } from './replica.ts';
import type { OperationIntent } from '../../../src/storage/records/operations.ts';
import type { PurchaseIntent } from '../../../src/storage/purchases/claim.ts';

/** The actions of callers, providers and processes, started in this order without waiting for each other. */
export interface Plan {
  readonly rule: Rule;
  /** Contacts are added at purchase, so that each attempt creates an order of its own at the provider. */
  readonly fresh: boolean;
  /** The number of parcels of each rate. */
  readonly parcels: readonly number[];
  readonly fates: readonly Fate[];
  readonly steps: readonly Step[];
  /** Callers retry their keys at the end, as real ones do. */
  readonly retryKeys: boolean;
}

type Step = { readonly turns: number; readonly replica: number } & (
  | { readonly does: 'buy' | 'find'; readonly key: number; readonly rate: number }
  | { readonly does: 'void'; readonly key: number }
  | { readonly does: 'operate'; readonly key: number; readonly kind: 'PICKUP' | 'MAIL_JOB' }
  | { readonly does: 'die'; readonly steps: number }
  | { readonly does: 'reconcile' | 'stall' | 'wake' | 'expireLeases' | 'catchUp' | 'wait' }
);

const key = fc.nat(2);
const stepOf = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record({ turns: fc.nat(40), replica: fc.nat(1), ...shape }) as fc.Arbitrary<Step>;
const does = <T extends string>(word: T) => fc.constant(word);
const fate: fc.Arbitrary<Fate> = fc.constantFrom('well', 'well', 'lost before', 'lost after', 'late', 'refused', 'no outcome', 'dearer', 'broken'); // prettier-ignore

export const plan: fc.Arbitrary<Plan> = fc.record({
  rule: fc.constantFrom<Rule[]>('by key', 'read back'),
  fresh: fc.boolean(),
  parcels: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
  fates: fc.array(fate, { maxLength: 12 }),
  retryKeys: fc.boolean(),
  steps: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: stepOf({ does: does('buy'), key, rate: fc.nat(2) }) },
      { weight: 1, arbitrary: stepOf({ does: does('find'), key, rate: fc.nat(2) }) },
      { weight: 2, arbitrary: stepOf({ does: does('void'), key }) },
      { weight: 2, arbitrary: stepOf({ does: does('operate'), key, kind: fc.constantFrom('PICKUP', 'MAIL_JOB') }) }, // prettier-ignore
      { weight: 3, arbitrary: stepOf({ does: does('die'), steps: fc.integer({ min: 1, max: 90 }) }) },
      { weight: 2, arbitrary: stepOf({ does: does('stall') }) },
      { weight: 2, arbitrary: stepOf({ does: does('wake') }) },
      { weight: 3, arbitrary: stepOf({ does: does('expireLeases') }) },
      { weight: 2, arbitrary: stepOf({ does: does('reconcile') }) },
      { weight: 2, arbitrary: stepOf({ does: does('wait') }) },
      { weight: 1, arbitrary: stepOf({ does: does('catchUp') }) },
    ),
    { minLength: 2, maxLength: 14 },
  ),
});

/** The outcome of one interleaving. */
export interface Outcome {
  readonly keys: number;
  /** Labels that were purchased, and those of them that are charged in the end. */
  readonly purchased: number;
  readonly charges: number;
  readonly shipments: Readonly<Record<string, number>>;
  readonly operations: Readonly<Record<string, number>>;
  readonly deaths: number;
  /** Labels that arrived after their key was retried. */
  readonly orphans: number;
}

const minute = 60_000;
const timeoutMs = 60_000;
let runs = 0;

/** Runs a plan on a ledger, lets it reconcile, and checks every guarantee; throws where one is violated. */
export async function runPlan(shared: Shared, db: Database, what: Plan): Promise<Outcome> {
  const tenant = `tenant-${process.pid}-${(runs += 1)}`;
  let now = Date.parse('2026-11-18T18:00:00Z');
  const clock: Clock = { now: () => now, sleep: (ms) => sleep(Math.min(ms, 5)) };
  const provider = modelProvider(what.rule, clock.now);
  provider.meet(what.fates);
  const allReplicas: Replica[] = [];
  const open = () => {
    const replica = openReplica(shared, provider.adapter, clock);
    allReplicas.push(replica);
    return replica;
  };
  const replicas = [open(), open()];
  const calls: { by: Replica; key: string; over: boolean; answer: Promise<unknown> }[] = [];
  const returned = new Map<string, Set<string>>();
  const violations: string[] = [];
  let deaths = 0;

  const call = (by: Replica, name: string, work: () => Promise<{ id: string } | undefined | number>) => {
    const mine = { by, key: name, over: false, answer: Promise.resolve() as Promise<unknown> };
    mine.answer = work()
      .then((row) => {
        if (typeof row !== 'object') return undefined;
        returned.set(name, (returned.get(name) ?? new Set()).add(row.id));
        return row;
      })
      .catch((error: Error) => {
        const isExpected =
          ['InputError', 'ProviderError'].includes(error.name) || error.message === 'a fault of ours';
        if (!isExpected) violations.push(`${name}: ${error.stack}`);
        return undefined;
      })
      .finally(() => (mine.over = true));
    calls.push(mine);
    return mine.answer;
  };
  const idempotencyKey = <Kind extends IdempotentKind>(kind: Kind, k: number, rate: number) => ({
    tenantId: tenant,
    kind,
    idempotencyKey: `key-${k}`,
    inputHash: `rate-${rate}`,
  });
  let tries = 0;
  const intent = (k: number, rate: number): PurchaseIntent => {
    const parcels = Array.from({ length: what.parcels[rate]! }, () => ({
      weight: { value: 1, unit: 'POUND' },
    }));
    const address = { country: 'US', postalCode: '20260' };
    const price = { amount: `${parcelPrice * parcels.length}.00`, currencyCode: 'USD' };
    const ticket = what.fresh ? `${rate} ${(tries += 1)}` : String(rate);
    return {
      ...idempotencyKey('PURCHASE', k, rate),
      by: { actor: 'key:1', requestId: 'request' },
      rateHash: `rate-${rate}`,
      account: { id: 'account', provider: what.rule, environment: 'TEST' },
      request: {
        request: { from: address, to: address, parcels, shipDate: '2026-11-18' },
        offer: { carrier: 'USPS', service: { code: 'X', name: 'X' }, price, providerRef: ticket },
        from: address,
        to: address,
        format: 'PDF',
        quotedAt: now,
        maxPrice: price,
      },
    } as unknown as PurchaseIntent;
  };
  const voided = new Set<string>();
  const asked = new Map<number, number>();
  const buy = (by: Replica, k: number, rate: number) => {
    asked.set(k, rate);
    return call(by, `shipment ${k}`, async () => {
      const wanted = intent(k, rate);
      return (await by.purchases.find(wanted)) ?? by.purchases.buy(wanted);
    });
  };
  const expireLeases = async () => {
    for (const table of ['shipments', 'operations']) {
      await sql`update ${sql.table(table)} set leased_until = now() - interval '1 second'
        where tenant_id = ${tenant} and leased_until is not null`.execute(db);
    }
  };
  const wait = async () => {
    now += 3 * minute;
    await ageSentRequests(db);
  };
  const shipmentOf = (k: number) =>
    db.selectFrom('shipments').selectAll().where('tenant_id', '=', tenant).where('idempotency_key', '=', `key-${k}`).executeTakeFirst(); // prettier-ignore

  for (const step of what.steps) {
    let by = replicas[step.replica]!;
    // A process that died is replaced by a new one.
    if (by.isDead()) {
      deaths += 1;
      by = replicas[step.replica] = open();
    }
    switch (step.does) {
      case 'buy':
        void buy(by, step.key, step.rate);
        break;
      case 'find':
        void call(by, `shipment ${step.key}`, () => by.purchases.find(idempotencyKey('PURCHASE', step.key, step.rate))); // prettier-ignore
        break;
      case 'void': {
        const row = await shipmentOf(step.key);
        if (row?.status !== 'PURCHASED' && row?.status !== 'VOIDED') break;
        voided.add(row.id);
        void call(by, `shipment ${step.key}`, () => by.refunds.void(tenant, row.id, { actor: 'key:1', requestId: 'r' })); // prettier-ignore
        break;
      }
      case 'operate': {
        const operation = {
          ...idempotencyKey(step.kind, step.key, 0),
          by: { actor: 'key:1', requestId: 'request' },
          account: { id: 'account', provider: what.rule, environment: 'TEST' },
          input: {},
          request: 'order',
        } as OperationIntent<string>;
        void call(by, `${step.kind} ${step.key}`, async () =>
          (await by.operations.find(operation)) ?? by.operations.run(operation)); // prettier-ignore
        break;
      }
      case 'die':
        by.dieIn(step.steps);
        break;
      case 'reconcile':
        void call(
          by,
          'reconcile',
          async () => (await by.purchases.reconcileDue(true)) + (await by.operations.reconcileDue(true)),
        );
        break;
      case 'stall':
        by.stall();
        break;
      case 'wake':
        by.wake();
        break;
      case 'expireLeases':
        await expireLeases();
        break;
      case 'catchUp':
        provider.catchUp();
        break;
      case 'wait':
        // Longer than a request stays in progress at a provider.
        provider.catchUp();
        await wait();
        break;
    }
    for (let turns = step.turns; turns > 0; turns--) await turn();
  }

  // No more faults from here on, and time passes.
  for (const each of allReplicas) each.wake();
  const waitFor = async (patient: () => typeof calls) => {
    const until = Date.now() + timeoutMs;
    while (patient().some((each) => !each.over && !each.by.isDead())) {
      if (Date.now() > until) throw new Error(`a call never returns: ${patient().filter((each) => !each.over && !each.by.isDead()).map(({ key: name }) => name).join(', ')}`); // prettier-ignore
      await expireLeases();
      await sleep(20);
    }
  };
  await waitFor(() => calls);
  provider.meet([]);
  provider.catchUp();
  await wait();
  await expireLeases();
  const [one, other] = [open(), open()];
  const reconcile = (by: Replica) => call(by, 'reconcile', async () => (await by.purchases.reconcileDue(true)) + (await by.operations.reconcileDue(true))); // prettier-ignore
  if (what.retryKeys) {
    for (const [k, rate] of asked) {
      void buy(k % 2 ? one : other, k, rate).then((row) => {
        // A failed key may be retried, and nothing keeps it from succeeding now.
        if (row && (row as { status?: string }).status === 'FAILED') violations.push(`key-${k} failed: ${JSON.stringify(row)}`); // prettier-ignore
      });
    }
  }
  await Promise.all([reconcile(one), reconcile(other)]);
  await waitFor(() => calls);
  // Callers retry a void whose response was lost.
  for (const id of voided) await call(other, 'void', () => other.refunds.void(tenant, id, { actor: 'key:1', requestId: 'r' })); // prettier-ignore
  // The provider decides on refunds.
  for (let day = 0; day < 2; day++) {
    now += 2 * 24 * 60 * minute;
    await one.refunds.checkDue();
    // A write that was in progress while its process died may have been committed only now, with its lease.
    await expireLeases();
    await Promise.all([reconcile(one), reconcile(other)]);
  }
  await Promise.all([one, other].flatMap((each) => [each.purchases.drain(), each.operations.drain()]));
  deaths += allReplicas.filter((each) => each.isDead()).length - deaths;

  const shipments = await db.selectFrom('shipments').selectAll().where('tenant_id', '=', tenant).execute();
  const parcels = await db.selectFrom('parcels').selectAll('parcels').innerJoin('shipments', 'shipments.id', 'shipment_id').where('tenant_id', '=', tenant).execute(); // prettier-ignore
  const operations = await db.selectFrom('operations').selectAll().where('tenant_id', '=', tenant).execute();
  await closeAll(db);
  const expectSame = (what: string, one: unknown, two: unknown) => {
    const [a, b] = [JSON.stringify(one), JSON.stringify(two)];
    if (a !== b) violations.push(`${what}: ${a} is not ${b}`);
  };
  const sorted = (list: readonly (string | null)[]) => [...list].sort();

  for (const [name, ids] of returned) {
    if (name.startsWith('shipment') && ids.size > 1)
      violations.push(`${name} answers ${[...ids].join(' and ')}`);
  }
  const stored = parcels.filter((parcel) => parcel.state === 'PURCHASED' && shipments.some(({ id, status }) => id === parcel.shipment_id && status === 'PURCHASED')); // prettier-ignore
  expectSame('charges and labels', sorted(provider.charged()), sorted(stored.map((parcel) => parcel.tracking_number))); // prettier-ignore
  for (const row of shipments) {
    const own = parcels.filter((parcel) => parcel.shipment_id === row.id).map(({ state }) => state);
    if (row.status === 'PURCHASING' || row.status === 'UNCERTAIN') violations.push(`${row.id} is ${row.status}: ${own.join()}, ${JSON.stringify(row.failure)}`); // prettier-ignore
    if (row.status === 'PURCHASED' && !own.every((state) => state === 'PURCHASED' || state === 'VOIDED')) violations.push(`${row.id} is PURCHASED: ${own.join()}`); // prettier-ignore
    if (row.status === 'PURCHASED' && row.failure) violations.push(`${row.id} is PURCHASED with ${row.failure.code}`); // prettier-ignore
    if (row.status === 'PURCHASED' && row.idempotency_key.includes(' ')) violations.push(`${row.id} is an orphan and PURCHASED`); // prettier-ignore
    if (row.worker !== null) violations.push(`${row.id} is still leased`);
  }
  for (const [name, ids] of returned) {
    if (!name.startsWith('shipment')) continue;
    for (const id of ids) if (!shipments.some((row) => row.id === id)) violations.push(`${name} is lost`);
  }
  const references = operations.filter(({ status }) => status === 'DONE').map(({ result }) => (result as { reference: string }).reference); // prettier-ignore
  const uncertain = operations.filter(({ status }) => status === 'UNCERTAIN');
  if (uncertain.some(({ kind }) => kind === 'PICKUP')) violations.push('a pickup stays uncertain');
  if (operations.some(({ status }) => status === 'PENDING')) violations.push('an operation stays PENDING');
  const performed = provider.operations();
  const lost = performed.filter((reference) => !references.includes(reference));
  if (new Set(references).size !== references.length) violations.push('two operations share a result');
  if (lost.length > uncertain.length) violations.push(`${lost.length} operations were performed and lost`);
  if (violations.length > 0) throw new Error(violations.join('\n'));

  const count = (rows: readonly { status: string }[]) =>
    Object.fromEntries([...Map.groupBy(rows, ({ status }) => status)].map(([status, each]) => [status, each.length])); // prettier-ignore
  const orphans = shipments.filter((each) => each.idempotency_key.includes(' ')).length;
  return {
    keys: shipments.length - orphans,
    purchased: provider.purchased(),
    charges: provider.charged().length,
    shipments: count(shipments),
    operations: count(operations),
    deaths,
    orphans,
  };
}

/** Closes every open row, so that the next interleaving on this ledger finds none. */
async function closeAll(db: Database): Promise<void> {
  for (const table of ['shipments', 'operations']) {
    await sql`update ${sql.table(table)} set status = 'FAILED' where status in ('PURCHASING', 'PENDING', 'UNCERTAIN')`.execute(db); // prettier-ignore
  }
  await sql`update parcels set refund_due_at = null where refund_due_at is not null`.execute(db);
}
