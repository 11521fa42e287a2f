import { onTestFinished } from 'vitest';

import { openStore } from '../../../sandbox/store.ts';
import {
  startUsps,
  uspsSandboxClient,
  uspsTrackingNumber,
  type UspsClient,
  type UspsSandbox,
} from '../../../sandbox/usps/index.ts';
import type { LabelRequest } from '../../../src/domain/label.ts';
import type { Environment } from '../../../src/carriers/provider.ts';
import type { UspsOptions } from '../../../src/carriers/usps/credentials.ts';
import { usps } from '../../../src/carriers/usps/index.ts';
import type { Address } from '../../../src/domain/address.ts';
import type { Customs } from '../../../src/domain/customs.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { Offer, RateRequest } from '../../../src/domain/rate.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { call, noon, today, uspsCredentials } from '../../support/adapters.ts';
import { createInterceptor } from '../../support/intercept.ts';
import { memoryQuotas, memoryTokens, unguarded } from '../../support/stores.ts';
import { box, receiver, sender, testClock } from '../../support/test-server.ts';
import { toLabelRequest } from '../conformance.ts';

export { call } from '../../support/adapters.ts';

export interface UspsSetup {
  readonly client?: Partial<UspsClient>;
  readonly credentials?: object;
  readonly options?: Partial<UspsOptions>;
  readonly environment?: Environment;
  readonly switches?: Partial<UspsSandbox['switches']>;
  /** Calls an hour that the emulated USPS allows for each API. Default: 10,000. */
  readonly quota?: number;
  /** Calls an hour that the account is configured with. Default: `quota`. */
  readonly accountQuota?: number;
}

export type UspsSubject = Awaited<ReturnType<typeof openUsps>>;

/** Opens the adapter in front of an emulated USPS, on one clock. The caller closes it. */
export async function openUsps(setup: UspsSetup = {}) {
  const { environment = 'TEST', options, switches, quota = 10_000, accountQuota = quota } = setup;
  const clock = testClock(noon);
  const client: UspsClient = { ...uspsSandboxClient, ...setup.client };
  const credentials = uspsCredentials(client, setup.credentials);
  const emulator = await startUsps({
    clock,
    store: openStore(),
    clients: [client],
    environment: client.environment,
    quota,
    ...switches,
  });
  const connections = openConnections();
  const interceptor = createInterceptor();
  const tokens = memoryTokens();
  const adapter = usps.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment,
      baseUrl: emulator.url,
      credentials,
      options: usps.options.parse(options ?? {}) as UspsOptions,
      quota: { default: accountQuota },
    },
    {
      send: timeout(interceptor.layer(connections.send)),
      tokens,
      quotas: memoryQuotas(clock),
      guard: unguarded,
      clock,
    },
  );
  return {
    adapter,
    clock,
    client,
    credentials,
    emulator,
    intercept: interceptor.intercept,
    tokens,
    async close() {
      await connections.close();
      await emulator.close();
    },
  };
}

/** Opens the adapter as `openUsps` does, and closes it when the test ends. */
export async function openForTest(setup?: UspsSetup): Promise<UspsSubject> {
  const subject = await openUsps(setup);
  onTestFinished(subject.close);
  return subject;
}

/** Registers parcels that USPS has accepted. */
export function registerParcels(
  emulator: UspsSandbox,
  count: number,
  mid?: string,
): { trackingNumber: string }[] {
  return Array.from({ length: count }, (_, index) => {
    const trackingNumber = uspsTrackingNumber(5_000 + index, mid);
    emulator.parcel({ trackingNumber });
    return { trackingNumber };
  });
}

export const smallParcel = box as Parcel;
export const heavyParcel: Parcel = { ...smallParcel, weight: { value: 9, unit: 'POUND' } };
export const rateRequest: RateRequest = {
  from: sender,
  to: receiver,
  parcels: [smallParcel],
  shipDate: today,
};
export const returnRequest = { from: receiver, to: sender, options: { isReturn: true } };

export const ottawa: Address = {
  name: 'Ana Roy',
  street1: '111 Wellington St',
  city: 'Ottawa',
  state: 'ON',
  postalCode: 'K1A 0A9',
  country: 'CA',
};
export const militaryPost: Address = {
  name: 'Joe Doe',
  street1: 'PSC 802 Box 74',
  city: 'APO',
  state: 'AE',
  postalCode: '09499',
  country: 'US',
};
export const customs: Customs = {
  contents: 'GIFT',
  items: [
    {
      description: 'Cotton shirt',
      quantity: 1,
      totalValue: { amount: '40.00', currencyCode: 'USD' },
      totalWeight: { value: 1, unit: 'POUND' },
      hsTariffNumber: '6105.10',
      originCountry: 'US',
    },
  ],
};
export const insured = (amount: string) => ({ insuredValue: { amount, currencyCode: 'USD' } });

/** Quotes `rateRequest` with changes. Throws the failure where there is no quote. */
export async function quoteOffers(
  { adapter }: UspsSubject,
  changes: Partial<RateRequest> = {},
): Promise<readonly Offer[]> {
  const [quote] = await adapter.quote!([{ ...rateRequest, ...changes }], call);
  if (quote instanceof ProviderError) throw quote;
  return quote!.offers;
}

/** Quotes `rateRequest` with changes, and returns the label request of one service. */
export async function labelRequestFor(
  subject: UspsSubject,
  changes: Partial<RateRequest> = {},
  serviceCode = 'PRIORITY_MAIL',
): Promise<LabelRequest> {
  const offers = await quoteOffers(subject, changes);
  const offer = offers.find(({ service }) => service.code === serviceCode);
  return toLabelRequest({ ...rateRequest, ...changes }, offer!);
}

export async function buyLabel({ adapter }: UspsSubject, labelRequest: LabelRequest) {
  const [prepared] = await adapter.labels!.prepare(labelRequest, call);
  const [purchased] = await adapter.labels!.buy(prepared!, call);
  return { ...purchased!, prepared: prepared! };
}

/** The JSON body of a prepared request. */
export const bodyOf = <T = object>({ request }: { readonly request: unknown }) =>
  JSON.parse((request as { body: string }).body) as T;
