import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDesk, type Desk } from './usps-api.ts';

let desk: Desk;
beforeAll(async () => void (desk = await openDesk()));
afterAll(() => desk.usps.close());

const get = (path: string, query: Record<string, string>) =>
  desk.ask('GET', `${path}?${new URLSearchParams(query)}`);

describe('post offices', () => {
  const near = (query: Record<string, string>) => get('/locations/v3/post-office-locations', query);
  const names = async (query: Record<string, string>) =>
    ((await near(query)).body.locations as { facilityName: string }[]).map((each) => each.facilityName);

  test('are found from a ZIP Code, a town, an address or coordinates, the nearest first', async () => {
    expect((await names({ ZIPCode: '10018' }))[0]).toBe('MIDTOWN');
    expect((await names({ city: 'Chicago', state: 'IL' }))[0]).toBe('CARDISS COLLINS');
    expect((await names({ streetAddress: '388 Townsend St', city: 'San Francisco', state: 'CA' }))[0]).toBe(
      'BRYANT STREET',
    );
    expect((await names({ LAT: '38.47', LONG: '-121.44' }))[0]).toBe('PARKWAY');
    const { body } = await near({ ZIPCode: '10018' });
    const distances = body.locations.map((each: { distance: number }) => each.distance);
    expect(distances).toEqual(distances.toSorted((a: number, b: number) => a - b));
    expect(body.locations[0]).toMatchObject({
      distance: 0,
      facilityAddress: { ZIPCode: '10018', ZIPPlus4: '9998' },
      services: expect.arrayContaining([expect.objectContaining({ service: 'PO_BOX' })]),
    });
  });

  test('come in pages, and within a radius', async () => {
    const all = await names({ ZIPCode: '10018' });
    expect(await names({ ZIPCode: '10018', limit: '2', offset: '2' })).toEqual(all.slice(2, 4));
    const { metadata } = (await near({ ZIPCode: '10018', limit: '2', offset: '2' })).body;
    expect(metadata).toMatchObject({ totalCount: all.length, page: 2, limit: 2, offset: 2 });
    expect((await names({ ZIPCode: '10018', radius: '1' })).length).toBeLessThan(all.length);
    expect(await names({ LAT: '45', LONG: '-110' })).toEqual([]);
  });

  test('are asked for in exactly one way', async () => {
    const codeOf = async (query: Record<string, string>) => (await near(query)).code;
    expect(await codeOf({})).toBe('160171');
    expect(await codeOf({ city: 'Chicago' })).toBe('160171');
    expect(await codeOf({ LAT: '1' })).toBe('160171');
    expect(await codeOf({ ZIPCode: '10018', LAT: '1', LONG: '1' })).toBe('160230');
    expect(await codeOf({ city: 'Chicago', state: 'IL', ZIPCode: '60601' })).toBe('160230');
    expect(await codeOf({ streetAddress: '1 Nowhere St', city: 'Chicago', state: 'IL' })).toBe('160033');
    expect(await codeOf({ ZIPCode: '10018', radius: '0' })).toContain('OASValidation');
    expect(await codeOf({ ZIPCode: '10018', pickupService: 'PICKUP_PARCEL_LOCKER' })).toBe('160231');
  });
});

test('drop-off locations are a centre, a delivery unit and a sectional centre', async () => {
  const asked = { destinationZIPCode: '30343', mailClass: 'PARCEL_SELECT' };
  const { body } = await get('/locations/v3/dropoff-locations', asked);
  expect(body.map((each: { destinationZIPCode: string }) => each.destinationZIPCode)).toEqual([
    '303',
    '30343',
    '303',
  ]);
  expect(body[0].facilityAddress.state).toBe('GA');
  expect((await get('/locations/v3/dropoff-locations', { destinationZIPCode: '00000' })).body).toEqual([]);
  const local = await get('/locations/v3/dropoff-locations', { ...asked, mailClass: 'USPS_CONNECT_LOCAL' });
  expect(local.body).toHaveLength(1);
});

