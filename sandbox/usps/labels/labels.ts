import type { FastifyInstance } from 'fastify';
import { purchaseDomestic } from './label-purchase.ts';
import { authorizeRequest } from '../oauth/gateway.ts';
import { drawImages, sendParts } from './label-response.ts';
import { labelSchema } from './label-schema.ts';
import { requireDestination } from './label-request.ts';
import { paymentAuthorizationOf } from '../payments/payments.ts';
import { validateBody } from '../validation.ts';
import { cancelLabel, labelOf, labelOfKey, requiredKey, purchaseOnce } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const version = '/labels/v3';

/** The Domestic Labels API for outbound labels, and their cancellation. */
export function labelRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'labels', version);

  app.post('/labels/v3/label', { onRequest }, async (request, reply) => {
    const { owner, priceType } = await paymentAuthorizationOf(state, version, request);
    const body = requireDestination(validateBody(version, labelSchema, request.body));
    const label = purchaseOnce(state, version, owner, request, 'outbound', (key) =>
      purchaseDomestic(state, { owner, priceType, kind: 'outbound', body, request: request.body, key }),
    );
    if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
    reply.code(state.switches.labelStatus);
    const images = await drawImages(label.drawing);
    const parts = images.map((image): [string, object] => [image.name, image]);
    return sendParts(request, reply, [['labelMetadata', label.metadata], ...parts], 'labelMetadata');
  });

  app.delete<{ Params: { number: string } }>('/labels/v3/label/:number', { onRequest }, async (request) => {
    const { owner } = await paymentAuthorizationOf(state, version, request, '/label/{trackingNumber}');
    const label = labelOf(state, request.params.number);
    return cancelLabel(state, version, owner, label?.kind === 'international' ? undefined : label);
  });

  app.delete('/labels/v3/label', { onRequest }, async (request, reply) => {
    const { owner } = await paymentAuthorizationOf(state, version, request);
    const key = requiredKey(version, '/label', request);
    const label = labelOfKey(state, owner, key);
    const response = cancelLabel(state, version, owner, label?.kind === 'international' ? undefined : label);
    return reply.header('X-Idempotency-Key', key).send(response);
  });
}
