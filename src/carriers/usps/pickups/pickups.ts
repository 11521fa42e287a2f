import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { Address } from '../../../domain/address.ts';
import { addDays } from '../../../domain/calendar.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { totalWeight, type ShippableParcel, type ScheduledPickup } from '../../../domain/handover.ts';
import { money } from '../../../domain/money.ts';
import type { Response } from '../../../transport/http.ts';
import type { CallOptions, PickupApi, PickupRequest } from '../../adapter.ts';
import { isOk, read, type Usps } from '../client.ts';
import { failureOf } from '../errors.ts';
import { toLabelAddress } from '../labels/label-address.ts';
import { atHome } from '../rates/direction.ts';

const path = '/pickup/v3/carrier-pickup';
const eligible = z.object({ pickupAddress: z.object({}) });
/** The document wraps the echo and the guide does not; number and day lie at the top of both. */
const confirmed = z.object({
  confirmationNumber: z.string().min(1),
  // Without it the number is still worth keeping: nothing else finds the pickup again.
  pickupDate: z.iso.date().optional().catch(undefined),
});
const preparedRequest = z.object({ body: z.string(), date: z.string() });
const ticketSchema = z.object({
  confirmationNumber: z.string(),
  etag: z.string().optional(),
  /** When the tag came, epoch milliseconds. */
  taggedAt: z.number(),
});

/** A tag is good for one hour, or until it is used. */
const tagLifetimeMs = 60 * 60 * 1000;

/**
 * Pickups at the door, for free. There is no `recall`: a pickup is found by its confirmation number alone, which a
 * lost answer took along, and no key tells an order sent again. Sending it again is no way to ask: where nothing was
 * booked it would book, and where 020001 says that the address has a pickup, that may be anybody's.
 */
export function createPickupApi(usps: Usps): PickupApi {
  return {
    async prepare(order, call) {
      const json = toPickupRequest(order, usps.clock.now());
      const request = {
        api: 'pickup',
        path: `${path}/eligibility`,
        query: json.pickupAddress.address,
      } as const;
      await usps.ask(eligible, request, call.signal, fields);
      return { attemptId: randomUUID(), request: { body: JSON.stringify(json), date: order.date } };
    },
    async perform(prepared, call) {
      const { body, date } = preparedRequest.parse(prepared.request);
      const headers = { 'content-type': 'application/json' };
      const answer = await usps.send({ api: 'pickup', method: 'POST', path, body, headers }, call.signal);
      if (!isOk(answer)) throw failureOf(answer, usps.clock.now(), fields);
      return fromConfirmation(answer, date, usps.clock.now());
    },
    cancel: (scheduled, call) => cancel(usps, scheduled, call),
  };
}

function fromConfirmation(answer: Response, asked: string, now: number): ScheduledPickup {
  const { confirmationNumber, pickupDate } = read(confirmed, answer, 'a pickup');
  return {
    confirmation: confirmationNumber,
    date: pickupDate ?? asked,
    price: money(0),
    providerRef: { confirmationNumber, etag: tagOf(answer), taggedAt: now } satisfies z.infer<
      typeof ticketSchema
    >,
  };
}

async function cancel(usps: Usps, { providerRef }: ScheduledPickup, call: CallOptions): Promise<void> {
  const { confirmationNumber, etag, taggedAt } = ticketSchema.parse(providerRef);
  const one = `${path}/${encodeURIComponent(confirmationNumber)}`;
  const ask = (method: 'GET' | 'DELETE', headers?: Record<string, string>) =>
    usps.send({ api: 'pickup', method, path: one, headers, repeatable: true }, call.signal);
  let tag = usps.clock.now() < taggedAt + tagLifetimeMs ? etag : undefined;
  for (const last of [false, true]) {
    if (tag === undefined) {
      const current = await ask('GET');
      if (!isOk(current)) return unlessGone(current, usps);
      tag = tagOf(current);
    }
    const removed = await ask('DELETE', tag === undefined ? undefined : { 'if-match': tag });
    if (isOk(removed)) return;
    // Somebody has used the tag, or it ended early: it is read anew, once.
    if (removed.status !== 412 || last) return unlessGone(removed, usps);
    tag = undefined;
  }
}

/**
 * A number that is not known any more was cancelled by an earlier call. Guess: the document does not say how such a
 * number is answered; the workbook has "Case number not found." (020015).
 */
