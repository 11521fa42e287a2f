import { z } from 'zod';

import type { DropOffLocation } from '../../../domain/location.ts';
import type { CallOptions } from '../../adapter.ts';
import type { Usps } from '../client.ts';

const words = z.string().nullish();
const hours = z.object({
  dayOfWeek: z.string(),
  times: z.array(z.object({ openTime: words, closeTime: words })).nullish(),
});
const places = z.object({
  locations: z.array(
    z.object({
      facilityName: words,
      facilityAddress: z
        .object({
          streetAddress: words,
          secondaryAddress: words,
          city: words,
          state: words,
          ZIPCode: words,
          ZIPPlus4: words,
        })
        .nullish(),
      postOfficeType: words,
      distance: z.number().nullish(),
      services: z.array(z.object({ service: words, hours: z.array(hours).nullish() })).nullish(),
    }),
  ),
});
type Place = z.infer<typeof places>['locations'][number];

/**
 * Post offices near a ZIP code. USPS's own `dropoff-locations` are plants where bulk mailers enter their pallets, which
 * is not what a person with a parcel means.
 */
export const findLocations =
  (usps: Usps) =>
  async (postalCode: string, radiusMiles: number, call: CallOptions): Promise<DropOffLocation[]> => {
    const query = {
      ZIPCode: postalCode.slice(0, 5),
      radius: String(Math.min(100, Math.ceil(radiusMiles))),
      limit: '50',
    };
    const request = { api: 'locations', path: '/locations/v3/post-office-locations', query } as const;
    const answer = await usps.ask(places, request, call.signal, {
      ZIPCode: ['postalCode'],
      radius: ['radiusMiles'],
    });
    return answer.locations.map(fromPlace);
  };

function fromPlace({
  facilityName,
  facilityAddress,
  postOfficeType,
  distance,
  services,
}: Place): DropOffLocation {
  const address = facilityAddress ?? {};
  // The lobby is where parcels are handed over; other counters keep hours of their own.
  const open = services?.find((each) => /LOBBY|BUSINESS|RETAIL/i.test(each.service ?? '')) ?? services?.[0];
  return {
    name: facilityName ?? 'Post office',
    address: {
      street1: address.streetAddress,
      street2: address.secondaryAddress || undefined,
      city: address.city,
      state: address.state,
      postalCode: [address.ZIPCode, address.ZIPPlus4].filter(Boolean).join('-') || undefined,
      country: 'US',
    },
    kind: postOfficeType ?? 'POST_OFFICE',
    hours: (open?.hours ?? []).map(fromHours),
    distanceMiles: distance ?? undefined,
  };
}

/** "MONDAY 08:00-17:00", and "closed" where no times are given. */
function fromHours({ dayOfWeek, times }: z.infer<typeof hours>): string {
  const clock = (time: string | null | undefined) => (time ?? '').replace(/^(\d{2})(\d{2})$/, '$1:$2');
  const spans = (times ?? []).map(({ openTime, closeTime }) => `${clock(openTime)}-${clock(closeTime)}`);
  return `${dayOfWeek} ${spans.join(', ') || 'closed'}`;
}
