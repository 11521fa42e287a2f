import { z } from 'zod';

import type { Sealer } from './seal.ts';
import type { ParcelNumber } from './tracking.ts';

/** What a signed link to a tracking page permits: to see the journey of one parcel, until it expires. */
export interface TrackingLink {
  readonly tenantId: string;
  readonly parcel: ParcelNumber;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A link is valid for 60 days, longer than parcels travel. */
export const trackingLinkMs = 60 * 24 * 60 * 60 * 1000;

const purpose = 'tracking link';

const schema = z.object({
  tenantId: z.string(),
  parcel: z.object({ trackingNumber: z.string(), carrier: z.string().optional() }),
  expiresAt: z.number(),
});

/** Seals a link into the token of its URL, which reveals neither the number nor the tenant. */
export const sealTrackingLink = (sealer: Sealer, link: TrackingLink): string =>
  sealer.seal(purpose, '', link);

/** Reads a token; undefined where it was altered, or sealed by another server. An expired link is returned. */
export const openTrackingLink = (sealer: Sealer, token: string): TrackingLink | undefined =>
  schema.safeParse(sealer.open(purpose, '', token)).data;
