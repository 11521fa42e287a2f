import { describe, expect, it } from 'vitest';

import { defaultAccounts } from '../../../../sandbox/easypost/carriers/default-accounts.ts';
import type { Parcel } from '../../../../src/domain/parcel.ts';
import type { Offer, Quote, RateRequest } from '../../../../src/domain/rate.ts';
import { box, receiver } from '../../../support/test-server.ts';
import { toLabelRequest } from '../../conformance.ts';
import {
  call,
  fetchFrom,
  minutes,
  offerOf,
  openAdapter,
  quote,
  rateRequest as request,
  type Opened,
} from '../open-adapter.ts';

describe('a request for some carriers', () => {
  const requestOf = (carriers: readonly string[]): RateRequest => ({ ...request, carriers });
  const carriersOf = ({ offers }: Quote) => [...new Set(offers.map((offer) => offer.carrier))].sort();
  const listCalls = ({ emulator }: Opened) => emulator.count('GET', /\/carrier_accounts$/);
  const carriersRated = async ({ emulator }: Opened, { providerRef }: Offer) => {
    const { shipment } = providerRef as { shipment: string };
    const { rates, messages } = await fetchFrom(emulator, `/shipments/${shipment}`);
    return new Set([...rates, ...messages].map((rate: { carrier: string }) => rate.carrier));
  };

  it('rates with their carrier accounts only, which are listed at most once an hour', async () => {
    const opened = await openAdapter();
    await quote(opened.adapter);
    expect(listCalls(opened)).toBe(0);
    const quotes = await Promise.all([['USPS'], ['UPS']].map((carriers) => quote(opened.adapter, requestOf(carriers)))); // prettier-ignore
    expect(quotes.map(carriersOf)).toEqual([['USPS'], ['UPS']]);
    expect(quotes.map(({ failures }) => failures)).toEqual([[], []]);
    expect(await carriersRated(opened, quotes[1]!.offers[0]!)).toEqual(new Set(['UPSDAP']));
    const { failures } = await quote(opened.adapter, requestOf(['FedEx', 'DHL eCommerce']));
    expect(failures).toMatchObject([{ providerMessage: expect.stringContaining('Invalid credentials') }]);
    expect(listCalls(opened)).toBe(1);
    opened.clock.advance(60 * minutes);
    await quote(opened.adapter, requestOf(['USPS']));
    expect(listCalls(opened)).toBe(2);
  });

  it('rates a carrier account beyond the sixty that EasyPost rates with', async () => {
    const failing = defaultAccounts.find(({ carrier }) => carrier === 'DhlEcs')!;
    const others = Array.from({ length: 60 }, (_, index) => ({ ...failing, id: `ca_${index}` }));
    const { adapter } = await openAdapter({ accounts: [...others, ...defaultAccounts] });
    expect(carriersOf(await quote(adapter))).toEqual([]);
    const { offers, failures } = await quote(adapter, requestOf(['USPS', 'UPS']));
    expect(carriersOf({ offers, failures })).toEqual(['UPS', 'USPS']);
    expect(failures).toEqual([]);
  });

  it('rates several parcels with their carrier accounts only', async () => {
    const { adapter, emulator } = await openAdapter();
    const { offers, failures } = await quote(adapter, { ...requestOf(['UPS']), parcels: [box, box] as Parcel[] }); // prettier-ignore
    expect(carriersOf({ offers, failures })).toEqual(['UPS']);
    expect(failures).toEqual([]);
    const { shipments } = await fetchFrom(
      emulator,
      `/orders/${(offers[0]!.providerRef as { order: string }).order}`,
    );
    for (const { rates, messages } of shipments) {
      expect(new Set(rates.map((rate: { carrier: string }) => rate.carrier))).toEqual(new Set(['UPSDAP']));
      expect(messages).toEqual([]);
    }
  });

  it.each([
    ['the key may not list carrier accounts', /\/carrier_accounts$/, 403, 'MODE.UNAUTHORIZED'],
    ['listing carrier accounts fails', /\/carrier_accounts$/, 500, 'INTERNAL_SERVER_ERROR'],
    ['a carrier account was removed', /\/shipments$/, 422, 'SHIPMENT.CARRIER_ACCOUNTS.INVALID'],
  ])(
    'rates with all carrier accounts and drops the other carriers where %s',
    async (_, path, status, code) => {
      const opened = await openAdapter();
      const body = { error: { code, message: 'No.', errors: [] } };
      const removeFault = opened.emulator.injectFault({ path, times: status === 422 ? 1 : undefined, response: { status, body } }); // prettier-ignore
      const { offers, failures } = await quote(opened.adapter, requestOf(['UPS']));
      expect(carriersOf({ offers, failures })).toEqual(['UPS']);
      expect(failures).toEqual([]);
      expect((await carriersRated(opened, offers[0]!)).size).toBe(defaultAccounts.length);
      removeFault();
      const before = listCalls(opened);
      await quote(opened.adapter, requestOf(['UPS']));
      expect(listCalls(opened)).toBe(before);
      opened.clock.advance(60 * minutes);
      expect(await carriersRated(opened, (await quote(opened.adapter, requestOf(['UPS']))).offers[0]!)).toEqual(new Set(['UPSDAP'])); // prettier-ignore
    },
  );

  it('creates the shipment of a purchase with the carrier account of its rate only', async () => {
    const opened = await openAdapter();
    const offer = offerOf(await quote(opened.adapter), 'PRIORITY_MAIL');
    const to = { ...receiver, phone: '4155550100' };
    const [prepared] = await opened.adapter.labels!.prepare({ ...toLabelRequest(request, offer), to }, call);
    expect(await carriersRated(opened, { ...offer, providerRef: prepared!.request })).toEqual(
      new Set(['USPS']),
    );
  });
});
