import { afterEach, describe, expect, it, vi } from 'vitest';

import { easypostSandboxKey } from '../sandbox/easypost/index.ts';
import { easypost } from '../src/carriers/easypost/index.ts';
import { createImports } from '../src/ledger/imports.ts';
import { openConnections, timeout } from '../src/transport/http.ts';
import { box, receiver, sender, storages } from './support/house.ts';
import { openLedgerHouse, type LedgerHouse } from './support/ledger.ts';
import { memoryQuotas, memoryTokens } from './support/stores.ts';

vi.setConfig({ testTimeout: 60_000 });

const afterwards: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of afterwards.splice(0).reverse()) await step();
});

describe.each(storages)('what EasyPost sells once, on the %s ledger,', (storage) => {
  const open = async (): Promise<LedgerHouse> => {
    const house = await openLedgerHouse(storage);
    afterwards.push(house.close);
    return house;
  };
  const phone = { phone: '2025550100' };
  const input = { from: { ...sender, ...phone }, to: { ...receiver, ...phone }, parcels: [box], accountIds: ['easypost'] }; // prettier-ignore
  const rated = 'rates { id service { providerCode } }';
  const idOf = (rates: any[], service: string) =>
    rates.find((each) => each.service.providerCode === service).id as string;
  const quote = async (house: LedgerHouse, parcels: object[] = [box]) => {
    const query = `query ($input: RatesInput!) { one: rates(input: $input) { ${rated} } two: rates(input: $input) { ${rated} } }`;
    const { data } = await house.ask(query, { input: { ...input, parcels } });
    return { one: data.one.rates as any[], two: data.two.rates as any[] };
  };
  const buy = async (house: LedgerHouse, key: string, rateId: string) =>
    (await house.buy(key, rateId)).data.shipmentPurchase;
  const all = async (house: LedgerHouse) =>
    (await house.ask('{ shipments { nodes { id status trackingNumber refund { status } } } }')).data.shipments
      .nodes as any[];
  /** Somebody with the same key, in the dashboard. */
  const ask = async (house: LedgerHouse, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${easypostSandboxKey}`, 'content-type': 'application/json' };
    const answer = await fetch(house.sandbox.easypost.url + path, { method, headers, body: body && JSON.stringify(body) }); // prettier-ignore
    return await answer.json();
  };
  const buyThere = async (house: LedgerHouse, service: string) => {
    const { shipments: [{ id, rates }] } = await ask(house, 'GET', '/v2/shipments?purchased=false'); // prettier-ignore
    const rate = rates.find((each: any) => each.carrier === 'USPS' && each.service === service);
    return ask(house, 'POST', `/v2/shipments/${id}/buy`, { rate: { id: rate.id } });
  };
  /** As an import hears of them, on the ledger of a house that is stopped. */
  const hear = async (house: LedgerHouse) => {
    const connections = openConnections();
    afterwards.push(connections.close);
    const { clock, sandbox } = house;
    const carrier = easypost.open(
      { key: 'a', clientKey: 'c', environment: 'SANDBOX', baseUrl: sandbox.easypost.url, credentials: { apiKey: easypostSandboxKey }, options: {}, quota: {} }, // prettier-ignore
      { send: timeout(connections.send), tokens: memoryTokens(), quotas: memoryQuotas(), clock },
    );
    const span = { from: clock.now() - 86_400_000, to: clock.now() };
    const call = { signal: new AbortController().signal };
    const heard = [];
    let next: string | undefined;
    do {
      const page = await carrier.followed!(span, next, call);
      heard.push(...page.shipments);
      ({ next } = page);
    } while (next !== undefined);
    return heard;
  };
  const adopt = async (house: LedgerHouse, heard: Awaited<ReturnType<typeof hear>>) => {
    const buyer = { id: 'easypost', provider: 'easypost', environment: 'SANDBOX' };
    await house.stop();
    const added = await house.within((db) => createImports(db).adopt('sandbox', buyer, heard, house.clock.now())); // prettier-ignore
    await house.start();
    return added;
  };
  const refunds = (house: LedgerHouse) => house.sandbox.easypost.count('POST', /\/refund$/);

  it('is not sold by another rate of the same quote, and the label that stands is not given back', async () => {
    const house = await open();
    const { one } = await quote(house);
    const { shipment } = await buy(house, 'first', idOf(one, 'Priority'));
    expect(shipment.status).toBe('PURCHASED');
    for (const other of ['GroundAdvantage', 'Express']) {
      expect(await buy(house, other, idOf(one, other))).toMatchObject({
        shipment: { status: 'FAILED', trackingNumber: null },
        failure: { code: 'REJECTED', message: expect.stringContaining('another service') },
      });
    }
    expect(refunds(house)).toBe(0);
    expect(house.sandbox.easypost.charges()).toHaveLength(1);
  });

  it('is not sold by the same rate shown twice', async () => {
    const house = await open();
    const { one, two } = await quote(house);
    const { shipment } = await buy(house, 'first', idOf(one, 'Priority'));
    expect(await buy(house, 'second', idOf(two, 'Priority'))).toMatchObject({
      shipment: { status: 'FAILED' },
      failure: { code: 'REJECTED', message: expect.stringContaining(shipment.id) },
    });
    expect((await all(house)).filter(({ status }) => status === 'PURCHASED')).toHaveLength(1);
    expect(refunds(house)).toBe(0);
  });

  it('is not sold by another rate of the same order', async () => {
    const house = await open();
    const { one } = await quote(house, [box, box]);
    const { shipment } = await buy(house, 'first', idOf(one, 'Priority'));
    expect(shipment.status).toBe('PURCHASED');
    expect((await buy(house, 'second', idOf(one, 'GroundAdvantage'))).shipment.status).toBe('FAILED');
    expect(refunds(house)).toBe(0);
  });

  it('and was bought in its dashboard as something else, is left alone', async () => {
    const house = await open();
    const { one } = await quote(house);
    await buyThere(house, 'Express');
    expect((await buy(house, 'ours', idOf(one, 'GroundAdvantage'))).shipment.status).toBe('FAILED');
    expect(refunds(house)).toBe(0);
  });

  it('and was bought in its dashboard and imported, is one shipment, whoever buys its rate', async () => {
    const house = await open();
    const { one } = await quote(house);
    const { tracking_code } = await buyThere(house, 'Priority');
    expect(await adopt(house, await hear(house))).toBe(1);
    const [imported] = await all(house);
    const again = await buy(house, 'ours', idOf(one, 'Priority'));
    expect(again).toMatchObject({
      shipment: { status: 'FAILED', trackingNumber: null },
      failure: { code: 'REJECTED', message: expect.stringContaining(imported.id) },
    });
    expect((await all(house)).filter(({ status }) => status !== 'FAILED')).toEqual([{ id: imported.id, status: 'PURCHASED', trackingNumber: tracking_code, refund: null }]); // prettier-ignore
    expect(refunds(house)).toBe(0);
  });

  it('and was bought in its dashboard, is the shipment of the purchase where that is heard of first', async () => {
    const house = await open();
    const { one } = await quote(house);
    await buyThere(house, 'Priority');
    const heard = await hear(house);
    const { shipment } = await buy(house, 'ours', idOf(one, 'Priority'));
    expect(shipment.status).toBe('PURCHASED');
    expect(await adopt(house, heard)).toBe(0);
    expect(await all(house)).toHaveLength(1);
  });

  it('is in doubt while EasyPost tells neither that it is sold nor that it is not', async () => {
    const refusal = (code: string) => ({ error: { code, message: 'No.', errors: [] } });
    for (const [code, reads] of [
      ['SHIPMENT.POSTAGE.EXISTS', 429],
      ['SHIPMENT.PURCHASE.IN_PROGRESS', 429],
    ] as const) {
      // prettier-ignore
      const house = await open();
      const { easypost } = house.sandbox;
      const { one } = await quote(house);
      const id = idOf(one, 'Priority');
      await buyThere(house, 'Priority');
      const heal = [
        easypost.spoil({ method: 'POST', path: /\/buy$/, answer: { status: 422, body: refusal(code) } }),
        easypost.spoil({ method: 'GET', path: /\/shipments\/\w+$/, answer: { status: reads, body: refusal('RATE_LIMITED') } }), // prettier-ignore
      ];
      expect((await buy(house, 'ours', id)).shipment.status).toBe('UNCERTAIN');
      for (const mend of heal) mend();
      expect((await buy(house, 'ours', id)).shipment.status).toBe('PURCHASED');
    }
  });
});
