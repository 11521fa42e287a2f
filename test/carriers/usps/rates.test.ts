import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { uspsSandboxClient } from '../../../sandbox/usps/index.ts';
import { ProviderError } from '../../../src/domain/errors.ts';
import type { Parcel } from '../../../src/domain/parcel.ts';
import type { RateRequest } from '../../../src/domain/rate.ts';
import { box, receiver } from '../../support/test-server.ts';
import { toLabelRequest } from '../conformance.ts';
import {
  bodyOf,
  buyLabel,
  call,
  heavyParcel,
  insured,
  labelRequestFor,
  openForTest,
  openUsps,
  ottawa,
  quoteOffers,
  rateRequest,
  smallParcel,
  type UspsSubject,
} from './support.ts';

describe('USPS prices', () => {
  const priority = async (subject: UspsSubject) => (await labelRequestFor(subject)).offer;
  const contractAccount = uspsSandboxClient.accountNumber;

  it('have the price type of the account, with the retail price beside it', async () => {
    const subjects = await Promise.all(
      (['COMMERCIAL', 'RETAIL', 'CONTRACT'] as const).map((priceType) =>
        openForTest({ options: { priceType }, client: { contractAccount } }),
      ),
    );
    const [commercial, retail, contract] = await Promise.all(subjects.map(priority));
    expect(commercial).toMatchObject({ priceType: 'COMMERCIAL', retailPrice: retail!.price });
    expect(retail).toMatchObject({ priceType: 'RETAIL', retailPrice: retail!.price });
    expect(contract).toMatchObject({ priceType: 'CONTRACT', retailPrice: retail!.price });
    expect(Number(contract!.price.amount)).toBeLessThan(Number(commercial!.price.amount));
    const purchased = await buyLabel(subjects[2]!, toLabelRequest(rateRequest, contract!));
    expect(purchased.price).toEqual(contract!.price);
  });

  it('are not offered for an address that a label could not hold, whose line and length are named', async () => {
    const subject = await openForTest();
    const to = { ...receiver, street1: 'x'.repeat(51) };
    expect(await subject.adapter.quote!([{ ...rateRequest, to }], call)).toMatchObject([
      {
        code: 'REJECTED',
        field: ['to', 'street1'],
        message: 'USPS accepts up to 50 characters of street1; it has 51',
      },
    ]);
    expect(subject.emulator.calls).toEqual([]);
  });

  it('are the published ones, with their price type, for a class that the contract lacks', async () => {
    const subject = await openForTest({ options: { priceType: 'CONTRACT' }, client: { contractAccount } });
    const rateOption = (mailClass: string, priceType: string) => {
      const rateFields = { processingCategory: 'MACHINABLE', rateIndicator: 'SP', destinationEntryFacilityType: 'NONE' }; // prettier-ignore
      const warnings = [{ warningCode: '001', warningDescription: 'Contract rate not found for request. Published rate returned.' }]; // prettier-ignore
      const rates = [{ description: '', price: 9, priceType, mailClass, ...rateFields, warnings }];
      return { mailClass, rateOptions: [{ totalBasePrice: 9, rates, extraServices: [] }] };
    };
    const shippingOptions = [
      rateOption('USPS_GROUND_ADVANTAGE', 'CONTRACT'),
      rateOption('PRIORITY_MAIL', 'COMMERCIAL'),
      rateOption('PRIORITY_MAIL_EXPRESS', 'RETAIL'),
    ];
    subject.emulator.injectFault({ path: /options/, response: { status: 200, body: { pricingOptions: [{ priceType: 'CONTRACT', shippingOptions }] } } }); // prettier-ignore
    expect(await subject.adapter.quote!([rateRequest], call)).toMatchObject([
      { offers: [{ priceType: 'CONTRACT' }, { priceType: 'COMMERCIAL' }, { priceType: 'RETAIL' }] },
    ]);
  });

  it('are refused for a contract without its payment account', async () => {
    const subject = await openForTest({
      options: { priceType: 'CONTRACT' },
      credentials: { accountNumber: undefined },
    });
    await expect(priority(subject)).rejects.toMatchObject({ code: 'REJECTED', providerCode: '160154' });
  });
});

