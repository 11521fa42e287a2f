import { afterAll, beforeAll, expect, test } from 'vitest';
import { openApiClient, type ApiClient } from './usps-api.ts';

let api: ApiClient;
beforeAll(async () => void (api = await openApiClient()));
afterAll(() => api.usps.close());

const url = '/pickup/v3/carrier-pickup';
const order = (streetAddress: string, more: object = {}) => ({
  pickupDate: '2026-05-29',
  pickupAddress: {
    firstName: 'John',
    lastName: 'Smith',
    address: { streetAddress, city: 'Saint Louis', state: 'MO', ZIPCode: '63116' },
    contact: [{ email: 'john@firm.com' }, { phone: '3333333333' }],
  },
  packages: [{ packageType: 'PRIORITY_MAIL', packageCount: 2 }],
  estimatedWeight: 5,
  pickupLocation: { packageLocation: 'FRONT_DOOR' },
  ...more,
});
const book = (streetAddress: string, more: object = {}) =>
  api.request('POST', url, order(streetAddress, more));

test('a known address is eligible for pickups', async () => {
  const at = (streetAddress: string) =>
    api.request('GET', `${url}/eligibility?${new URLSearchParams({ streetAddress, city: 'Saint Louis', state: 'missouri', ZIPCode: '63116' })}`); // prettier-ignore
  const { status, body } = await at('4120 Bingham Ave');
  expect(status).toBe(200);
  expect(body).toEqual({
    pickupAddress: {
      firstName: null,
      lastName: null,
      firm: null,
      address: {
        streetAddress: '4120 BINGHAM AVE',
        secondaryAddress: null,
        city: 'SAINT LOUIS',
        state: 'MO',
        ZIPCode: '63116',
        ZIPPlus4: '2520',
        urbanization: null,
      },
      contact: [{ eMail: null }, { phone: null, extension: null }],
    },
  });
  expect((await at('1 Nowhere St')).code).toBe('010005');
});

test('a pickup response has the shape of the guide or of the document', async () => {
  const { status, headers, body } = await book('10 Elm St');
  expect([status, headers.get('etag')]).toEqual([200, expect.stringMatching(/^"\w+"$/)]);
  expect(body).toMatchObject({
    confirmationNumber: expect.stringMatching(/^WTC\d+$/),
    pickupAddress: { firstName: 'JOHN', contact: [{ email: 'JOHN@FIRM.COM' }, { phone: '3333333333' }] },
    estimatedWeight: '5',
    pickupDate: '2026-05-29',
  });
  expect(body.packages).toHaveLength(7);
  expect(body.packages).toContainEqual({ packageType: 'PRIORITY_MAIL', packageCount: '2' });
  expect(body.packages).toContainEqual({ packageType: 'RETURNS', packageCount: '0' });
  api.usps.switches.pickupResponse = 'document';
  const read = await api.request('GET', `${url}/${body.confirmationNumber}`);
  expect(read.body).toMatchObject([
    {
      confirmationNumber: body.confirmationNumber,
      carrierPickupRequest: { estimatedWeight: 5, packages: [{ packageCount: 2 }] },
    },
  ]);
  api.usps.switches.pickupResponse = 'guide';
});

test('an update and a cancellation require the ETag of the latest version', async () => {
  const booked = await book('20 Elm St');
  const path = `${url}/${booked.body.confirmationNumber}`;
  const first = booked.headers.get('etag')!;
  const change = (tag: string) =>
    api.request(
      'PUT',
      path,
      { pickupDate: '2026-06-01', carrierPickupRequest: order('20 Elm St') },
      { 'if-match': tag },
    );
  expect((await api.request('PUT', path, {})).code).toContain('OASValidation');
  const changed = await change(first);
  expect([changed.status, changed.body.pickupDate]).toEqual([200, '2026-06-01']);
  expect((await change(first)).status).toBe(412);
  const read = await api.request('GET', path);
  const cancel = (tag: string) => api.request('DELETE', path, undefined, { 'if-match': tag });
  expect((await cancel(changed.headers.get('etag')!)).status).toBe(412);
  const tag = read.headers.get('etag')!;
  api.clock.advance(3_600_000);
  expect((await cancel(tag)).status).toBe(412);
  const fresh = (await api.request('GET', path)).headers.get('etag')!;
  const gone = await cancel(fresh);
  expect([gone.status, gone.body]).toEqual([200, '']);
  expect((await api.request('GET', path)).code).toBe('020015');
  expect((await book('20 Elm St')).status).toBe(200);
});

test('invalid days, places and contents fail with the codes of the error workbook', async () => {
  const at = async (more: object) => (await book('30 Elm St', more)).code;
  expect(await at({ pickupDate: '2026-05-27' })).toBe('020016');
  expect(await at({ pickupDate: '2027-06-01' })).toBe('020017');
  expect(await at({ pickupDate: '2026-05-28' })).toBe('020018');
  expect(await at({ pickupDate: '2026-05-31' })).toBe('020018');
  expect(await at({ pickupLocation: { packageLocation: 'OTHER' } })).toBe('020020');
  const long = { packageLocation: 'PORCH', specialInstructions: 'x'.repeat(256) };
  expect(await at({ pickupLocation: long })).toBe('020019');
  expect(await at({ estimatedWeight: 0 })).toBe('020003');
  expect(await at({ packages: undefined })).toContain('OASValidation');
  expect((await book('30 Elm St')).status).toBe(200);
  expect((await book('30 Elm St')).code).toBe('020001');
});

test('a day without pickups becomes the next one with pickups when the request allows it', async () => {
  const sunday = { pickupDate: '2026-05-31', nextAvailablePickup: true };
  expect((await book('40 Elm St', sunday)).body.pickupDate).toBe('2026-06-01');
  const today = { pickupDate: '2026-05-28', nextAvailablePickup: true };
  expect((await book('50 Elm St', today)).body.pickupDate).toBe('2026-05-29');
});
