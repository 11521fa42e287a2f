import { describe, expect, it } from 'vitest';

import { call, offerOf, openAdapter, rateRequest as request, resultOf } from '../open-adapter.ts';

describe('transit times of EasyPost', () => {
  it('are fetched by one call for each shipment, for all its rates', async () => {
    const { adapter, emulator } = await openAdapter();
    const [first, second] = (await adapter.quote!([request, request], call)).map(resultOf);
    const providerRefs = [...first!.offers, ...second!.offers].map(({ providerRef }) => providerRef);
    const results = await adapter.transitTimes!([...providerRefs, { order: 'order_1' }], call);
    expect(emulator.count('GET', /\/smartrate$/)).toBe(2);
    expect(results).toHaveLength(providerRefs.length + 1);
    expect(results.at(-1)).toBeUndefined();
    const priority = first!.offers.indexOf(offerOf(first!, 'PRIORITY_MAIL'));
    const days = first!.offers[priority]!.estimatedDays!;
    expect(results[priority]).toEqual({
      percentile50: days,
      percentile75: days,
      percentile85: days,
      percentile90: days + 1,
      percentile95: days + 1,
      percentile97: days + 1,
      percentile99: days + 2,
    });
    emulator.injectFault({
      path: /\/smartrate$/,
      response: { status: 422, body: { error: { code: 'SMARTRATE.INVALID_PARAMS', message: 'no' } } },
    });
    expect(await adapter.transitTimes!(providerRefs.slice(0, 1), call)).toMatchObject([
      { code: 'REJECTED', providerCode: 'SMARTRATE.INVALID_PARAMS' },
    ]);
  });
});
