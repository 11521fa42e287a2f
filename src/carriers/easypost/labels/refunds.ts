import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import { sum } from '../../../domain/money.ts';
import type { Refund } from '../../../domain/shipment.ts';
import type { CallOptions } from '../../adapter.ts';
import type { EasyPostClient } from '../client.ts';
import { unreadable } from '../errors.ts';
import { fromFeeAmount } from './purchased-label.ts';
import { followedOutcome } from '../../../transport/call-plan.ts';

const refundedShipment = z.object({
  refund_status: z.string().nullish(),
  fees: z.array(z.object({ amount: z.string(), refunded: z.boolean().nullish() })).nullish(),
  selected_rate: z.object({ currency: z.string().nullish() }).nullish(),
});

/** Requests the refund of a shipment. A refund that was already requested is read back. */
export async function requestRefund(
  client: EasyPostClient,
  shipment: string,
  call: CallOptions,
): Promise<Refund> {
  const request = { method: 'POST', path: `/shipments/${shipment}/refund`, json: {} } as const;
  const requested = await followedOutcome(client.request(refundedShipment, request, call.signal), {
    calls: 1,
    when: 'the refund is refused, or was requested before',
  });
  if (!(requested instanceof ProviderError)) return fromRefundedShipment(requested);
  const state = await fetchShipment(client, shipment, call);
  if (state.refund_status) return fromRefundedShipment(state);
  throw requested;
}

export async function fetchRefund(
  client: EasyPostClient,
  shipment: string,
  call: CallOptions,
): Promise<Refund> {
  return fromRefundedShipment(await fetchShipment(client, shipment, call));
}

const fetchShipment = (client: EasyPostClient, shipment: string, call: CallOptions) =>
  client.request(refundedShipment, { path: `/shipments/${shipment}` }, call.signal);

/**
 * Maps the refund of a shipment. The carrier decides about two weeks later; a carrier that bills when it scans a label
 * has nothing to refund. Guess: such a label is void at once.
 */
export function fromRefundedShipment(shipment: z.infer<typeof refundedShipment>): Refund {
  const { refund_status, fees, selected_rate } = shipment;
  switch (refund_status) {
    case 'refunded': {
      const currency = selected_rate?.currency ?? 'USD';
      const refunded = (fees ?? []).filter((fee) => fee.refunded);
      const [first, ...rest] = refunded.map(({ amount }) => fromFeeAmount(amount, currency));
      return { status: 'REFUNDED', voided: true, amount: first && sum(first, ...rest) };
    }
    case 'not_applicable':
      return { status: 'NOT_APPLICABLE', voided: true };
    case 'rejected':
      return { status: 'REFUSED', voided: false };
    case 'submitted':
      return { status: 'REQUESTED', voided: false };
    default:
      throw unreadable('a refund');
  }
}
