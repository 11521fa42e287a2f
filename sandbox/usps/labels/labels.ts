import type { FastifyInstance } from 'fastify';
import { sellDomestic } from './domestic-purchase.ts';
import { guard } from '../oauth/gateway.ts';
import { drawImages, sendParts } from './label-response.ts';
import { labelForm } from './label-schema.ts';
import { withPlace } from './label-request.ts';
import { paymentOf } from '../oauth/payments.ts';
import { validated } from '../errors.ts';
import { cancel, labelOf, labelOfKey, requiredKey, soldOnce } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const version = '/labels/v3';

/** Outbound domestic labels. */
export function labelRoutes(app: FastifyInstance, world: UspsState) {
  const onRequest = guard(world, 'labels', version);

  app.post('/labels/v3/label', { onRequest }, async (request, reply) => {
    const { owner, priceType } = paymentOf(world, version, request);
    const body = withPlace(validated(version, labelForm, request.body));
    const label = soldOnce(world, version, owner, request, 'outbound', (key) =>
      sellDomestic(world, { owner, priceType, kind: 'outbound', body, request: request.body, key }),
    );
    if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
    reply.code(world.switches.labelStatus);
    const images = await drawImages(label.drawing);
    const parts = images.map((image): [string, object] => [image.name, image]);
    return sendParts(request, reply, [['labelMetadata', label.metadata], ...parts], 'labelMetadata');
  });

  app.delete<{ Params: { number: string } }>('/labels/v3/label/:number', { onRequest }, async (request) => {
    const { owner } = paymentOf(world, version, request, '/label/{trackingNumber}');
    const label = labelOf(world, request.params.number);
    return cancel(world, version, owner, label?.kind === 'international' ? undefined : label);
  });

  app.delete('/labels/v3/label', { onRequest }, async (request, reply) => {
    const { owner } = paymentOf(world, version, request);
    const key = requiredKey(version, '/label', request);
    const label = labelOfKey(world, owner, key);
    const answer = cancel(world, version, owner, label?.kind === 'international' ? undefined : label);
    return reply.header('X-Idempotency-Key', key).send(answer);
  });
}
