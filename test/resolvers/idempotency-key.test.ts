import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { Context } from '../../src/auth/context.ts';
import { toIdempotencyKey } from '../../src/resolvers/idempotency-key.ts';

const context = { caller: { tenant: { id: 'acme', name: 'Acme' }, accounts: [] } } as unknown as Context;
const inputHash = (input: object) =>
  toIdempotencyKey('PURCHASE', { idempotencyKey: 'key', ...input }, context).inputHash;

describe('the hash of an input', () => {
  it('depends neither on the order of fields nor on fields that are null', () => {
    const input = { rateId: 'rate', label: { format: 'ZPL' }, from: { phone: '1', email: '2' } };
    const canonical = '{"from":{"email":"2","phone":"1"},"label":{"format":"ZPL"},"rateId":"rate"}';
    expect(inputHash(input)).toBe(createHash('sha256').update(canonical).digest('base64url'));
    const from = { name: null, email: '2', phone: '1' };
    expect(inputHash({ from, reference: null, label: { format: 'ZPL' }, rateId: 'rate' })).toBe(
      inputHash(input),
    );
  });

  it('never changes, since ledgers store it: a purchase must be found by later versions too', () => {
    const input = {
      rateId: 'rate-1',
      label: { format: 'ZPL' },
      reference: null,
      from: { phone: '+1 415 555 0100', name: 'Zoë "Z" O’Neil\n', country: 'US' },
      maxPrice: { currencyCode: 'USD', amount: '7.40' },
      shipmentIds: ['b', null, 'a'],
      nested: { list: [{ b: 1, a: null }], flag: false },
    };
    expect(inputHash(input)).toBe('Tz9nPjjIU_Sqx-_jdRtw6l1NyZnOFMpPLZ_zjkKxvR8');
  });

  it('is that of an input without a default that is given, and equals the hashes that earlier versions stored', () => {
    const input = { idempotencyKey: 'key', rateId: 'rate' };
    const plain = toIdempotencyKey('PURCHASE', input, context);
    for (const label of [{ format: 'PDF' }, {}, { format: null }, null]) {
      const given = toIdempotencyKey('PURCHASE', { ...input, label } as typeof input, context);
      expect(given.inputHash).toBe(plain.inputHash);
      expect(given.fieldHashes).toEqual(plain.fieldHashes);
    }
    const earlier = '{"label":{"format":"PDF"},"rateId":"rate"}';
    expect(plain.equalHashes).toContain(createHash('sha256').update(earlier).digest('base64url'));
    const zpl = toIdempotencyKey('PURCHASE', { ...input, label: { format: 'ZPL' } } as typeof input, context);
    expect([zpl.inputHash, ...zpl.equalHashes!]).not.toContain(plain.inputHash);
  });

  it('differs between inputs of different content', () => {
    const hashes = [{}, { a: '' }, { a: 0 }, { a: false }, { a: [] }, { a: [null] }, { b: [] }].map(
      inputHash,
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
