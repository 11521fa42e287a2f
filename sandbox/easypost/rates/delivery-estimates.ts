import { uspsZone, isZip } from '../addresses/geography.ts';
import { missingParameter, unprocessable } from '../api-error.ts';
import { isBlank, listOf, textOf, type Fields } from '../fields.ts';
import { ok, type Api } from '../http.ts';
import type { Shipments } from '../shipments/shipments.ts';
import { findRated, renderSmartRate, timeInTransit } from './smartrate.ts';

const dayMs = 86_400_000;

/** Estimated delivery dates and recommended ship dates, of a shipment and between two ZIPs. */
export function addDeliveryEstimateRoutes({ state, addRoute }: Api, shipments: Shipments) {
  addRoute('GET', '/v2/shipments/:id/smartrate/delivery_date', ({ caller, id, query }) => {
    const entry = findRated(shipments, caller, id);
    const planned = readDate(query, 'planned_ship_date');
    const rates = entry.body.rates.map((rate) => ({
      rate: renderSmartRate(entry, rate),
      easypost_time_in_transit_data: { ...deliveryFrom(planned, rate), planned_ship_date: planned },
    }));
    return ok({ rates });
  });

  addRoute('GET', '/v2/shipments/:id/smartrate/precision_shipping', ({ caller, id, query }) => {
    const entry = findRated(shipments, caller, id);
    const desired = readDate(query, 'desired_delivery_date');
    const rates = entry.body.rates.map((rate) => ({
      rate: renderSmartRate(entry, rate),
      easypost_time_in_transit_data: {
        ...shipmentFor(desired, rate, state.clock.now()),
        desired_delivery_date: desired,
      },
    }));
    return ok({ rates });
  });

  addRoute('POST', '/v2/smartrate/deliver_by', ({ body }) => {
    const planned = readDate(body, 'planned_ship_date');
    const results = servicesBetween(body).map(({ rate, ...named }) => ({
      ...named,
      easypost_time_in_transit_data: deliveryFrom(planned, rate),
    }));
    return ok({ ...envelopeOf(body), planned_ship_date: planned, results });
  });

  addRoute('POST', '/v2/smartrate/deliver_on', ({ body }) => {
    const desired = readDate(body, 'desired_delivery_date');
    const results = servicesBetween(body).map(({ rate, ...named }) => ({
      ...named,
      easypost_time_in_transit_data: shipmentFor(desired, rate, state.clock.now()),
    }));
    return ok({ ...envelopeOf(body), desired_delivery_date: desired, results });
  });

  /** The services of the named carriers between two ZIPs, under the names that these two endpoints have (recorded). */
  function servicesBetween(body: Fields) {
    const [from, to] = [readZip(body, 'from_zip'), readZip(body, 'to_zip')];
    const carriers = listOf(body, 'carriers').map(String);
    return state.accounts
      .filter(({ carrier, failure }) => failure === undefined && carriers.includes(companyOf(carrier)))
      .flatMap(({ carrier, domestic }) =>
        domestic.map((service) => ({
          carrier: companyOf(carrier),
          service: carrier === 'USPS' ? service.name.toLowerCase() : snakeCase(service.name),
          rate: {
            carrier,
            service: service.name,
            delivery_days: service.days?.(uspsZone(from, to)) ?? null,
          },
        })),
      );
  }
}

type Transit = Parameters<typeof timeInTransit>[0];

/** Recorded: the estimate is the median of the days in transit. */
function deliveryFrom(planned: string, rate: Transit) {
  const days = timeInTransit(rate);
  return {
    days_in_transit: days,
    easypost_estimated_delivery_date:
      days.percentile_50 === null ? null : dateAfter(planned, days.percentile_50!),
  };
}

/** Guess: the latest day from which the parcel arrives in the days quoted, today at the earliest. */
function shipmentFor(desired: string, rate: Transit, now: number) {
  const days = timeInTransit(rate);
  const today = dateOf(now);
  const latest = rate.delivery_days === null ? null : dateAfter(desired, -rate.delivery_days);
  const shipOn = latest === null || latest >= today ? latest : today;
  const left = shipOn === null ? 0 : (Date.parse(desired) - Date.parse(shipOn)) / dayMs;
  const reached = Object.entries(days).filter(([, each]) => each !== null && each <= left);
  return {
    days_in_transit: days,
    ship_on_date: shipOn,
    estimated_transit_days: rate.delivery_days,
    delivery_date_confidence: Number(reached.at(-1)?.[0].slice('percentile_'.length) ?? 4) / 100,
  };
}

const envelopeOf = (body: Fields) => ({
  carriers_without_tint_estimates: null,
  from_zip: body.from_zip,
  to_zip: body.to_zip,
  saturday_delivery: false,
});

const companyOf = (carrier: string) => ({ UPSDAP: 'UPS', FedExDefault: 'FedEx' })[carrier] ?? carrier;
const snakeCase = (name: string) => name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase();

const dateOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const dateAfter = (date: string, days: number) => dateOf(Date.parse(date) + days * dayMs);

function readDate(fields: Fields, name: string): string {
  const text = textOf(fields, name);
  if (!text) throw missingParameter(name);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw unprocessable('SMARTRATE.INVALID_PARAMS', `${name} must be a date, YYYY-MM-DD.`);
}

function readZip(fields: Fields, name: string): string {
  if (isBlank(fields[name])) throw missingParameter(name);
  const zip = textOf(fields, name);
  if (isZip(zip)) return zip;
  throw unprocessable('SMARTRATE.INVALID_PARAMS', `${name} must be a ZIP.`);
}
