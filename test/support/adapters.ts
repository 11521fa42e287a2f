import type { Emulator } from '../../sandbox/emulator.ts';
import { easypostSandboxKey, startEasyPost, type EasyPostSandbox } from '../../sandbox/easypost/index.ts';
import { openStore } from '../../sandbox/store.ts';
import { startUsps, uspsSandboxClient, type UspsClient, type UspsSandbox } from '../../sandbox/usps/index.ts';
import type { ProviderAdapter } from '../../src/carriers/adapter.ts';
import { easypost } from '../../src/carriers/easypost/index.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import type { UspsOptions } from '../../src/carriers/usps/credentials.ts';
import type { Address } from '../../src/domain/address.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import { openConnections, timeout } from '../../src/transport/http.ts';
import { box, receiver, sender, testClock } from './test-server.ts';
import { memoryQuotas, memoryTokens, unguarded } from './stores.ts';
import type { LabelledParcel } from '../../src/domain/label.ts';

/** An adapter in front of its emulated provider, on one clock. */
export interface OpenAdapter<Sandbox extends Emulator> {
  readonly adapter: Required<Pick<ProviderAdapter, 'quote' | 'labels' | 'pickups' | 'manifests'>>;
  readonly emulator: Sandbox;
  readonly clock: ReturnType<typeof testClock>;
  close(): Promise<void>;
}

/** A Wednesday noon in the middle of the US. */
export const noon = '2026-11-18T18:00:00Z';
export const today = '2026-11-18';
export const call = { signal: new AbortController().signal };

const account = { key: 'account', clientKey: 'client', environment: 'TEST' } as const;

/** The account of an emulated USPS's client, as somebody sets it. */
export const uspsCredentials = (client: UspsClient, more: object = {}) =>
  usps.credentials.parse({
    clientId: client.id,
    clientSecret: client.secret,
    crid: client.crid,
    mid: client.mid,
    manifestMid: client.manifestMid,
    accountType: 'EPS',
    accountNumber: client.accountNumber,
    ...more,
  });

export async function openUspsAdapter(): Promise<OpenAdapter<UspsSandbox>> {
  const clock = testClock(noon);
  const client = uspsSandboxClient;
  const emulator = await startUsps({ clock, store: openStore(), clients: [client], quota: 10_000 });
  const connections = openConnections();
  const carrier = usps.createAdapter(
    {
      ...account,
      baseUrl: emulator.url,
      credentials: uspsCredentials(client),
      options: usps.options.parse({}) as UspsOptions,
      quota: { default: 10_000 },
    },
    {
      send: timeout(connections.send),
      tokens: memoryTokens(),
      quotas: memoryQuotas(clock),
      guard: unguarded,
      clock,
    },
  );
  return opened({ clock, emulator, carrier, connections });
}

export async function openEasyPostAdapter(): Promise<OpenAdapter<EasyPostSandbox>> {
  const clock = testClock(noon);
  const emulator = await startEasyPost({ clock, store: openStore() });
  const connections = openConnections();
  const carrier = easypost.createAdapter(
    {
      ...account,
      baseUrl: emulator.url,
      credentials: easypost.credentials.parse({ apiKey: easypostSandboxKey }),
      options: {},
      quota: {},
    },
    {
      send: timeout(connections.send),
      tokens: memoryTokens(),
      quotas: memoryQuotas(clock),
      guard: unguarded,
      clock,
    },
  );
  return opened({ clock, emulator, carrier, connections });
}

function opened<Sandbox extends Emulator>(parts: {
  clock: OpenAdapter<Sandbox>['clock'];
  emulator: Sandbox;
  carrier: ProviderAdapter;
  connections: ReturnType<typeof openConnections>;
}): OpenAdapter<Sandbox> {
  const { clock, emulator, carrier, connections } = parts;
  return {
    clock,
    emulator,
    adapter: carrier as OpenAdapter<Sandbox>['adapter'],
    async close() {
      await connections.close();
      await emulator.close();
    },
  };
}

/** A parcel with a label that was bought now. */
export async function labelled(
  carrier: Pick<ProviderAdapter, 'quote' | 'labels'>,
  more: { from?: Address; service?: string; hauler?: string; shipDate?: string } = {},
): Promise<LabelledParcel> {
  const { from = sender, service = 'PRIORITY_MAIL', hauler = 'USPS', shipDate = today } = more;
  const parcel = box as Parcel;
  const to = { ...receiver, phone: '4155550100' };
  const request = { from, to, parcels: [parcel], shipDate };
  const [quote] = await carrier.quote!([request], call);
  if (quote instanceof ProviderError) throw quote;
  const offer = quote!.offers.find((each) => each.service.code === service && each.carrier === hauler)!;
  const { price: maxPrice } = offer;
  const order = { request, offer, from, to, format: 'PDF' as const, quotedAt: Date.parse(noon), maxPrice };
  const [prepared] = await carrier.labels!.prepare(order, call);
  const [sold] = await carrier.labels!.buy(prepared!, call);
  const { trackingNumber, reference } = sold!;
  return {
    carrier: offer.carrier,
    service: offer.service,
    parcel,
    from,
    to,
    isReturn: false,
    shipDate,
    trackingNumber,
    label: { trackingNumber, reference, prepared: prepared! },
  };
}

/** As the ledger keeps it. */
export const kept = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
