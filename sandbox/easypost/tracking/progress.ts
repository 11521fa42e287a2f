import { isoTime } from '../dates.ts';

export interface Location {
  city: string | null;
  state: string | null;
  country: string | null;
  zip: string | null;
}

/** The state of a parcel at one moment, with the fields of a tracker. */
export interface Progress {
  status: string;
  status_detail: string | null;
  updated: number;
  signed_by: string | null;
  weight: number | null;
  est_delivery_date: string | null;
  tracking_details: TrackingDetail[];
  carrier_detail: object | null;
}

export interface TrackingDetail {
  object: 'TrackingDetail';
  message: string;
  description: string | null;
  status: string;
  status_detail: string | null;
  datetime: string | null;
  source: string;
  carrier_code: string | null;
  tracking_location: Location & { object: 'TrackingLocation' };
  est_delivery_date: null;
}

/** The progress of a new tracker, before the carrier has responded. */
export const initialProgress = (now: number): Progress => ({
  status: 'unknown',
  status_detail: 'unknown',
  updated: now,
  signed_by: null,
  weight: null,
  est_delivery_date: null,
  tracking_details: [],
  carrier_detail: null,
});

export const trackingLocation = (location: Location | undefined) => ({
  object: 'TrackingLocation' as const,
  ...(location ?? { city: null, state: null, country: null, zip: null }),
});

export const trackingDetail = (event: {
  message: string;
  status: string;
  detail: string | null;
  time: number | null;
  source: string;
  location?: Location;
}): TrackingDetail => ({
  object: 'TrackingDetail',
  message: event.message,
  description: '',
  status: event.status,
  status_detail: event.detail,
  datetime: event.time === null ? null : isoTime(event.time),
  source: event.source,
  carrier_code: '',
  tracking_location: trackingLocation(event.location),
  est_delivery_date: null,
});

export const carrierDetail = (fields: object) => ({
  object: 'CarrierDetail',
  service: null,
  container_type: null,
  est_delivery_date_local: null,
  est_delivery_time_local: null,
  origin_location: null,
  origin_tracking_location: null,
  destination_location: null,
  destination_tracking_location: null,
  guaranteed_delivery_date: null,
  alternate_identifier: null,
  initial_delivery_attempt: null,
  ...fields,
});
