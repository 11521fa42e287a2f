import { createHash } from 'node:crypto';

import { expect, it } from 'vitest';

import type { Context } from '../../src/auth/context.ts';
import { idempotencyKeyOf } from '../../src/resolvers/idempotency-key.ts';

const context = { caller: { tenant: { id: 'acme', name: 'Acme' }, accounts: [] } } as unknown as Context;
const inputHash = (input: object) =>
  idempotencyKeyOf('shipmentPurchase', { idempotencyKey: 'key', ...input }, context).inputHash;

it('an input is known by its content, whatever the order of its fields and what of it is null', () => {
  const input = { rateId: 'rate', label: { format: 'ZPL' }, from: { phone: '1', email: '2' } };
  // Ledgers keep it: what has been bought under a key must be found by later versions too.
  const kept = '{"from":{"email":"2","phone":"1"},"label":{"format":"ZPL"},"rateId":"rate"}';
  expect(inputHash(input)).toBe(createHash('sha256').update(kept).digest('base64url'));
  const from = { name: null, email: '2', phone: '1' };
  expect(inputHash({ from, reference: null, label: { format: 'ZPL' }, rateId: 'rate' })).toBe(
    inputHash(input),
  );
});

it('another content is another input', () => {
  const hashes = [{}, { a: '' }, { a: 0 }, { a: false }, { a: [] }, { a: [null] }, { b: [] }].map(inputHash);
  expect(new Set(hashes).size).toBe(hashes.length);
});
