import { expect } from 'vitest';

import { ProviderError } from '../../../src/domain/errors.ts';
import { call, resultOf } from './requests.ts';
import type { Rules } from './subject.ts';

export const trackingRules: Rules = (rule) => {
  rule('returns one result for each number, in order, a failure in its own slot', async (subject) => {
    const { adapter, numbers } = subject;
    const [first, second] = numbers.known as [string, string];
    const requests = [first, numbers.unknown, second, first].map((trackingNumber) => ({
      trackingNumber,
      carrier: 'USPS',
    }));
    const results = await adapter.track!(requests, call);
    expect(results).toHaveLength(4);
    const unknown = results[1]!;
    expect(unknown instanceof ProviderError ? unknown.code : unknown.status).toMatch(/^(NOT_FOUND|UNKNOWN)$/);
    expect(resultOf(results[0]!).events.length).toBeGreaterThan(0);
    expect(results[3]).toEqual(results[0]);
    expect(resultOf(results[2]!)).not.toEqual(resultOf(results[0]!));
  });

  rule('sorts events newest first, and gives instants with a zone', async ({ adapter, numbers }) => {
    const requests = numbers.known.map((trackingNumber) => ({ trackingNumber }));
    const results = await adapter.track!(requests, call);
    for (const { events } of results.map(resultOf)) {
      const times = events.flatMap((event) => (event.occurredAt ? [Date.parse(event.occurredAt)] : []));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      for (const { occurredAt, occurredAtLocal } of events) {
        if (occurredAt) expect(occurredAt).toMatch(/(Z|[+-]\d\d:\d\d)$/);
        if (occurredAtLocal) expect(occurredAtLocal).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      }
    }
  });
};
