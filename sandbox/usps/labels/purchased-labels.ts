import { isDeepStrictEqual } from 'node:util';
import type { FastifyRequest } from 'fastify';
import type { Parcel } from '../tracking/tracking-simulation.ts';
import type { Drawing } from './label-response.ts';
import type { Role } from '../oauth/payments.ts';
import { momentAt } from '../addresses/places.ts';
import { businessError, envelope, oasError } from '../errors.ts';
import type { UspsState } from '../state.ts';

/** A label that was sold. */
export interface Label {
  trackingNumber: string;
  kind: 'outbound' | 'return' | 'international';
  status: 'CREATED' | 'CANCELED' | 'DISPUTED';
  /** Dollars with fees and extra services, as text. */
  amount: string;
  crid: string;
  mid: string;
  manifestMid: string;
  created: number;
  mailingDate: string;
  /** Where it is entered: the mailer's own ZIP Code or the drop-ship facility's, and of which kind that is. */
  origin: string;
  facility: string;
  /** Codes of its extra services. */
  services: number[];
  parcelLocker: boolean;
  /** When it goes into the Shipping Services File, after which it cannot be cancelled. */
  manifested: number;
  idempotencyKey?: string | undefined;
  disputeId?: string;
  disputedOn?: string;
  /** Number of the SCAN form that it is in. */
  scanForm?: string;
  /** How often it was printed again. */
  reprints?: number;
  /** With a customs form, which only some image types have room for. */
  customs: boolean;
  /** The request as it came, to tell a repeat from another purchase under the same key. */
  request: unknown;
  metadata: object;
  drawing: Drawing;
}

export const labelOf = (world: UspsState, trackingNumber: string) =>
  world.store.get<Label>('usps.label', trackingNumber);

const quarterHour = 15 * 60_000;

export function idempotencyKey(version: string, request: FastifyRequest): string | undefined {
  const key = request.headers['x-idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key)) return key;
  throw oasError(version, [
    `ERROR - [Parameter 'X-Idempotency-Key'] Input string "${String(key)}" is not a valid UUID: []`,
  ]);
}

/** The key of a call that names its label by nothing else. */
export function requiredKey(version: string, path: string, request: FastifyRequest): string {
  const key = idempotencyKey(version, request);
  if (key !== undefined) return key;
  throw oasError(version, [
    `ERROR - Header parameter 'X-Idempotency-Key' is required on path '${path}' but not found in request.: []`,
  ]);
}

const keyId = (owner: Role, key: string) => `${owner.CRID} ${key.toLowerCase()}`;

/** Keys are unique for each CRID. */
export function labelOfKey(world: UspsState, owner: Role, key: string): Label | undefined {
  const kept = world.store.get<{ trackingNumber: string }>('usps.idempotency', keyId(owner, key));
  return kept && labelOf(world, kept.trackingNumber);
}

/**
 * The label that this very request bought already, or the one that it buys now.
 * Nothing waits between looking the key up and keeping the label, so that a key buys once.
 */
export function soldOnce(
  world: UspsState,
  version: string,
  owner: Role,
  request: FastifyRequest,
  kind: Label['kind'],
  sell: (key: string | undefined) => { label: Label; parcel: Parcel },
): Label {
  const key = idempotencyKey(version, request);
  const earlier = key === undefined ? undefined : labelOfKey(world, owner, key);
  if (earlier !== undefined && (earlier.kind !== kind || !isDeepStrictEqual(earlier.request, request.body))) {
    // Guess: nothing is documented for another payload under a used key.
    throw envelope(version, 400, 'The X-Idempotency-Key was already used with a different request payload.');
  }
  if (earlier !== undefined) return earlier;
  const { label, parcel } = sell(key);
  const { store } = world;
  store.put('usps.label', label.trackingNumber, label);
  if (key !== undefined) {
    store.put('usps.idempotency', keyId(owner, key), { trackingNumber: label.trackingNumber });
  }
  store.put<Parcel>('usps.parcel', parcel.trackingNumber, parcel);
  return label;
}

/** 00:30 Central Time after the mailing date, or a quarter of an hour after now where that was asked. */
export function manifestTime(mailingDate: string, created: number, immediate: boolean | undefined): number {
  if (immediate === true) return created + quarterHour;
  const next = new Date(Date.parse(`${mailingDate}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return momentAt(next, '00:30:00', 'America/Chicago');
}

/** A label in a SCAN form is manifested a quarter of an hour later, or at its time if that is sooner. */
export function putIntoForm(world: UspsState, label: Label, scanForm: string) {
  const manifested = Math.min(label.manifested, world.clock.now() + quarterHour);
  world.store.put<Label>('usps.label', label.trackingNumber, { ...label, scanForm, manifested });
}

/** Cancelled without a charge until the manifest; afterwards a refund is asked for, whose outcome is not told. */
export function cancel(world: UspsState, version: string, owner: Role, label: Label | undefined) {
  const refuse = (code: string, detail: string) => businessError(version, code, detail, 'trackingNumber');
  const { clock, store, switches } = world;
  if (label === undefined || label.crid !== owner.CRID) throw refuse('160185', 'Order not found');
  if (label.kind === 'return') throw refuse('160187', 'Return label orders cannot be canceled');
  if (label.status === 'CANCELED') throw refuse('160186', 'Order already canceled');
  // Documented: one in a SCAN form is refunded like any other once it is manifested.
  if (label.scanForm !== undefined && clock.now() < label.manifested) {
    throw refuse('160174', 'Labels associated with a scan form cannot be canceled');
  }
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  if (label.disputedOn === today) {
    throw refuse('160301', 'A refund request for this order has already been submitted today');
  }
  const { trackingNumber } = label;
  if (clock.now() < label.manifested) {
    store.put<Label>('usps.label', trackingNumber, { ...label, status: 'CANCELED' });
    // Its parcel is never handed over.
    const parcel = store.get<Parcel>('usps.parcel', trackingNumber);
    if (parcel !== undefined) {
      store.put<Parcel>('usps.parcel', trackingNumber, { ...parcel, accepted: undefined });
    }
    return { trackingNumber, status: 'CANCELED' };
  }
  if (label.kind === 'international') {
    throw refuse('160277', 'International labels cannot be refunded after they have been manifested');
  }
  if (switches.cancelManifested === 'refuse') throw refuse('160184', 'Order cannot be canceled');
  // One dispute for each CRID and day.
  const disputeId = String(100_000 + Date.parse(today) / 86_400_000 + Number(label.crid.slice(-4)));
  store.put<Label>('usps.label', trackingNumber, {
    ...label,
    status: 'DISPUTED',
    disputeId,
    disputedOn: today,
  });
  return { trackingNumber, status: 'DISPUTED', disputeId };
}

/** Serials of sold labels, far from those that tests choose. */
export function nextSerial({ store }: UspsState): number {
  const serial = (store.get<{ serial: number }>('usps.counter', 'label')?.serial ?? 5_000_000) + 1;
  store.put('usps.counter', 'label', { serial });
  return serial;
}
