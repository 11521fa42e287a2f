import { describe, expect, it } from 'vitest';

import { carrierAccounts, type CarrierAccount } from '../../../sandbox/easypost/carriers/carriers.ts';
import {
  easypostSandboxKey,
  startEasyPost,
  type EasyPostKey,
  type EasyPostSandbox,
} from '../../../sandbox/easypost/index.ts';
import { openStore } from '../../../sandbox/store.ts';
import type { Diagnostic } from '../../../src/carriers/adapter.ts';
import { easypost } from '../../../src/carriers/easypost/index.ts';
import type { Address } from '../../../src/domain/address.ts';
import type { Customs } from '../../../src/domain/customs.ts';
import { ProviderError, type Outcome } from '../../../src/domain/errors.ts';
import { money, sum } from '../../../src/domain/money.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { Offer, Quote, RateRequest } from '../../../src/domain/rate.ts';
import type { PurchasedLabel } from '../../../src/domain/shipment.ts';
import { openConnections, timeout } from '../../../src/transport/http.ts';
import { box, receiver, sender, testClock } from '../../support/test-server.ts';
import { memoryQuotas, memoryTokens } from '../../support/stores.ts';
import { conformance, orderFor } from '../conformance.ts';

const call = { signal: new AbortController().signal };
type House = Awaited<ReturnType<typeof open>>;

/** Asks the emulated EasyPost as its dashboard would. */
async function look(emulator: EasyPostSandbox, path: string, method = 'GET') {
  const authorization = `Basic ${Buffer.from(`${easypostSandboxKey}:`).toString('base64')}`;
  const answer = await fetch(`${emulator.url}/v2${path}`, { method, headers: { authorization } });
  return await answer.json();
}

function good<T>(outcome: Outcome<T> | undefined): T {
  if (outcome instanceof ProviderError) throw outcome;
  return outcome!;
}
const offerOf = ({ offers }: Quote, code: string): Offer =>
  offers.find(({ service }) => service.code === code)!;
const minutes = 60_000;

interface Opening {
  apiKey?: string;
  keys?: EasyPostKey[];
  accounts?: readonly CarrierAccount[];
}

async function open({ apiKey = easypostSandboxKey, keys, accounts }: Opening = {}) {
  const clock = testClock('2026-11-18T18:00:00Z');
  const emulator = await startEasyPost({ clock, store: openStore(), keys, accounts });
  const connections = openConnections();
  const carrier = easypost.createAdapter(
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
      pickup: /\/pickups\/[^/]+\/buy$/,
      cancel: /\/cancel$/,
      manifest: /\/scan_forms$/,
    },
    declared: async ({ reference }: PurchasedLabel) =>
      ((await look(emulator, `/shipments/${reference}`)) as { customs_info: unknown }).customs_info,
    charges: () => emulator.charges().map(({ trackingCode }) => ({ trackingNumber: trackingCode })),
    close: async () => {
      await connections.close();
      await emulator.close();
    },
  };
}

conformance('EasyPost', open);

