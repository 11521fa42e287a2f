import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openTestServer, type TestServer } from '../support/test-server.ts';

let server: TestServer;
beforeAll(async () => void (server = await openTestServer({ operationTimeoutMs: 400 })));
afterAll(() => server.close());

describe('the time of an operation', () => {
  it.each([
    ['a tracker', '{ tracker(trackingNumber: "EZ1000000001", accountId: "easypost") { status } }'],
    [
      'a quote',
      '{ rates(input: { from: { country: "US", postalCode: "20260" }, to: { country: "US", postalCode: "94107" }, parcels: [{ weight: { value: 1, unit: POUND } }], accountIds: ["easypost"] }) { rates { id } } }',
    ],
    [
      'a verification',
      '{ addressVerification(address: { country: "US", street1: "388 Townsend St", postalCode: "94107" }, accountId: "easypost") { status } }',
    ],
  ])('ends for %s: its call is aborted, and the error says what to do', async (_, query) => {
    const stop = server.sandbox.easypost.injectFault({ hang: true });
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
      body: JSON.stringify({ query }),
    });
    const { errors } = await response.json();
    stop();
    expect(errors).toMatchObject([
      {
        message: 'the operation took longer than 0.4 s, and was ended',
        extensions: { code: 'OPERATION_TIMEOUT', retryable: true },
      },
    ]);
    const requestId = response.headers.get('x-request-id');
    const line = server.log.map((text) => JSON.parse(text)).find((entry) => entry.requestId === requestId);
    expect(line.calls).toMatchObject([{ provider: 'easypost', status: 'ABORTED', count: 1 }]);
  });
});
