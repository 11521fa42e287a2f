import { onTestFinished } from 'vitest';

import type { CarrierAccount } from '../../../sandbox/easypost/carriers/carrier-account.ts';
import {
  easypostSandboxKey,
  startEasyPost,
  type EasyPostKey,
  type EasyPostSandbox,
} from '../../../sandbox/easypost/index.ts';
import { openStore } from '../../../sandbox/store.ts';
import type { ProviderAdapter } from '../../../src/carriers/adapter.ts';
import { easypost } from '../../../src/carriers/easypost/index.ts';
import { ProviderError, type Outcome } from '../../../src/domain/errors.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { Offer, Quote, RateRequest } from '../../../src/domain/rate.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { createInterceptor } from '../../support/intercept.ts';
import { memoryQuotas, memoryTokens, unguarded } from '../../support/stores.ts';
import { box, receiver, sender, testClock } from '../../support/test-server.ts';

export const call = { signal: new AbortController().signal };
export const minutes = 60_000;

export const rateRequest: RateRequest = {
  from: sender,
  to: receiver,
  parcels: [box as Parcel],
  shipDate: '2026-11-18',
};

interface Options {
  apiKey?: string;
  /** Keys of the emulated EasyPost. */
  keys?: EasyPostKey[];
  /** Carrier accounts of the emulated EasyPost. */
  accounts?: readonly CarrierAccount[];
}

export type Opened = Awaited<ReturnType<typeof startAdapter>>;

/** Opens the adapter in front of an emulated EasyPost, with one clock. The caller closes it. */
export async function startAdapter({ apiKey = easypostSandboxKey, keys, accounts }: Options = {}) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const emulator = await startEasyPost({ clock, store: openStore(), keys, accounts });
  const connections = openConnections();
  const interceptor = createInterceptor();
  const adapter = easypost.createAdapter(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl: emulator.url,
      credentials: { apiKey },
      options: {},
      quota: {},
    },
    {
      send: timeout(interceptor.layer(connections.send)),
      tokens: memoryTokens(),
      quotas: memoryQuotas(clock),
      guard: unguarded,
      clock,
    },
  );
  const close = async () => {
    await connections.close();
    await emulator.close();
  };
  return { adapter, emulator, intercept: interceptor.intercept, clock, close };
}

/** Opens the adapter, and closes it after the test. */
export async function openAdapter(options?: Options): Promise<Opened> {
  const opened = await startAdapter(options);
  onTestFinished(opened.close);
  return opened;
}

/** Calls the emulated EasyPost directly, as its dashboard would, and returns the JSON of the response. */
export async function fetchFrom(emulator: EasyPostSandbox, path: string, method = 'GET') {
  const authorization = `Basic ${Buffer.from(`${easypostSandboxKey}:`).toString('base64')}`;
  const response = await fetch(`${emulator.url}/v2${path}`, { method, headers: { authorization } });
  return await response.json();
}

/** Returns the result of an outcome, or throws its failure. */
export function resultOf<T>(outcome: Outcome<T> | undefined): T {
  if (outcome instanceof ProviderError) throw outcome;
  return outcome!;
}

export const quote = async (adapter: ProviderAdapter, request = rateRequest): Promise<Quote> =>
  resultOf((await adapter.quote!([request], call))[0]);

export const offerOf = ({ offers }: Quote, serviceCode: string): Offer =>
  offers.find(({ service }) => service.code === serviceCode)!;
