import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import { sum } from '../../../domain/money.ts';
import type { Refund } from '../../../domain/shipment.ts';
import type { CallOptions } from '../../adapter.ts';
import type { EasyPost } from '../client.ts';
import { unreadable } from '../errors.ts';
import { cents } from './purchased-label.ts';

const refundState = z.object({
  refund_status: z.string().nullish(),
  fees: z.array(z.object({ amount: z.string(), refunded: z.boolean().nullish() })).nullish(),
  selected_rate: z.object({ currency: z.string().nullish() }).nullish(),
});

export async function askRefund(easypost: EasyPost, shipment: string, call: CallOptions): Promise<Refund> {
  const request = { method: 'POST', path: `/shipments/${shipment}/refund`, json: {} } as const;
  const asked = await outcome(() => easypost.ask(refundState, request, call.signal));
  if (!(asked instanceof ProviderError)) return fromRefund(asked);
  // Asked for before, by a call whose answer was lost: the shipment tells.
  const state = await readState(easypost, shipment, call);
  if (state.refund_status) return fromRefund(state);
  throw asked;
}

export async function readRefund(easypost: EasyPost, shipment: string, call: CallOptions): Promise<Refund> {
  return fromRefund(await readState(easypost, shipment, call));
}

const readState = (easypost: EasyPost, shipment: string, call: CallOptions) =>
  easypost.ask(refundState, { path: `/shipments/${shipment}` }, call.signal);

/**
 * A refund is decided by the carrier, some two weeks later; who bills on scan has nothing to refund. Guess: such a
 * label is void at once.
 */
export function fromRefund({ refund_status, fees, selected_rate }: z.infer<typeof refundState>): Refund {
  switch (refund_status) {
    case 'refunded': {
      const currency = selected_rate?.currency ?? 'USD';
      const [first, ...rest] = (fees ?? []).filter(({ refunded }) => refunded).map(({ amount }) => cents(amount, currency)); // prettier-ignore
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
