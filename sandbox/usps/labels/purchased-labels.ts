import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import type { Parcel } from '../tracking/tracking-simulation.ts';
import type { Drawing } from './label-response.ts';
import type { Role } from '../payments/payment-roles.ts';
import { momentAt } from '../addresses/places.ts';
import { businessError, envelope } from '../errors.ts';
import { openApiError } from '../validation.ts';
import type { UspsState } from '../state.ts';

/** A purchased label, as the store keeps it. */
export interface Label {
  trackingNumber: string;
  kind: 'outbound' | 'return' | 'international';
  status: 'CREATED' | 'CANCELED' | 'DISPUTED';
  /** Postage, fees and extra services in dollars, as text. */
  amount: string;
  crid: string;
  mid: string;
  manifestMid: string;
  created: number;
  mailingDate: string;
  /** The ZIP Code where the parcel enters the mail: the mailer's or that of the drop-ship facility. */
  origin: string;
  /** The type of the drop-ship facility, or `NONE`. */
  facility: string;
  /** Codes of the extra services. */
  services: number[];
  parcelLocker: boolean;
  /** When it enters the Shipping Services File; it cannot be canceled from then on. */
  manifested: number;
  idempotencyKey?: string | undefined;
  disputeId?: string;
  disputedOn?: string;
  /** The number of its SCAN form. */
  scanForm?: string;
  /** The number of reprints. */
  reprints?: number;
  /** Whether it has a customs form, which only some image types support. */
  customs: boolean;
  /** The unmodified request body, which a repeated request under the same key must equal. */
  request: unknown;
  metadata: object;
  /** Prepaid duties, taxes and fees of an international label. */
  duties?: object | undefined;
  drawing: Drawing;
}

/** Finds a label by its tracking number. */
export const labelOf = (state: UspsState, trackingNumber: string) =>
  state.store.get<Label>('usps.label', trackingNumber);

const quarterHour = 15 * 60_000;

/** The idempotency key of a request; undefined without one. Throws when it is no UUID. */
export function idempotencyKey(version: string, request: FastifyRequest): string | undefined {
  const key = request.headers['x-idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key)) return key;
  throw openApiError(version, [
    `ERROR - [Parameter 'X-Idempotency-Key'] Input string "${String(key)}" is not a valid UUID: []`,
  ]);
}

/** The idempotency key of a request that identifies its label by nothing else. Throws when it is missing. */
export function requiredKey(version: string, path: string, request: FastifyRequest): string {
  const key = idempotencyKey(version, request);
  if (key !== undefined) return key;
  throw openApiError(version, [
    `ERROR - Header parameter 'X-Idempotency-Key' is required on path '${path}' but not found in request.: []`,
  ]);
}

const idempotencyId = (owner: Role, key: string) => `${owner.CRID} ${key.toLowerCase()}`;

/** Finds the label bought under an idempotency key; keys are unique for each CRID. */
export function labelOfKey(state: UspsState, owner: Role, key: string): Label | undefined {
  const stored = state.store.get<{ trackingNumber: string }>('usps.idempotency', idempotencyId(owner, key));
  return stored && labelOf(state, stored.trackingNumber);
}

/**
 * Returns the label that an equal request bought under the same idempotency key, or buys it now. Synchronous from the
 * lookup of the key until the label is stored, so that concurrent requests with one key buy one label.
 */
export function purchaseOnce(
  state: UspsState,
  version: string,
  owner: Role,
  request: FastifyRequest,
  kind: Label['kind'],
  purchase: (key: string | undefined) => { label: Label; parcel: Parcel },
): Label {
  const key = idempotencyKey(version, request);
  const earlier = key === undefined ? undefined : labelOfKey(state, owner, key);
  if (earlier !== undefined && (earlier.kind !== kind || !isDeepStrictEqual(earlier.request, request.body))) {
    // Guess: another payload under a used key is undocumented.
    throw envelope(version, 400, 'The X-Idempotency-Key was already used with a different request payload.');
  }
  if (earlier !== undefined) return earlier;
  const { label, parcel } = purchase(key);
  const { store } = state;
  store.put('usps.label', label.trackingNumber, label);
  if (key !== undefined) {
    store.put('usps.idempotency', idempotencyId(owner, key), { trackingNumber: label.trackingNumber });
  }
  store.put<Parcel>('usps.parcel', parcel.trackingNumber, parcel);
  return label;
}

/** 00:30 Central Time on the day after mailing, or 15 minutes after purchase with `immediateManifest`. */
export function manifestTime(mailingDate: string, created: number, immediate: boolean | undefined): number {
  if (immediate === true) return created + quarterHour;
  const next = new Date(Date.parse(`${mailingDate}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return momentAt(next, '00:30:00', 'America/Chicago');
}

/** Adds a label to a SCAN form. The label is manifested 15 minutes later, or at its own time if that is sooner. */
export function addToScanForm(state: UspsState, label: Label, scanForm: string) {
  const manifested = Math.min(label.manifested, state.clock.now() + quarterHour);
  state.store.put<Label>('usps.label', label.trackingNumber, { ...label, scanForm, manifested });
}

/** Cancels a label without a charge before it is manifested; afterwards opens a dispute, whose outcome is not reported. */
export function cancelLabel(state: UspsState, version: string, owner: Role, label: Label | undefined) {
  const error = (code: string, detail: string) => businessError(version, code, detail, 'trackingNumber');
  const { clock, store, switches } = state;
  if (label === undefined || label.crid !== owner.CRID) throw error('160185', 'Order not found');
  if (label.kind === 'return') throw error('160187', 'Return label orders cannot be canceled');
  if (label.status === 'CANCELED') throw error('160186', 'Order already canceled');
  // Documented: once manifested, a label in a SCAN form can be refunded like any other.
  if (label.scanForm !== undefined && clock.now() < label.manifested) {
    throw error('160174', 'Labels associated with a scan form cannot be canceled');
  }
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  if (label.disputedOn === today) {
    throw error('160301', 'A refund request for this order has already been submitted today');
  }
  const { trackingNumber } = label;
  if (clock.now() < label.manifested) {
    store.put<Label>('usps.label', trackingNumber, { ...label, status: 'CANCELED' });
    // The parcel is never accepted.
    const parcel = store.get<Parcel>('usps.parcel', trackingNumber);
    if (parcel !== undefined) {
      store.put<Parcel>('usps.parcel', trackingNumber, { ...parcel, accepted: undefined });
    }
    return { trackingNumber, status: 'CANCELED' };
  }
  if (label.kind === 'international') {
    throw error('160277', 'International labels cannot be refunded after they have been manifested');
  }
  if (switches.cancelManifested === 'error') throw error('160184', 'Order cannot be canceled');
  // One dispute ID for each CRID and day.
  const disputeId = String(100_000 + Date.parse(today) / 86_400_000 + Number(label.crid.slice(-4)));
  store.put<Label>('usps.label', trackingNumber, {
    ...label,
    status: 'DISPUTED',
    disputeId,
    disputedOn: today,
  });
  return { trackingNumber, status: 'DISPUTED', disputeId };
}

/** The next serial number of a label. Starts far from the numbers that tests choose. */
export function nextSerial({ store }: UspsState): number {
  const serial = (store.get<{ serial: number }>('usps.counter', 'label')?.serial ?? 5_000_000) + 1;
  store.put('usps.counter', 'label', { serial });
  return serial;
}
