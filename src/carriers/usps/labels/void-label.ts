import { z } from 'zod';

import { outcome, ProviderError } from '../../../domain/errors.ts';
import type { Refund } from '../../../domain/shipment.ts';
import type { CallOptions } from '../../adapter.ts';
import type { LabelReference } from '../../../domain/label.ts';
import type { Usps } from '../client.ts';
import { unreadable } from '../errors.ts';
import { endpoints, labelTarget } from './endpoints.ts';
import { readPrepared } from './prepared-label.ts';

const cancelResponse = z.object({ status: z.string(), disputeId: z.coerce.string().optional() });

/**
 * Cancels a label before it is manifested, at no charge; after that requests its refund, which USPS decides later. A
 * label without a tracking number is identified by its idempotency key.
 */
export async function voidLabel(usps: Usps, label: LabelReference, call: CallOptions): Promise<Refund> {
  const { api, cancel } = endpoints[readPrepared(label.prepared.request).direction];
  const request = { api, method: 'DELETE', ...labelTarget(cancel, label), repeatable: true } as const;
  const response = await outcome(() => usps.fetchJson(cancelResponse, request, call.signal));
  if (response instanceof ProviderError) return fromRefusal(response);
  if (response.status === 'CANCELED') return { status: 'REFUNDED', voided: true };
  // No endpoint reports the decision on a dispute.
  if (response.status === 'DISPUTED')
    return { status: 'REQUESTED', voided: false, reference: response.disputeId };
  throw unreadable('a cancellation');
}

/** Maps refusals of a repeated cancellation to its outcome. Throws any other. */
function fromRefusal(failure: ProviderError): Refund {
  // An earlier call, whose response was lost, cancelled the label.
  if (failure.providerCode === '160186') return { status: 'REFUNDED', voided: true };
  // An earlier call requested the refund; the number of its dispute is unknown. The document leaves the code open.
  if (/refund request .*already been submitted/i.test(failure.providerMessage ?? ''))
    return { status: 'REQUESTED', voided: false };
  if (failure.providerCode !== '160187') throw failure;
  const hint = 'No action is needed: a return label is charged when it is used.';
  throw new ProviderError(failure.code, failure.message, { ...failure, hint, cause: failure });
}
