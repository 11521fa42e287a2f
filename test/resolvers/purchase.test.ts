import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { easypostSandboxKey } from '../../sandbox/easypost/index.ts';
import { hashKey } from '../../src/config/config.ts';
import { createSealer } from '../../src/domain/seal.ts';
import { box, openTestServer, receiver, sender, storages, type TestServer } from '../support/test-server.ts';
import { letSentAge } from '../support/age-sent-requests.ts';

const ratesQuery = /* GraphQL */ `
  query ($input: RatesInput!) {
    rates(input: $input) {
      rates {
        id
        service {
          code
        }
        price {
          amount
        }
        account {
          id
        }
      }
      failures {
        code
      }
    }
  }
`;
const purchaseMutation = /* GraphQL */ `
  mutation ($input: ShipmentPurchaseInput!) {
    shipmentPurchase(input: $input) {
      shipment {
        id
        status
        trackingNumber
        reference
        price {
          amount
          currencyCode
        }
        quotedPrice {
          amount
        }
        label {
          url
          contentType
          expiresAt
        }
        account {
          id
        }
        failure {
          code
        }
        parcels {
          trackingNumber
          status
        }
        tracker {
          status
        }
      }
      userErrors {
        code
        field
      }
      failure {
        code
        message
        hint
        account {
          id
        }
      }
    }
  }
`;