function unlessGone(answer: Response, { clock }: Usps): void {
  const failure = failureOf(answer, clock.now());
  if (failure.code !== 'NOT_FOUND' || !failure.refused) throw failure;
}

function tagOf({ headers: { etag } }: Response): string | undefined {
  return Array.isArray(etag) ? etag[0] : etag;
}

/** Whose address is meant where USPS names its parts. */
const fields = {
  streetAddress: ['address', 'street1'],
  secondaryAddress: ['address', 'street2'],
  city: ['address', 'city'],
  state: ['address', 'state'],
  ZIPCode: ['address', 'postalCode'],
} as const;

/** The body of the order. The hours in which the parcels are ready have no place in it: USPS comes with the mail. */
function toPickupRequest(order: PickupRequest, now: number) {
  const { address, date, parcels, packageLocation = 'FRONT_DOOR', instructions } = order;
  requireDay(date, now);
  return {
    pickupDate: date,
    pickupAddress: toPickupAddress(address),
    packages: countByType(parcels),
    estimatedWeight: totalWeight(
      parcels.map(({ parcel }) => parcel),
      'POUND',
    ),
    pickupLocation: { packageLocation, specialInstructions: instructions || undefined },
  };
}

/** Monday to Saturday until 2:00 Central Time of the day, up to a year ahead (Carrier Pickup 3.1.8). */
function requireDay(date: string, now: number): void {
  const refuse = (message: string, hint: string) => {
    throw new ProviderError('REJECTED', message, { field: ['date'], hint });
  };
  const [today, hour] = centralTime(now);
  if (date < today || (date === today && hour >= 2)) {
    refuse(`it is too late for a pickup on ${date}`, 'USPS takes orders until 2:00 Central Time of the day.');
  }
  if (date > addDays(365, today)) {
    refuse('USPS takes orders for pickups up to a year ahead', 'Name an earlier day.');
  }
  if (new Date(date).getUTCDay() === 0) {
    refuse('USPS collects on no Sunday', 'Name a day from Monday to Saturday.');
  }
}

function centralTime(now: number): [date: string, hour: number] {
  const zone = { timeZone: 'America/Chicago' };
  return [
    new Intl.DateTimeFormat('en-CA', { ...zone, dateStyle: 'short' }).format(now),
    Number(new Intl.DateTimeFormat('en-GB', { ...zone, hour: 'numeric' }).format(now)),
  ];
}

function toPickupAddress(given: Address) {
  const address = atHome(given);
  if (address.country !== 'US') {
    throw new ProviderError('NOT_SUPPORTED', 'USPS collects in the United States only', {
      field: ['address', 'country'],
    });
  }
  const { firstName, lastName, firm, phone, email, ...place } = toLabelAddress(address);
  if (!firstName || !lastName) {
    throw new ProviderError('REJECTED', 'USPS wants the first and the last name of somebody at the address', {
      field: ['address', 'name'],
    });
  }
  const contact = [...(email ? [{ email }] : []), ...(phone ? [{ phone }] : [])];
  if (contact.length === 0) {
    throw new ProviderError('REJECTED', 'USPS wants to reach somebody at the address', {
      field: ['address', 'phone'],
      hint: 'Give a phone number of ten digits or an email address of at most 50 characters.',
    });
  }
  return { firstName, lastName, firm, address: place, contact };
}

/** Classes that are counted under a name of their own; each other one is OTHER. */
const types: Record<string, string> = {
  FIRST_CLASS_PACKAGE_SERVICE: 'FIRST-CLASS_PACKAGE_SERVICE',
  PRIORITY_MAIL: 'PRIORITY_MAIL',
  PRIORITY_MAIL_EXPRESS: 'PRIORITY_MAIL_EXPRESS',
  USPS_GROUND_ADVANTAGE: 'USPS_GROUND_ADVANTAGE',
};

function typeOf({ service, to, isReturn }: ShippableParcel): string {
  if (isReturn) return 'RETURNS';
  return atHome(to).country === 'US' ? (types[service.code] ?? 'OTHER') : 'INTERNATIONAL';
}

export function countByType(parcels: readonly ShippableParcel[]) {
  return [...Map.groupBy(parcels, typeOf)].map(([packageType, some]) => ({
    packageType,
    packageCount: some.length,
  }));
}
