import { expect } from 'vitest';

import { compareMoney, type Money } from '../../../src/domain/money.ts';
import { packagings, type Parcel } from '../../../src/domain/parcel.ts';
import type { Offer } from '../../../src/domain/rate.ts';
import { asStored, call, lightParcel, offerOf, rateRequest, resultOf } from './requests.ts';
import type { Rules } from './subject.ts';

const toCents = ({ amount }: Money) => Math.round(Number(amount) * 100);

export const rateRules: Rules = (rule) => {
  rule('quotes exact prices of known services, each the sum of its charges', async ({ adapter }) => {
    const [quote] = await adapter.quote!([rateRequest], call);
    const { offers } = resultOf(quote!);
    expect(offers.length).toBeGreaterThan(1);
    for (const offer of offers) {
      expect(offer.price.amount).toMatch(/^\d+\.\d{2}$/);
      expect(offer.service.code).toMatch(/^[A-Z0-9_]+$/);
      expect(offer.service.name).toMatch(/^[A-Z]/);
      const charged = offer.charges.reduce((total, { amount }) => total + toCents(amount), 0);
      expect(charged).toBe(toCents(offer.price));
      expect(asStored(offer.providerRef as object)).toEqual(offer.providerRef);
    }
    const services = offers.map((offer) => `${offer.carrier} ${offer.service.code}`);
    expect(new Set(services).size).toBe(services.length);
    expect(offers.map((offer) => offer.service.code)).toContain('PRIORITY_MAIL');
  });

  rule('quotes a carrier’s packaging at its own price, whatever the parcel’s size', async ({ adapter }) => {
    const flatRate: Parcel = { weight: lightParcel.weight, packaging: 'MEDIUM_FLAT_RATE_BOX' };
    const heavyFlatRate = { ...flatRate, weight: { value: 60, unit: 'POUND' } as const };
    const requests = [lightParcel, flatRate, heavyFlatRate].map((parcel) => ({
      ...rateRequest,
      parcels: [parcel],
    }));
    const quotes = await adapter.quote!(requests, call);
    const [ownBox, flat, heavier] = quotes.map((quote) => resultOf(quote).offers);
    expect(flat!.map(({ carrier, service }) => [carrier, service.code])).toEqual([['USPS', 'PRIORITY_MAIL']]);
    const pricesOf = (offers: readonly Offer[]) => offers.map(({ price }) => price);
    expect(pricesOf(heavier!)).toEqual(pricesOf(flat!));
    expect(pricesOf(ownBox!)).not.toContainEqual(flat![0]!.price);
    for (const packaging of packagings) {
      const parcels = [{ ...flatRate, packaging }];
      const [quote] = await adapter.quote!([{ ...rateRequest, parcels }], call);
      expect(resultOf(quote!).offers.length, packaging).toBeGreaterThan(0);
    }
  });

  rule('never quotes less for a heavier parcel', async ({ adapter }) => {
    const weights = [1, 8, 16, 17, 32, 160, 480];
    const quotes = await adapter.quote!(
      weights.map((value) => ({
        ...rateRequest,
        parcels: [{ ...lightParcel, weight: { value, unit: 'OUNCE' } }],
      })),
      call,
    );
    const prices = quotes.map(
      (quote) =>
        resultOf(quote).offers.find(
          ({ carrier, service }) => carrier === 'USPS' && service.code === 'PRIORITY_MAIL',
        )!.price,
    );
    expect([...prices].sort(compareMoney)).toEqual(prices);
  });

  rule('adds a signature and insurance to the price', async ({ adapter }) => {
    const options = { signature: true, insuredValue: { amount: '200.00', currencyCode: 'USD' } };
    const quotes = await adapter.quote!([rateRequest, { ...rateRequest, options }], call);
    const [plain, insured] = quotes.map((quote) => offerOf(resultOf(quote)).price);
    expect(compareMoney(insured!, plain!)).toBeGreaterThan(0);
  });
};
