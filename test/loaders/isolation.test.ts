import fc from 'fast-check';
import { expect, it } from 'vitest';

import { uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import { ProviderError } from '../../src/domain/errors.ts';
import type { RateRequest } from '../../src/domain/rate.ts';
import { box, receiver, sender } from '../support/test-server.ts';
import { systemClock } from '../../src/domain/clock.ts';
import { createDeadline } from '../../src/transport/deadline.ts';
import { clientOf, openTenants } from './tenants.ts';

const tenantCount = 50;

/** What every tenant may ask, in three variants. A number belongs to the tenant of its index. */
const questions = [0, 1, 2].map((index) => ({
  trackingNumber: uspsTrackingNumber(index + 1, clientOf(index).mid),
  address: { ...receiver, street1: `${index + 1} Townsend St` },
  rate: {
    from: sender,
    to: receiver,
    parcels: [{ ...box, weight: { value: index + 1, unit: 'POUND' } }],
    shipDate: '2026-11-18',
  } as RateRequest,
}));

const paths = {
  track: /^\/tracking\//,
  verify: /^\/addresses\/v3\/address$/,
  quote: /^\/shipments\//,
} as const;
type Kind = keyof typeof paths;

const anyAsked = fc.array(
  fc.record({
    tenant: fc.nat({ max: tenantCount - 1 }),
    kind: fc.constantFrom<Kind>('track', 'verify', 'quote'),
    index: fc.nat({ max: questions.length - 1 }),
  }),
  { minLength: 100, maxLength: 300, size: 'max' },
);

it('equal questions of 50 tenants share neither a call nor an answer', async () => {
  const { emulator, clock, callers, loadersOf, close } = await openTenants(tenantCount);
  for (const { trackingNumber } of questions) emulator.parcel({ trackingNumber });

  const ask = async ({ tenant, kind, index }: { tenant: number; kind: Kind; index: number }) => {
    const loaders = loadersOf(callers[tenant]!);
    const account = callers[tenant]!.accounts[0]!;
    const { trackingNumber, address, rate } = questions[index]!;
    if (kind === 'verify') return loaders.verification(account).load(address);
    const deadline = createDeadline(60_000, systemClock);
    if (kind === 'quote') return loaders.quote(account).load({ request: rate, deadline });
    const { tracking, failure } = await loaders.tracker.load({ parcel: { trackingNumber, carrier: 'USPS' } });
    // Only the tenant whose number it is may see it.
    expect(tracking?.status ?? failure?.error.code).toBe(
      tenant === index ? 'ACCEPTED' : 'ACCOUNT_NOT_AUTHORIZED',
    );
    return tracking ?? failure;
  };

  await fc.assert(
    fc.asyncProperty(anyAsked, async (asked) => {
      // Quotes of the run before have expired.
      clock.advance(60 * 60_000);
      emulator.calls.length = 0;
      const answers = await Promise.all(asked.map(ask));

      const tenantsOf = new Map<unknown, Set<number>>();
      answers.forEach((answer, position) => {
        expect(answer).not.toBeInstanceOf(ProviderError);
        tenantsOf.set(answer, (tenantsOf.get(answer) ?? new Set()).add(asked[position]!.tenant));
      });
      expect([...tenantsOf.values()].filter((tenants) => tenants.size > 1)).toEqual([]);

      for (const kind of Object.keys(paths) as Kind[]) {
        const expected = new Map<string, Set<number>>();
        for (const each of asked.filter((one) => one.kind === kind)) {
          const client = clientOf(each.tenant).id;
          expected.set(client, (expected.get(client) ?? new Set()).add(each.index));
        }
        const calls = emulator.calls.filter(({ path }) => paths[kind].test(path));
        const callsOf = new Map([...Map.groupBy(calls, ({ client }) => client!)].map(([client, own]) => [client, own.length])); // prettier-ignore
        // Numbers go out together, whatever else is asked one a call.
        const wanted = new Map(
          [...expected].map(([client, own]) => [client, kind === 'track' ? 1 : own.size]),
        );
        expect(callsOf).toEqual(wanted);
      }
    }),
    // The clock of a run that failed is not that of the next one, so a shorter example would fail for another reason.
    { numRuns: 3, endOnFailure: true },
  );
  await close();
});

const places = ['94102', '94103', '94104', '94105', '94107', '94108', '94109'];

it('a rate card answers the tenant alone that learned it', async () => {
  const anyOrder = fc.array(
    fc.record({ tenant: fc.nat({ max: tenantCount - 1 }), place: fc.constantFrom(...places) }),
    { minLength: 300, maxLength: 400, size: 'max' },
  );
  await fc.assert(
    fc.asyncProperty(anyOrder, async (asked) => {
      const { emulator, callers, loadersOf, close } = await openTenants(tenantCount, { rateCard: {} });
      const deadline = createDeadline(60_000, systemClock);
      for (const { tenant, place: postalCode } of asked) {
        const request = { ...questions[0]!.rate, to: { ...receiver, postalCode } };
        const quote = await loadersOf(callers[tenant]!)
          .quote(callers[tenant]!.accounts[0]!)
          .load({ request, deadline });
        expect(quote.offers.length).toBeGreaterThan(0);
      }
      const placesOf = Map.groupBy(asked, ({ tenant }) => clientOf(tenant).id);
      // Four answers confirm a card; from then on it has the price of every place of the zone.
      const expected = [...placesOf].map(([client, own]) => [
        client,
        Math.min(4, new Set(own.map(({ place }) => place)).size),
      ]);
      const calls = emulator.calls.filter(({ path }) => paths.quote.test(path));
      const made = [...Map.groupBy(calls, ({ client }) => client!)].map(([client, own]) => [client, own.length]); // prettier-ignore
      expect(new Map(made as never)).toEqual(new Map(expected as never));
      await close();
    }),
    { numRuns: 2 },
  );
});
