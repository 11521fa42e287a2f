import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uspsSandboxClient as client } from '../../../sandbox/usps/index.ts';
import { openApiClient, type ApiResponse, type ApiClient } from './usps-api.ts';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

interface Offer {
  totalPrice: number;
  totalBasePrice: number;
  rates: { mailClass: string; rateIndicator: string; zone: string; price: number; priceType: string }[];
  extraServices: { extraService: string; price: number }[];
}
const search = (piece: object, more: object = {}) =>
  api.request('POST', '/shipments/v3/options/search', {
    pricingOptions: [{ priceType: 'COMMERCIAL' }],
    originZIPCode: '60601',
    packageDescription: { weight: 2, length: 10, width: 8, height: 4, mailClass: 'ALL', ...piece },
    ...more,
  });
const home = (piece: object, more: object = {}) => search(piece, { destinationZIPCode: '94105', ...more });
const abroad = (country: string, piece: object = {}, more: object = {}) =>
  search(piece, { destinationCountryCode: country, ...more });
const offers = (answer: ApiResponse): Offer[] =>
  answer.body.pricingOptions[0].shippingOptions.flatMap((each: { rateOptions: Offer[] }) => each.rateOptions);

describe('international shipping options', () => {
  test('include all mail classes, with prices that rise with distance', async () => {
    const prices = await Promise.all(
      ['CA', 'MX', 'GB', 'DE', 'JP', 'AU', 'BR', 'IN', 'TZ'].map(async (country) => {
        const all = offers(await abroad(country));
        expect(new Set(all.map(({ rates }) => rates[0]!.mailClass)).size).toBe(3);
        return all.find(({ rates }) => rates[0]!.rateIndicator === 'SP')!.totalBasePrice;
      }),
    );
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    expect(new Set(prices).size).toBe(prices.length);
  });

  test('include the flat rates into which the package fits', async () => {
    const indicators = async (piece: object) =>
      offers(await abroad('FR', piece)).map(({ rates }) => rates[0]!.rateIndicator);
    const thin = await indicators({ weight: 1, length: 8, width: 5, height: 0.5 });
    expect(thin).toEqual(['SP', 'FE', 'FA', 'FP', 'FS', 'FB', 'PL', 'SP', 'E4', 'E6', 'FP', 'PA']);
    expect(await indicators({ weight: 25, length: 11, width: 11, height: 5 })).toEqual(['SP', 'PA']);
  });

  test('fail for an unknown or domestic country', async () => {
    for (const country of ['XX', 'US', 'PR']) expect((await abroad(country)).code).toBe('030013');
  });
});

describe('extra services of shipping options', () => {
  test('are included in the total price', async () => {
    const all = offers(await home({ extraServices: [930, 925, 922], packageValue: 300 }));
    for (const { totalPrice, totalBasePrice, extraServices, rates } of all) {
      const insurance = /EXPRESS/.test(rates[0]!.mailClass) ? '925' : '930';
      expect(extraServices.map((each) => each.extraService)).toEqual([insurance, '922']);
      expect(totalPrice).toBeCloseTo(totalBasePrice + 4.05 + 9.35, 2);
    }
  });

  test('require a value for insurance, and a mail class that has them', async () => {
    expect((await home({ extraServices: [931] })).code).toBe('030024');
    expect((await abroad('CA', { extraServices: [930] })).code).toBe('030024');
    expect((await home({ extraServices: [991], mailClass: 'PRIORITY_MAIL' })).code).toBe('160155');
    expect((await home({ extraServices: [921] }, { destinationZIPCode: '09499' })).code).toBe('160157');
    const some = offers(await home({ extraServices: [991] }));
    expect(
      some
        .filter((each) => each.extraServices.some(({ extraService }) => extraService === '991'))
        .every(({ rates }) => /EXPRESS/.test(rates[0]!.mailClass)),
    ).toBe(true);
  });
});

describe('contract prices', () => {
  const pricingOptions = [
    { priceType: 'CONTRACT', paymentAccount: { accountType: 'EPS', accountNumber: client.accountNumber } },
  ];

  test('require an account with a contract', async () => {
    const all = offers(await home({}, { pricingOptions }));
    expect(new Set(all.map(({ rates }) => rates[0]!.priceType))).toEqual(new Set(['CONTRACT']));
    const { contractAccount: _, ...without } = client;
    const poor = await openApiClient({ clients: [without] });
    const refused = await poor.request('POST', '/shipments/v3/options/search', {
      pricingOptions,
      originZIPCode: '60601',
      destinationZIPCode: '94105',
      packageDescription: { weight: 2, length: 10, width: 8, height: 4, mailClass: 'ALL' },
    });
    expect([refused.status, refused.body.fault.detail.errorcode]).toEqual([
      403,
      'steps.raisefault.RaiseFault',
    ]);
    await poor.usps.close();
  });
});

test('Connect Local has boxes and bags, and is returned only for its own mail class', async () => {
  const piece = { length: 9, width: 6, height: 2 };
  const local = offers(await home({ ...piece, mailClass: 'USPS_CONNECT_LOCAL' }));
  expect(local.map(({ rates }) => rates[0]!.rateIndicator)).toEqual(['LF', 'LS', 'LL', 'LC']);
  const all = offers(await home(piece)).map(({ rates }) => rates[0]!.mailClass);
  expect(all).not.toContain('USPS_CONNECT_LOCAL');
});
