import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Tracking, TrackingEvent, TrackingStatus } from '../../src/domain/tracking.ts';
import { differs, isSame, mergeTracking, type ReceivedTracking } from '../../src/domain/tracking-merge.ts';

const hour = 60 * 60 * 1000;
const noon = Date.parse('2026-11-18T12:00:00Z');
const scan = (
  hours: number,
  status: TrackingStatus = 'IN_TRANSIT',
  description = `scan ${hours}`,
): TrackingEvent => ({
  status,
  description,
  carrierCode: 'T1',
  occurredAt: new Date(noon + hours * hour).toISOString(),
});
/** An answer received so many hours after noon. */
const answer = (
  hours: number,
  events: TrackingEvent[],
  state: Partial<Tracking> = {},
  accountId = 'usps',
): ReceivedTracking => ({
  accountId,
  asOf: noon + hours * hour,
  state: { status: events[0]?.status ?? 'UNKNOWN', events, ...state },
});

describe('an answer about a parcel', () => {
  it('adds its events to those that are known, newest first, each once', () => {
    const known = answer(1, [scan(1), scan(0)]);
    const { state, asOf } = mergeTracking(known, answer(3, [scan(2, 'OUT_FOR_DELIVERY'), scan(1)]));
    expect(state.events).toEqual([scan(2, 'OUT_FOR_DELIVERY'), scan(1), scan(0)]);
    expect([state.status, asOf]).toEqual(['OUT_FOR_DELIVERY', noon + 3 * hour]);
  });

  it('corrects an event of the same time and code', () => {
    const known = answer(1, [scan(1, 'IN_TRANSIT', 'Arrived at Chicago'), scan(0)]);
    const { state } = mergeTracking(known, answer(2, [scan(1, 'IN_TRANSIT', 'Arrived at Detroit')]));
    expect(state.events.map(({ description }) => description)).toEqual(['Arrived at Detroit', 'scan 0']);
  });

  it('does not set the status back where it comes late, or from an outdated copy at the provider', () => {
    const delivered = answer(5, [scan(5, 'DELIVERED'), scan(4)]);
    const outdated = answer(6, [scan(4)]);
    expect(mergeTracking(delivered, answer(4, [scan(4)])).state.status).toBe('DELIVERED');
    expect(mergeTracking(delivered, outdated)).toEqual({ ...delivered, asOf: outdated.asOf });
  });

  it('withdraws an event that the carrier no longer reports a day later', () => {
    const delivered = answer(5, [scan(5, 'DELIVERED'), scan(4)]);
    expect(mergeTracking(delivered, answer(30, [scan(4)])).state.status).toBe('IN_TRANSIT');
  });

  it('does not erase what is known where the provider has no record', () => {
    const known = answer(5, [scan(5)]);
    expect(mergeTracking(known, answer(48, []))).toEqual({ ...known, asOf: noon + 48 * hour });
    expect(mergeTracking(answer(48, []), known).state.status).toBe('IN_TRANSIT');
  });

  it('replaces that of another account, whose words for the same events differ', () => {
    const other = answer(2, [scan(1, 'IN_TRANSIT', 'ARRIVED')], {}, 'easypost');
    expect(mergeTracking(answer(1, [scan(1)]), other)).toEqual(other);
  });

  it('leads to one state, in whatever order and however often answers come', () => {
    const hours = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(hours, fc.infiniteStream(fc.nat()), (scans, random) => {
        const sorted = [...scans].sort((a, b) => a - b);
        // Each answer has the scans until then.
        const answers = sorted.map((_, index) => answer(sorted[index]!, sorted.slice(0, index + 1).reverse().map((at) => scan(at)))); // prettier-ignore
        const mixed = [...answers, ...answers].sort(() => (random.next().value % 2) - 0.5);
        expect(mixed.reduce(mergeTracking)).toEqual(answers.at(-1));
      }),
    );
  });
});

describe('a change that a client sees', () => {
  it('is in anything but the provider’s reference and its time of change', () => {
    const { state } = answer(1, [scan(1)]);
    expect(differs(state, { ...state, reference: 'trk_1', changedAt: '2026-11-18T12:00:00.000Z' })).toBe(
      false,
    );
    expect(differs(state, { ...state, statusText: undefined })).toBe(false);
    expect(differs(state, { ...state, statusText: 'On its way' })).toBe(true);
    expect(differs(state, { ...state, events: [] })).toBe(true);
  });
});

describe('equality as JSON', () => {
  it('is that of what JSON keeps of both values', () => {
    // Few keys and values, so that many pairs are equal or nearly so.
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, 'a', null, true),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.option(tie('value'), { nil: undefined }), { maxKeys: 3 }), // prettier-ignore
      ),
    })).value;
    const kept = (one: unknown) => JSON.parse(JSON.stringify(one)) as unknown;
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(isSame(a, b)).toBe(isDeepStrictEqual(kept(a), kept(b)));
        expect(isSame(a, kept(a))).toBe(true);
        expect(isSame(kept(a), a)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
