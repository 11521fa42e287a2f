import { expect, test } from 'vitest';

import type { Address } from '../../src/domain/address.ts';
import { anyAddress, describeRecordings, fromRecordedAddress } from './easypost-recordings.ts';
import { call, good, type Loose } from './shared.ts';

describeRecordings('recorded address verifications of EasyPost', 'addresses', {}, (recordings) => {
  const verify = async (address: Address) => good((await recordings.adapter.verify([address], call))[0]);

  test.each([
    ['address.create', 'UNVERIFIED'],
    ['address.create.verify-ok', 'VERIFIED'],
    ['address.create.verify-ok-with-secondary-info-warning', 'AMBIGUOUS'],
    ['address.create.verify-array-param', 'UNDELIVERABLE'],
    ['address.create.verify-failed-not-raised', 'UNDELIVERABLE'],
    ['address.create.verify-carrier-ups', 'UNDELIVERABLE'],
    ['address.create-and-verify.ok', 'VERIFIED'],
    ['address.create-and-verify.ok-with-warning', 'AMBIGUOUS'],
  ] as const)('%s is %s', async (name, status) => {
    const sample = recordings.sample(name);
    // The response of create-and-verify wraps the address; ours is created and verified by one plain call.
    const address = sample.response.body.address ?? sample.response.body;
    recordings.replay('POST', '/v2/addresses', sample, address);
    const found = await verify(fromRecordedAddress(sample.request.body.address));
    expect(found.status).toBe(status);
    const errors = address.verifications.delivery?.errors ?? [];
    expect(found.messages.map(({ code, message }) => ({ code, message }))).toEqual(
      errors.map(({ code, message }: Loose) => ({ code, message })),
    );
    if (status === 'UNDELIVERABLE' || status === 'UNVERIFIED') return;
    expect(found.address!.street1).toMatch(/^[A-Z0-9 ]+$/);
    expect(found.address!.postalCode).toMatch(/^\d{5}-\d{4}$/);
    expect(found.latitude).toBeCloseTo(
      status === 'VERIFIED' && /harbor/i.test(found.address!.street1!) ? 33.84 : 37.8,
      0,
    );
  });

  test.each([
    'address.create-and-verify.failure',
    'address.verify.failure',
    'address.verify.failure-input-invalid',
  ])('%s, the refusal of a strict verification, is UNDELIVERABLE', async (name) => {
    const sample = recordings.sample(name);
    recordings.replay('POST', '/v2/addresses', sample);
    const { status, messages } = await verify(anyAddress);
    expect(status).toBe('UNDELIVERABLE');
    expect(messages.map(({ code, message }) => [code, message])).toEqual(
      sample.response.body.error.errors.map((error: Loose) => [error.code, error.message]),
    );
  });

  test('address.verify.ok is VERIFIED, with its address and coordinates', async () => {
    const sample = recordings.sample('address.verify.ok');
    recordings.replay('POST', '/v2/addresses', sample, sample.response.body.address);
    expect(await verify(anyAddress)).toMatchObject({
      status: 'VERIFIED',
      address: { street1: '179 N HARBOR DR', postalCode: '90277-2506', residential: false },
      latitude: 33.8436,
      longitude: -118.39177,
    });
  });
});
