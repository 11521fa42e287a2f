import { z } from 'zod';

import { ProviderError } from '../../../domain/errors.ts';
import type { CallOptions } from '../../adapter.ts';
import type { EasyPostClient } from '../client.ts';

const batchSchema = z.object({
  id: z.string(),
  state: z.string(),
  shipments: z.array(z.object({ batch_message: z.string().nullish() })).nullish(),
});

/** Pauses between checks of a batch in creation: four checks within half a minute. */
const pausesMs = [1_000, 3_000, 8_000, 18_000];

/**
 * Creates a batch of shipments and returns its id. EasyPost creates batches asynchronously: throws UNAVAILABLE where one
 * takes longer than half a minute, REJECTED where its creation fails.
 */
export async function createBatch(
  client: EasyPostClient,
  shipments: readonly { id: string }[],
  call: CallOptions,
): Promise<string> {
  const request = { method: 'POST', path: '/batches', json: { batch: { shipments } } } as const;
  let batch = await client.request(batchSchema, request, call.signal);
  for (const pause of pausesMs) {
    if (batch.state !== 'creating') break;
    await client.clock.sleep(pause, call.signal);
    batch = await client.request(batchSchema, { path: `/batches/${batch.id}` }, call.signal);
  }
  if (batch.state === 'creating') {
    throw new ProviderError('UNAVAILABLE', 'EasyPost is still creating a batch of the shipments', {
      hint: 'Try again in a minute; no pickup was scheduled.',
    });
  }
  if (batch.state === 'creation_failed') {
    const reason = batch.shipments?.map((shipment) => shipment.batch_message).find(Boolean);
    throw new ProviderError(
      'REJECTED',
      `EasyPost can't create a batch of the shipments${reason ? `: ${reason}` : ''}`,
      { field: ['shipmentIds'], providerMessage: reason ?? undefined },
    );
  }
  return batch.id;
}
