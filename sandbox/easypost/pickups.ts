import type { Addresses } from './addresses/addresses.ts';
import {
  idOf,
  isBlank,
  isTruthy,
  listOf,
  notFound,
  ok,
  refused,
  textOf,
  unwrap,
  type Fields,
  type On,
} from './http.ts';
import { page } from './pagination.ts';
import type { Shipments } from './shipments/shipments.ts';
import {
  head,
  isoTime,
  longestDelay,
  newId,
  openCollection,
  type Entry,
  type Owner,
  type EasyPostState,
} from './state.ts';

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

/** What a pickup costs, by carrier. Guess: of UPS and FedEx; USPS is recorded. */
const offers: Record<string, readonly { service: string; rate: string }[]> = {
  USPS: [{ service: 'NextDay', rate: '0.00' }],
  UPSDAP: [
    { service: 'Same-day Pickup', rate: '12.40' },
    { service: 'Future-day Pickup', rate: '9.80' },
  ],
  FedExDefault: [{ service: 'FedEx Ground', rate: '5.75' }],
};

export function pickups(
  world: EasyPostState,
  on: On,
  limitList: (owner: Owner) => void,
  parts: { addresses: Addresses; shipments: Shipments; batchMembers: (owner: Owner, id: string) => string[] },
) {
  const { addresses, shipments, batchMembers } = parts;
  const kept = openCollection<Pickup>(world, 'pickup', 'pickup');
  const find = (owner: Owner, id: string) => {
    const entry = kept.find(owner, id);
    if (entry === undefined) throw notFound();
    return entry;
  };
  const render = (entry: Entry<Pickup>): Fields => {
    const { address, status, reference, min, max, isAccountAddress, instructions, confirmation } = entry.body;
    const at = isoTime(entry.created);
    return {
      ...head('Pickup', entry),
      status,
      reference,
      min_datetime: min,
      max_datetime: max,
      is_account_address: isAccountAddress,
      instructions,
      messages: [],
      confirmation,
      address: addresses.render(addresses.find(entry, address)),
      carrier_accounts: entry.body.carrierAccounts,
      pickup_rates: entry.body.rates.map((each) => ({
        ...each,
        object: 'PickupRate',
        mode: entry.mode,
        currency: 'USD',
        created_at: at,
        updated_at: at,
        pickup_id: entry.id,
      })),
    };
  };
  const dateOf = (fields: Fields, name: 'min_datetime' | 'max_datetime') => {
    const given = textOf(fields, name);
    if (!given)
      throw refused(`PICKUP.${name.toUpperCase()}.REQUIRED`, `Invalid request, '${name}' is required.`);
    const time = new Date(given).getTime();
    if (Number.isNaN(time))
      throw refused(`PICKUP.${name.toUpperCase()}.INVALID`, `Invalid request, '${name}' is no date.`);
    return isoTime(time);
  };

  const isPast = (max: string) => max.slice(0, 10) < isoTime(world.clock.now() - longestDelay).slice(0, 10);

  on('POST', '/v2/pickups', ({ caller, body }) => {
    const fields = unwrap(body, 'pickup');
    const [min, max] = [dateOf(fields, 'min_datetime'), dateOf(fields, 'max_datetime')];
    // Guess: the codes for what else may be missing.
    if (isBlank(fields.address))
      throw refused('PICKUP.ADDRESS.REQUIRED', "Invalid request, 'address' is required.");
    const batch = idOf(fields.batch);
    const shipment = idOf(fields.shipment);
    const members =
      batch !== undefined ? batchMembers(caller, batch) : shipment !== undefined ? [shipment] : [];
    if (members.length === 0)
      throw refused('PICKUP.SHIPMENT.REQUIRED', "Invalid request, 'shipment' is required.");
    const carriers = members.map((id) => {
      const { label } = shipments.find(caller, id).body;
      if (label === null) {
        throw refused('SHIPMENT.POSTAGE.REQUIRED', 'Postage is required to complete this operation.');
      }
      return label.rate.carrier;
    });
    const entry = kept.add(caller, {
      address: addresses.take(caller, fields.address, 'address').id,
      status: 'unknown',
      reference: textOf(fields, 'reference') || null,
      min,
      max,
      isAccountAddress: isTruthy(fields.is_account_address),
      instructions: textOf(fields, 'instructions'),
      confirmation: null,
      carrierAccounts: listOf(fields, 'carrier_accounts'),
      rates: [...new Set(carriers)].flatMap((carrier) =>
        // Recorded: a day that is past gets a pickup without rates, and no refusal.
        (isPast(max) ? [] : (offers[carrier] ?? [])).map((offer) => ({
          id: newId('pickuprate'),
          carrier,
          ...offer,
        })),
      ),
    });
    return ok(render(entry));
  });
  on('GET', '/v2/pickups', ({ caller, query }) => {
    limitList(caller);
    return page(world, kept.list(caller), query, 'pickups', render);
  });
  on('GET', '/v2/pickups/:id', ({ caller, id }) => ok(render(find(caller, id))));

  on('POST', '/v2/pickups/:id/buy', ({ caller, id, body }) => {
    const entry = find(caller, id);
    const [carrier, service] = [textOf(body, 'carrier'), textOf(body, 'service')];
    if (!entry.body.rates.some((each) => each.carrier === carrier && each.service === service)) {
      throw refused('PICKUP.BUY.NO_MATCHING_RATES', 'No pickup rate matches carrier and service.');
    }
    // Guess: a pickup that is scheduled already stays as it is.
    if (entry.body.status === 'unknown') {
      entry.body.status = 'scheduled';
      entry.body.confirmation = `WTC${String(entry.created).slice(-8)}`;
      kept.save(entry);
    }
    return ok(render(entry));
  });
  on('POST', '/v2/pickups/:id/cancel', ({ caller, id }) => {
    const entry = find(caller, id);
    if (entry.body.status !== 'scheduled') {
      throw refused('PICKUP.CANCEL.FAILED', 'Only a scheduled pickup can be cancelled.');
    }
    entry.body.status = 'canceled';
    kept.save(entry);
    return ok(render(entry));
  });
}
