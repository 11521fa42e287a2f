import type { FastifyInstance } from 'fastify';
import { sellDomestic } from './domestic-sale.ts';
import { guard } from './gateway.ts';
import { drawImages, sendParts } from './label-answer.ts';
import { labelForm } from './label-form.ts';
import { withPlace } from './label-request.ts';
import { paymentOf } from './payments.ts';
import { validated } from './refusals.ts';
import { cancel, labelOf, labelOfKey, requiredKey, soldOnce } from './sold-labels.ts';
import type { World } from './world.ts';

const version = '/labels/v3';

/** Outbound domestic labels. */
export function labelRoutes(app: FastifyInstance, world: World) {
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
