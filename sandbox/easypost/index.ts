import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { EmulatedProvider } from '../emulated-provider.ts';
import { startEmulator, type Emulator } from '../emulator.ts';
import type { Store } from '../store.ts';
import { addAddressRoutes, createAddresses } from './addresses/addresses.ts';
import { addEndShipperRoutes } from './addresses/end-shippers.ts';
import { addBatchRoutes } from './batches/batch-routes.ts';
import { createBatches } from './batches/batches.ts';
import { addScanFormRoutes } from './batches/scan-form-routes.ts';
import { createScanForms } from './batches/scan-forms.ts';
import { addCarrierMetadataRoutes } from './carriers/carrier-metadata.ts';
import { addCarrierAccountRoutes } from './carriers/carrier-account-routes.ts';
import type { CarrierAccount } from './carriers/carrier-account.ts';
import { defaultAccounts } from './carriers/default-accounts.ts';
import { addClaimRoutes } from './claims.ts';
import { createFiles } from './files.ts';
import { createRouter, type Api } from './http.ts';
import { createListLimit } from './pagination.ts';
import { addPickupRoutes } from './pickups.ts';
import { addBetaRateRoutes } from './rates/beta-rates.ts';
import { addDeliveryEstimateRoutes } from './rates/delivery-estimates.ts';
import { addSmartRateRoutes } from './rates/smartrate.ts';
import { addReportRoutes } from './reports.ts';
import { addCustomsRoutes, createCustoms } from './shipments/customs.ts';
import { addFormRoutes } from './shipments/forms.ts';
import { addInsuranceRoutes } from './shipments/insurances.ts';
import { chargesOf, createPurchase, type Charge } from './shipments/label-purchase.ts';
import { createLabelRefunds } from './shipments/label-refunds.ts';
import { addOrderRoutes } from './shipments/orders.ts';
import { addParcelRoutes, createParcels } from './shipments/parcels.ts';
import { addRefundRoutes, emitPaidRefunds, openRefunds } from './shipments/refunds.ts';
import { createShipmentRenderer } from './shipments/shipment-json.ts';
import { addShipmentRoutes } from './shipments/shipment-routes.ts';
import { createShipments } from './shipments/shipments.ts';
import type { EasyPostKey, EasyPostState, TrackingPace } from './state.ts';
import { addTrackerRoutes } from './tracking/tracker-routes.ts';
import { createTrackers } from './tracking/trackers.ts';
import { deliverEvents } from './webhooks/delivery.ts';
import { addEventRoutes, createEmitter, openEvents } from './webhooks/events.ts';
import { addWebhookRoutes, createWebhooks } from './webhooks/webhooks.ts';

export { easypostFaults, type FaultyResponse } from './faults.ts';
export type { Charge } from './shipments/label-purchase.ts';
export type { EasyPostKey } from './state.ts';

/** A test key and the production key of one user, and the test key of another user. */
export const easypostSandboxKey = 'EZTKsandbox0000000000000000000000000000000000000001';
export const easypostSandboxProductionKey = 'EZAKsandbox0000000000000000000000000000000000000001';
export const easypostSandboxOtherKey = 'EZTKsandbox0000000000000000000000000000000000000002';

const defaultKeys: readonly EasyPostKey[] = [
  { key: easypostSandboxKey, user: 'user_00000000000000000000000000000001' },
  { key: easypostSandboxProductionKey, user: 'user_00000000000000000000000000000001' },
  { key: easypostSandboxOtherKey, user: 'user_00000000000000000000000000000002' },
];

export interface EasyPostOptions {
  clock: Clock;
  store: Store;
  /** Default: a free port. */
  port?: number;
  /** Default: `127.0.0.1`. */
  host?: string;
  keys?: readonly EasyPostKey[];
  /** The carrier accounts of every user. Default: USPS, UPS, FedEx, and a DHL account that fails to rate. */
  accounts?: readonly CarrierAccount[];
  /** How fast purchased parcels move. Default: `recorded` in test mode, `lifelike` in production mode. */
  pace?: TrackingPace;
  /** How many times as fast as a real parcel one of the pace `lifelike` moves. Default: 1. */
  speed?: number;
  /** Limit of list calls per second, above which the response is 429; EasyPost's own is 5. Default: no limit. */
  listsPerSecond?: number;
  /** Interval of `deliver` in milliseconds. Default: never. */
  deliverEvery?: number;
}

/** The emulated EasyPost: its server, a record of all charges, and switches for tests. */
export interface EasyPostSandbox extends Emulator {
  /** Returns every purchased label with all its fees: two charges for one shipment are a double purchase. */
  charges(): Charge[];
  /** Makes a carrier fail to rate, with a message beside the rates of the others; returns a function that ends it. */
  failCarrier(carrier: string, message: string): () => void;
  /** Adds an amount in dollars, such as `1.25`, to every price quoted from now on; `0` resets it. */
  raisePrices(amount: string): void;
  /** Sells the labels of a service without tracking numbers, as USPS sells letters; returns a function that ends it. */
  sellUntracked(service: string): () => void;
  /** Updates parcels, batches and refunds to the present time and sends the webhook events that are due. */
  deliver(): Promise<void>;
}