describe('USPS rates', () => {
  let subject: UspsSubject;
  beforeAll(async () => void (subject = await openUsps()));
  afterAll(() => subject.close());

  const countSearches = async (work: () => Promise<unknown>) => {
    const before = subject.emulator.count('POST', /\/options\//);
    await work();
    return subject.emulator.count('POST', /\/options\//) - before;
  };

  const rateFields = { processingCategory: 'MACHINABLE', rateIndicator: 'SP', destinationEntryFacilityType: 'NONE' }; // prettier-ignore
  const rateOption = (mailClass: string, rate: object = {}, more: object = {}) => ({
    mailClass,
    rateOptions: [
      {
        totalBasePrice: 9,
        rates: [{ price: 9, mailClass, ...rateFields, ...rate }],
        extraServices: [],
        ...more,
      },
    ],
  });
  const quoteOf = async (options: unknown, changes: Partial<RateRequest> = {}) => {
    const body = { pricingOptions: [{ priceType: 'COMMERCIAL', shippingOptions: options }] };
    subject.emulator.injectFault({ path: /options/, times: 1, response: { status: 200, body } });
    const [quote] = await subject.adapter.quote!([{ ...rateRequest, ...changes }], call);
    return quote;
  };

  it.each<[string, object, object?]>([
    ['without a rate indicator', { rateIndicator: undefined }],
    ['whose price is null', { price: null }],
    ['whose price has a comma', { price: '9,40' }],
    ['whose total is ""', {}, { totalBasePrice: '' }],
    ['whose total is huge', {}, { totalBasePrice: 1e300 }],
    ['without rates', {}, { rates: [] }],
  ])('are read row by row: one %s is a failure of its class, beside the others', async (_, rate, more) => {
    expect(
      await quoteOf([rateOption('PRIORITY_MAIL', rate, more), rateOption('USPS_GROUND_ADVANTAGE'), 'row']),
    ).toMatchObject({
      offers: [{ service: { code: 'USPS_GROUND_ADVANTAGE' }, price: { amount: '9.00' } }],
      failures: [
        { code: 'UNREADABLE', message: expect.stringContaining('Priority Mail') },
        { code: 'UNREADABLE', message: expect.stringContaining('a service') },
      ],
    });
    // A class that is never offered is no failure either.
    expect(await quoteOf([rateOption('MEDIA_MAIL', { price: null }), rateOption('PRIORITY_MAIL')])).toMatchObject({ failures: [] }); // prettier-ignore
  });

  it('read extra services one by one, and never offer a class without the price of one that was asked for', async () => {
    const unpriced = { extraServices: [null, { extraService: 921, name: 'Signature', price: '' }] };
    const priced = { extraServices: ['', { extraService: '921', name: '', price: 3.7 }] };
    const options = [rateOption('PRIORITY_MAIL', {}, unpriced), rateOption('USPS_GROUND_ADVANTAGE', {}, priced)]; // prettier-ignore
    expect(await quoteOf(options, { options: { signature: true } })).toMatchObject({
      offers: [{ service: { code: 'USPS_GROUND_ADVANTAGE' }, price: { amount: '12.70' } }],
      failures: [{ code: 'UNREADABLE', message: expect.stringContaining('Priority Mail') }],
    });
    expect(await quoteOf(options)).toMatchObject({ offers: [{}, {}], failures: [] });
  });

  it('cost one call for each distinct parcel', async () => {
    const inPounds = { ...smallParcel, weight: { value: 1.25, unit: 'POUND' as const } };
    const boxed = { weight: smallParcel.weight, packaging: 'MEDIUM_FLAT_RATE_BOX' };
    expect(
      await countSearches(() =>
        quoteOffers(subject, { parcels: Array.from({ length: 30 }, () => smallParcel) }),
      ),
    ).toBe(1);
    // The small parcel weighs 20 ounces, which are 1.25 pounds.
    expect(
      await countSearches(() => quoteOffers(subject, { parcels: [smallParcel, inPounds, heavyParcel] })),
    ).toBe(2);
    const sameSize = {
      ...smallParcel,
      dimensions: { length: 11, width: 8.5, height: 5.5, unit: 'INCH' as const },
    };
    expect(await countSearches(() => quoteOffers(subject, { parcels: [sameSize, boxed] }))).toBe(2);
    const offers = await quoteOffers(subject, { parcels: [smallParcel, boxed] });
    expect(offers.map(({ service }) => service)).toMatchObject([
      { code: 'PRIORITY_MAIL', name: 'Priority Mail' },
    ]);
  });

  it.each([
    ['too heavy', { weight: { value: 71, unit: 'POUND' } }, ['parcels', '1', 'weight']],
    ['without a size', { weight: box.weight }, ['parcels', '1', 'dimensions']],
    [
      'larger than any service takes',
      { ...box, dimensions: { length: 99, width: 40, height: 40, unit: 'INCH' } },
      ['parcels', '1', 'dimensions'],
    ],
  ])('name the parcel at fault when one is %s', async (_, parcel, field) => {
    await expect(quoteOffers(subject, { parcels: [smallParcel, parcel as Parcel] })).rejects.toMatchObject({
      code: 'REJECTED',
      field,
      hint: expect.any(String),
    });
  });

  it('name the USPS packaging, for domestic and international services', async () => {
    const parcels = [{ weight: smallParcel.weight, packaging: 'MEDIUM_FLAT_RATE_BOX' }];
    expect((await quoteOffers(subject, { parcels })).map(({ service }) => service)).toEqual([
      {
        code: 'PRIORITY_MAIL',
        name: 'Priority Mail Medium Flat Rate Box',
        providerCode: 'PRIORITY_MAIL',
      },
    ]);
    expect((await quoteOffers(subject, { parcels, to: ottawa })).map(({ service }) => service.name)).toEqual([
      'Priority Mail International Medium Flat Rate Box',
    ]);
    expect((await buyLabel(subject, await labelRequestFor(subject, { parcels }))).price?.amount).toBe(
      '16.60',
    );
  });

  it('are refused outside the United States, and treat territories as states', async () => {
    await expect(quoteOffers(subject, { from: ottawa, to: receiver })).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      field: ['from', 'country'],
    });
    const sanJuan = { ...receiver, city: 'San Juan', state: undefined, postalCode: '00926', country: 'PR' };
    expect((await quoteOffers(subject, { to: sanJuan })).map(({ service }) => service.code)).toContain(
      'PRIORITY_MAIL',
    );
  });

  it('include Saturday delivery at no charge', async () => {
    expect(await quoteOffers(subject, { options: { saturdayDelivery: true } })).toEqual(
      await quoteOffers(subject, {}),
    );
  });

  it.each(['own', 'any'] as const)(
    'use the codes of each service for signature and insurance, where Express has %s services',
    async (expressServices) => {
      const subject = await openForTest({ switches: { expressServices } });
      const withOptions = { ...rateRequest, options: { signature: true, ...insured('200.00') } };
      const [quote] = await subject.adapter.quote!([withOptions], call);
      if (quote instanceof ProviderError) throw quote;
      const labels = await Promise.all(
        quote!.offers.map(async (offer) => {
          const [prepared] = await subject.adapter.labels!.prepare(toLabelRequest(withOptions, offer), call);
          const [label] = await subject.adapter.labels!.buy(prepared!, call);
          expect(label!.price).toEqual(offer.price);
          const { packageDescription } = bodyOf<{ packageDescription: object }>(prepared!);
          const extraCharges = offer.charges.slice(1).map(({ name, amount }) => `${name} ${amount.amount}`);
          return [offer.service.code, { ...packageDescription, extraCharges }] as const;
        }),
      );
      const common = {
        extraServices: [921, 930],
        extraCharges: ['Signature Confirmation 3.70', 'Insurance <= $500 2.70'],
      };
      const express = { extraServices: [981, 925], extraCharges: ['Signature Requested (PRIORITY_MAIL_EXPRESS only) 0.00', 'Priority Mail Express Merchandise Insurance 2.70'] }; // prettier-ignore
      expect(Object.fromEntries(labels)).toMatchObject({
        USPS_GROUND_ADVANTAGE: common,
        PRIORITY_MAIL: common,
        PRIORITY_MAIL_EXPRESS: express,
      });
    },
  );
});
