import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import fc from 'fast-check';
import { sql } from 'kysely';

import type { Clock } from '../../../src/domain/clock.ts';
import type { Database } from '../../../src/storage/database.ts';
import type { OperationIntent } from '../../../src/workflows/operations.ts';
import type { PurchaseIntent } from '../../../src/workflows/purchases.ts';
import { letSentAge } from '../../support/age-sent-requests.ts';
import { modelProvider, parcelPrice, type Fate, type Rule } from './providers.ts';
import { openReplica, type Replica, type Shared } from './replica.ts';

/** What callers, providers and processes do, in this order, none waiting for the one before. */
export interface Plan {
  readonly rule: Rule;
  /** People are added at purchase, so that each try makes an order of its own at the provider. */
  readonly fresh: boolean;
  /** Parcels of each rate. */
  readonly parcels: readonly number[];
  readonly fates: readonly Fate[];
  readonly steps: readonly Step[];
  /** Callers come back with their keys at the end, as real ones do. */
  readonly comeBack: boolean;
}

type Step = { readonly turns: number; readonly replica: number } & (
  | { readonly does: 'buy' | 'find'; readonly key: number; readonly rate: number }
  | { readonly does: 'void'; readonly key: number }
  | { readonly does: 'errand'; readonly key: number; readonly kind: 'pickupSchedule' | 'mailJobCreate' }
  | { readonly does: 'die'; readonly steps: number }
  | { readonly does: 'settle' | 'stall' | 'wake' | 'loseLeases' | 'catchUp' | 'wait' }
);

const key = fc.nat(2);
const stepOf = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record({ turns: fc.nat(40), replica: fc.nat(1), ...shape }) as fc.Arbitrary<Step>;
const does = <T extends string>(word: T) => fc.constant(word);
const fate: fc.Arbitrary<Fate> = fc.constantFrom('well', 'well', 'lost before', 'lost after', 'late', 'refused', 'not told', 'dearer', 'broken'); // prettier-ignore

export const plan: fc.Arbitrary<Plan> = fc.record({
  rule: fc.constantFrom<Rule[]>('by key', 'read back'),
  fresh: fc.boolean(),
  parcels: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
  fates: fc.array(fate, { maxLength: 12 }),
  comeBack: fc.boolean(),
  steps: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: stepOf({ does: does('buy'), key, rate: fc.nat(2) }) },
      { weight: 1, arbitrary: stepOf({ does: does('find'), key, rate: fc.nat(2) }) },
      { weight: 2, arbitrary: stepOf({ does: does('void'), key }) },
      { weight: 2, arbitrary: stepOf({ does: does('errand'), key, kind: fc.constantFrom('pickupSchedule', 'mailJobCreate') }) }, // prettier-ignore
      { weight: 3, arbitrary: stepOf({ does: does('die'), steps: fc.integer({ min: 1, max: 90 }) }) },
      { weight: 2, arbitrary: stepOf({ does: does('stall') }) },
      { weight: 2, arbitrary: stepOf({ does: does('wake') }) },
      { weight: 3, arbitrary: stepOf({ does: does('loseLeases') }) },
      { weight: 2, arbitrary: stepOf({ does: does('settle') }) },
      { weight: 2, arbitrary: stepOf({ does: does('wait') }) },
      { weight: 1, arbitrary: stepOf({ does: does('catchUp') }) },
    ),
    { minLength: 2, maxLength: 14 },
  ),
});

/** What one interleaving came to. */
export interface Outcome {
  readonly keys: number;
  /** Labels sold, and those of them that are charged in the end. */
  readonly sold: number;
  readonly charges: number;
  readonly shipments: Readonly<Record<string, number>>;
  readonly errands: Readonly<Record<string, number>>;
  readonly deaths: number;
  /** Labels that were heard of when their key had been tried again. */
  readonly apart: number;
}

const minute = 60_000;
const patienceMs = 60_000;
let runs = 0;

