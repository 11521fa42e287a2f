import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxNumbers } from '../../sandbox/usps/index.ts';
import { openTestServer, receiver, type TestServer } from '../support/test-server.ts';

describe('one bad item of a batch', () => {
  let server: TestServer;
  beforeAll(async () => void (server = await openTestServer()));
  afterAll(() => server.close());

  it('is a tracker with UNKNOWN and its failure, beside the trackers of the others', async () => {
    const { data, errors } = await server.ask(
      'query ($numbers: [TrackingNumberInput!]!) { trackers(numbers: $numbers) { trackingNumber status failure { code field } } }',
      {
        numbers: [
          { trackingNumber: uspsSandboxNumbers.delivered },
          { trackingNumber: '123' },
          { trackingNumber: uspsSandboxNumbers.inTransit, carrier: 'Nobody' },
        ],
      },
    );
    expect(errors).toBeUndefined();
    expect(data.trackers).toEqual([
      { trackingNumber: uspsSandboxNumbers.delivered, status: 'DELIVERED', failure: null },
      {
        trackingNumber: '123',
        status: 'UNKNOWN',
        failure: { code: 'REJECTED', field: ['numbers', '1', 'trackingNumber'] },
      },
      {
        trackingNumber: uspsSandboxNumbers.inTransit,
        status: 'UNKNOWN',
        failure: { code: 'REJECTED', field: ['numbers', '2', 'carrier'] },
      },
    ]);
  });

  it('is an unverified address with its failure and field, beside the others', async () => {
    const { data, errors } = await server.ask(
      'query ($addresses: [AddressInput!]!) { addressVerifications(addresses: $addresses) { status failures { code field } } }',
      { addresses: [receiver, { ...receiver, postalCode: '9410' }, { ...receiver, state: 'Jefferson' }] },
    );
    expect(errors).toBeUndefined();
    expect(data.addressVerifications).toMatchObject([
      { status: 'VERIFIED', failures: [] },
      { status: 'UNVERIFIED', failures: [{ code: 'REJECTED', field: ['addresses', '1', 'postalCode'] }] },
      { status: 'UNVERIFIED', failures: [{ code: 'REJECTED' }] },
    ]);
  });

  it('is not made worse by an unreadable response, which is a failure of its tracker', async () => {
    const track = async () => {
      const number = uspsSandboxNumbers.inTransit;
      const query = `{ tracker(trackingNumber: "${number}", maxAgeSeconds: 0) { status stale failure { code } } }`;
      const { data, errors } = await server.ask(query);
      expect(errors).toBeUndefined();
      return data.tracker;
    };
    const answerWith = (body: string) =>
      server.sandbox.usps.injectFault({ path: /\/tracking\//, response: { status: 200, body } });
    for (const body of ['', 'null', '<html></html>']) {
      const removeFault = answerWith(body);
      expect(await track()).toEqual({ status: 'UNKNOWN', stale: false, failure: { code: 'UNREADABLE' } });
      removeFault();
    }
    expect(await track()).toEqual({ status: 'IN_TRANSIT', stale: false, failure: null });
    server.clock.advance(1000);
    const removeFault = answerWith('null');
    expect(await track()).toEqual({ status: 'IN_TRANSIT', stale: true, failure: { code: 'UNREADABLE' } });
    removeFault();
  });
});
