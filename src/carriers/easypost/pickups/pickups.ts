import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { PickupDetails, ScheduledPickup } from '../../../domain/pickup.ts';
import { compareMoney, money, type Money } from '../../../domain/money.ts';
import type { CallOptions, PickupApi, PickupRequest } from '../../adapter.ts';
import { toAddress } from '../addresses/address-fields.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { fromCarrier } from '../service-codes.ts';
import { toShipmentReferences } from '../shipments/shipment-references.ts';
import { createBatch } from './batch.ts';
import { followedBy, followedOutcome } from '../../../transport/call-plan.ts';

const optionalText = z.string().nullish();
const pickupRate = z.object({
  carrier: z.string(),
  service: z.string(),
  rate: z.string(),
  currency: optionalText,
});
const pickupSchema = z.object({
  id: z.string(),
  status: z.string(),
  confirmation: optionalText,
  messages: z.array(z.object({ carrier: optionalText, message: z.unknown() })).nullish(),
  pickup_rates: z.array(pickupRate).nullish(),
});
type Pickup = z.infer<typeof pickupSchema>;
/** A pickup that was created and priced, and the rate to buy it at. */
const preparedRequest = z.object({
  pickup: z.string(),
  carrier: z.string(),
  service: z.string(),
  price: z.object({ amount: z.string(), currencyCode: z.string() }),
  date: z.string(),
});
type Prepared = z.infer<typeof preparedRequest>;
const pickupRef = z.object({ pickup: z.string() });

/** Schedules pickups. `prepare` creates and prices a pickup, which costs nothing; `perform` buys it. */
export function createPickupApi(client: EasyPostClient): PickupApi {
  const fetchPickup = (id: string, call: CallOptions) =>
    client.request(pickupSchema, { path: `/pickups/${id}` }, call.signal);
  return {
    async prepare(pickupRequest, call) {
      const carrier = onlyCarrier(pickupRequest);
      const contents = await toContents(client, pickupRequest, call);
      const request = {
        method: 'POST',
        path: '/pickups',
        json: { pickup: { ...toPickup(pickupRequest), ...contents } },
        repeatable: true,
        timeoutMs: 60_000,
      } as const;
      const pickup = await followedBy(client.request(pickupSchema, request, call.signal), {
        calls: 1,
        when: 'the carrier offers a pickup at an allowed price',
      });
      return { attemptId: randomUUID(), request: selectRate(pickup, carrier, pickupRequest) };
    },
    async perform(prepared, call) {
      const parsed = preparedRequest.parse(prepared.request);
      const { pickup, carrier, service } = parsed;
      const request = {
        method: 'POST',
        path: `/pickups/${pickup}/buy`,
        json: { carrier, service },
        timeoutMs: 60_000,
      } as const;
      const scheduled = fromPickup(await client.request(pickupSchema, request, call.signal), parsed);
      if (scheduled === undefined) throw unreadable('a scheduled pickup');
      return scheduled;
    },
    async reconcile(prepared, call) {
      const parsed = preparedRequest.parse(prepared.request);
      return fromPickup(await fetchPickup(parsed.pickup, call), parsed);
    },
    async cancel({ providerRef }, call) {
      const { pickup } = pickupRef.parse(providerRef);
      const request = { method: 'POST', path: `/pickups/${pickup}/cancel`, json: {} } as const;
      const cancelled = await followedOutcome(client.request(pickupSchema, request, call.signal), {
        calls: 1,
        when: 'the cancellation is refused',
      });
      if (!(cancelled instanceof ProviderError)) return;
      // EasyPost refuses to cancel twice: an earlier call may have succeeded without its response arriving.
      if ((await fetchPickup(pickup, call)).status !== 'canceled') throw cancelled;
    },
  };
}

/** Returns the carrier of the parcels. Throws REJECTED where there are several, since EasyPost buys a pickup of one. */
function onlyCarrier({ parcels }: PickupRequest): string {
  const carriers = [...new Set(parcels.map(({ carrier }) => carrier))];
  if (carriers.length === 1) return carriers[0]!;
  throw new ProviderError('REJECTED', `the parcels belong to several carriers: ${carriers.join(', ')}`, {
    field: ['shipmentIds'],
    hint: 'Schedule one pickup for each carrier.',
  });
}

