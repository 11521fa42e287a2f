import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import type { Address } from '../../src/domain/address.ts';
import type { RateRequest } from '../../src/domain/rate.ts';
import {
  describeContract,
  easypostSamples,
  openEasyPost,
  readContract,
  runThrough,
  startReplay,
  type ReceivedRequest,
  type Loose,
  type Opened,
  type Replay,
  type Sample,
} from './shared.ts';

/** Test files that replay recordings: `easypost-<name>.test.ts`. */
type TestFile = 'addresses' | 'rates' | 'labels' | 'orders' | 'tracking' | 'errors';

/** The samples that each test file replays. The first pattern that matches a sample decides. */
const replayedBy: readonly (readonly [RegExp, TestFile])[] = [
  [/\.error-|^shipment\.create\.missing-parameter$/, 'errors'],
  [/^address\.(create|verify)/, 'addresses'],
  [/^shipment\.(buy|create\.one-call|form|insure|label|refund|rerate|retrieve)|^customs-/, 'labels'],
  [/^shipment\.(create|smartrate)/, 'rates'],
  [/^order\./, 'orders'],
  [/^tracker\.(batch|create|retrieve)/, 'tracking'],
];

export const testFileOf = (sample: Sample): TestFile | undefined =>
  replayedBy.find(([pattern]) => pattern.test(sample.name))?.[1];

/** A recorded request and its response. */
export interface Recorded {
  readonly request: { method: string; path: string; body: Loose };
  readonly response: { status: number; headers: Record<string, string>; body: Loose };
}

export function readRecorded(name: string): Recorded {
  const read = (part: string) => JSON.parse(readContract(`easypost/samples/${name}.${part}.json`)) as unknown;
  return { request: read('request'), response: read('response') } as Recorded;
}

/** The adapter under test, in front of a server that replays recordings. */
export interface Recordings {
  readonly adapter: Opened['carrier'];
  /** Reads a sample, and counts it as replayed. */
  sample(name: string): Recorded;
  /** Replays the response of a recording from now on, or `body` in its place. */
  replay(method: string, path: string | RegExp, recorded: Recorded, body?: unknown): void;
  /** Requests of the current test. */
  requests(): readonly ReceivedRequest[];
  /** JSON body of a request of the current test; a negative index counts from the last. */
  requestBody(index: number): Loose;
}

/**
 * Declares the tests of a file that replays recordings. Adds two: that every sample of the file was replayed, and that
 * every key of a request is a recorded one or in `unrecordedKeys`, with the reason why it is sent.
 */
export function describeRecordings(
  title: string,
  file: TestFile,
  unrecordedKeys: Readonly<Record<string, string>>,
  suite: (recordings: Recordings) => void,
): void {
  const samples = runThrough(() => easypostSamples().filter((sample) => testFileOf(sample) === file), {});
  describeContract(title, () => {
    let server: Replay;
    let opened: Opened;
    const sent: ReceivedRequest[] = [];
    beforeAll(async () => {
      server = await startReplay();
      opened = openEasyPost(server.url);
    });
    afterEach(() => {
      sent.push(...server.requests);
      server.reset();
    });
    afterAll(async () => {
      await opened.close();
      await server.close();
      console.info(`EasyPost ${file}: ${samples.summary()}.`);
    });

    suite({
      get adapter() {
        return opened.carrier;
      },
      sample: (name) => readRecorded(samples.run(name)),
      replay(method, path, { response }, body = response.body) {
        const contentType = response.headers['content-type'];
        const headers = contentType ? { 'content-type': contentType } : undefined;
        server.when(method, path, { status: response.status, headers, body });
      },
      requests: () => server.requests,
      requestBody: (index) => JSON.parse(server.requests.at(index)!.body),
    });

    test('every request key is recorded, or listed with its reason', () => {
      const recorded = recordedKeys();
      const keys = new Set(sent.flatMap(requestKeys));
      expect(keys.size).toBeGreaterThan(3);
      const missing = [...keys].filter((key) => !recorded.has(key));
      expect(missing.sort()).toEqual(Object.keys(unrecordedKeys).sort());
    });

    test('every sample is replayed', () => samples.expectAll());
  });
}

const operationOf = (method: string, path: string) =>
  `${method} ${path.replace(/^\/v2/, '').replace(/\/(shp|trk|adr)_\w+/, '/:id')}`;

const requestKeys = ({ method, path, body }: ReceivedRequest): string[] =>
  body === '' ? [] : keysOf(JSON.parse(body)).map((key) => `${operationOf(method, path)} ${key}`);

/** Keys of all recorded requests. */
function recordedKeys(): ReadonlySet<string> {
  const names = easypostSamples().map(({ name }) => name);
  return new Set(
    names
      .filter((name) => !name.endsWith('.json'))
      .map((name) => readRecorded(name).request)
      .flatMap(({ method, path, body }) => keysOf(body).map((key) => `${operationOf(method, path)} ${key}`)),
  );
}

/** Returns the paths of all keys of a body. All rows of a list share one path. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((row) => keysOf(row, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    `${path}.${key}`,
    ...keysOf(member, `${path}.${key}`),
  ]);
}

export const fromRecordedAddress = (address: Loose): Address => ({
  name: address.name,
  company: address.company,
  street1: address.street1,
  street2: address.street2,
  city: address.city,
  state: address.state,
  postalCode: address.zip,
  country: address.country,
  phone: address.phone,
  email: address.email,
});

export const anyAddress = fromRecordedAddress({
  street1: '179 N Harbor Dr',
  city: 'Redondo Beach',
  state: 'CA',
  zip: '90277',
  country: 'US',
});

export const anyRateRequest: RateRequest = {
  from: anyAddress,
  to: anyAddress,
  parcels: [{ weight: { value: 1, unit: 'POUND' } }],
  shipDate: '2026-11-18',
};

/** Reason why `label_date` of a shipment is sent, which no recorded request has. */
export const labelDateReason = {
  'POST /shipments .shipment.options.label_date': 'sets the ship date; a documented option of EasyPost',
};
