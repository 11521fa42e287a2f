import { ProviderError } from '../../../domain/errors.ts';
import { parcelNumber } from '../../../domain/tracking.ts';
import type { TrackingUpdate } from '../../webhooks.ts';
import { fromTracker, trackerSchema } from './tracking.ts';

/** Maps a tracker of a webhook event or a list. Undefined where there is none, or EasyPost can't track its number. */
export function toTrackingUpdate(value: unknown): TrackingUpdate | 'unreadable' | undefined {
  if (value === null || value === undefined) return undefined;
  const parsed = trackerSchema.safeParse(value);
  if (!parsed.success) return 'unreadable';
  try {
    const tracking = fromTracker(parsed.data);
    const { tracking_code, shipment_id } = parsed.data;
    return {
      parcel: parcelNumber(tracking_code, tracking.carrier),
      tracking,
      label: shipment_id ? { reference: shipment_id, trackingNumber: tracking_code } : undefined,
    };
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
