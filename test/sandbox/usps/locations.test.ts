import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiClient, type ApiClient } from './usps-api.ts';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

const get = (path: string, query: Record<string, string>) =>
  api.request('GET', `${path}?${new URLSearchParams(query)}`);

describe('post offices', () => {
  const near = (query: Record<string, string>) => get('/locations/v3/post-office-locations', query);
  const names = async (query: Record<string, string>) =>
    ((await near(query)).body.locations as { facilityName: string }[]).map((each) => each.facilityName);

  test('are found by a ZIP Code, a city, an address or coordinates, nearest first', async () => {
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

  test('are paginated and limited by a radius', async () => {
    const all = await names({ ZIPCode: '10018' });
    expect(await names({ ZIPCode: '10018', limit: '2', offset: '2' })).toEqual(all.slice(2, 4));
    const { metadata } = (await near({ ZIPCode: '10018', limit: '2', offset: '2' })).body;
    expect(metadata).toMatchObject({ totalCount: all.length, page: 2, limit: 2, offset: 2 });
    expect((await names({ ZIPCode: '10018', radius: '1' })).length).toBeLessThan(all.length);
    expect(await names({ LAT: '45', LONG: '-110' })).toEqual([]);
  });

  test('require exactly one kind of place in the query', async () => {
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

test('drop-off locations are a distribution center, a delivery unit and a sectional center', async () => {
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
