import { describe, expect, it } from 'vitest';

import type { UserError } from '../../src/domain/errors.ts';
import { validateManifest } from '../../src/domain/manifest.ts';
import { validatePickup } from '../../src/domain/pickup.ts';
import { maxShipments, shareOrigin } from '../../src/domain/shippable-parcel.ts';
import { receiver, sender } from '../support/test-server.ts';

describe('the shipments of a pickup or manifest', () => {
  const now = Date.parse('2026-11-18T18:00:00Z');
  const codesOf = (errors: readonly UserError[]) =>
    errors.map(({ code, field }) => `${code} ${field.join('.')}`);
  const errorsOf = (shipmentIds: string[]) => codesOf(validateManifest({ shipmentIds }, ['input']));
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `shipment ${index}`);

  it('are 1 to 1000, each listed once', () => {
    expect(errorsOf(ids(1))).toEqual([]);
    expect(errorsOf(ids(maxShipments))).toEqual([]);
    expect(errorsOf([])).toEqual(['REQUIRED input.shipmentIds']);
    expect(errorsOf(ids(maxShipments + 1))).toEqual(['TOO_MANY input.shipmentIds']);
    expect(errorsOf(['a', 'b', 'a'])).toEqual(['INVALID input.shipmentIds.2']);
    expect(codesOf(validatePickup({ address: sender, date: '2026-11-19', shipmentIds: [] }, now, ['input']))).toEqual(['REQUIRED input.shipmentIds']); // prettier-ignore
  });
});

describe('parcels of one manifest', () => {
  it('share an origin whatever its contact and spelling', () => {
    const sameOrigin = {
      ...sender,
      name: 'Sam',
      city: 'WASHINGTON',
      street2: null,
      postalCode: '20260-0004',
    };
    expect(shareOrigin([{ from: sender }, { from: sameOrigin }])).toBe(true);
    expect(shareOrigin([{ from: sender }, { from: { ...sender, street2: 'Floor 2' } }])).toBe(false);
    expect(shareOrigin([{ from: sender }, { from: receiver }])).toBe(false);
  });
});
