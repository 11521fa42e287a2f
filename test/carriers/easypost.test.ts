import { describe, expect, it } from 'vitest';

import { easypostSandboxKey, startEasyPost } from '../../sandbox/easypost/index.ts';
import { openStore } from '../../sandbox/store.ts';
import type { Finding } from '../../src/carriers/carrier.ts';
import { easypost } from '../../src/carriers/easypost/index.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import type { RateRequest } from '../../src/domain/rate.ts';
import { openConnections, timeout } from '../../src/transport/http.ts';
import { box, receiver, sender, testClock } from '../support/house.ts';
import { memoryQuotas, memoryTokens } from '../support/stores.ts';
import { conformance } from './conformance.ts';

const call = { signal: new AbortController().signal };

async function open({ apiKey = easypostSandboxKey }: { apiKey?: string } = {}) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const emulator = await startEasyPost({ clock, store: openStore() });
  const connections = openConnections();
  const carrier = easypost.open(
    {
      key: 'account',
      clientKey: 'client',
      environment: 'TEST',
      baseUrl: emulator.url,
      credentials: { apiKey },
      options: {},
      quota: {},
    },
    { send: timeout(connections.send), tokens: memoryTokens(), quotas: memoryQuotas(), clock },
  );
  return {
    clock,
    carrier,
    emulator,
    numbers: { known: ['EZ2000000002', 'EZ4000000004'], unknown: '9200190345678909999998' },
    paths: {
      verify: /\/addresses/,
      quote: /\/shipments$/,
      track: /\/trackers/,
      buy: /\/buy$/,
      void: /\/refund$/,
    },
    charges: () => emulator.charges().map(({ trackingCode }) => ({ trackingNumber: trackingCode })),
    close: async () => {
      await connections.close();
      await emulator.close();
    },
  };
}

conformance('EasyPost', open);

describe('EasyPost', () => {
  const request: RateRequest = { from: sender, to: receiver, parcel: box as RateRequest['parcel'], shipDate: '2026-11-18' }; // prettier-ignore
  const quoted = async (carrier: Awaited<ReturnType<typeof open>>['carrier']) => {
    const [quote] = await carrier.quote!([request], call);
    if (quote instanceof ProviderError) throw quote;
    return quote!;
  };

  it('tells a carrier that could not rate beside the rates of the others', async () => {
    const { carrier, close } = await open();
    const { offers, failures } = await quoted(carrier);
    expect(new Set(offers.map((offer) => offer.carrier))).toEqual(new Set(['USPS', 'UPS', 'FedEx']));
    expect(failures).toMatchObject([{ code: 'REJECTED', providerMessage: 'Invalid credentials' }]);
    await close();
  });

  it('is examined by one call: the key, its environment, the clock', async () => {
    const { carrier, emulator, close } = await open();
    const statuses = (findings: readonly Finding[]) => findings.map(({ check, status }) => `${check} ${status}`); // prettier-ignore
    // The answer is dated by this machine and not by the test's clock.
    expect(statuses(await carrier.checkup!(call))).toEqual(['key ok', 'environment ok', 'clock warning']);
    expect(emulator.calls.length).toBe(1);
    await close();

    const refused = await open({ apiKey: 'EZTKhush' });
    const findings = await refused.carrier.checkup!(call);
    expect(statuses(findings)).toEqual(['key failed']);
    expect(findings[0]!.hint).toMatch(/key/);
    expect(JSON.stringify(findings)).not.toContain('hush');
    expect(refused.emulator.calls.length).toBe(1);
    await refused.close();
  });

  it('calls a service by one code with every seller', async () => {
    const { carrier, close } = await open();
    const { offers } = await quoted(carrier);
    expect(offers.map(({ service }) => [service.code, service.name, service.providerCode])).toEqual(
      expect.arrayContaining([
        ['PRIORITY_MAIL', 'Priority Mail', 'Priority'],
        ['2ND_DAY_AIR', 'UPS 2nd Day Air', '2ndDayAir'],
        ['GROUND', 'FedEx Ground', 'FEDEX_GROUND'],
      ]),
    );
    await close();
  });

  it('makes a tracker once, and refreshes all that are known in one call', async () => {
    const { carrier, emulator, close } = await open();
    const numbers = ['EZ1000000001', 'EZ2000000002', 'EZ3000000003', 'EZ4000000004'];
    const first = await carrier.track!(numbers.map((trackingNumber) => ({ trackingNumber })), call); // prettier-ignore
    expect(emulator.calls.length).toBe(4);
    const known = first.map((answer, index) => ({
      trackingNumber: numbers[index]!,
      reference: (answer as { reference: string }).reference,
    }));
    expect(await carrier.track!(known, call)).toEqual(first);
    expect(emulator.calls.length).toBe(5);
    expect(emulator.calls.at(-1)).toMatchObject({ method: 'POST', path: '/v2/trackers/batch' });
    await close();
  });

  it('finds the carrier from the number', async () => {
    const { carrier, close } = await open();
    expect(await carrier.track!([{ trackingNumber: 'EZ4000000004' }], call)).toMatchObject([
      { carrier: 'USPS', status: 'DELIVERED', signedBy: 'John Tester' },
    ]);
    await close();
  });

  it('makes a new shipment for people who are named at purchase, and buys it for no more than was quoted', async () => {
    const { carrier, emulator, close } = await open();
    const { offers } = await quoted(carrier);
    const offer = offers.find(({ service }) => service.code === 'PRIORITY_MAIL')!;
    const order = {
      request,
      offer,
      from: sender,
      to: { ...receiver, phone: '4155550100' },
      format: 'PDF' as const,
    };
    const prepared = await carrier.labels!.prepare(order, call);
    expect(emulator.count('POST', /\/shipments$/)).toBe(2);
    expect(await carrier.labels!.buy(prepared, call)).toMatchObject({ price: offer.price });

    emulator.raisePrices('1.00');
    await expect(carrier.labels!.prepare(order, call)).rejects.toMatchObject({ code: 'PRICE_CHANGED' });
    expect(emulator.charges()).toHaveLength(1);
    await close();
  });

  it('insures in dollars, and says so before a call', async () => {
    const { carrier, emulator, close } = await open();
    const options = { insuredValue: { amount: '100.00', currencyCode: 'EUR' } };
    expect(await carrier.quote!([{ ...request, options }], call)).toMatchObject([
      { code: 'REJECTED', field: ['options', 'insuredValue', 'currencyCode'] },
    ]);
    expect(emulator.calls).toEqual([]);
    await close();
  });

  it('names a key that is not one, and one of the other mode', async () => {
    const { carrier, close } = await open({ apiKey: 'not-a-real-key' });
    expect(await carrier.verify!([receiver], call)).toMatchObject([
      { code: 'CREDENTIALS_REJECTED', providerCode: 'APIKEY.INACTIVE' },
    ]);
    await close();
  });

  it('fetches a label from nowhere but EasyPost', async () => {
    const { carrier, emulator, close } = await open();
    const before = emulator.calls.length;
    for (const source of [
      'http://169.254.169.254/latest',
      'https://easypost.com.evil.example/x.pdf',
      `http://127.0.0.1:1/x`,
    ]) {
      await expect(carrier.labels!.document!(source, call)).rejects.toMatchObject({ code: 'UNREADABLE' });
    }
    expect(emulator.calls.length).toBe(before);
    await close();
  });
});
