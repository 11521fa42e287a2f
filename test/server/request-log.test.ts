import { describe, expect, it } from 'vitest';

import { setUpPurchases } from '../support/purchases.ts';
import { box, receiver, sender } from '../support/test-server.ts';

describe('the log', () => {
  const shop = setUpPurchases('embedded');
  const linesOf = (requestId: string) =>
    shop.server.log.map((line) => JSON.parse(line)).filter((line) => line.requestId === requestId);
  /** Sends an operation and returns its response and the lines that its request id finds. */
  const ask = async (query: string, variables: object = {}, path = '/graphql') => {
    const response = await fetch(shop.server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
      body: JSON.stringify({ query, variables }),
    });
    const body: any = await response.json();
    return { body, lines: linesOf(response.headers.get('x-request-id')!) };
  };

  it('has one line a request, with its operation, its outcome and its calls to providers', async () => {
    const query = 'query Quote($input: RatesInput!) { rates(input: $input) { rates { id } } }';
    const input = { from: sender, to: receiver, parcels: [box], accountIds: ['usps'] };
    const { lines } = await ask(query, { input });
    expect(lines).toMatchObject([
      {
        level: 30,
        msg: 'request completed',
        tenant: 'sandbox',
        operation: 'Quote',
        method: 'POST',
        path: '/graphql',
        status: 200,
        outcome: 'ok',
        milliseconds: expect.any(Number),
      },
    ]);
    // It called a provider twice: for a token, and for the rates.
    expect(lines[0].milliseconds).toBeGreaterThan(0);
    expect(lines[0].calls).toContainEqual({
      provider: 'usps',
      api: expect.any(String),
      status: '200',
      count: expect.any(Number),
      milliseconds: expect.any(Number),
    });
  });

  it('is searched for the requestId of a refused purchase, and says why it was refused', async () => {
    const { id: rateId } = await shop.rateOf('usps');
    shop.server.sandbox.usps.injectFault({ method: 'POST', path: /\/label$/, times: 1, response: { status: 400, body: { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', title: 'Bad Request', detail: 'Mailing date is wrong' }] } } } }); // prettier-ignore
    const mutation = 'mutation Buy($input: ShipmentPurchaseInput!) { shipmentPurchase(input: $input) { failure { requestId } } }'; // prettier-ignore
    const { body } = await ask(mutation, { input: { idempotencyKey: shop.key, rateId } });
    const [line, ...others] = linesOf(body.data.shipmentPurchase.failure.requestId);
    expect(others).toEqual([]);
    expect(line).toMatchObject({
      operation: 'Buy',
      outcome: 'failed',
      failures: [{ account: 'usps', code: 'REJECTED', providerCode: '160001' }],
      calls: expect.arrayContaining([expect.objectContaining({ provider: 'usps', status: '400', count: 1 })]),
    });
  });

  it('names failures that the client did not select', async () => {
    const query = 'query ($n: String!) { tracker(trackingNumber: $n, carrier: "UPS") { status } }';
    const stop = shop.server.sandbox.easypost.injectFault({ response: { status: 503, body: '' } });
    const { lines } = await ask(query, { n: '1Z999AA10123456784' });
    stop();
    expect(lines).toMatchObject([
      { outcome: 'failed', failures: [{ account: 'easypost', code: 'UNAVAILABLE' }] },
    ]);
  });

  it('names user errors by code and field, and GraphQL errors by code', async () => {
    const mutation = 'mutation { shipmentPurchase(input: { idempotencyKey: "k", rateId: "none" }) { userErrors { code } } }'; // prettier-ignore
    expect((await ask(mutation)).lines).toMatchObject([
      { outcome: 'rejected', userErrors: ['RATE_INVALID input.rateId'] },
    ]);
    expect((await ask('{ nothing }')).lines).toMatchObject([
      { outcome: 'rejected', errors: ['GRAPHQL_VALIDATION_FAILED'] },
    ]);
  });

  it('has a line for requests without an operation too, and no link to a label', async () => {
    const tooLarge = await ask('x'.repeat(1_048_577));
    expect(tooLarge.lines).toMatchObject([{ path: '/graphql', status: 413, outcome: 'rejected' }]);
    const token = 'a-signed-token';
    const label = await fetch(`${shop.server.url}/labels/${token}`);
    expect(linesOf(label.headers.get('x-request-id')!)).toMatchObject([
      { method: 'GET', path: '/labels/:token', status: 404 },
    ]);
    expect(shop.server.log.join('')).not.toContain(token);
  });
});