/** One shipment is named by its id, several by a batch. */
async function toContents(client: EasyPostClient, { parcels }: PickupRequest, call: CallOptions) {
  const shipments = toShipmentReferences(parcels);
  if (shipments.length === 1) return { shipment: shipments[0] };
  // The batch is read four times at most, while EasyPost creates it; then the pickup is created and bought.
  const batch = followedBy(createBatch(client, shipments, call), { calls: 6, when: 'the batch is created' });
  return { batch: { id: await batch } };
}

/** EasyPost has no field for the package location, so it is put in front of the instructions. */
function toPickup({ address, packageLocation, instructions, ...times }: PickupDetails) {
  const location = packageLocation && packageLocation !== 'OTHER' ? toWords(packageLocation) : undefined;
  return {
    address: toAddress(address),
    ...toPeriod(times),
    instructions: [location, instructions].filter(Boolean).join('. ') || undefined,
  };
}

/** Turns FRONT_DOOR into "Front door". */
const toWords = (constant: string) => constant[0] + constant.slice(1).toLowerCase().replaceAll('_', ' ');

/**
 * Two dates stand for the whole day, as recorded; a time is added to its date. Guess: EasyPost reads times as local to
 * the address although it returns them as UTC, as it does with the midnight of a date.
 */
function toPeriod({ date, readyFrom, readyUntil }: Pick<PickupDetails, 'date' | 'readyFrom' | 'readyUntil'>) {
  if (!readyFrom && !readyUntil) return { min_datetime: date, max_datetime: date };
  return {
    min_datetime: readyFrom ?? `${date}T00:00:00`,
    max_datetime: readyUntil ?? `${date}T23:59:59`,
  };
}

/** Selects the carrier's cheapest rate. Throws REJECTED where there is none, or it costs more than `maxPrice`. */
function selectRate(pickup: Pickup, carrier: string, { date, maxPrice }: PickupDetails): Prepared {
  const [cheapest] = (pickup.pickup_rates ?? [])
    .filter((rate) => fromCarrier(rate.carrier) === carrier)
    .map((rate) => ({ ...rate, price: money(rate.rate, rate.currency ?? 'USD') }))
    .sort((a, b) => compareMoney(a.price, b.price));
  if (cheapest === undefined) throw notOffered(pickup, carrier);
  const { price } = cheapest;
  if (!isAllowed(price, maxPrice)) {
    const { amount, currencyCode } = price;
    throw new ProviderError('REJECTED', `${carrier} charges ${amount} ${currencyCode} for this pickup`, {
      field: ['maxPrice'],
      hint: `Allow it with a maxPrice of ${amount} ${currencyCode}.`,
    });
  }
  return { pickup: pickup.id, carrier: cheapest.carrier, service: cheapest.service, price, date };
}

function isAllowed(price: Money, maxPrice: Money | undefined): boolean {
  if (Number(price.amount) === 0) return true;
  return maxPrice?.currencyCode === price.currencyCode && compareMoney(price, maxPrice) <= 0;
}

function notOffered({ messages }: Pickup, carrier: string): ProviderError {
  const reason = messages
    ?.map(({ message }) => message)
    .find((message): message is string => typeof message === 'string' && message !== '');
  return new ProviderError(
    'REJECTED',
    `${carrier} offers no pickup at this address and time${reason ? `: ${reason}` : ''}`,
    {
      field: ['date'],
      hint: 'Try another day, or take the parcels to the carrier.',
      providerMessage: reason,
    },
  );
}

/** Maps a pickup; undefined where it was not bought, or was cancelled. */
function fromPickup(pickup: Pickup, { price, date }: Prepared): ScheduledPickup | undefined {
  switch (pickup.status) {
    case 'scheduled':
      return {
        confirmation: pickup.confirmation ?? undefined,
        date,
        price,
        providerRef: { pickup: pickup.id } satisfies z.infer<typeof pickupRef>,
      };
    case 'unknown':
    case 'canceled':
      return undefined;
    default:
      throw unreadable('a pickup');
  }
}
