import { afterAll, beforeAll, beforeEach } from 'vitest';

import type { PreparedRequest } from '../../src/domain/prepared-request.ts';
import type { Address } from '../../src/domain/address.ts';
import type { Parcel } from '../../src/domain/parcel.ts';
import type { RateRequest } from '../../src/domain/rate.ts';
import {
  call,
  openUsps,
  readContract,
  runThrough,
  startReplay,
  uspsSamples,
  type Loose,
  type Opened,
  type Replay,
} from './shared.ts';

export const paths = {
  token: '/oauth2/v3/token',
  payment: '/payments/v3/payment-authorization',
  address: '/addresses/v3/address',
  cityState: '/addresses/v3/city-state',
  options: '/shipments/v3/options/search',
  label: '/labels/v3/label',
  track: /^\/tracking\/v3\/tracking\//,
  batch: '/tracking/v3r2/tracking',
};

/** The server that replays samples, while the tests of a file run. */
export let replay: Replay;
const opened: Opened[] = [];

/** Starts the replay server for the tests of a file. Each test begins with valid tokens. */
export function useReplay(samples: ReturnType<typeof runThrough>): void {
  beforeAll(async () => void (replay = await startReplay()));
  beforeEach(() => {
    replay.reset();
    const token = { access_token: 'a', expires_in: 28799 };
    replay.when('POST', paths.token, { body: token });
    replay.when('POST', paths.payment, { body: { paymentAuthorizationToken: 'p' } });
  });
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await replay.close();
    console.info(`USPS: ${samples.summary()}.`);
  });
}

/** The samples whose names a pattern matches, with functions that read one and count it. */
export function samplesLike(pattern: RegExp, excused: Readonly<Record<string, string>> = {}) {
  const samples = runThrough(() => uspsSamples().filter(({ name }) => pattern.test(name)), excused);
  const textOf = (name: string) => readContract(`usps/samples/${samples.run(name)}`);
  return { samples, textOf, sampleOf: <T = Loose>(name: string) => JSON.parse(textOf(name)) as T };
}

/** Reads a sample that the tests of another file count. */
export const otherSample = (name: string): Loose => JSON.parse(readContract(`usps/samples/${name}`));

export const open = (options?: Parameters<typeof openUsps>[1]) => {
  const adapter = openUsps(replay.url, options);
  opened.push(adapter);
  return adapter;
};
export const requestsTo = (path: string | RegExp) =>
  replay.requests.filter((each) => (typeof path === 'string' ? each.path === path : path.test(each.path)));
export const verify = async (address: Address, { carrier } = open()) =>
  (await carrier.verify([address], call))[0];

export const somewhere: Address = {
  street1: '1 Main St',
  city: 'Chicago',
  state: 'IL',
  postalCode: '60601',
  country: 'US',
};
export const parcel: Parcel = {
  weight: { value: 2, unit: 'POUND' },
  dimensions: { length: 10, width: 8, height: 4, unit: 'INCH' },
};
export const request: RateRequest = {
  from: somewhere,
  to: somewhere,
  parcels: [parcel],
  shipDate: '2026-11-18',
};
export const quote = async ({ carrier } = open()) => (await carrier.quote([request], call))[0];
export const prepared: PreparedRequest = { attemptId: 'attempt', request: { body: '{}' } };
export const buy = async ({ carrier } = open()) => {
  const [purchased] = await carrier.labels.buy(prepared, call);
  return purchased!;
};