describe.each(storages)('buying a label, on the %s ledger', (storage) => {
  let house: TestServer;
  let keys = 0;
  let key: string;

  beforeAll(async () => {
    house = await openTestServer({
      storage,
      tenants: (sandbox) => [
        sandbox.tenant,
        { ...sandbox.tenant, id: 'other', apiKeyHashes: [hashKey('other-key')] },
      ],
    });
  });
  beforeEach(() => void (key = `key-${(keys += 1)}`));
  afterAll(() => house.close());

  const charges = () => house.sandbox.usps.charges().length + house.sandbox.easypost.charges().length;
  const ratesOf = async (account: string, more: object = {}): Promise<any[]> => {
    const input = { from: sender, to: receiver, parcels: [box], accountIds: [account], ...more };
    const { data } = await house.ask(ratesQuery, { input });
    return data.rates.rates;
  };
  const named = (rates: readonly any[], code: string) => rates.find((rate) => rate.service.code === code);
  const rateOf = async (account: string, more?: object) =>
    named(await ratesOf(account, more), 'PRIORITY_MAIL');
  const buy = async (input: object, apiKey?: string) => {
    const { data, errors } = await house.ask(purchaseMutation, { input }, apiKey);
    expect(errors).toBeUndefined();
    return data.shipmentPurchase;
  };

  describe.each(['usps', 'easypost'])('from %s', (account) => {
    it('answers with number, price and a label that is a PDF', async () => {
      const before = charges();
      const rate = await rateOf(account);
      const { shipment, userErrors, failure } = await buy({
        idempotencyKey: key,
        rateId: rate.id,
        reference: key,
      });
      expect({ userErrors, failure }).toEqual({ userErrors: [], failure: null });
      expect(shipment).toMatchObject({
        status: 'PURCHASED',
        reference: key,
        price: { amount: rate.price.amount, currencyCode: 'USD' },
        quotedPrice: rate.price,
        account: { id: account },
        trackingNumber: expect.stringMatching(/^9\d{21}$/),
        parcels: [{ trackingNumber: shipment.trackingNumber, status: 'PURCHASED' }],
        tracker: { status: 'PRE_TRANSIT' },
      });
      expect(charges()).toBe(before + 1);

      const label = await fetch(shipment.label.url);
      expect(label.headers.get('content-type')).toBe('application/pdf');
      expect(
        Buffer.from(await label.arrayBuffer())
          .subarray(0, 8)
          .toString(),
      ).toMatch(/^%PDF-1\.\d/);
      const again = await fetch(shipment.label.url, {
        headers: { 'if-none-match': label.headers.get('etag')! },
      });
      expect(again.status).toBe(304);
      expect((await fetch(`${shipment.label.url}x`)).status).toBe(404);

      const { data } = await house.ask(
        'query ($id: ID!, $n: String) { shipment(id: $id) { id status } shipments(filter: { trackingNumber: $n }) { nodes { id } pageInfo { hasNextPage } } }',
        { id: shipment.id, n: shipment.trackingNumber },
      );
      expect(data).toEqual({
        shipment: { id: shipment.id, status: 'PURCHASED' },
        shipments: { nodes: [{ id: shipment.id }], pageInfo: { hasNextPage: false } },
      });
      const foreign = await house.ask(
        'query ($id: ID!) { shipment(id: $id) { id } }',
        { id: shipment.id },
        'other-key',
      );
      expect(foreign.data.shipment).toBeNull();
    });

    it('buys once, however many send the key at once and however often after', async () => {
      const before = charges();
      const rate = await rateOf(account);
      const input = { idempotencyKey: key, rateId: rate.id };
      const bought = await Promise.all(Array.from({ length: 8 }, () => buy(input)));
      bought.push(await buy(input));
      expect(new Set(bought.map(({ shipment }) => shipment.id)).size).toBe(1);
      expect(charges()).toBe(before + 1);
    });

    it('finds out a lost answer when the key comes again, and charges once', async () => {
      const before = charges();
      const rate = await rateOf(account);
      const provider = house.sandbox[account as 'usps' | 'easypost'];
      provider.spoil({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop: 'after' });
      const input = { idempotencyKey: key, rateId: rate.id };
      const lost = await buy(input);
      expect(lost).toMatchObject({
        shipment: { status: 'UNCERTAIN', label: null },
        failure: { code: 'UNAVAILABLE' },
      });
      expect(charges()).toBe(before + 1);
      const found = await buy(input);
      expect(found).toMatchObject({ shipment: { id: lost.shipment.id, status: 'PURCHASED' }, failure: null });
      expect(charges()).toBe(before + 1);
    });

    it('settles a lost answer at the next start', async () => {
      const before = charges();
      const rate = await rateOf(account);
      const provider = house.sandbox[account as 'usps' | 'easypost'];
      provider.spoil({ method: 'POST', path: /\/(label|buy)$/, times: 1, drop: 'before' });
      const { shipment } = await buy({ idempotencyKey: key, rateId: rate.id });
      expect(shipment.status).toBe('UNCERTAIN');
      // What was sent just now may still be under way.
      await house.restart(letSentAge);
      const query = 'query ($id: ID!) { shipment(id: $id) { status failure { code } } }';
      const now = async () => (await house.ask(query, { id: shipment.id })).data.shipment;
      await expect.poll(async () => (await now()).status, { timeout: 10_000 }).not.toBe('UNCERTAIN');
      // USPS is asked with the same bytes, which buys what was never bought; EasyPost is only read.
      const settled = {
        usps: { status: 'PURCHASED', failure: null },
        easypost: { status: 'FAILED', failure: { code: 'UNAVAILABLE' } },
      };
      expect(await now()).toEqual(settled[account as keyof typeof settled]);
      const retried = await buy({ idempotencyKey: key, rateId: rate.id });
      expect(retried.shipment.status).toBe('PURCHASED');
      expect(charges()).toBe(before + 1);
    });

    it('adds people at purchase, and nothing else', async () => {
      const { name: _, ...nameless } = receiver;
      const rate = await rateOf(account, { to: nameless });
      const unnamed = await buy({ idempotencyKey: key, rateId: rate.id });
      expect(unnamed).toMatchObject({
        shipment: null,
        userErrors: [{ code: 'REQUIRED', field: ['input', 'to', 'name'] }],
      });
      const moved = await buy({
        idempotencyKey: key,
        rateId: rate.id,
        to: { ...receiver, street1: '1 Other St' },
      });
      expect(moved.userErrors).toEqual([{ code: 'NOT_ALLOWED', field: ['input', 'to', 'street1'] }]);
      const named = await buy({
        idempotencyKey: key,
        rateId: rate.id,
        to: { country: 'US', name: 'Rita Receiver' },
      });
      expect(named.shipment.status).toBe('PURCHASED');
    });

    it('a refusal is FAILED with its reason, and the key may try again, also with another rate', async () => {
      const before = charges();
      const rate = await rateOf(account);
      const provider = house.sandbox[account as 'usps' | 'easypost'];
      const body = account === 'usps' ? { apiVersion: '/labels/v3', error: { code: '400', message: 'Bad Request', errors: [{ code: '160001', title: 'Bad Request', detail: 'Mailing date is wrong' }] } } : { error: { code: 'SHIPMENT.POSTAGE.FAILURE', message: 'The carrier said no.', errors: [] } }; // prettier-ignore
      provider.spoil({
        method: 'POST',
        path: /\/(label|buy)$/,
        times: 1,
        answer: { status: account === 'usps' ? 400 : 422, body },
      });
      const refused = await buy({ idempotencyKey: key, rateId: rate.id });
      expect(refused).toMatchObject({
        shipment: { status: 'FAILED', failure: { code: 'REJECTED' }, trackingNumber: null },
        failure: { code: 'REJECTED', account: { id: account } },
      });
      const other = await rateOf(account);
      const bought = await buy({ idempotencyKey: key, rateId: other.id });
      expect(bought.shipment).toMatchObject({ id: refused.shipment.id, status: 'PURCHASED' });
      expect(charges()).toBe(before + 1);
    });
  });

  const voidMutation = `mutation ($id: ID!) { shipmentVoid(input: { id: $id }) {
    shipment { status label { url } refund { status reference amount { amount } requestedAt } }
    userErrors { code field } failure { code message }
  } }`;
  const giveBack = async (id: string, apiKey?: string) =>
    (await house.ask(voidMutation, { id }, apiKey)).data.shipmentVoid;
  const bought = async (account: string) =>
    (await buy({ idempotencyKey: key, rateId: (await rateOf(account)).id })).shipment;

  it('a label that USPS has not charged yet is void at once, however often it is given back', async () => {
    const before = charges();
    const { id, price, label } = await bought('usps');
    house.sandbox.usps.spoil({ method: 'DELETE', times: 1, drop: 'after' });
    for (let turn = 0; turn < 2; turn++) {
      expect(await giveBack(id)).toMatchObject({
        shipment: {
          status: 'VOIDED',
          label: null,
          refund: { status: 'REFUNDED', amount: { amount: price.amount } },
        },
        userErrors: [],
        failure: null,
      });
    }
    expect(charges()).toBe(before);
    expect((await fetch(label.url)).status).toBe(410);
  });

  it('a label that is manifested is only asked a refund for, which is no void', async () => {
    const { id } = await bought('usps');
    house.clock.advance(2 * 24 * 60 * 60 * 1000);
    const { shipment } = await giveBack(id);
    expect(shipment).toMatchObject({
      status: 'PURCHASED',
      refund: { status: 'REQUESTED', reference: expect.any(String) },
    });
    expect(await giveBack(id)).toEqual({ shipment, userErrors: [], failure: null });
  });

  it('EasyPost decides on a refund days later, and asking again tells', async () => {
    const { id } = await bought('easypost');
    expect((await giveBack(id)).shipment).toMatchObject({
      status: 'PURCHASED',
      refund: { status: 'REQUESTED', amount: null },
    });
    expect(house.sandbox.easypost.count('POST', /\/refund$/)).toBe(1);
    house.clock.advance(20 * 24 * 60 * 60 * 1000);
    expect((await giveBack(id)).shipment).toMatchObject({ status: 'VOIDED', refund: { status: 'REFUNDED' } });
    expect(house.sandbox.easypost.count('POST', /\/refund$/)).toBe(1);
  });

  describe('from EasyPost, which sells one label a quote,', () => {
    const easypost = () => house.sandbox.easypost;
    const refunds = () => easypost().count('POST', /\/refund$/);
    /** As somebody with the same key does it in EasyPost's dashboard. */
    const there = async (method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${easypostSandboxKey}`, 'content-type': 'application/json' };
      const answer = await fetch(`${easypost().url}/v2${path}`, { method, headers, body: body && JSON.stringify(body) }); // prettier-ignore
      return await answer.json();
    };
    const buyThere = async (service: string) => {
      const { shipments: [quoted] } = await there('GET', '/shipments?purchased=false'); // prettier-ignore
      const rate = quoted.rates.find((each: any) => each.carrier === 'USPS' && each.service === service);
      await there('POST', `/shipments/${quoted.id}/buy`, { rate: { id: rate.id } });
    };

    it.each([
      ['one parcel', [box], 'another service'],
      ['several parcels', [box, box], 'Postage already exists'],
    ])(
      'another rate of %s buys nothing, and the label that stands is not given back',
      async (_, parcels, said) => {
        const [before, asked] = [charges(), refunds()];
        const rates = await ratesOf('easypost', { parcels });
        const first = await buy({ idempotencyKey: key, rateId: named(rates, 'PRIORITY_MAIL').id });
        expect(first.shipment.status).toBe('PURCHASED');
        for (const code of ['USPS_GROUND_ADVANTAGE', 'PRIORITY_MAIL_EXPRESS']) {
          expect(
            await buy({ idempotencyKey: `${key} ${code}`, rateId: named(rates, code).id }),
          ).toMatchObject({
            shipment: { status: 'FAILED', trackingNumber: null },
            failure: { code: 'REJECTED', message: expect.stringContaining(said) },
          });
        }
        expect([charges(), refunds()]).toEqual([before + parcels.length, asked]);
      },
    );

    it('the same rate shown twice is one, and the second names the shipment that it is', async () => {
      const [before, asked] = [charges(), refunds()];
      const input = { from: sender, to: receiver, parcels: [box], accountIds: ['easypost'] };
      const shown = 'rates(input: $input) { rates { id service { code } } }';
      const { data } = await house.ask(`query ($input: RatesInput!) { one: ${shown} two: ${shown} }`, {
        input,
      });
      const [one, two] = [data.one, data.two].map(({ rates }) => named(rates, 'PRIORITY_MAIL').id);
      const { shipment } = await buy({ idempotencyKey: key, rateId: one });
      expect(await buy({ idempotencyKey: `${key} again`, rateId: two })).toMatchObject({
        shipment: { status: 'FAILED', trackingNumber: null },
        failure: { code: 'REJECTED', message: expect.stringContaining(shipment.id) },
      });
      expect([charges(), refunds()]).toEqual([before + 1, asked]);
    });

    it('what was bought in its dashboard as another service is left alone', async () => {
      const asked = refunds();
      const rate = await rateOf('easypost');
      await buyThere('Express');
      expect((await buy({ idempotencyKey: key, rateId: rate.id })).shipment.status).toBe('FAILED');
      expect(refunds()).toBe(asked);
    });

    it.each(['SHIPMENT.POSTAGE.EXISTS', 'SHIPMENT.PURCHASE.IN_PROGRESS'])(
      'a purchase that %s refuses is in doubt until the shipment can be read',
      async (code) => {
        const rate = await rateOf('easypost');
        await buyThere('Priority');
        const refusal = (code: string) => ({ error: { code, message: 'No.', errors: [] } });
        const heal = [
          easypost().spoil({ method: 'POST', path: /\/buy$/, answer: { status: 422, body: refusal(code) } }),
          easypost().spoil({ method: 'GET', path: /\/shipments\/\w+$/, answer: { status: 429, body: refusal('RATE_LIMITED') } }), // prettier-ignore
        ];
        const input = { idempotencyKey: key, rateId: rate.id };
        expect((await buy(input)).shipment.status).toBe('UNCERTAIN');
        for (const mend of heal) mend();
        expect((await buy(input)).shipment.status).toBe('PURCHASED');
      },
    );
  });

  it('there is nothing to give back where nothing was bought, or not by the caller', async () => {
    const { id } = await bought('usps');
    for (const [which, apiKey] of [['shp_nobody'], [id, 'other-key']] as const) {
      expect((await giveBack(which, apiKey)).userErrors).toEqual([
        { code: 'NOT_FOUND', field: ['input', 'id'] },
      ]);
    }
    house.sandbox.usps.spoil({ method: 'POST', path: /\/label$/, times: 1, answer: { status: 400, body: { apiVersion: '/labels/v3', error: { code: '400', message: 'no', errors: [] } } } }); // prettier-ignore
    const failed = await buy({ idempotencyKey: `${key}-b`, rateId: (await rateOf('usps')).id });
    expect((await giveBack(failed.shipment.id)).userErrors).toEqual([
      { code: 'NOT_VOIDABLE', field: ['input', 'id'] },
    ]);
  });

  it('another carrier’s parcel of the same number is not the one that was bought', async () => {
    const { trackingNumber } = await bought('usps');
    const query = `query ($number: String!) { ours: tracker(trackingNumber: $number) { status shipment { carrier } }
      theirs: tracker(trackingNumber: $number, carrier: "FedEx") { status shipment { carrier } } }`;
    const { data } = await house.ask(query, { number: trackingNumber });
    expect(data.ours).toEqual({ status: 'PRE_TRANSIT', shipment: { carrier: 'USPS' } });
    expect(data.theirs).toEqual({ status: 'UNKNOWN', shipment: null });
  });

  it('refuses the key for another purchase, and the rate for another key', async () => {
    const before = charges();
    const [first, second] = [await rateOf('usps'), await rateOf('usps')];
    await buy({ idempotencyKey: key, rateId: first.id });
    const otherInput = await buy({ idempotencyKey: key, rateId: second.id });
    expect(otherInput.userErrors).toEqual([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ]);
    const otherKey = await buy({ idempotencyKey: `${key}-b`, rateId: first.id });
    expect(otherKey.userErrors).toEqual([{ code: 'RATE_USED', field: ['input', 'rateId'] }]);
    expect(charges()).toBe(before + 1);
  });

  it('refuses rates that were altered, are somebody else’s or have expired, before any call', async () => {
    const rate = await rateOf('easypost');
    const calls = () => house.sandbox.usps.calls.length + house.sandbox.easypost.calls.length;
    const before = calls();
    const altered = `${rate.id.slice(0, -2)}${rate.id.endsWith('AA') ? 'BB' : 'AA'}`;
    const account = { id: 'easypost', provider: 'easypost', environment: 'sandbox' };
    // As rates were sealed when they were of one parcel.
    const former = createSealer('a secret of more than thirty-two characters').seal('rate', 'sandbox', { account, request: { from: sender, to: receiver, parcel: box }, offer: { providerRef: {} }, expiresAt: house.clock.now() + 1000 }); // prettier-ignore
    for (const [rateId, apiKey] of [
      [altered],
      ['nonsense'],
      [''],
      [former],
      [rate.id, 'other-key'],
    ] as const) {
      const { userErrors } = await buy({ idempotencyKey: key, rateId }, apiKey);
      expect(userErrors).toEqual([{ code: 'RATE_INVALID', field: ['input', 'rateId'] }]);
    }
    house.clock.advance(24 * 60 * 60 * 1000 + 1);
    const { userErrors } = await buy({ idempotencyKey: key, rateId: rate.id });
    expect(userErrors).toEqual([{ code: 'RATE_EXPIRED', field: ['input', 'rateId'] }]);
    expect(calls()).toBe(before);
    const { data } = await house.ask(
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Rate { id price { amount } } } }',
      { r: [{ __typename: 'Rate', id: rate.id }] },
    );
    expect(data._entities).toEqual([{ id: rate.id, price: rate.price }]);
  });

  it('a finished purchase answers although its rate has expired', async () => {
    const rate = await rateOf('usps');
    const input = { idempotencyKey: key, rateId: rate.id };
    const { shipment } = await buy(input);
    house.clock.advance(30 * 24 * 60 * 60 * 1000);
    const again = await buy(input);
    expect(again).toMatchObject({ shipment: { id: shipment.id, status: 'PURCHASED' }, userErrors: [] });
  });

  it.each(['0.01', '-5'])('buys nothing for %s where the rate costs more', async (amount) => {
    const before = charges();
    const { id } = await rateOf('usps');
    const input = { idempotencyKey: key, rateId: id, maxPrice: { amount, currencyCode: 'usd' } };
    expect(await buy(input)).toEqual({
      shipment: null,
      userErrors: [{ code: 'INVALID', field: ['input', 'maxPrice', 'amount'] }],
      failure: null,
    });
    expect(charges()).toBe(before);
  });

  it('answers the same key where what was left out comes as null', async () => {
    const { id: rateId } = await rateOf('usps');
    const first = await buy({ idempotencyKey: key, rateId });
    expect(first.shipment.status).toBe('PURCHASED');
    const again = await buy({ idempotencyKey: key, rateId, reference: null, label: null, maxPrice: null });
    expect(again.shipment.id).toBe(first.shipment.id);
  });

  it('refuses an empty or over-long key', async () => {
    for (const [idempotencyKey, code] of [
      ['', 'REQUIRED'],
      ['  ', 'REQUIRED'],
      ['x'.repeat(256), 'INVALID'],
    ] as const) {
      const { userErrors } = await buy({ idempotencyKey, rateId: 'any' });
      expect(userErrors).toEqual([{ code, field: ['input', 'idempotencyKey'] }]);
    }
  });

  it('lists the caller’s shipments, newest first, a page at a time', async () => {
    const query = `query ($first: Int, $after: String) { shipments(first: $first, after: $after) { nodes { id createdAt } pageInfo { hasNextPage endCursor } } }`;
    const all = (await house.ask(query, { first: 100 })).data.shipments.nodes;
    const paged: { id: string; createdAt: string }[] = [];
    for (let after: string | null = null; ;) {
      const { shipments }: any = (await house.ask(query, { first: 3, after })).data;
      paged.push(...shipments.nodes);
      if (!shipments.pageInfo.hasNextPage) break;
      after = shipments.pageInfo.endCursor;
    }
    expect(paged).toEqual(all);
    expect(all.length).toBeGreaterThan(10);
    const times = paged.map(({ createdAt }) => createdAt);
    expect(times).toEqual([...times].sort().reverse());
    const foreign = await house.ask(query, { first: 100 }, 'other-key');
    expect(foreign.data.shipments.nodes).toEqual([]);
  });
});
