import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { PickupDetails, ScheduledPickup } from '../../../domain/handover.ts';
import { compareMoney, money, type Money } from '../../../domain/money.ts';
import type { CallOptions, PickupApi, PickupRequest } from '../../adapter.ts';
import { toAddress } from '../addresses/verification.ts';
import type { EasyPost } from '../client.ts';
import { unreadable } from '../errors.ts';
import { toShipments } from '../shipments/shipment-references.ts';
import { fromCarrier } from '../service-codes.ts';

const words = z.string().nullish();
const pickupRate = z.object({ carrier: z.string(), service: z.string(), rate: z.string(), currency: words });
const pickupSchema = z.object({
  id: z.string(),
  status: z.string(),
  confirmation: words,
  messages: z.array(z.object({ carrier: words, message: z.unknown() })).nullish(),
  pickup_rates: z.array(pickupRate).nullish(),
});
type Pickup = z.infer<typeof pickupSchema>;
const batchSchema = z.object({
  id: z.string(),
  state: z.string(),
  shipments: z.array(z.object({ batch_message: words })).nullish(),
});
/** A pickup that waits to be bought, and what is known of it. */
const preparedRequest = z.object({
  pickup: z.string(),
  carrier: z.string(),
  service: z.string(),
  price: z.object({ amount: z.string(), currencyCode: z.string() }),
  date: z.string(),
});
type Chosen = z.infer<typeof preparedRequest>;
const ticketSchema = z.object({ pickup: z.string() });

/** A pickup is made and priced first, which costs nothing, and then bought; a bought one is read back. */
export function createPickupApi(easypost: EasyPost): PickupApi {
  const read = (id: string, call: CallOptions) =>
    easypost.ask(pickupSchema, { path: `/pickups/${id}` }, call.signal);
  return {
    async prepare(order, call) {
      const carrier = onlyCarrier(order);
      const shipments = toShipments(order.parcels);
      const [only, ...more] = shipments;
      const what =
        more.length === 0 ? { shipment: only } : { batch: { id: await batchOf(easypost, shipments, call) } };
      const request = {
        method: 'POST',
        path: '/pickups',
        json: { pickup: { ...toPickup(order), ...what } },
        repeatable: true,
        timeoutMs: 60_000,
      } as const;
      const made = await easypost.ask(pickupSchema, request, call.signal);
      return { attemptId: randomUUID(), request: chooseRate(made, carrier, order) };
    },
    async perform(prepared, call) {
      const chosen = preparedRequest.parse(prepared.request);
      const { pickup, carrier, service } = chosen;
      const request = {
        method: 'POST',
        path: `/pickups/${pickup}/buy`,
        json: { carrier, service },
        timeoutMs: 60_000,
      } as const;
      const scheduled = fromPickup(await easypost.ask(pickupSchema, request, call.signal), chosen);
      if (scheduled === undefined) throw unreadable('a scheduled pickup');
      return scheduled;
    },
    async reconcile(prepared, call) {
      const chosen = preparedRequest.parse(prepared.request);
      return fromPickup(await read(chosen.pickup, call), chosen);
    },
    async cancel({ providerRef }, call) {
      const { pickup } = ticketSchema.parse(providerRef);
      const request = { method: 'POST', path: `/pickups/${pickup}/cancel`, json: {} } as const;
      const asked = await outcome(() => easypost.ask(pickupSchema, request, call.signal));
      if (!(asked instanceof ProviderError)) return;
      // Cancelled by an earlier call whose answer was lost: the pickup tells.
      if ((await read(pickup, call)).status !== 'canceled') throw asked;
    },
  };
}

/** A pickup is bought of one carrier. */
function onlyCarrier({ parcels }: PickupRequest): string {
  const carriers = [...new Set(parcels.map(({ carrier }) => carrier))];
  if (carriers.length === 1) return carriers[0]!;
  throw new ProviderError('REJECTED', `the parcels are those of several carriers: ${carriers.join(', ')}`, {
    field: ['shipmentIds'],
    hint: 'Schedule one pickup for each carrier.',
  });
}

/** How long EasyPost is given to gather a batch: four looks within half a minute. */
const pausesMs = [1_000, 3_000, 8_000, 18_000];