export async function startEasyPost(options: EasyPostOptions): Promise<EasyPostSandbox> {
  const { clock, store, port, host, deliverEvery } = options;
  let url = '';
  const state: EasyPostState = {
    clock,
    store,
    url: () => url,
    pace: options.pace,
    speed: options.speed ?? 1,
    accounts: options.accounts ?? defaultAccounts,
    failing: new Map(),
    surcharge: '0',
    untracked: new Set(),
    emit: () => undefined,
  };
  let deliver = async () => {};
  let travel: EasyPostSandbox['travel'];
  const emulator = await startEmulator(
    (app) => {
      const api = addApi(app, state, options);
      deliver = oneAtATime(api.deliver);
      travel = api.travel;
    },
    { port, host },
  );
  url = emulator.url;
  // What can't be stored now, as on a full disk, is tried again after the interval.
  const deliverSafely = () => void deliver().catch(() => {});
  const timer = deliverEvery === undefined ? undefined : setInterval(deliverSafely, deliverEvery).unref();
  return {
    ...emulator,
    deliver,
    travel,
    async close() {
      clearInterval(timer);
      await emulator.close();
    },
    charges: () => chargesOf(state),
    failCarrier(carrier, message) {
      state.failing.set(carrier, message);
      return () => state.failing.delete(carrier);
    },
    sellUntracked(service) {
      state.untracked.add(service);
      return () => state.untracked.delete(service);
    },
    raisePrices(amount) {
      state.surcharge = amount;
    },
  };
}

/** Adds all routes; `deliver` updates all objects and sends the webhook events that are due. */
function addApi(app: FastifyInstance, state: EasyPostState, options: EasyPostOptions) {
  const api: Api = {
    state,
    addRoute: createRouter(app, options.keys ?? defaultKeys),
    limitList: createListLimit(state, options.listsPerSecond),
  };
  const webhooks = createWebhooks(state);
  const events = openEvents(state);
  state.emit = createEmitter(state, events, webhooks);
  addWebhookRoutes(api, webhooks);
  addEventRoutes(api, events, webhooks);

  const resources = createResources(app, state);
  const refunds = openRefunds(state);
  addAddressRoutes(api, resources.addresses);
  addEndShipperRoutes(api, resources.addresses);
  addParcelRoutes(api, resources.parcels);
  addCustomsRoutes(api, resources.customs);
  addTrackerRoutes(api, resources.trackers);
  addCarrierAccountRoutes(api);
  addCarrierMetadataRoutes(api);
  addShipmentRoutes(api, resources);
  addBetaRateRoutes(api);
  addSmartRateRoutes(api, resources.shipments);
  addDeliveryEstimateRoutes(api, resources.shipments);
  addFormRoutes(api, resources);
  addOrderRoutes(api, resources);
  addInsuranceRoutes(api, resources);
  addRefundRoutes(api, refunds, resources);
  addBatchRoutes(api, resources);
  addScanFormRoutes(api, resources);
  addPickupRoutes(api, resources);
  addClaimRoutes(api, resources);
  addReportRoutes(api, app, resources);

  return {
    travel: resources.trackers.travel,
    async deliver() {
      resources.trackers.emitUpdates();
      emitPaidRefunds(state, refunds, resources);
      resources.batches.completeDueTasks();
      await deliverEvents(state, events, webhooks);
    },
  };
}

function createResources(app: FastifyInstance, state: EasyPostState) {
  const files = createFiles(state, app);
  const addresses = createAddresses(state);
  const parcels = createParcels(state);
  const customs = createCustoms(state);
  const trackers = createTrackers(state);
  const shipments = createShipments(state, { addresses, parcels, customs });
  const labelRefunds = createLabelRefunds(state, { shipments, trackers });
  const purchaseLabel = createPurchase(state, { addresses, parcels, customs, trackers, files, shipments });
  const renderShipment = createShipmentRenderer({
    addresses,
    parcels,
    customs,
    trackers,
    files,
    labelRefunds,
  });
  const scanForms = createScanForms(state, { addresses, shipments, files });
  const batches = createBatches(state, { shipments, files, scanForms, purchaseLabel });
  return {
    files,
    addresses,
    parcels,
    customs,
    trackers,
    shipments,
    labelRefunds,
    purchaseLabel,
    renderShipment,
    scanForms,
    batches,
  };
}

/** Runs one call after the other, so that no event is sent twice by two calls at the same time. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  return () => (last = last.then(work, work));
}

export const easypost: EmulatedProvider<EasyPostSandbox> = {
  id: 'easypost',
  name: 'EasyPost',
  ports: { EASYPOST_PORT: 4011 },
  exampleNumber: 'EZ4000000004',
  start: ({ clock, store, ports, deliverEvery, speed }) =>
    startEasyPost({ clock, store, port: ports?.EASYPOST_PORT, pace: 'lifelike', speed, deliverEvery }),
  variables: ({ url }, webhookSecret) => ({
    EASYPOST_BASE_URL: url,
    EASYPOST_API_KEY: easypostSandboxKey,
    ...(webhookSecret ? { EASYPOST_WEBHOOK_SECRET: webhookSecret } : {}),
  }),
};
