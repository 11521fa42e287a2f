import { expect, test } from 'vitest';

import { fromCarrier, fromService } from '../../src/carriers/easypost/service-codes.ts';
import type { RateRequest } from '../../src/domain/rate.ts';
import {
  anyRateRequest,
  describeRecordings,
  fromRecordedAddress,
  labelDateReason,
} from './easypost-recordings.ts';
import { call, good, type Loose } from './shared.ts';

/** Requests rates of a recorded shipment, or of any shipment where the recorded one has no parcel. */
function toRateRequest({ from_address, to_address, parcel }: Loose): RateRequest {
  if (!parcel?.weight) return anyRateRequest;
  return {
    ...anyRateRequest,
    from: fromRecordedAddress(from_address),
    to: fromRecordedAddress(to_address),
    parcels: [{ weight: { value: parcel.weight, unit: 'OUNCE' } }],
  };
}

/** Groups recorded rates by our carrier and service code. */
function groupByService(rates: readonly Loose[]): Map<string, Loose[]> {
  return Map.groupBy(rates, (rate) => {
    const carrier = fromCarrier(rate.carrier);
    return `${carrier} ${fromService(carrier, rate.service).code}`;
  });
}

describeRecordings('recorded rates of EasyPost', 'rates', labelDateReason, (recordings) => {
  const quote = async (request: RateRequest) => good((await recordings.adapter.quote([request], call))[0]);

  test.each([
    'shipment.create',
    'shipment.create.by-ids',
    'shipment.create.empty-objects',
    'shipment.create.international-us-ca',
    'shipment.create.many-carriers-many-messages',
    'shipment.create.no-rate-response-message',
    'shipment.create.tax-identifiers',
    'shipment.create.ups-and-usps-rates-with-messages',
    'shipment.create.upstream-too-many-requests-message',
  ])('%s has one offer for each service, and one failure for each message of a carrier', async (name) => {
    const sample = recordings.sample(name);
    const { rates, messages, id, usps_zone } = sample.response.body;
    recordings.replay('POST', '/v2/shipments', sample);
    const { offers, failures } = await quote(toRateRequest(sample.request.body.shipment));
    const services = groupByService(rates);
    expect(offers.map((offer) => `${offer.carrier} ${offer.service.code}`)).toEqual([...services.keys()]);
    for (const offer of offers) {
      const candidates = services.get(`${offer.carrier} ${offer.service.code}`)!;
      const cheapest = candidates.reduce((best, rate) =>
        Number(rate.rate) < Number(best.rate) ? rate : best,
      );
      expect(offer).toMatchObject({
        price: { amount: cheapest.rate, currencyCode: cheapest.currency },
        guaranteed: cheapest.delivery_date_guaranteed ?? false,
        providerRef: { shipment: id, rate: cheapest.id },
      });
      expect(offer.estimatedDays).toBe(cheapest.delivery_days ?? undefined);
      expect(offer.listPrice?.amount).toBe(cheapest.list_rate ?? undefined);
      expect(offer.retailPrice?.amount).toBe(cheapest.retail_rate ?? undefined);
      expect(offer.zone).toBe(offer.carrier === 'USPS' && usps_zone ? `0${usps_zone}` : undefined);
      expect(offer.service.name).not.toMatch(/_|undefined/);
      expect(offer.service.code).toMatch(/^[A-Z0-9_]+$/);
    }
    const texts = new Set(
      messages.map(({ carrier, message }: Loose) => `${fromCarrier(carrier)} ${message}`),
    );
    expect(failures).toHaveLength(texts.size);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'REJECTED', providerCode: 'rate_error' });
      expect(messages.map(({ message }: Loose) => message)).toContain(failure.providerMessage);
    }
  });

  test('a service has one code, whichever account sells it', async () => {
    recordings.replay('POST', '/v2/shipments', recordings.sample('shipment.create'));
    const { offers } = await quote(anyRateRequest);
    const codes = offers.map((offer) => offer.service.code).sort();
    expect(codes).toEqual(['PRIORITY_MAIL', 'PRIORITY_MAIL_EXPRESS', 'USPS_GROUND_ADVANTAGE']);
  });

  test('shipment.smartrate has the transit times of every rate of the shipment, in one call', async () => {
    const sample = recordings.sample('shipment.smartrate');
    const { result } = sample.response.body;
    recordings.replay('GET', sample.request.path, sample);
    const providerRefs = result.map((rate: Loose) => ({
      shipment: rate.shipment_id,
      // A rerate has replaced the ids of the quoted rates.
      rate: 'rate_1',
      carrier: rate.carrier,
      service: rate.service,
      account: rate.carrier_account_id,
    }));
    const times = (await recordings.adapter.transitTimes(providerRefs, call)).map(good) as Loose[];
    expect(recordings.requests()).toHaveLength(1);
    expect(times.map((time) => Object.values(time))).toEqual(
      result.map((rate: Loose) => Object.values(rate.time_in_transit)),
    );
    expect(Object.keys(times[0])).toEqual(
      Object.keys(result[0].time_in_transit).map((key) => key.replace('_', '')),
    );
  });

  test('the name of a service has its carrier once', () => {
    const nameOf = (carrier: string, service: string) => {
      const { code, name } = fromService(carrier, service);
      return [code, name];
    };
    expect(nameOf('DPD', 'DPD10:00')).toEqual(['10_00', 'DPD 10:00']);
    expect(nameOf('DPD', 'DPDCLASSIC')).toEqual(['CLASSIC', 'DPD Classic']);
    expect(nameOf('UPS', '2ndDayAirAM')).toEqual(['2ND_DAY_AIR_AM', 'UPS 2nd Day Air AM']);
    expect(nameOf('FedEx', 'FEDEX_2_DAY_AM')).toEqual(['2_DAY_AM', 'FedEx 2 Day AM']);
  });
});
