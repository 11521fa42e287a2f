import type { Clock } from '../clock.ts';
import type { Store } from '../store.ts';
import type { CarrierAccount } from './carriers/carrier-account.ts';

export type Mode = 'test' | 'production';

/** An API key. Its prefix gives the mode: `EZTK` is test, `EZAK` is production. A user usually has one of each. */
export interface EasyPostKey {
  key: string;
  user: string;
  /** Amount that insures every label by default, such as `50.00`. A purchase opts out with `insurance: 0`. */
  defaultInsurance?: string;
}

/** The user and mode that an object belongs to. An object is visible in its own mode only, even to its own user. */
export interface Owner {
  user: string;
  mode: Mode;
}

/** The authenticated sender of a request. */
export interface Caller extends Owner {
  defaultInsurance: string | null;
}

/**
 * How fast a purchased parcel moves. `recorded`: as in EasyPost's test mode, delivered three minutes after the purchase,
 * with events dated a month before the latest update, so that they move with every update. `lifelike`: the same events
 * at the same intervals, beginning at the purchase.
 */
export type TrackingPace = 'recorded' | 'lifelike';

/** Settings and storage that every part of the emulated EasyPost shares. */
export interface EasyPostState {
  clock: Clock;
  store: Store;
  /** Returns the base URL of the server; empty until it listens. */
  url: () => string;
  /** Default: `recorded` in test mode, `lifelike` in production mode. */
  pace?: TrackingPace;
  /** How many times as fast as a real parcel one of the pace `lifelike` moves. */
  speed: number;
  /** The carrier accounts of every user. */
  accounts: readonly CarrierAccount[];
  /** Carriers that fail to rate at present, with the message of each. */
  failing: Map<string, string>;
  /** Amount in dollars that is added to every price quoted. */
  surcharge: string;
  /** Services whose labels have no tracking number, as letters of USPS. */
  untracked: Set<string>;
  /** Records an event, such as `tracker.created`, and queues it for the owner's webhooks. */
  emit: (owner: Owner, description: string, result: object, previousAttributes?: object) => void;
}