/** Several shipments are named by a batch, which EasyPost makes behind its answer. */
async function batchOf(easypost: EasyPost, shipments: object[], call: CallOptions): Promise<string> {
  const request = { method: 'POST', path: '/batches', json: { batch: { shipments } } } as const;
  let batch = await easypost.ask(batchSchema, request, call.signal);
  for (const pause of pausesMs) {
    if (batch.state !== 'creating') break;
    await easypost.clock.sleep(pause, call.signal);
    batch = await easypost.ask(batchSchema, { path: `/batches/${batch.id}` }, call.signal);
  }
  if (batch.state === 'creating') {
    throw new ProviderError('UNAVAILABLE', 'EasyPost is still gathering the shipments', {
      hint: 'Ask again in a minute; nothing was scheduled.',
    });
  }
  if (batch.state === 'creation_failed') {
    const said = batch.shipments?.map((each) => each.batch_message).find(Boolean);
    throw new ProviderError('REJECTED', `EasyPost can't gather the shipments${said ? `: ${said}` : ''}`, {
      field: ['shipmentIds'],
      providerMessage: said ?? undefined,
    });
  }
  return batch.id;
}

/** EasyPost knows no kinds of places, so the place is told in words. */
function toPickup({ address, packageLocation, instructions, ...wishes }: PickupDetails) {
  const place = packageLocation && packageLocation !== 'OTHER' ? inWords(packageLocation) : undefined;
  return {
    address: toAddress(address),
    ...toHours(wishes),
    instructions: [place, instructions].filter(Boolean).join('. ') || undefined,
  };
}

/** FRONT_DOOR is "Front door". */
const inWords = (word: string) => word[0] + word.slice(1).toLowerCase().replaceAll('_', ' ');

/**
 * Two dates for the whole day, as recorded; a time beside a date. Guess: EasyPost takes times as those of the place
 * though it prints them back as UTC, as it does with midnight of a date.
 */
function toHours({ date, readyFrom, readyUntil }: Pick<PickupDetails, 'date' | 'readyFrom' | 'readyUntil'>) {
  if (!readyFrom && !readyUntil) return { min_datetime: date, max_datetime: date };
  return {
    min_datetime: readyFrom ?? `${date}T00:00:00`,
    max_datetime: readyUntil ?? `${date}T23:59:59`,
  };
}

/** The carrier's cheapest, where that is allowed to cost as much. */
function chooseRate(pickup: Pickup, carrier: string, { date, maxPrice }: PickupDetails): Chosen {
  const [cheapest] = (pickup.pickup_rates ?? [])
    .filter((rate) => fromCarrier(rate.carrier) === carrier)
    .map((rate) => ({ ...rate, price: money(rate.rate, rate.currency ?? 'USD') }))
    .sort((a, b) => compareMoney(a.price, b.price));
  if (cheapest === undefined) throw noRate(pickup, carrier);
  const { price } = cheapest;
  if (!mayCost(price, maxPrice)) {
    const { amount, currencyCode } = price;
    throw new ProviderError('REJECTED', `${carrier} takes ${amount} ${currencyCode} for this pickup`, {
      field: ['maxPrice'],
      hint: `Allow it with a maxPrice of ${amount} ${currencyCode}.`,
    });
  }
  return { pickup: pickup.id, carrier: cheapest.carrier, service: cheapest.service, price, date };
}

function mayCost(price: Money, limit: Money | undefined): boolean {
  if (Number(price.amount) === 0) return true;
  return limit?.currencyCode === price.currencyCode && compareMoney(price, limit) <= 0;
}

function noRate({ messages }: Pickup, carrier: string): ProviderError {
  const said = messages
    ?.map(({ message }) => message)
    .find((each): each is string => typeof each === 'string' && each !== '');
  return new ProviderError(
    'REJECTED',
    `${carrier} offers no pickup there and then${said ? `: ${said}` : ''}`,
    {
      field: ['date'],
      hint: 'Try another day, or bring the parcels to the carrier.',
      providerMessage: said,
    },
  );
}

/** What stands at EasyPost; undefined where nothing was bought, or what was bought is cancelled. */
function fromPickup(pickup: Pickup, { price, date }: Chosen): ScheduledPickup | undefined {
  switch (pickup.status) {
    case 'scheduled':
      return {
        confirmation: pickup.confirmation ?? undefined,
        date,
        price,
        providerRef: { pickup: pickup.id } satisfies z.infer<typeof ticketSchema>,
      };
    case 'unknown':
    case 'canceled':
      return undefined;
    default:
      throw unreadable('a pickup');
  }
}
