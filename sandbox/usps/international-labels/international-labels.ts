import type { FastifyInstance } from 'fastify';
import { authorizeRequest } from '../oauth/gateway.ts';
import { internationalLabelSchema } from './label-schema.ts';
import { internationalVersion as version } from './label-rules.ts';
import { purchaseInternational } from './label-purchase.ts';
import { drawImages, sendParts } from '../labels/label-response.ts';
import { paymentAuthorizationOf } from '../payments/payments.ts';
import { validateBody } from '../validation.ts';
import {
  cancelLabel,
  labelOf,
  labelOfKey,
  requiredKey,
  purchaseOnce,
  type Label,
} from '../labels/purchased-labels.ts';
import type { UspsState } from '../state.ts';

const internationalOnly = (label: Label | undefined) => (label?.kind === 'international' ? label : undefined);

/** The International Labels API: labels with customs forms, and their cancellation. */
export function internationalLabelRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'international-labels', version);
  const path = '/international-label';
  const url = `/international-labels/v3${path}`;

  app.post(url, { onRequest }, async (request, reply) => {
    const { owner, priceType } = await paymentAuthorizationOf(state, version, request, path);
    const body = validateBody(version, internationalLabelSchema, request.body);
    const label = purchaseOnce(state, version, owner, request, 'international', (key) =>
      purchaseInternational(state, { owner, priceType, body, request: request.body, key }),
    );
    if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
    const images = await drawImages(label.drawing);
    const parts = images.map((image): [string, object] => [image.name, image]);
    if (label.duties) parts.push(['prepaidDutiesTaxesFees', label.duties]);
    reply.code(201);
    return sendParts(request, reply, [['labelMetadata', label.metadata], ...parts], 'labelMetadata');
  });

  app.delete<{ Params: { number: string } }>(`${url}/:number`, { onRequest }, async (request) => {
    const { owner } = await paymentAuthorizationOf(state, version, request, `${path}/{trackingNumber}`);
    return cancelLabel(state, version, owner, internationalOnly(labelOf(state, request.params.number)));
  });

  app.delete(url, { onRequest }, async (request, reply) => {
    const { owner } = await paymentAuthorizationOf(state, version, request, path);
    const key = requiredKey(version, path, request);
    const response = cancelLabel(state, version, owner, internationalOnly(labelOfKey(state, owner, key)));
    return reply.header('X-Idempotency-Key', key).send(response);
  });
}
