import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { EmulatedProvider } from '../emulated-provider.ts';
import { startEmulator, type Emulator } from '../emulator.ts';
import type { Store } from '../store.ts';
import { addressRoutes } from './addresses/addresses.ts';
import { internationalLabelRoutes } from './international-labels/international-labels.ts';
import { labelRoutes } from './labels/labels.ts';
import type { Label } from './labels/purchased-labels.ts';
import { reprintRoutes } from './labels/reprints.ts';
import { returnLabelRoutes } from './labels/return-labels.ts';
import { locationRoutes } from './locations/locations.ts';
import { scanFormRoutes } from './manifests/scan-forms.ts';
import { uspsSandboxClient, uspsSandboxClients, type Environment, type UspsClient } from './oauth/clients.ts';
import { clientIdOf, handleErrors } from './oauth/gateway.ts';
import { openTokenSigner, replaceSigningKey } from './oauth/token-signer.ts';
import { tokenRoutes } from './oauth/token.ts';
import { paymentRoutes } from './payments/payments.ts';
import { pickupRoutes } from './pickups/pickups.ts';
import { domesticPriceRoutes } from './prices/domestic-price-searches.ts';
import { internationalPriceRoutes } from './prices/international-price-searches.ts';
import { serviceStandardRoutes } from './service-standards/service-standards.ts';
import { shippingOptionRoutes } from './shipping-options/shipping-options.ts';
import { defaultSwitches, type UspsState, type UspsSwitches } from './state.ts';
import { mailerOf, uspsSandboxNumbers } from './tracking/tracking-numbers.ts';
import {
  scanOf,
  seedParcels,
  travelling,
  type EventCode,
  type Parcel,
  type Scan,
} from './tracking/tracking-simulation.ts';
import { trackingRoutes } from './tracking/tracking.ts';

export { uspsSandboxClient, uspsSandboxClients, type UspsClient } from './oauth/clients.ts';
export { uspsSandboxNumbers, uspsTrackingNumber } from './tracking/tracking-numbers.ts';
export type { UspsSwitches } from './state.ts';

export interface UspsOptions extends Partial<UspsSwitches> {
  clock: Clock;
  /** Keeps labels, charges, idempotency keys, parcels and the signing key. Quotas are kept in memory. */
  store: Store;
  /** Default: a free port. */
  port?: number;
  /** Default: `127.0.0.1`. */
  host?: string;
  /** Calls an hour for each client and API. Default: 60. */
  quota?: number;
  /** How many times as fast as real ones purchased parcels move. Default: 1. */
  speed?: number;
  /** Default: `uspsSandboxClients`. */
  clients?: UspsClient[];
  /** Default: TEST. */
  environment?: Environment;
}

/** A parcel to register: its number and the fields that differ from the defaults. */
export type ParcelSeed = Partial<Parcel> & { trackingNumber: string };

export interface UspsSandbox extends Emulator {
  /** Changeable at any time. */
  switches: UspsSwitches;
  /** The charges in dollars: one for each label that is not canceled. */
  charges(): { trackingNumber: string; amount: number }[];
  /** Every purchased label, canceled ones included. */
  labels(): {
    trackingNumber: string;
    status: Label['status'];
    amount: number;
    idempotencyKey?: string | undefined;
  }[];
  /** Makes every granted token invalid, payment tokens included. */
  revokeTokens(): Promise<void>;
  /** Adds a number of dollars to every domestic price from now on; `0` restores the prices. */
  raisePrices(amount: string): void;
  /**
   * Registers a parcel. Defaults: it belongs to the mailer in its number, is created and accepted now, and arrives in 72
   * hours.
   */
  parcel(seed: ParcelSeed): void;
  travel(trackingNumber: string, milliseconds: number): boolean;
  /** Adds a scan, now or at its own time. After it the parcel moves only by further scans. */
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
    speed = 1,
    clients = uspsSandboxClients,
    environment = 'TEST',
  } = options;
  const switches = { ...defaultSwitches };
  for (const name of Object.keys(switches) as (keyof UspsSwitches)[]) {
    if (options[name] !== undefined) Object.assign(switches, { [name]: options[name] });
  }
  const signer = await openTokenSigner(store);
  const state: UspsState = { clock, store, environment, clients, switches, signer, speed, quota };
  seedParcels(store, clock.now());
  const emulator = await startEmulator((app) => addRoutes(app, state), {
    clientOf: clientIdOf,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  return { ...emulator, ...controls(state) };
}

async function addRoutes(app: FastifyInstance, state: UspsState) {
  handleErrors(app);
  await tokenRoutes(app, state);
  paymentRoutes(app, state);
  addressRoutes(app, state);
  shippingOptionRoutes(app, state);
  trackingRoutes(app, state);
  labelRoutes(app, state);
  returnLabelRoutes(app, state);
  reprintRoutes(app, state);
  internationalLabelRoutes(app, state);
  scanFormRoutes(app, state);
  pickupRoutes(app, state);
  locationRoutes(app, state);
  serviceStandardRoutes(app, state);
  domesticPriceRoutes(app, state);
  internationalPriceRoutes(app, state);
}

/** The methods by which tests and the sandbox's commands read and change its state. */
function controls(state: UspsState): Omit<UspsSandbox, Exclude<keyof Emulator, 'travel'>> {
  const { clock, store, switches } = state;
  const labels = () => store.all<Label>('usps.label');
  const storeParcel = (parcel: Parcel) => store.put('usps.parcel', parcel.trackingNumber, parcel);
  return {
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
    async revokeTokens() {
      await replaceSigningKey(store);
      state.signer = await openTokenSigner(store);
    },
    raisePrices: (amount) => void (switches.surcharge = amount),
    parcel: (seed) =>
      storeParcel({
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
    travel(trackingNumber, milliseconds) {
      const parcel = store.get<Parcel>('usps.parcel', trackingNumber);
      if (parcel === undefined) return false;
      storeParcel(travelling(parcel, clock.now(), milliseconds));
      return true;
    },
    scan(trackingNumber, code, more) {
      const parcel = store.get<Parcel>('usps.parcel', trackingNumber);
      if (parcel === undefined) throw new Error(`no parcel ${trackingNumber}`);
      storeParcel({
        ...parcel,
        scans: [...(parcel.scans ?? []), { ...scanOf(parcel, code, clock.now()), ...more }],
      });
    },
  };
}

export const usps: EmulatedProvider<UspsSandbox> = {
  id: 'usps',
  name: 'USPS',
  ports: { USPS_PORT: 4010 },
  exampleNumber: uspsSandboxNumbers.inTransit,
  start: ({ clock, store, quota, speed, ports }) =>
    startUsps({ clock, store, quota, speed, port: ports?.USPS_PORT }),
  variables: ({ url }) => ({
    USPS_BASE_URL: url,
    USPS_CLIENT_ID: uspsSandboxClient.id,
    USPS_CLIENT_SECRET: uspsSandboxClient.secret,
    USPS_CRID: uspsSandboxClient.crid,
    USPS_MID: uspsSandboxClient.mid,
    USPS_MANIFEST_MID: uspsSandboxClient.manifestMid,
    USPS_ACCOUNT_TYPE: 'EPS',
    USPS_ACCOUNT_NUMBER: uspsSandboxClient.accountNumber,
  }),
};
