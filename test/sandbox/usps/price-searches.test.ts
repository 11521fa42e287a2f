import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiClient, type ApiClient } from './usps-api.ts';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

describe('price searches', () => {
  const parcel = {
    originZIPCode: '60601',
    destinationZIPCode: '94105',
    weight: 2,
    length: 10,
    width: 8,
    height: 4,
  };
  const ask = (path: string, more: object) => api.request('POST', path, { ...parcel, ...more });

  test('return the prices of the shipping options', async () => {
    const list = await ask('/prices/v3/base-rates-list/search', {
      mailClasses: ['PRIORITY_MAIL'],
      priceType: 'RETAIL',
    });
    const options = await api.request('POST', '/shipments/v3/options/search', {
      pricingOptions: [{ priceType: 'RETAIL' }],
      originZIPCode: '60601',
      destinationZIPCode: '94105',
      packageDescription: { weight: 2, length: 10, width: 8, height: 4, mailClass: 'PRIORITY_MAIL' },
    });
    const totals = (rates: { totalBasePrice: number }[]) => rates.map((each) => each.totalBasePrice);
    expect(totals(list.body.rateOptions)).toEqual(
      totals(options.body.pricingOptions[0].shippingOptions[0].rateOptions),
    );
    const ingredients = {
      processingCategory: 'MACHINABLE',
      rateIndicator: 'SP',
      destinationEntryFacilityType: 'NONE',
    };
    const one = await ask('/prices/v3/base-rates/search', {
      mailClass: 'PRIORITY_MAIL',
      priceType: 'RETAIL',
      ...ingredients,
    });
    expect(totals(list.body.rateOptions)).toContain(one.body.totalBasePrice);
    const none = await ask('/prices/v3/base-rates/search', {
      mailClass: 'PARCEL_SELECT',
      priceType: 'RETAIL',
      ...ingredients,
      processingCategory: 'LETTERS',
      rateIndicator: 'DR',
    });
    expect([none.status, none.body.error.errors]).toEqual([400, []]);
  });

  test('include a total only when extra services are requested', async () => {
    const path = '/prices/v3/total-rates/search';
    const asked = await ask(path, { mailClass: 'PRIORITY_MAIL', extraServices: [930], itemValue: 300 });
    const [first] = asked.body.rateOptions;
    expect(first.totalPrice).toBeCloseTo(first.totalBasePrice + 4.05, 2);
    const [all] = (await ask(path, { mailClass: 'PRIORITY_MAIL' })).body.rateOptions;
    expect(all.totalPrice).toBeUndefined();
    expect(all.extraServices.map((each: { extraService: string }) => each.extraService)).not.toContain('930');
  });

  test('return the prices of extra services alone', async () => {
    const path = '/prices/v3/extra-service-rates/search';
    const { body } = await api.request('POST', path, {
      extraServices: 415,
      mailClass: 'PARCEL_SELECT',
      priceType: 'RETAIL',
    });
    expect(body).toMatchObject([{ extraService: '415', priceType: 'RETAIL', price: 1.25 }]);
  });

  test('return international prices', async () => {
    const { destinationZIPCode: _, ...piece } = { ...parcel, destinationCountryCode: 'CA' };
    const list = await api.request('POST', '/international-prices/v3/base-rates-list/search', piece);
    expect(list.body.rateOptions.length).toBeGreaterThan(3);
    const total = await api.request('POST', '/international-prices/v3/total-rates/search', {
      ...piece,
      extraServices: [955],
    });
    expect(total.body.rateOptions[0].totalPrice).toBeGreaterThan(total.body.rateOptions[0].totalBasePrice);
    const extra = await api.request('POST', '/international-prices/v3/extra-service-rates/search', {
      destinationCountryCode: 'CA',
      mailClass: 'PRIORITY_MAIL_INTERNATIONAL',
      priceType: 'RETAIL',
      rateIndicator: 'SP',
      weight: 2,
      itemValue: '300',
    });
    expect(extra.body.extraServices[0].extraService).toBe(930);
    expect(
      (
        await api.request('POST', '/international-prices/v3/base-rates-list/search', {
          ...piece,
          destinationCountryCode: 'US',
        })
      ).status,
    ).toBe(400);
  });
});
