import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import type { Quote, RateRequest } from '../../src/domain/rate.ts';
import { call, describeContract, failure, good, readContract, type Loose } from './shared.ts'; // prettier-ignore
import { open, paths, quote, replay, request, requestsTo, samplesLike, useReplay } from './usps-replay.ts'; // prettier-ignore

/** Samples that no operation of the adapter uses, each with its reason. `x.*` excuses all of a kind. */
const excused = {
  'international-prices.*': 'no operation of ours: prices abroad come from Shipping Options too',
  'prices.*': 'no operation of ours: prices come from Shipping Options, with their commitments',
  'service-standards.*': 'no operation of ours: commitments come with the prices',
};

const { samples, textOf, sampleOf } = samplesLike(
  /^(shipping-options|prices|international-prices|service-standards)/,
  excused,
);

describeContract('the USPS adapter with recorded and printed prices', () => {
  useReplay(samples);

  describe('rates', () => {
    test('are requested as printed', async () => {
      replay.when('POST', paths.options, { body: { pricingOptions: [] } });
      const printed = sampleOf('shipping-options.domestic.adapter.request.json');
      const { weight, length, width, height, mailingDate } = printed.packageDescription;
      const measured: RateRequest = {
        from: { country: 'US', postalCode: printed.originZIPCode },
        to: { country: 'US', postalCode: printed.destinationZIPCode },
        parcels: [
          {
            weight: { value: weight, unit: 'POUND' },
            dimensions: { length, width, height, unit: 'INCH' },
          },
        ],
        shipDate: mailingDate,
      };
      await open().carrier.quote([measured], call);
      const asked = JSON.parse(requestsTo(paths.options)[0]!.body);
      // The adapter sends the longest side first, all mail classes and two price types; the rest is as printed.
      expect(asked.packageDescription).toEqual({ weight, length, width: height, height: width, mailClass: 'ALL_OUTBOUND', mailingDate }); // prettier-ignore
      const { packageDescription: _, pricingOptions, ...places } = printed;
      expect(asked).toMatchObject(places);
      expect(asked.pricingOptions[0].priceType).toBe(pricingOptions[0].priceType);
      const known = new Set([...Object.keys(printed.packageDescription), ...Object.keys(sampleOf('shipping-options.parcel-select.request.json').packageDescription)]); // prettier-ignore
      expect(Object.keys(asked.packageDescription).filter((key) => !known.has(key))).toEqual([]);
    });

    test('include the cheapest rate of each mail class for own packaging', async () => {
      // Recorded for retail prices only; commercial prices have the same format.
      const recorded = textOf('shipping-options.domestic.all-retail.response.json');
      replay.when('POST', paths.options, {
        body: JSON.parse(recorded.replaceAll('"RETAIL"', '"COMMERCIAL"')),
      });
      const { offers, failures } = good<Quote>(await quote());
      expect(failures).toEqual([]);
      const bare = JSON.parse(recorded).pricingOptions[0].shippingOptions as Loose[];
      for (const offer of offers) {
        const options = bare.find((each) => each.mailClass === offer.service.code).rateOptions as Loose[];
        const own = options.filter(
          ({ rates: [rate] }) =>
            /^(SP|PA|DR|DN|OS|CP)$/.test(rate.rateIndicator) &&
            /^(MACHINABLE|NONSTANDARD)$/.test(rate.processingCategory) &&
            rate.destinationEntryFacilityType === 'NONE',
        );
        const cheapest = Math.min(...own.map((each) => each.totalBasePrice));
        expect(offer).toMatchObject({
          carrier: 'USPS',
          price: { amount: cheapest.toFixed(2), currencyCode: 'USD' },
          zone: '08',
          priceType: 'COMMERCIAL',
        });
        expect(offer.service.name).not.toMatch(/[<&]/);
        expect(offer.estimatedDays).toBeGreaterThan(0);
        expect(offer.estimatedDeliveryDate).toMatch(/^2025-0[56]-\d\d$/);
      }
      const found = offers.map(({ service, price, guaranteed }) => [service.code, price.amount, guaranteed]);
      expect(found).toEqual([
        ['PRIORITY_MAIL_EXPRESS', '457.30', true],
        ['PRIORITY_MAIL', '184.00', false],
        ['USPS_GROUND_ADVANTAGE', '151.85', false],
      ]);
    });

    test('the document’s parcel abroad is offered although it is printed as flats, and one that returns by its product', async () => {
      const { components } = parse(readContract('usps/openapi/shipping-options.yaml'));
      const answerOf = (name: string) => {
        const text = JSON.stringify(components.examples[name].value);
        replay.when('POST', paths.options, {
          body: JSON.parse(text.replaceAll('"CONTRACT"', '"COMMERCIAL"')),
        });
      };
      const { carrier } = open();
      const insured = { insuredValue: { amount: '100.00', currencyCode: 'USD' } };
      const abroad = { ...request, to: { country: 'CA', postalCode: 'K1A 0A9' } };
      answerOf('InternationalOptionsExample');
      const answers = await carrier.quote([abroad, { ...abroad, options: insured }], call);
      const [plain, more] = answers.map((each) => good(each).offers);
      const service = {
        code: 'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
        name: 'Priority Mail Express International',
      };
      expect(plain).toMatchObject([{ service, price: { amount: '65.64' }, guaranteed: false }]);
      expect(more).toMatchObject([{ service, price: { amount: '85.79' } }]);
      answerOf('DomesticReturnOptionsExample');
      const [back] = await carrier.quote([{ ...request, options: { isReturn: true } }], call);
      expect(good(back).offers).toMatchObject([
        {
          service: {
            code: 'USPS_GROUND_ADVANTAGE',
            name: 'USPS Ground Advantage Return',
            providerCode: 'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
          },
          price: { amount: '4.65' },
        },
      ]);
    });

    test('an answer without the price type that was asked for is never an empty list without a reason', async () => {
      replay.when('POST', paths.options, {
        body: sampleOf('shipping-options.domestic.all-retail.response.json'),
      });
      expect(await failure(await quote())).toMatchObject({ code: 'REJECTED', refused: true });
    });

    test('offer nothing where they hold a class for bulk mailers alone', async () => {
      replay.when('POST', paths.options, { body: sampleOf('shipping-options.parcel-select.response.json') });
      expect(await failure(await quote())).toMatchObject({ code: 'REJECTED', refused: true });
    });
  });

  test('every sample is used or excused with a reason', () => samples.expectAll());
});