test('service standards have ZIP Codes as numbers', async () => {
  const asked = { originZIPCode: '07102', destinationZIPCode: '95823', mailClass: 'PRIORITY_MAIL' };
  const { body } = await get('/service-standards/v3/estimates', {
    ...asked,
    acceptanceDate: '2026-05-28',
    destinationType: 'HOLD_FOR_PICKUP',
  });
  expect(body).toMatchObject([
    {
      mailClass: 'PRIORITY_MAIL',
      acceptanceDateTime: '2026-05-28T12:00:00Z',
      cutOffTime: 1700,
      serviceStandard: 2,
      serviceStandardMessage: '2-Day',
      delivery: {
        holdForPickupLocation: { facilityName: 'PARKWAY', ZIPCode: 95823, closeTimes: { Sunday: '0000' } },
      },
    },
  ]);
  const standards = await get('/service-standards/v3/standards', asked);
  expect(standards.body).toMatchObject([{ originZIPCode: 7102, destinationZIPCode: 95823, days: 2 }]);
  const late = await get('/service-standards/v3/estimates', { ...asked, acceptanceTime: '18:00' });
  expect(late.body[0].effectiveAcceptanceDate).toBe('2026-05-29');
  expect((await get('/service-standards/v3/standards', { ...asked, originZIPCode: '00000' })).code).toBe(
    '040001',
  );
  expect(
    (await get('/service-standards/v3/estimates', { ...asked, acceptanceDate: '2020-01-01' })).code,
  ).toBe('040002');
});

describe('price searches', () => {
  const parcel = {
    originZIPCode: '60601',
    destinationZIPCode: '94105',
    weight: 2,
    length: 10,
    width: 8,
    height: 4,
  };
  const ask = (path: string, more: object) => desk.ask('POST', path, { ...parcel, ...more });

  test('agree with the options', async () => {
    const list = await ask('/prices/v3/base-rates-list/search', {
      mailClasses: ['PRIORITY_MAIL'],
      priceType: 'RETAIL',
    });
    const options = await desk.ask('POST', '/shipments/v3/options/search', {
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

  test('tell a total only where extra services were asked for', async () => {
    const path = '/prices/v3/total-rates/search';
    const asked = await ask(path, { mailClass: 'PRIORITY_MAIL', extraServices: [930], itemValue: 300 });
    const [first] = asked.body.rateOptions;
    expect(first.totalPrice).toBeCloseTo(first.totalBasePrice + 4.05, 2);
    const [all] = (await ask(path, { mailClass: 'PRIORITY_MAIL' })).body.rateOptions;
    expect(all.totalPrice).toBeUndefined();
    expect(all.extraServices.map((each: { extraService: string }) => each.extraService)).not.toContain('930');
  });

  test('price extra services alone', async () => {
    const path = '/prices/v3/extra-service-rates/search';
    const { body } = await desk.ask('POST', path, {
      extraServices: 415,
      mailClass: 'PARCEL_SELECT',
      priceType: 'RETAIL',
    });
    expect(body).toMatchObject([{ extraService: '415', priceType: 'RETAIL', price: 1.25 }]);
  });

  test('go abroad', async () => {
    const { destinationZIPCode: _, ...piece } = { ...parcel, destinationCountryCode: 'CA' };
    const list = await desk.ask('POST', '/international-prices/v3/base-rates-list/search', piece);
    expect(list.body.rateOptions.length).toBeGreaterThan(3);
    const total = await desk.ask('POST', '/international-prices/v3/total-rates/search', {
      ...piece,
      extraServices: [955],
    });
    expect(total.body.rateOptions[0].totalPrice).toBeGreaterThan(total.body.rateOptions[0].totalBasePrice);
    const extra = await desk.ask('POST', '/international-prices/v3/extra-service-rates/search', {
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
        await desk.ask('POST', '/international-prices/v3/base-rates-list/search', {
          ...piece,
          destinationCountryCode: 'US',
        })
      ).status,
    ).toBe(400);
  });
});
