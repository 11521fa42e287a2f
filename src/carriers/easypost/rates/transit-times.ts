import { z } from 'zod';

import { ProviderError, type Outcome } from '../../../domain/errors.ts';
import type { TransitTimes } from '../../../domain/rate.ts';
import type { CallOptions } from '../../adapter.ts';
import { fanOut } from '../../fan-out.ts';
import type { EasyPost } from '../client.ts';
import { isSame, type SoldService } from './offers.ts';
import { shipmentTicket } from '../shipments/shipments.ts';

const days = z.number().int().nullish();
/** Prices are numbers here, unlike everywhere else; we read none. */
const smartRates = z.object({
  result: z.array(
    z.object({
      carrier: z.string(),
      service: z.string(),
      carrier_account_id: z.string().nullish(),
      time_in_transit: z
        .object({
          percentile_50: days,
          percentile_75: days,
          percentile_85: days,
          percentile_90: days,
          percentile_95: days,
          percentile_97: days,
          percentile_99: days,
        })
        .nullish(),
    }),
  ),
});

/** All rates of a shipment are answered by one call. Of orders EasyPost says nothing. */
export const fetchTransitTimes =
  (easypost: EasyPost) =>
  async (
    tickets: readonly unknown[],
    call: CallOptions,
  ): Promise<readonly Outcome<TransitTimes | undefined>[]> => {
    const wanted = tickets.map((ticket) => shipmentTicket.safeParse(ticket).data);
    const shipments = [...new Set(wanted.flatMap((ticket) => ticket?.shipment ?? []))];
    const answers = await fanOut(shipments, (shipment) =>
      easypost.ask(smartRates, { path: `/shipments/${shipment}/smartrate` }, call.signal),
    );
    return wanted.map((ticket) => {
      if (ticket === undefined) return undefined;
      const answer = answers[shipments.indexOf(ticket.shipment)]!;
      return answer instanceof ProviderError ? answer : fromSmartRates(answer, ticket);
    });
  };

/** Known by its service rather than by its id, which a rerate replaces. */
function fromSmartRates(
  { result }: z.infer<typeof smartRates>,
  wanted: SoldService,
): TransitTimes | undefined {
  const found = result.find(({ carrier, service, carrier_account_id }) =>
    isSame({ carrier, service, account: carrier_account_id ?? undefined }, wanted),
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
