import type { Addresses } from './addresses/addresses.ts';
import { unprocessable } from './api-error.ts';
import type { Batches } from './batches/batches.ts';
import { commonFields, newId, openCollection, type Entry } from './collection.ts';
import { earliestLocalDate, isoTime } from './dates.ts';
import { idOf, isBlank, isTruthy, listOf, textOf, unwrap, type Fields } from './fields.ts';
import { ok, type Api } from './http.ts';
import { page } from './pagination.ts';
import { requireLabel } from './shipments/label-purchase.ts';
import type { Shipments } from './shipments/shipments.ts';
import type { Caller, EasyPostState } from './state.ts';

interface Pickup {
  address: string;
  status: 'unknown' | 'scheduled' | 'canceled';
  reference: string | null;
  min: string;
  max: string;
  isAccountAddress: boolean;
  instructions: string | null;
  confirmation: string | null;
  carrierAccounts: unknown[];
  rates: { id: string; carrier: string; service: string; rate: string }[];
}

interface Resources {
  addresses: Addresses;
  shipments: Shipments;
  batches: Batches;
}

/** The pickup rates of each carrier. Guess: those of UPS and FedEx; USPS is recorded. */
const pickupRates: Record<string, readonly { service: string; rate: string }[]> = {
  USPS: [{ service: 'NextDay', rate: '0.00' }],
  UPSDAP: [
    { service: 'Same-day Pickup', rate: '12.40' },
    { service: 'Future-day Pickup', rate: '9.80' },
  ],
  FedExDefault: [{ service: 'FedEx Ground', rate: '5.75' }],
};

export function addPickupRoutes({ state, addRoute, limitList }: Api, resources: Resources) {
  const pickups = openCollection<Pickup>(state, 'pickup', 'pickup');
  const render = (entry: Entry<Pickup>) => renderPickup(entry, resources.addresses);

  addRoute('POST', '/v2/pickups', ({ caller, body }) => {
    const pickup = readPickup(state, caller, unwrap(body, 'pickup'), resources);
    return ok(render(pickups.add(caller, pickup)));
  });
  addRoute('GET', '/v2/pickups', ({ caller, query }) => {
    limitList(caller);
    return page(state, pickups.list(caller), query, 'pickups', render);
  });
  addRoute('GET', '/v2/pickups/:id', ({ caller, id }) => ok(render(pickups.get(caller, id))));

  addRoute('POST', '/v2/pickups/:id/buy', ({ caller, id, body }) => {
    const entry = pickups.get(caller, id);
    const [carrier, service] = [textOf(body, 'carrier'), textOf(body, 'service')];
    if (!entry.body.rates.some((each) => each.carrier === carrier && each.service === service)) {
      throw unprocessable('PICKUP.BUY.NO_MATCHING_RATES', 'No pickup rate matches carrier and service.');
    }
    // Guess: a pickup that is already scheduled does not change.
    if (entry.body.status === 'unknown') {
      entry.body.status = 'scheduled';
      entry.body.confirmation = `WTC${String(entry.created).slice(-8)}`;
      pickups.save(entry);
    }
    return ok(render(entry));
  });
  addRoute('POST', '/v2/pickups/:id/cancel', ({ caller, id }) => {
    const entry = pickups.get(caller, id);
    if (entry.body.status !== 'scheduled') {
      throw unprocessable('PICKUP.CANCEL.FAILED', 'Only a scheduled pickup can be cancelled.');
    }
    entry.body.status = 'canceled';
    pickups.save(entry);
    return ok(render(entry));
  });
}

function readPickup(state: EasyPostState, caller: Caller, fields: Fields, resources: Resources): Pickup {
  const [min, max] = [readTime(fields, 'min_datetime'), readTime(fields, 'max_datetime')];
  // Guess: the codes for other missing fields.
  if (isBlank(fields.address)) {
    throw unprocessable('PICKUP.ADDRESS.REQUIRED', "Invalid request, 'address' is required.");
  }
  const carriers = carriersOf(caller, fields, resources);
  // Recorded: a pickup on a past day has no rates and is not refused.
  const isPast = max.slice(0, 10) < earliestLocalDate(state.clock.now());
  return {
    address: resources.addresses.findOrAdd(caller, fields.address, 'address').id,
    status: 'unknown',
    reference: textOf(fields, 'reference') || null,
    min,
    max,
    isAccountAddress: isTruthy(fields.is_account_address),
    instructions: textOf(fields, 'instructions'),
    confirmation: null,
    carrierAccounts: listOf(fields, 'carrier_accounts'),
    rates: isPast
      ? []
      : carriers.flatMap((carrier) =>
          (pickupRates[carrier] ?? []).map((rate) => ({ id: newId('pickuprate'), carrier, ...rate })),
        ),
  };
}

/** Returns the carriers of the labels to pick up: those of a shipment or of all shipments in a batch. */
function carriersOf(caller: Caller, fields: Fields, { shipments, batches }: Resources): string[] {
  const batch = idOf(fields.batch);
  const shipment = idOf(fields.shipment);
  const members =
    batch !== undefined
      ? batches.getUnlocked(caller, batch).body.members.map((member) => member.shipment)
      : shipment !== undefined
        ? [shipment]
        : [];
  if (members.length === 0) {
    throw unprocessable('PICKUP.SHIPMENT.REQUIRED', "Invalid request, 'shipment' is required.");
  }
  return [...new Set(members.map((id) => requireLabel(shipments.get(caller, id).body).rate.carrier))];
}

function readTime(fields: Fields, name: 'min_datetime' | 'max_datetime'): string {
  const text = textOf(fields, name);
  if (!text) {
    throw unprocessable(`PICKUP.${name.toUpperCase()}.REQUIRED`, `Invalid request, '${name}' is required.`);
  }
  const time = new Date(text).getTime();
  if (Number.isNaN(time)) {
    throw unprocessable(`PICKUP.${name.toUpperCase()}.INVALID`, `Invalid request, '${name}' is no date.`);
  }
  return isoTime(time);
}

function renderPickup(entry: Entry<Pickup>, addresses: Addresses): Fields {
  const { address, status, reference, min, max, isAccountAddress, instructions, confirmation } = entry.body;
  const time = isoTime(entry.created);
  return {
    ...commonFields('Pickup', entry),
    status,
    reference,
    min_datetime: min,
    max_datetime: max,
    is_account_address: isAccountAddress,
    instructions,
    messages: [],
    confirmation,
    address: addresses.render(addresses.get(entry, address)),
    carrier_accounts: entry.body.carrierAccounts,
    pickup_rates: entry.body.rates.map((rate) => ({
      ...rate,
      object: 'PickupRate',
      mode: entry.mode,
      currency: 'USD',
      created_at: time,
      updated_at: time,
      pickup_id: entry.id,
    })),
  };
}
