import { ok, refused, type On } from '../http.ts';
import type { Rate, Shipment, Shipments } from '../shipments/shipments.ts';
import type { Caller, Entry } from '../state.ts';

const percentiles = [50, 75, 85, 90, 95, 97, 99] as const;

/**
 * How many days USPS took, against the days it names: recorded over zone 4 in 2025. Guess: everybody else, and every
 * other distance, is off by as much as Priority is.
 */
const late: Record<string, readonly number[]> = {
  Priority: [0, 0, 0, 1, 1, 1, 2],
  GroundAdvantage: [-2, -1, -1, -1, 0, 0, 1],
  Express: [1, 1, 2, 2, 3, 4, 7],
};

/** What is known of the time that parcels took, for the rates of a shipment. */
export function smartRates(on: On, shipments: Shipments) {
  on('GET', '/v2/shipments/:id/smartrate', ({ caller, id }) => {
    const entry = rated(shipments, caller, id);
    return ok({
      result: entry.body.rates.map((rate) => {
        // Recorded: prices are numbers here, and who bills is not told.
        const { billing_type: _, ...told } = shipments.renderRate(entry, rate);
        return {
          ...told,
          rate: Number(rate.rate),
          list_rate: rate.list_rate && Number(rate.list_rate),
          retail_rate: rate.retail_rate && Number(rate.retail_rate),
          time_in_transit: timesOf(rate),
        };
      }),
    });
  });
}

/** Recorded for an id that is none. Guess: for a shipment that nobody could rate, too. */
function rated(shipments: Shipments, caller: Caller, id: string): Entry<Shipment> {
  const entry = shipments.peek(caller, id);
  if (entry !== undefined && entry.body.rates.length > 0) return entry;
  throw refused('SMARTRATE.INVALID_PARAMS', 'The shipment has no rates to predict for.');
}

function timesOf({ carrier, service, delivery_days: days }: Rate) {
  const offsets = (carrier === 'USPS' ? late[service] : undefined) ?? late.Priority!;
  return Object.fromEntries(
    percentiles.map((percentile, index) => [
      `percentile_${percentile}`,
      days === null ? null : Math.max(1, days + offsets[index]!),
    ]),
  );
}
