import { z } from 'zod';

import { ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { TransitTimes } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { mapOutcomes } from '../../map-outcomes.ts';
import type { EasyPostClient } from '../client.ts';
import { optionalDays, readRows } from '../readable.ts';
import { isSameService, type Service } from '../shipments/rate.ts';
import { shipmentRef } from './provider-ref.ts';

/** Prices, which are numbers here and text everywhere else, are not read. */
const smartRate = z.object({
  carrier: z.string(),
  service: z.string(),
  carrier_account_id: z.string().nullish(),
  time_in_transit: z
    .object({
      percentile_50: optionalDays,
      percentile_75: optionalDays,
      percentile_85: optionalDays,
      percentile_90: optionalDays,
      percentile_95: optionalDays,
      percentile_97: optionalDays,
      percentile_99: optionalDays,
    })
    .nullish()
    .catch(undefined),
});
/** A rate that can't be read has no transit times. */
const smartRateResponse = z.object({
  result: z.array(z.unknown()).transform((rows) => readRows(rows, smartRate).read),
});

/**
 * Gets transit times of offers by their `providerRef`, with one call for each shipment. Undefined for offers of orders,
 * for which EasyPost has none.
 */
export const fetchTransitTimes =
  (client: EasyPostClient) =>
  async (
    providerRefs: readonly unknown[],
    call: CallOptions,
  ): Promise<readonly Outcome<TransitTimes | undefined>[]> => {
    const refs = providerRefs.map((providerRef) => shipmentRef.safeParse(providerRef).data);
    const shipments = [...new Set(refs.flatMap((ref) => ref?.shipment ?? []))];
    const responses = await mapOutcomes(shipments, (shipment) =>
      client.request(smartRateResponse, { path: `/shipments/${shipment}/smartrate` }, call.signal),
    );
    return refs.map((ref) => {
      if (ref === undefined) return undefined;
      const response = responses[shipments.indexOf(ref.shipment)]!;
      return response instanceof ProviderError ? response : fromSmartRates(response, ref);
    });
  };

/** Finds the rate by its service, since a rerate replaces the ids of rates. */
function fromSmartRates(
  { result }: z.infer<typeof smartRateResponse>,
  wanted: Service,
): TransitTimes | undefined {
  const found = result.find(({ carrier, service, carrier_account_id }) =>
    isSameService({ carrier, service, account: carrier_account_id ?? undefined }, wanted),
  );
  const times = found?.time_in_transit;
  if (!times) return undefined;
  return {
    percentile50: times.percentile_50 ?? undefined,
    percentile75: times.percentile_75 ?? undefined,
    percentile85: times.percentile_85 ?? undefined,
    percentile90: times.percentile_90 ?? undefined,
    percentile95: times.percentile_95 ?? undefined,
    percentile97: times.percentile_97 ?? undefined,
    percentile99: times.percentile_99 ?? undefined,
  };
}
