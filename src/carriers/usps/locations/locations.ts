import { z } from 'zod';

import type { DropOffLocation } from '../../../domain/location.ts';
import type { CallOptions } from '../../adapter.ts';
import type { Usps } from '../client.ts';
import { number, rowsOf, text } from '../values.ts';

const hoursSchema = z.object({
  dayOfWeek: z.string().min(1),
  times: rowsOf(z.object({ openTime: text, closeTime: text })),
});
const addressSchema = z.object({
  streetAddress: text,
  secondaryAddress: text,
  city: text,
  state: text,
  ZIPCode: text,
  ZIPPlus4: text,
});
const postOffice = z.object({
  facilityName: text,
  facilityAddress: addressSchema.nullish().catch(undefined),
  postOfficeType: text,
  distance: number,
  services: rowsOf(z.object({ service: text, hours: rowsOf(hoursSchema) })),
});
const locationsSchema = z.object({ locations: z.array(z.unknown()).transform((rows) => rowsOf(postOffice).parse(rows)) }); // prettier-ignore
type PostOffice = z.infer<typeof postOffice>;

/**
 * Finds post offices near a ZIP code, within up to 100 miles. USPS's `dropoff-locations` are plants where bulk mailers
 * enter pallets, not places that accept single parcels.
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
    const { locations } = await usps.fetchJson(locationsSchema, request, call.signal, {
      ZIPCode: ['postalCode'],
      radius: ['radiusMiles'],
    });
    return locations.map(fromPostOffice);
  };

function fromPostOffice({
  facilityName,
  facilityAddress,
  postOfficeType,
  distance,
  services,
}: PostOffice): DropOffLocation {
  const address: Partial<z.infer<typeof addressSchema>> = facilityAddress ?? {};
  // Parcels are accepted in the lobby; other services have hours of their own.
  const lobby = services.find(({ service }) => /LOBBY|BUSINESS|RETAIL/i.test(service ?? '')) ?? services[0];
  return {
    name: facilityName ?? 'Post office',
    address: {
      street1: address.streetAddress,
      street2: address.secondaryAddress,
      city: address.city,
      state: address.state,
      postalCode: [address.ZIPCode, address.ZIPPlus4].filter(Boolean).join('-') || undefined,
      country: 'US',
    },
    kind: postOfficeType ?? 'POST_OFFICE',
    hours: (lobby?.hours ?? []).map(fromHours),
    distanceMiles: distance,
  };
}

/** Returns the hours of a day, such as "MONDAY 08:00-17:00", or "SUNDAY closed" where USPS lists no times. */
function fromHours({ dayOfWeek, times }: z.infer<typeof hoursSchema>): string {
  const toTime = (digits: string | undefined) => (digits ?? '').replace(/^(\d{2})(\d{2})$/, '$1:$2');
  const spans = times.map(({ openTime, closeTime }) => `${toTime(openTime)}-${toTime(closeTime)}`);
  return `${dayOfWeek} ${spans.join(', ') || 'closed'}`;
}