/** Lets it happen on a ledger, ends it, and holds it against what is promised; throws where a promise is broken. */
export async function live(shared: Shared, watch: Database, what: Plan): Promise<Outcome> {
  const tenant = `tenant-${process.pid}-${(runs += 1)}`;
  let now = Date.parse('2026-11-18T18:00:00Z');
  const clock: Clock = { now: () => now, sleep: (ms) => sleep(Math.min(ms, 5)) };
  const provider = modelProvider(what.rule, clock.now);
  provider.meet(what.fates);
  const everybody: Replica[] = [];
  const open = () => {
    const replica = openReplica(shared, provider.carrier, clock);
    everybody.push(replica);
    return replica;
  };
  const replicas = [open(), open()];
  const calls: { by: Replica; key: string; over: boolean; answer: Promise<unknown> }[] = [];
  const answered = new Map<string, Set<string>>();
  const wrong: string[] = [];
  let deaths = 0;

  const call = (by: Replica, name: string, work: () => Promise<{ id: string } | undefined | number>) => {
    const mine = { by, key: name, over: false, answer: Promise.resolve() as Promise<unknown> };
    mine.answer = work()
      .then((row) => {
        if (typeof row !== 'object') return undefined;
        answered.set(name, (answered.get(name) ?? new Set()).add(row.id));
        return row;
      })
      .catch((error: Error) => {
        const isExpected =
          ['InputError', 'ProviderError'].includes(error.name) || error.message === 'a fault of ours';
        if (!isExpected) wrong.push(`${name}: ${error.stack}`);
        return undefined;
      })
      .finally(() => (mine.over = true));
    calls.push(mine);
    return mine.answer;
  };
  const keyOf = (mutation: string, k: number, rate: number) => ({
    tenantId: tenant,
    mutation,
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
      ...keyOf('shipmentPurchase', k, rate),
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
  const loseLeases = async () => {
    for (const table of ['shipments', 'errands']) {
      await sql`update ${sql.table(table)} set leased_until = now() - interval '1 second'
        where tenant_id = ${tenant} and leased_until is not null`.execute(watch);
    }
  };
  const wait = async () => {
    now += 3 * minute;
    await letSentAge(watch);
  };
  const shipmentOf = (k: number) =>
    watch.selectFrom('shipments').selectAll().where('tenant_id', '=', tenant).where('idempotency_key', '=', `key-${k}`).executeTakeFirst(); // prettier-ignore

  for (const step of what.steps) {
    let by = replicas[step.replica]!;
    // Whoever died is started again, under another name.
    if (by.isDead()) {
      deaths += 1;
      by = replicas[step.replica] = open();
    }
    switch (step.does) {
      case 'buy':
        void buy(by, step.key, step.rate);
        break;
      case 'find':
        void call(by, `shipment ${step.key}`, () => by.purchases.find(keyOf('shipmentPurchase', step.key, step.rate))); // prettier-ignore
        break;
      case 'void': {
        const row = await shipmentOf(step.key);
        if (row?.status !== 'PURCHASED' && row?.status !== 'VOIDED') break;
        voided.add(row.id);
        void call(by, `shipment ${step.key}`, () => by.refunds.void(tenant, row.id, { actor: 'key:1', requestId: 'r' })); // prettier-ignore
        break;
      }
      case 'errand': {
        const errand = {
          ...keyOf(step.kind, step.key, 0),
          by: { actor: 'key:1', requestId: 'request' },
          account: { id: 'account', provider: what.rule, environment: 'TEST' },
          input: {},
          request: 'order',
        } as OperationIntent<string>;
        void call(by, `${step.kind} ${step.key}`, async () =>
          (await by.errands.find(errand)) ?? by.errands.run(errand)); // prettier-ignore
        break;
      }
      case 'die':
        by.dieIn(step.steps);
        break;
      case 'settle':
        void call(
          by,
          'settle',
          async () => (await by.purchases.reconcileDue(true)) + (await by.errands.reconcileDue(true)),
        );
        break;
      case 'stall':
        by.stall();
        break;
      case 'wake':
        by.wake();
        break;
      case 'loseLeases':
        await loseLeases();
        break;
      case 'catchUp':
        provider.catchUp();
        break;
      case 'wait':
        // Longer than anything stays under way at a provider.
        provider.catchUp();
        await wait();
        break;
    }
    for (let turns = step.turns; turns > 0; turns--) await turn();
  }

  // All is well again, and time passes.
  for (const each of everybody) each.wake();
  const waitFor = async (patient: () => typeof calls) => {
    const until = Date.now() + patienceMs;
    while (patient().some((each) => !each.over && !each.by.isDead())) {
      if (Date.now() > until) throw new Error(`somebody waits for ever: ${patient().filter((each) => !each.over && !each.by.isDead()).map(({ key: name }) => name).join(', ')}`); // prettier-ignore
      await loseLeases();
      await sleep(20);
    }
  };
  await waitFor(() => calls);
  provider.meet([]);
  provider.catchUp();
  await wait();
  await loseLeases();
  const [one, other] = [open(), open()];
  const settle = (by: Replica) => call(by, 'settle', async () => (await by.purchases.reconcileDue(true)) + (await by.errands.reconcileDue(true))); // prettier-ignore
  if (what.comeBack) {
    for (const [k, rate] of asked) {
      void buy(k % 2 ? one : other, k, rate).then((row) => {
        // A failed key may try again, and now nothing is in its way.
        if (row && (row as { status?: string }).status === 'FAILED') wrong.push(`key-${k} failed: ${JSON.stringify(row)}`); // prettier-ignore
      });
    }
  }
  await Promise.all([settle(one), settle(other)]);
  await waitFor(() => calls);
  // Whoever gives a label back and hears nothing asks again.
  for (const id of voided) await call(other, 'void', () => other.refunds.void(tenant, id, { actor: 'key:1', requestId: 'r' })); // prettier-ignore
  // Refunds are decided.
  for (let day = 0; day < 2; day++) {
    now += 2 * 24 * 60 * minute;
    await one.refunds.checkDue();
    // What was being written while its process died may have come to stand only now, under its lease.
    await loseLeases();
    await Promise.all([settle(one), settle(other)]);
  }
  await Promise.all([one, other].flatMap((each) => [each.purchases.drain(), each.errands.drain()]));
  deaths += everybody.filter((each) => each.isDead()).length - deaths;

  const shipments = await watch.selectFrom('shipments').selectAll().where('tenant_id', '=', tenant).execute();
  const parcels = await watch.selectFrom('parcels').selectAll('parcels').innerJoin('shipments', 'shipments.id', 'shipment_id').where('tenant_id', '=', tenant).execute(); // prettier-ignore
  const errands = await watch.selectFrom('errands').selectAll().where('tenant_id', '=', tenant).execute();
  await forget(watch);
  const expectSame = (what: string, one: unknown, two: unknown) => {
    const [a, b] = [JSON.stringify(one), JSON.stringify(two)];
    if (a !== b) wrong.push(`${what}: ${a} is not ${b}`);
  };
  const sorted = (list: readonly (string | null)[]) => [...list].sort();

  for (const [name, ids] of answered) {
    if (name.startsWith('shipment') && ids.size > 1) wrong.push(`${name} answers ${[...ids].join(' and ')}`);
  }
  const standing = parcels.filter((parcel) => parcel.state === 'SOLD' && shipments.some(({ id, status }) => id === parcel.shipment_id && status === 'PURCHASED')); // prettier-ignore
  expectSame('charges and labels', sorted(provider.live()), sorted(standing.map((parcel) => parcel.tracking_number))); // prettier-ignore
  for (const row of shipments) {
    const own = parcels.filter((parcel) => parcel.shipment_id === row.id).map(({ state }) => state);
    if (row.status === 'PURCHASING' || row.status === 'UNCERTAIN') wrong.push(`${row.id} is ${row.status}: ${own.join()}, ${JSON.stringify(row.failure)}`); // prettier-ignore
    if (row.status === 'PURCHASED' && !own.every((state) => state === 'SOLD' || state === 'VOIDED')) wrong.push(`${row.id} is PURCHASED: ${own.join()}`); // prettier-ignore
    if (row.status === 'PURCHASED' && row.failure) wrong.push(`${row.id} is PURCHASED with ${row.failure.code}`); // prettier-ignore
    if (row.status === 'PURCHASED' && row.idempotency_key.includes(' ')) wrong.push(`${row.id} stands apart and is PURCHASED`); // prettier-ignore
    if (row.worker !== null) wrong.push(`${row.id} is still held`);
  }
  for (const [name, ids] of answered) {
    if (!name.startsWith('shipment')) continue;
    for (const id of ids) if (!shipments.some((row) => row.id === id)) wrong.push(`${name} is lost`);
  }
  const references = errands.filter(({ status }) => status === 'DONE').map(({ result }) => (result as { reference: string }).reference); // prettier-ignore
  const doubtful = errands.filter(({ status }) => status === 'UNCERTAIN');
  if (doubtful.some(({ kind }) => kind === 'pickupSchedule')) wrong.push('a pickup stays uncertain');
  if (errands.some(({ status }) => status === 'OPEN')) wrong.push('an errand stays open');
  const performed = provider.errands();
  const untold = performed.filter((reference) => !references.includes(reference));
  if (new Set(references).size !== references.length) wrong.push('two errands share what was done');
  if (untold.length > doubtful.length) wrong.push(`${untold.length} errands were done and forgotten`);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));

  const count = (rows: readonly { status: string }[]) =>
    Object.fromEntries([...Map.groupBy(rows, ({ status }) => status)].map(([status, each]) => [status, each.length])); // prettier-ignore
  const apart = shipments.filter((each) => each.idempotency_key.includes(' ')).length;
  return {
    keys: shipments.length - apart,
    sold: provider.sold(),
    charges: provider.live().length,
    shipments: count(shipments),
    errands: count(errands),
    deaths,
    apart,
  };
}

/** Nothing is left to do for the next that happens on the same ledger. */
async function forget(watch: Database): Promise<void> {
  for (const table of ['shipments', 'errands']) {
    await sql`update ${sql.table(table)} set status = 'FAILED' where status in ('PURCHASING', 'OPEN', 'UNCERTAIN')`.execute(watch); // prettier-ignore
  }
  await sql`update parcels set refund_due_at = null where refund_due_at is not null`.execute(watch);
}
