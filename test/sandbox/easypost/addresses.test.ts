import { describe, expect, test } from 'vitest';
import { call, invalidAddress, redondoBeach, sanFrancisco, setUpEasyPost } from './easypost-api.ts';

setUpEasyPost();

describe('an address', () => {
  const create = (address: object, flags: object = {}) =>
    call('POST', '/v2/addresses', { address, ...flags });
  const success = { success: true, errors: [] };
  const failure = {
    success: false,
    errors: [
      { code: 'E.ADDRESS.NOT_FOUND', field: 'address', message: 'Address not found', suggestion: null },
    ],
  };

  test('is stored unchanged without a flag', async () => {
    const { status, headers, body } = await create(invalidAddress);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v2/addresses/${body.id}`);
    expect(body).toMatchObject({
      ...invalidAddress,
      name: null,
      street2: null,
      residential: null,
      verifications: {},
    });
    expect(body.created_at).toBe('2025-03-07T16:46:17+00:00');
    expect((await call('GET', `/v2/addresses/${body.id}`)).body).toEqual(body);
  });

  test('is returned corrected, in upper case and with ZIP+4, if it is valid', async () => {
    for (const flags of [
      { verify: true },
      { verify: ['delivery'] },
      { verify: [true] },
      { verify_strict: true },
    ]) {
      const { status, body } = await create(sanFrancisco, flags);
      expect(status).toBe(201);
      expect(body).toMatchObject({
        name: 'JACK SPARROW',
        street1: '388 TOWNSEND ST APT 20',
        street2: '',
        zip: '94107-1670',
        residential: true,
        verifications: {
          zip4: { ...success, details: null },
          delivery: {
            ...success,
            details: { latitude: 37.77551, longitude: -122.39697, time_zone: 'America/Los_Angeles' },
          },
        },
      });
    }
  });

  test('is not found with a ZIP of another state', async () => {
    const washington = { street1: '1600 Pennsylvania Ave NW', city: 'Washington', state: 'DC' };
    for (const [zip, found] of [
      ['20500', true],
      ['94107', false],
    ] as const) {
      const { body } = await create({ ...washington, zip, country: 'US' }, { verify: true });
      expect(body.verifications.delivery).toMatchObject({ success: found });
    }
  });

  test('is stored with its errors if it is invalid, and refused with `verify_strict`', async () => {
    const lenient = await create(invalidAddress, { verify: true });
    expect(lenient.status).toBe(201);
    expect(lenient.body).toMatchObject({
      street1: '000 unknown street',
      verifications: { zip4: { ...failure, details: null }, delivery: { ...failure, details: {} } },
    });
    const strict = await create(invalidAddress, { verify_strict: true });
    expect(strict.status).toBe(422);
    expect(strict.body.error).toMatchObject({
      code: 'ADDRESS.VERIFY.FAILURE',
      message: 'Unable to verify address.',
      errors: failure.errors,
    });
  });

  test('is verified successfully by a carrier even with errors', async () => {
    const { status, body } = await create(invalidAddress, { verify: true, verify_carrier: 'UPS' });
    expect(status).toBe(201);
    expect(body.street1).toBe('000 UNKNOWN STREET');
    expect(body.verifications).toMatchObject({
      delivery: { success: true, errors: failure.errors, details: { latitude: null } },
      verify_carrier: 'ups',
    });
  });

  test('can be valid with a warning', async () => {
    const floor = {
      street1: '417 montgomery street',
      street2: 'FL 5',
      city: 'San Francisco',
      state: 'CA',
      zip: '94104',
    };
    const { body } = await create(floor, { verify: true });
    expect(body.street1).toBe('417 MONTGOMERY ST FL 5');
    expect(body.verifications.delivery).toMatchObject({
      success: true,
      errors: [{ code: 'E.SECONDARY_INFORMATION.INVALID' }],
    });
    const noApartment = await create({ ...sanFrancisco, street2: null }, { verify: true });
    expect(noApartment.body.verifications.delivery).toMatchObject({
      success: true,
      errors: [{ code: 'E.SECONDARY_INFORMATION.MISSING' }],
    });
  });

  test('is not found without a house number, which is an error of its own', async () => {
    const { body } = await create({ ...redondoBeach, street1: 'Harbor Drive' });
    const verified = await call('GET', `/v2/addresses/${body.id}/verify`);
    expect(verified.status).toBe(422);
    expect(verified.body.error.errors.map(({ code }) => code)).toEqual([
      'E.ADDRESS.NOT_FOUND',
      'E.HOUSE_NUMBER.MISSING',
    ]);
  });

  test('is verified into a new address, in a wrapper', async () => {
    const { body } = await create(redondoBeach);
    const verified = await call('GET', `/v2/addresses/${body.id}/verify`);
    expect(verified.status).toBe(200);
    expect(verified.body.address).toMatchObject({
      street1: '179 N HARBOR DR',
      zip: '90277-2506',
      residential: false,
    });
    expect(verified.body.address.id).not.toBe(body.id);
    const created = await call('POST', '/v2/addresses/create_and_verify', { address: invalidAddress });
    expect([created.status, created.body.error.code]).toEqual([422, 'ADDRESS.VERIFY.FAILURE']);
  });

  test('is verified if it is plausible, always with the same result', async () => {
    const address = { street1: '1600 Pennsylvania Avenue', city: 'Washington', state: 'DC', zip: '20500' };
    const [first, second] = [
      await create(address, { verify: true }),
      await create(address, { verify: true }),
    ];
    expect(first.body.street1).toBe('1600 PENNSYLVANIA AVE');
    expect(first.body.zip).toMatch(/^20500-\d{4}$/);
    expect(second.body.zip).toBe(first.body.zip);
  });
});
