import { describe, expect, it } from 'vitest';

import { createCarrierFinder, trackingUrl } from '../../src/domain/carriers.ts';

describe('a carrier finder', () => {
  it('finds our names, and further names after them', () => {
    const find = createCarrierFinder({ upsdap: 'UPS', usps: 'UPS' });
    expect(['UPS DAP', 'ups', 'USPS', 'FedExDefault'].map(find)).toEqual(['UPS', 'UPS', 'USPS', undefined]);
  });
});

describe('the tracking page of a carrier', () => {
  it('is the page of one number', () => {
    expect(trackingUrl('USPS', '9400111202555842332669')).toBe(
      'https://tools.usps.com/go/TrackConfirmAction?tLabels=9400111202555842332669',
    );
    expect(trackingUrl('UPS', 'A&B')).toBe('https://www.ups.com/track?tracknum=A%26B');
  });

  it('is undefined for a carrier that is unknown or has none', () => {
    for (const carrier of [undefined, 'Veho', 'constructor'])
      expect(trackingUrl(carrier, '1')).toBeUndefined();
  });
});
