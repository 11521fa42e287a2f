import type { Clock } from '../clock.ts';
import { startEmulator, type Emulator } from '../emulator.ts';
import type { Store } from '../store.ts';
import { accounts } from './carriers/carrier-accounts.ts';
import { addresses } from './addresses/addresses.ts';
import { batches } from './shipments/batches.ts';
import { betaRates } from './rates/beta-rates.ts';
import { carrierAccounts, type CarrierAccount } from './carriers/carriers.ts';
import { contents } from './shipments/contents.ts';
import { speakEasyPost } from './http.ts';
import { insurances } from './shipments/insurances.ts';
import type { Pace } from './tracking/tracking-simulation.ts';
import { files } from './shipments/labels.ts';
import { orders } from './shipments/orders.ts';
import { listLimit } from './pagination.ts';
import { pickups } from './pickups.ts';
import { refunds } from './shipments/refunds.ts';
import { smartRates } from './rates/smartrate.ts';
import { chargesOf, shipments, type Charge } from './shipments/shipments.ts';
import { trackers } from './tracking/trackers.ts';
import { webhooks } from './tracking/webhooks.ts';
import type { EasyPostKey, EasyPostState } from './state.ts';

export { easypostAnswers, type FaultyResponse } from './faults.ts';
export type { Charge } from './shipments/shipments.ts';
export type { EasyPostKey } from './state.ts';

/** A test key, and the production key of the same user; a third one belongs to somebody else. */
export const easypostSandboxKey = 'EZTKsandbox0000000000000000000000000000000000000001';
export const easypostSandboxProductionKey = 'EZAKsandbox0000000000000000000000000000000000000001';
export const easypostSandboxOtherKey = 'EZTKsandbox0000000000000000000000000000000000000002';

const sandboxKeys: readonly EasyPostKey[] = [
  { key: easypostSandboxKey, user: 'user_00000000000000000000000000000001' },
  { key: easypostSandboxProductionKey, user: 'user_00000000000000000000000000000001' },
  { key: easypostSandboxOtherKey, user: 'user_00000000000000000000000000000002' },
];

export interface EasyPostOptions {
  clock: Clock;
  store: Store;
  port?: number;
  host?: string;
  keys?: readonly EasyPostKey[];
  /** The carrier accounts of every user; one of each kind when left out. */
  accounts?: readonly CarrierAccount[];
  /** How fast bought parcels go; test mode hurries as recorded and production mode takes days when left out. */
  pace?: Pace;
  /** Answers 429 to more list calls a second than this; EasyPost's own figure is 5. No limit when left out. */
  listsPerSecond?: number;
  /** Looks for moved parcels and sends webhooks this often, in milliseconds; only `deliver` does when left out. */
  deliverEvery?: number;
}

/** The emulated EasyPost: its server, its own record of money, and what can be made to change. */
export interface EasyPostSandbox extends Emulator {
  /** Every label sold, with all its fees: what a double purchase would show up in. */
  charges(): Charge[];
  /** Makes a carrier refuse to rate, which shows as a message beside the others' rates; returns how to stop it. */
  failCarrier(carrier: string, message: string): () => void;
  /** Adds so many dollars to every price quoted from now on, as `1.25`; `0` takes it back. */
  raisePrices(amount: string): void;
  /** Lets parcels, batches and refunds catch up with the clock and sends the webhooks that are due. */
  deliver(): Promise<void>;
}

export async function startEasyPost(options: EasyPostOptions): Promise<EasyPostSandbox> {
  const {
    clock,
    store,
    port,
    host,
    keys = sandboxKeys,
    accounts: carriers = carrierAccounts,
    pace,
    listsPerSecond,
    deliverEvery,
  } = options;
  let url = '';
  const world: EasyPostState = {
    clock,
    store,
    url: () => url,
    pace,
    accounts: carriers,
    failing: new Map(),
    surcharge: '0',
    announce: () => undefined,
  };
  let deliver = async () => {};
  const emulator = await startEmulator(
    (app) => {
      const on = speakEasyPost(app, keys);
      const limitList = listLimit(world, listsPerSecond);
      const hooks = webhooks(world, on, limitList);
      world.announce = hooks.announce;
      const base = {
        files: files(world, app),
        addresses: addresses(world, on, limitList),
        contents: contents(world, on),
        trackers: trackers(world, on, limitList),
      };
      accounts(world, on, limitList, base.addresses);
      const parts = { ...base, shipments: shipments(world, on, limitList, base) };
      betaRates(world, on);
      smartRates(on, parts.shipments);
      orders(world, on, parts);
      insurances(world, on, limitList, parts);
      const tellRefunds = refunds(world, on, limitList, parts.shipments);
      const many = batches(world, on, limitList, parts);
      pickups(world, on, limitList, { ...parts, batchMembers: many.members });
      deliver = oneAtATime(async () => {
        base.trackers.tell();
        tellRefunds();
        many.settle();
        await hooks.deliver();
      });
    },
    { port, host },
  );
  url = emulator.url;
  const timer =
    deliverEvery === undefined ? undefined : setInterval(() => void deliver(), deliverEvery).unref();
  return {
    ...emulator,
    deliver,
    async close() {
      clearInterval(timer);
      await emulator.close();
    },
    charges: () => chargesOf(world),
    failCarrier(carrier, message) {
      world.failing.set(carrier, message);
      return () => world.failing.delete(carrier);
    },
    raisePrices(amount) {
      world.surcharge = amount;
    },
  };
}

/** Runs follow each other, so that no event is sent twice because two of them saw it waiting. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(work, work));
}
