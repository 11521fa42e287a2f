import type { FastifyInstance } from 'fastify';
import { guard } from '../oauth/gateway.ts';
import { internationalForm } from './international-request.ts';
import { internationalVersion as version } from '../prices/international-rules.ts';
import { sellInternational } from './international-purchase.ts';
import { drawImages, sendParts } from './label-response.ts';
import { paymentOf } from '../oauth/payments.ts';
import { validated } from '../errors.ts';
import { cancel, labelOf, labelOfKey, requiredKey, soldOnce, type Label } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const abroad = (label: Label | undefined) => (label?.kind === 'international' ? label : undefined);

/** Labels abroad, with their customs forms. */
export function internationalLabelRoutes(app: FastifyInstance, world: UspsState) {
  const onRequest = guard(world, 'international-labels', version);
  const path = '/international-label';
  const url = `/international-labels/v3${path}`;

  app.post(url, { onRequest }, async (request, reply) => {
    const { owner, priceType } = paymentOf(world, version, request, path);
    const body = validated(version, internationalForm, request.body);
    const label = soldOnce(world, version, owner, request, 'international', (key) =>
      sellInternational(world, { owner, priceType, body, request: request.body, key }),
    );
    if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
    const images = await drawImages(label.drawing);
    const parts = images.map((image): [string, object] => [image.name, image]);
    reply.code(201);
    return sendParts(request, reply, [['labelMetadata', label.metadata], ...parts], 'labelMetadata');
  });

  app.delete<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request) => {
    const { owner } = paymentOf(world, version, request, `${path}/{trackingNumber}`);
    return cancel(world, version, owner, abroad(labelOf(world, request.params.number)));
  });

  app.delete(url, { onRequest }, async (request, reply) => {
    const { owner } = paymentOf(world, version, request, path);
    const key = requiredKey(version, path, request);
    const answer = cancel(world, version, owner, abroad(labelOfKey(world, owner, key)));
    return reply.header('X-Idempotency-Key', key).send(answer);
  });
}