describe('EasyPost', () => {
  const request: RateRequest = { from: sender, to: receiver, parcels: [box as Parcel], shipDate: '2026-11-18' }; // prettier-ignore
  const quoted = async (carrier: House['carrier'], asked = request) =>
    good((await carrier.quote!([asked], call))[0]);

  it('tells a carrier that could not rate beside the rates of the others', async () => {
    const { carrier, close } = await open();
    const { offers, failures } = await quoted(carrier);
    expect(new Set(offers.map((offer) => offer.carrier))).toEqual(new Set(['USPS', 'UPS', 'FedEx']));
    expect(failures).toMatchObject([{ code: 'REJECTED', providerMessage: 'Invalid credentials' }]);
    await close();
  });

  describe('asked for some carriers', () => {
    const only = (carriers: readonly string[]): RateRequest => ({ ...request, carriers });
    const carriersOf = ({ offers }: Quote) => [...new Set(offers.map((offer) => offer.carrier))].sort();
    const listings = ({ emulator }: House) => emulator.count('GET', /\/carrier_accounts$/);
    const askedIn = async ({ emulator }: House, { providerRef }: Offer) => {
      const { shipment } = providerRef as { shipment: string };
      const { rates, messages } = await look(emulator, `/shipments/${shipment}`);
      return new Set([...rates, ...messages].map((each: { carrier: string }) => each.carrier));
    };

    it('has their carrier accounts asked and no others, which are listed once an hour at most', async () => {
      const house = await open();
      await quoted(house.carrier);
      expect(listings(house)).toBe(0);
      const both = await Promise.all([['USPS'], ['UPS']].map((carriers) => quoted(house.carrier, only(carriers)))); // prettier-ignore
      expect(both.map(carriersOf)).toEqual([['USPS'], ['UPS']]);
      expect(both.map(({ failures }) => failures)).toEqual([[], []]);
      expect(await askedIn(house, both[1]!.offers[0]!)).toEqual(new Set(['UPSDAP']));
      const { failures } = await quoted(house.carrier, only(['FedEx', 'DHL eCommerce']));
      expect(failures).toMatchObject([{ providerMessage: 'Invalid credentials' }]);
      expect(listings(house)).toBe(1);
      house.clock.advance(60 * minutes);
      await quoted(house.carrier, only(['USPS']));
      expect(listings(house)).toBe(2);
      await house.close();
    });

    it('prices one beyond the sixty carrier accounts that EasyPost asks', async () => {
      const broken = carrierAccounts.find(({ carrier }) => carrier === 'DhlEcs')!;
      const crowd = Array.from({ length: 60 }, (_, index) => ({ ...broken, id: `ca_${index}` }));
      const { carrier, close } = await open({ accounts: [...crowd, ...carrierAccounts] });
      expect(carriersOf(await quoted(carrier))).toEqual([]);
      const { offers, failures } = await quoted(carrier, only(['USPS', 'UPS']));
      expect(carriersOf({ offers, failures })).toEqual(['UPS', 'USPS']);
      expect(failures).toEqual([]);
      await close();
    });

    it('has them alone asked about several parcels', async () => {
      const { carrier, emulator, close } = await open();
      const { offers, failures } = await quoted(carrier, { ...only(['UPS']), parcels: [box, box] as Parcel[] }); // prettier-ignore
      expect(carriersOf({ offers, failures })).toEqual(['UPS']);
      expect(failures).toEqual([]);
      const { shipments } = await look(
        emulator,
        `/orders/${(offers[0]!.providerRef as { order: string }).order}`,
      );
      for (const { rates, messages } of shipments) {
        expect(new Set(rates.map((each: { carrier: string }) => each.carrier))).toEqual(new Set(['UPSDAP']));
        expect(messages).toEqual([]);
      }
      await close();
    });

    it.each([
      ['its accounts may not be listed', /\/carrier_accounts$/, 403, 'MODE.UNAUTHORIZED'],
      ['listing them fails', /\/carrier_accounts$/, 500, 'INTERNAL_SERVER_ERROR'],
      ['one of them was removed', /\/shipments$/, 422, 'SHIPMENT.CARRIER_ACCOUNTS.INVALID'],
    ])('leaves the others out of the answer where %s', async (_, path, status, code) => {
      const house = await open();
      const body = { error: { code, message: 'No.', errors: [] } };
      const heal = house.emulator.spoil({ path, times: status === 422 ? 1 : undefined, answer: { status, body } }); // prettier-ignore
      const { offers, failures } = await quoted(house.carrier, only(['UPS']));
      expect(carriersOf({ offers, failures })).toEqual(['UPS']);
      expect(failures).toEqual([]);
      expect((await askedIn(house, offers[0]!)).size).toBe(carrierAccounts.length);
      heal();
      const before = listings(house);
      await quoted(house.carrier, only(['UPS']));
      expect(listings(house)).toBe(before);
      house.clock.advance(60 * minutes);
      expect(await askedIn(house, (await quoted(house.carrier, only(['UPS']))).offers[0]!)).toEqual(new Set(['UPSDAP'])); // prettier-ignore
      await house.close();
    });

    it('has nobody asked again but who sells it, when a shipment is made anew to buy it', async () => {
      const house = await open();
      const offer = offerOf(await quoted(house.carrier), 'PRIORITY_MAIL');
      const to = { ...receiver, phone: '4155550100' };
      const [prepared] = await house.carrier.labels!.prepare({ ...orderFor(request, offer), to }, call);
      expect(await askedIn(house, { ...offer, providerRef: prepared!.request })).toEqual(new Set(['USPS']));
      await house.close();
    });
  });

  it('is examined by one call: the key, its environment, the clock', async () => {
    const { carrier, emulator, close } = await open();
    const statuses = (findings: readonly Diagnostic[]) => findings.map(({ check, status }) => `${check} ${status}`); // prettier-ignore
    // The answer is dated by this machine and not by the test's clock.
    expect(statuses(await carrier.diagnose!(call))).toEqual(['key ok', 'environment ok', 'clock warning']);
    expect(emulator.calls.length).toBe(1);
    await close();

    const refused = await open({ apiKey: 'EZTKhush' });
    const findings = await refused.carrier.diagnose!(call);
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

  it('makes a tracker anew where it was deleted at EasyPost', async () => {
    const { carrier, emulator, close } = await open();
    const numbers = ['EZ1000000001', 'EZ2000000002', 'EZ4000000004'];
    const first = (await carrier.track!(numbers.map((trackingNumber) => ({ trackingNumber })), call)).map(good); // prettier-ignore
    await look(emulator, `/trackers/${first[0]!.reference}`, 'DELETE');
    const before = emulator.calls.length;
    const known = first.map(({ reference }, index) => ({ trackingNumber: numbers[index]!, reference }));
    const again = (await carrier.track!(known, call)).map(good);
    expect(again.slice(1)).toEqual(first.slice(1));
    expect(again[0]!.status).toBe('PRE_TRANSIT');
    expect(again[0]!.reference).not.toBe(first[0]!.reference);
    const calls = emulator.calls.slice(before).map(({ method, path }) => `${method} ${path}`);
    expect(calls).toEqual(['POST /v2/trackers/batch', `GET /v2/trackers/${first[0]!.reference}`, 'POST /v2/trackers']); // prettier-ignore
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
    const order = { ...orderFor(request, offer), to: { ...receiver, phone: '4155550100' } };
    const [prepared] = await carrier.labels!.prepare(order, call);
    expect(emulator.count('POST', /\/shipments$/)).toBe(2);
    expect(await carrier.labels!.buy(prepared!, call)).toMatchObject([{ price: offer.price }]);

    emulator.raisePrices('1.00');
    await expect(carrier.labels!.prepare(order, call)).rejects.toMatchObject({ code: 'PRICE_CHANGED' });
    expect(emulator.charges()).toHaveLength(1);
    const more = money(Number(offer.price.amount) + 1);
    const [dearer] = await carrier.labels!.prepare({ ...order, maxPrice: more }, call);
    expect(await carrier.labels!.buy(dearer!, call)).toMatchObject([{ price: more, quotedAmount: more }]);
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
      await expect(carrier.labels!.fetchDocument!(source, call)).rejects.toMatchObject({
        code: 'UNREADABLE',
      });
    }
    expect(emulator.calls.length).toBe(before);
    await close();
  });

  describe('across a border', () => {
    const abroad: Address = {
      ...receiver,
      street1: '1 Elm St',
      street2: undefined,
      city: 'Ottawa',
      state: 'ON',
      postalCode: 'K1A 0B1',
      country: 'CA',
      phone: '6135550100',
    };
    const customs: Customs = {
      contents: 'HUMANITARIAN_DONATION',
      items: [
        {
          description: 'Blankets',
          quantity: 2,
          totalValue: { amount: '40.50', currencyCode: 'USD' },
          totalWeight: { value: 500, unit: 'GRAM' },
          hsTariffNumber: '6301.40',
          originCountry: 'US',
        },
      ],
    };
    const order = (declared: Customs | undefined, offer: Offer, to: Address = abroad) =>
      orderFor({ ...request, to, customs: declared }, offer);

    it('a label goes with its customs form, and the sender vouches for it', async () => {
      const { carrier, emulator, close } = await open();
      const offer = offerOf(await quoted(carrier, { ...request, to: abroad, customs }), 'PRIORITY_MAIL_INTERNATIONAL'); // prettier-ignore
      const [prepared] = await carrier.labels!.prepare(order(customs, offer), call);
      const [sold] = await carrier.labels!.buy(prepared!, call);
      expect(await look(emulator, `/shipments/${sold!.reference}`)).toMatchObject({
        customs_info: {
          contents_type: 'other',
          contents_explanation: 'Humanitarian donation',
          customs_certify: true,
          customs_signer: 'Sally Sender',
          eel_pfc: 'NOEEI 30.37(a)',
          non_delivery_option: 'return',
          customs_items: [
            {
              description: 'Blankets',
              quantity: 2,
              value: '40.50',
              weight: 17.637,
              currency: 'USD',
              hs_tariff_number: '630140',
            },
          ],
        },
        forms: [{ form_type: 'commercial_invoice' }],
      });
      await close();
    });

    it('a price needs none, and a label without is refused before a call', async () => {
      const { carrier, emulator, close } = await open();
      const offer = offerOf(await quoted(carrier, { ...request, to: abroad }), 'PRIORITY_MAIL_INTERNATIONAL');
      const before = emulator.calls.length;
      const military = { ...receiver, city: 'APO', state: 'AE', postalCode: '09001' };
      for (const to of [abroad, military]) {
        await expect(carrier.labels!.prepare(order(undefined, offer, to), call)).rejects.toMatchObject({
          code: 'REJECTED',
          field: ['customs'],
          hint: expect.stringMatching(/with `customs`/),
        });
      }
      expect(emulator.calls.length).toBe(before);
      await close();
    });

    it('what is worth more than 2500 dollars is filed by its sender, and nothing else is said in their name', async () => {
      const { carrier, emulator, close } = await open();
      const dear: Customs = { ...customs, items: [{ ...customs.items[0]!, totalValue: money('2500.01') }] };
      const asked = { ...request, to: abroad, customs: dear };
      const before = emulator.calls.length;
      expect(await carrier.quote!([asked], call)).toMatchObject([
        { code: 'REJECTED', field: ['customs', 'eelPfc'], hint: expect.stringMatching(/ITN/) },
      ]);
      expect(emulator.calls.length).toBe(before);
      const filed = { ...asked, customs: { ...dear, eelPfc: 'AES X20261118123456' } };
      const { shipment } = (await quoted(carrier, filed)).offers[0]!.providerRef as { shipment: string };
      expect(await look(emulator, `/shipments/${shipment}`)).toMatchObject({
        customs_info: { eel_pfc: 'AES X20261118123456' },
      });
      await close();
    });
  });

  it('turns the addresses of a return round, for EasyPost turns them back', async () => {
    const { carrier, emulator, close } = await open();
    const back = { ...request, options: { isReturn: true } };
    const offer = offerOf(await quoted(carrier, back), 'PRIORITY_MAIL');
    const [prepared] = await carrier.labels!.prepare(orderFor(back, offer), call);
    const [sold] = await carrier.labels!.buy(prepared!, call);
    expect(await look(emulator, `/shipments/${sold!.reference}`)).toMatchObject({
      is_return: true,
      from_address: { name: 'RITA RECEIVER' },
      to_address: { name: 'Sally Sender' },
    });
    await close();
  });

  it('asks for delivery on a Saturday', async () => {
    const { carrier, close } = await open();
    const plain = await quoted(carrier);
    const { offers } = await quoted(carrier, { ...request, options: { saturdayDelivery: true } });
    expect(offers.map(({ service }) => service.code).sort()).toEqual(
      ['2ND_DAY_AIR', '2_DAY', 'NEXT_DAY_AIR', 'NEXT_DAY_AIR_EARLY_AM', 'PRIORITY_OVERNIGHT'].sort(),
    );
    const air = offers.find(({ service }) => service.code === 'NEXT_DAY_AIR')!;
    expect(air.price).toEqual(sum(offerOf(plain, 'NEXT_DAY_AIR').price, money('16.00')));
    await close();
  });

  describe('the price is compared before it is paid', () => {
    const prepareLater = async ({ carrier, clock }: House, offer: Offer, limit = offer.price) => {
      const quotedAt = clock.now();
      clock.advance(16 * minutes);
      return carrier.labels!.prepare({ ...orderFor(request, offer), quotedAt, maxPrice: limit }, call);
    };

    it('which takes no call for a quote of 15 minutes, and one for an older', async () => {
      const house = await open();
      const { carrier, emulator, clock, close } = house;
      const offer = offerOf(await quoted(carrier), 'PRIORITY_MAIL');
      await carrier.labels!.prepare({ ...orderFor(request, offer), quotedAt: clock.now() }, call);
      expect(emulator.calls.length).toBe(1);
      const [prepared] = await prepareLater(house, offer);
      expect(emulator.calls.slice(1).map(({ method }) => method)).toEqual(['GET']);
      expect(prepared!.request).toMatchObject(offer.providerRef as object);
      await close();
    });

    it('a rate that was replaced is found again among new ones, unless it costs more', async () => {
      const house = await open();
      const { carrier, emulator, close } = house;
      const offer = offerOf(await quoted(carrier), 'PRIORITY_MAIL');
      const { shipment } = offer.providerRef as { shipment: string };
      const paths = () => emulator.calls.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`);
      await look(emulator, `/shipments/${shipment}/rerate`, 'POST');
      const before = emulator.calls.length;
      const [prepared] = await prepareLater(house, offer);
      expect(paths().slice(before)).toEqual([`GET ${shipment}`, 'POST rerate']);
      expect(prepared!.request).not.toMatchObject(offer.providerRef as object);

      emulator.raisePrices('1.00');
      await look(emulator, `/shipments/${shipment}/rerate`, 'POST');
      const price = `${(Number(offer.price.amount) + 1).toFixed(2)} USD`;
      const refused = await prepareLater(house, offer).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'PRICE_CHANGED', hint: expect.stringMatching(/maxPrice/) });
      expect((refused as Error).message).toContain(price);
      expect((refused as Error).message).toContain(`${offer.price.amount} USD`);
      expect(await prepareLater(house, offer, money(Number(offer.price.amount) + 1))).toHaveLength(1);
      expect(emulator.charges()).toEqual([]);

      await expect(carrier.labels!.buy(prepared!, call)).rejects.toMatchObject({
        code: 'PRICE_CHANGED',
        refused: true,
      });
      expect(emulator.charges()).toEqual([]);
      await close();
    });

    it('a rate that goes between is rated once more, and bought', async () => {
      const { carrier, emulator, close } = await open();
      const offer = offerOf(await quoted(carrier), 'PRIORITY_MAIL');
      const [prepared] = await carrier.labels!.prepare(orderFor(request, offer), call);
      await look(
        emulator,
        `/shipments/${(offer.providerRef as { shipment: string }).shipment}/rerate`,
        'POST',
      );
      expect(await carrier.labels!.buy(prepared!, call)).toMatchObject([{ quotedAmount: offer.price }]);
      expect(emulator.count('POST', /\/rerate$/)).toBe(2);
      expect(emulator.count('POST', /\/buy$/)).toBe(2);
      expect(emulator.charges()).toHaveLength(1);
      await close();
    });
  });

  describe('several parcels', () => {
    const heavy: Parcel = { ...(box as Parcel), weight: { value: 60, unit: 'OUNCE' } };
    const both: RateRequest = { ...request, parcels: [box as Parcel, heavy] };
    const bought = async (house: House, code = 'PRIORITY_MAIL') => {
      const offer = offerOf(await quoted(house.carrier, both), code);
      const prepared = await house.carrier.labels!.prepare(orderFor(both, offer), call);
      return { offer, prepared, sold: await house.carrier.labels!.buy(prepared[0]!, call) };
    };

    it('are priced by one call, for the sum of what each costs', async () => {
      const { carrier, emulator, close } = await open();
      const { offers, failures } = await quoted(carrier, both);
      expect(emulator.calls).toMatchObject([{ method: 'POST', path: '/v2/orders' }]);
      expect(failures).toMatchObject([{ code: 'REJECTED', providerMessage: 'Invalid credentials' }]);
      const [one, other] = (
        await carrier.quote!(
          both.parcels.map((parcel) => ({ ...request, parcels: [parcel] })),
          call,
        )
      ).map(good);
      for (const { carrier: hauler, service, price } of offers) {
        const prices = [one!, other!].map(
          (quote) =>
            quote.offers.find((each) => each.carrier === hauler && each.service.code === service.code)!.price,
        );
        expect(price).toEqual(sum(prices[0]!, prices[1]!));
      }
      expect(offers.map(({ service }) => service.code)).toContain('PRIORITY_MAIL');
      await close();
    });

    it('are bought together: one order, a label and a number each, in their order', async () => {
      const house = await open();
      const { carrier, emulator, close } = house;
      const { offer, prepared, sold } = await bought(house);
      expect(prepared).toHaveLength(2);
      expect(prepared[1]).toBe(prepared[0]);
      expect(emulator.count('POST', /\/orders\/\w+\/buy$/)).toBe(1);
      expect(new Set(sold.map(({ trackingNumber }) => trackingNumber)).size).toBe(2);
      expect(sum(sold[0]!.quotedAmount, sold[1]!.quotedAmount)).toEqual(offer.price);
      expect(sold[0]!.price).toEqual(sold[0]!.quotedAmount);
      const weights = sold.map(async ({ reference }) => (await look(emulator, `/shipments/${reference}`)).parcel.weight); // prettier-ignore
      expect(await Promise.all(weights)).toEqual([20, 60]);
      expect(await carrier.labels!.reconcile(prepared[0]!, call)).toEqual(sold);
      expect(await carrier.labels!.buy(prepared[0]!, call)).toEqual(sold);
      expect(emulator.charges()).toHaveLength(2);
      const { source } = sold[1]!.label as { source: string };
      const file = await carrier.labels!.fetchDocument!(source, call);
      expect(Buffer.from(file).subarray(0, 5).toString()).toBe('%PDF-');
      await close();
    });

    it('are given back one by one', async () => {
      const house = await open();
      const { carrier, emulator, close } = house;
      const { prepared, sold } = await bought(house);
      const { trackingNumber, reference } = sold[1]!;
      const label = { trackingNumber, reference, prepared: prepared[1]! };
      expect(await carrier.labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
      expect(await carrier.labels!.refund!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
      const refunds = sold.map(async (each) => (await look(emulator, `/shipments/${each.reference}`)).refund_status); // prettier-ignore
      expect(await Promise.all(refunds)).toEqual([null, 'submitted']);
      await close();
    });

    it('of a lost answer are recalled, and of a purchase that never came nothing is', async () => {
      const { carrier, emulator, close } = await open();
      const offer = offerOf(await quoted(carrier, both), 'PRIORITY_MAIL');
      const [prepared] = await carrier.labels!.prepare(orderFor(both, offer), call);
      emulator.spoil({ path: /\/buy$/, times: 1, drop: 'before' });
      await expect(carrier.labels!.buy(prepared!, call)).rejects.toMatchObject({ refused: false });
      expect(await carrier.labels!.reconcile(prepared!, call)).toBeUndefined();
      emulator.spoil({ path: /\/buy$/, times: 1, drop: 'after' });
      await expect(carrier.labels!.buy(prepared!, call)).rejects.toMatchObject({ refused: false });
      const sold = await carrier.labels!.reconcile(prepared!, call);
      expect(sold!.map(({ trackingNumber }) => trackingNumber)).toEqual(
        emulator.charges().map(({ trackingCode }) => trackingCode),
      );
      await close();
    });

    it('of which some were bought are in doubt, whatever EasyPost answers', async () => {
      const { carrier, emulator, close } = await open();
      const offer = offerOf(await quoted(carrier, both), 'PRIORITY_MAIL');
      const [prepared] = await carrier.labels!.prepare(orderFor(both, offer), call);
      const { order } = offer.providerRef as { order: string };
      const { shipments } = await look(emulator, `/orders/${order}`);
      const rate = shipments[0].rates.find((each: { service: string }) => each.service === 'Priority');
      await fetch(`${emulator.url}/v2/shipments/${shipments[0].id}/buy`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${easypostSandboxKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ rate: { id: rate.id } }),
      });
      for (const ask of [carrier.labels!.buy, carrier.labels!.reconcile]) {
        await expect(ask(prepared!, call)).rejects.toMatchObject({
          refused: false,
          message: expect.stringContaining('1 of the 2 parcels'),
        });
      }
      expect(emulator.charges()).toHaveLength(1);
      await close();
    });

    it('are refused where the price has risen, and made anew for people who are named at purchase', async () => {
      const { carrier, emulator, close } = await open();
      const offer = offerOf(await quoted(carrier, both), 'PRIORITY_MAIL');
      const order = orderFor(both, offer);
      const named = { ...order, to: { ...receiver, phone: '4155550100' }, reference: 'cart 7' };
      const [prepared] = await carrier.labels!.prepare(named, call);
      expect(emulator.count('POST', /\/orders$/)).toBe(2);
      const [sold] = await carrier.labels!.buy(prepared!, call);
      expect(await look(emulator, `/shipments/${sold!.reference}`)).toMatchObject({ reference: 'cart 7' });
      emulator.raisePrices('1.00');
      await expect(carrier.labels!.prepare(named, call)).rejects.toMatchObject({ code: 'PRICE_CHANGED' });
      // The order that was quoted keeps its prices.
      expect(await carrier.labels!.prepare(order, call)).toHaveLength(2);
      await close();
    });

    it('of a service that two carrier accounts sell are not offered, for an order names none', async () => {
      const { carrier, emulator, close } = await open();
      const { order } = (await quoted(carrier, both)).offers[0]!.providerRef as { order: string };
      const answer = await look(emulator, `/orders/${order}`);
      const priority = answer.shipments[1].rates.find((each: { service: string }) => each.service === 'Priority'); // prettier-ignore
      answer.shipments[1].rates.push({ ...priority, carrier_account_id: 'ca_of_another' });
      emulator.spoil({ path: /\/orders$/, times: 1, answer: { status: 201, body: answer } });
      const { offers, failures } = await quoted(carrier, both);
      const codes = offers.map(({ service }) => service.code);
      expect(codes).not.toContain('PRIORITY_MAIL');
      expect(codes).toContain('USPS_GROUND_ADVANTAGE');
      expect(failures.map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^Priority Mail is sold by several carrier accounts/),
      );
      await close();
    });

    it('are not insured, neither by wish nor by the account’s own habit', async () => {
      const keys = [{ key: easypostSandboxKey, user: 'user_1', defaultInsurance: '50.00' }];
      const house = await open({ keys });
      const insured = { ...both, options: { insuredValue: { amount: '50.00', currencyCode: 'USD' } } };
      expect(await house.carrier.quote!([insured], call)).toMatchObject([
        { code: 'REJECTED', field: ['options', 'insuredValue'], hint: expect.stringMatching(/alone/) },
      ]);
      expect(house.emulator.calls).toEqual([]);
      const { sold } = await bought(house);
      expect(sold.flatMap(({ charges }) => charges.map(({ name }) => name))).toEqual(['Postage', 'Postage']);
      await house.close();
    });
  });

  it('tells how a refund stands: asked for, paid after fifteen days, refused, or nothing to pay', async () => {
    const { carrier, emulator, clock, close } = await open();
    const offer = offerOf(await quoted(carrier), 'PRIORITY_MAIL');
    const [prepared] = await carrier.labels!.prepare(orderFor(request, offer), call);
    const [sold] = await carrier.labels!.buy(prepared!, call);
    const label = { ...sold!, prepared: prepared! };
    expect(await carrier.labels!.void!(label, call)).toEqual({ status: 'REQUESTED', voided: false });
    clock.advance(15 * 24 * 60 * minutes);
    expect(await carrier.labels!.refund!(label, call)).toEqual({
      status: 'REFUNDED',
      voided: true,
      amount: offer.price,
    });
    for (const [theirs, status, voided] of [
      ['rejected', 'REFUSED', false],
      ['not_applicable', 'NOT_APPLICABLE', true],
    ]) {
      const answer = { status: 200, body: { refund_status: theirs } };
      emulator.spoil({ method: 'GET', path: /\/shipments\//, times: 1, answer });
      expect(await carrier.labels!.refund!(label, call)).toEqual({ status, voided });
    }
    await close();
  });

  it('knows a label that was prepared before services were kept: recalls it, prints it, gives it back', async () => {
    const { carrier, emulator, close } = await open();
    const labels = carrier.labels!;
    const offer = offerOf(await quoted(carrier), 'PRIORITY_MAIL');
    const [now] = await labels.prepare(orderFor(request, offer), call);
    const { shipment, rate, insurance, format } = now!.request as Record<string, string>;
    const prepared = { attemptId: now!.attemptId, request: { shipment, rate, insurance, format } };
    expect(await labels.reconcile(prepared, call)).toBeUndefined();
    const sold = await labels.buy(now!, call);
    expect(await labels.reconcile(prepared, call)).toEqual(sold);
    const { trackingNumber } = sold[0]!;
    expect(labels.labelSource!({ trackingNumber, prepared }, 'ZPL')).toBe(`${shipment}:ZPL`);
    expect(labels.redact!(prepared.request)).toEqual({ shipment, format });
    expect(await labels.void!({ trackingNumber, prepared }, call)).toMatchObject({ status: 'REQUESTED' });
    expect(emulator.charges()).toHaveLength(1);
    await close();
  });

  it('tells how much of a price comes back: the postage, and not the insurance', async () => {
    const { carrier, clock, close } = await open();
    const insured = { ...request, options: { insuredValue: money('100.00') } };
    const offer = offerOf(await quoted(carrier, insured), 'PRIORITY_MAIL');
    const [prepared] = await carrier.labels!.prepare(orderFor(insured, offer), call);
    const [sold] = await carrier.labels!.buy(prepared!, call);
    expect(sold!.price).toEqual(sum(offer.price, money('1.00')));
    const label = { ...sold!, prepared: prepared! };
    await carrier.labels!.void!(label, call);
    clock.advance(15 * 24 * 60 * minutes);
    expect(await carrier.labels!.refund!(label, call)).toMatchObject({ status: 'REFUNDED', amount: offer.price }); // prettier-ignore
    await close();
  });

  it('charges postage that the carrier bills itself beside the fees of EasyPost', async () => {
    const { carrier, emulator, close } = await open();
    const offer = offerOf(await quoted(carrier), 'PRIORITY_MAIL');
    const [prepared] = await carrier.labels!.prepare(orderFor(request, offer), call);
    const [sold] = await carrier.labels!.buy(prepared!, call);
    const shipment = await look(emulator, `/shipments/${sold!.reference}`);
    const fees = [{ object: 'Fee', type: 'LabelFee', amount: '0.08000', charged: true, refunded: false }];
    emulator.spoil({ path: /\/shipments\/\w+$/, answer: { status: 200, body: { ...shipment, fees } } });
    expect(await carrier.labels!.reconcile(prepared!, call)).toMatchObject([
      {
        price: sum(offer.price, money('0.08')),
        quotedAmount: offer.price,
        charges: [
          { name: 'Postage', amount: offer.price },
          { name: 'Label', amount: money('0.08') },
        ],
      },
    ]);
    await close();
  });

  it('tells how long parcels took, by one call a shipment however many of its rates are asked', async () => {
    const { carrier, emulator, close } = await open();
    const [first, second] = (await carrier.quote!([request, request], call)).map(good);
    const tickets = [...first!.offers, ...second!.offers].map(({ providerRef }) => providerRef);
    const answers = await carrier.transitTimes!([...tickets, { order: 'order_1' }], call);
    expect(emulator.count('GET', /\/smartrate$/)).toBe(2);
    expect(answers).toHaveLength(tickets.length + 1);
    expect(answers.at(-1)).toBeUndefined();
    const priority = first!.offers.indexOf(offerOf(first!, 'PRIORITY_MAIL'));
    const days = first!.offers[priority]!.estimatedDays!;
    expect(answers[priority]).toEqual({
      percentile50: days,
      percentile75: days,
      percentile85: days,
      percentile90: days + 1,
      percentile95: days + 1,
      percentile97: days + 1,
      percentile99: days + 2,
    });
    emulator.spoil({
      path: /\/smartrate$/,
      answer: { status: 422, body: { error: { code: 'SMARTRATE.INVALID_PARAMS', message: 'no' } } },
    });
    expect(await carrier.transitTimes!(tickets.slice(0, 1), call)).toMatchObject([
      { code: 'REJECTED', providerCode: 'SMARTRATE.INVALID_PARAMS' },
    ]);
    await close();
  });

  it('takes the refusal of a strict verification for an answer', async () => {
    const { carrier, emulator, close } = await open();
    const body = {
      error: {
        code: 'ADDRESS.VERIFY.FAILURE',
        message: 'Unable to verify address.',
        errors: [{ code: 'E.ADDRESS.NOT_FOUND', field: 'address', message: 'Address not found' }],
      },
    };
    emulator.spoil({ path: /\/addresses$/, answer: { status: 422, body } });
    expect(await carrier.verify!([receiver], call)).toMatchObject([
      {
        status: 'UNDELIVERABLE',
        messages: [{ code: 'E.ADDRESS.NOT_FOUND', message: 'Address not found' }],
      },
    ]);
    await close();
  });
});
