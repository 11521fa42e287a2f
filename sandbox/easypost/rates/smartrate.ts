import { unprocessable } from '../api-error.ts';
import type { Entry } from '../collection.ts';
import { ok, type Api } from '../http.ts';
import { renderRate } from '../shipments/shipment-json.ts';
import type { Rate, Shipment } from '../shipments/shipment.ts';
import type { Shipments } from '../shipments/shipments.ts';
import type { Caller } from '../state.ts';

const percentiles = [50, 75, 85, 90, 95, 97, 99] as const;

/**
 * Days in transit less the days quoted, by percentile: recorded for USPS to zone 4 in 2025. Guess: all other services
 * and zones deviate as Priority does.
 */
const deviations: Record<string, readonly number[]> = {
  Priority: [0, 0, 0, 1, 1, 1, 2],
  GroundAdvantage: [-2, -1, -1, -1, 0, 0, 1],
  Express: [1, 1, 2, 2, 3, 4, 7],
};

/** Adds the percentiles of the time in transit to the rates of a shipment. */
export function addSmartRateRoutes({ addRoute }: Api, shipments: Shipments) {
  addRoute('GET', '/v2/shipments/:id/smartrate', ({ caller, id }) => {
    const entry = findRated(shipments, caller, id);
    return ok({
      result: entry.body.rates.map((rate) => ({
        ...renderSmartRate(entry, rate),
        time_in_transit: timeInTransit(rate),
      })),
    });
  });
}

/** Recorded: prices are numbers and there is no billing type. */
export function renderSmartRate(entry: Entry<Shipment>, rate: Rate) {
  const { billing_type: _, ...rendered } = renderRate(entry, rate);
  return {
    ...rendered,
    rate: Number(rate.rate),
    list_rate: rate.list_rate && Number(rate.list_rate),
    retail_rate: rate.retail_rate && Number(rate.retail_rate),
  };
}

/** Recorded for an unknown id. Guess: a shipment without rates has the same error. */
export function findRated(shipments: Shipments, caller: Caller, id: string): Entry<Shipment> {
  const entry = shipments.find(caller, id);
  if (entry !== undefined && entry.body.rates.length > 0) return entry;
  throw unprocessable('SMARTRATE.INVALID_PARAMS', 'The shipment has no rates to predict for.');
}

/** Returns the days in transit by percentile. */
export function timeInTransit({
  carrier,
  service,
  delivery_days: days,
}: Pick<Rate, 'carrier' | 'service' | 'delivery_days'>): Record<`percentile_${number}`, number | null> {
  const offsets = (carrier === 'USPS' ? deviations[service] : undefined) ?? deviations.Priority!;
  return Object.fromEntries(
    percentiles.map((percentile, index) => [
      `percentile_${percentile}`,
      days === null ? null : Math.max(1, days + offsets[index]!),
    ]),
  );
}
