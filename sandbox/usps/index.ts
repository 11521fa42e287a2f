import type { Clock } from '../clock.ts';
import { startEmulator, type Emulator } from '../emulator.ts';
import type { Store } from '../store.ts';
import { addressRoutes } from './addresses/addresses.ts';
import { uspsSandboxClient, type Environment, type UspsClient } from './oauth/clients.ts';
import { answerRefusals } from './oauth/gateway.ts';
import {
  scanOf,
  seedParcels,
  type EventCode,
  type Parcel,
  type Scan,
} from './tracking/tracking-simulation.ts';
import { internationalLabelRoutes } from './labels/international-labels.ts';
import { labelRoutes } from './labels/labels.ts';
import { locationRoutes } from './locations/locations.ts';
import { mailerOf } from './tracking/tracking-numbers.ts';
import { optionRoutes } from './prices/shipping-options.ts';
import { paymentRoutes } from './oauth/payments.ts';
import { serviceStandardRoutes } from './prices/service-standards.ts';
import type { Label } from './labels/purchased-labels.ts';
import { domesticPriceRoutes, internationalPriceRoutes } from './prices/price-searches.ts';
import { reprintRoutes } from './labels/reprints.ts';
import { returnLabelRoutes } from './labels/return-labels.ts';
import { scanFormRoutes } from './manifests/scan-forms.ts';
import { pickupRoutes } from './pickups/pickups.ts';
import { openSigner, tokenRoutes } from './oauth/token.ts';
import { trackingRoutes } from './tracking/tracking.ts';
import { defaultSwitches, type UspsSwitches, type UspsState } from './state.ts';

export { uspsSandboxClient, type UspsClient } from './oauth/clients.ts';
export { uspsSandboxNumbers, uspsTrackingNumber } from './tracking/tracking-numbers.ts';
export type { UspsSwitches } from './state.ts';

export interface UspsOptions extends Partial<UspsSwitches> {
  clock: Clock;
  /** Labels, charges, idempotency keys, parcels and the signing key; quotas live in memory. */
  store: Store;
  port?: number;
  host?: string;
  /** Calls an hour for each client and API. Default: 60. */
  quota?: number;
  /** Default: `uspsSandboxClient`. */
  clients?: UspsClient[];
  /** Default: TEST. */
  environment?: Environment;
}

/** A parcel to register: its number, and what the rest should be other than the defaults. */
export type ParcelSeed = Partial<Parcel> & { trackingNumber: string };

export interface UspsSandbox extends Emulator {
  /** Changeable at any time. */
  switches: UspsSwitches;
  /** What was really charged: one entry for each label that was not cancelled, in dollars. */
  charges(): { trackingNumber: string; amount: number }[];
  /** Every label that was sold, cancelled ones too. */
  labels(): {
    trackingNumber: string;
    status: Label['status'];
    amount: number;
    idempotencyKey?: string | undefined;
  }[];
  /** Adds so many dollars to every domestic price from now on; `0` takes it back. */
  raisePrices(amount: string): void;
  /** Registers a parcel. By default it is that of the mailer in its number, was created and handed over now, and arrives in 72 hours. */
  parcel(seed: ParcelSeed): void;
  /** Adds a scan now, or at its own time; from there on the parcel moves only by further scans. */
  scan(trackingNumber: string, code: EventCode, more?: Partial<Scan>): void;
}

/** Starts the emulated USPS. */
export async function startUsps(options: UspsOptions): Promise<UspsSandbox> {
  const {
    clock,
    store,
    port,
    host,
    quota = 60,
    clients = [uspsSandboxClient],
    environment = 'TEST',
  } = options;
  const switches = { ...defaultSwitches };
  for (const name of Object.keys(switches) as (keyof UspsSwitches)[]) {
    if (options[name] !== undefined) Object.assign(switches, { [name]: options[name] });
  }
  const world: UspsState = { clock, store, environment, clients, switches, signer: openSigner(store), quota };
  seedParcels(store, clock.now());

  const emulator = await startEmulator(
    async (app) => {
      answerRefusals(app);
      await tokenRoutes(app, world);
      paymentRoutes(app, world);
      addressRoutes(app, world);
      optionRoutes(app, world);
      trackingRoutes(app, world);
      labelRoutes(app, world);
      returnLabelRoutes(app, world);
      reprintRoutes(app, world);
      internationalLabelRoutes(app, world);
      scanFormRoutes(app, world);
      pickupRoutes(app, world);
      locationRoutes(app, world);
      serviceStandardRoutes(app, world);
      domesticPriceRoutes(app, world);
      internationalPriceRoutes(app, world);
    },
    { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) },
  );

  const labels = () => store.all<Label>('usps.label');
  const keep = (parcel: Parcel) => store.put('usps.parcel', parcel.trackingNumber, parcel);
  return {
    ...emulator,
    switches,
    charges: () =>
      labels()
        .filter((label) => label.status !== 'CANCELED')
        .map(({ trackingNumber, amount }) => ({ trackingNumber, amount: Number(amount) })),
    labels: () =>
      labels().map(({ trackingNumber, status, amount, idempotencyKey }) => ({
        trackingNumber,
        status,
        amount: Number(amount),
        idempotencyKey,
      })),
    raisePrices: (amount) => void (switches.surcharge = amount),
    parcel: (seed) =>
      keep({
        mid: mailerOf(seed.trackingNumber) ?? uspsSandboxClient.mid,
        mailClass: 'USPS_GROUND_ADVANTAGE',
        originZIP: '94107',
        originCity: 'SAN FRANCISCO',
        destinationZIP: '10001',
        destinationCity: 'NEW YORK',
        created: clock.now(),
        accepted: clock.now(),
        ...seed,
      }),
    scan(trackingNumber, code, more) {
      const parcel = store.get<Parcel>('usps.parcel', trackingNumber);
      if (parcel === undefined) throw new Error(`no parcel ${trackingNumber}`);
      keep({
        ...parcel,
        scans: [...(parcel.scans ?? []), { ...scanOf(parcel, code, clock.now()), ...more }],
      });
    },
  };
}
