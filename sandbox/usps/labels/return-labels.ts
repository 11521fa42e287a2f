import type { FastifyInstance } from 'fastify';
import { purchaseDomestic } from './label-purchase.ts';
import { clientOf, authorizeRequest } from '../oauth/gateway.ts';
import { drawImages, sendParts } from './label-response.ts';
import { paymentAuthorizationOf } from '../payments/payments.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import { validateBody } from '../validation.ts';
import { returnLabelSchema, toLabelRequest } from './return-schema.ts';
import { purchaseOnce } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const version = '/labels/v3';

/** `POST /labels/v3/return-label`. Return labels cannot be canceled. */
export function returnLabelRoutes(app: FastifyInstance, state: UspsState) {
  app.post(
    '/labels/v3/return-label',
    { onRequest: authorizeRequest(state, 'labels', version) },
    async (request, reply) => {
      const { owner, priceType } = await paymentAuthorizationOf(state, version, request, '/return-label');
      const returnRequest = validateBody(version, returnLabelSchema, request.body);
      if (clientOf(request).withoutReturns) {
        throw businessError(
          version,
          '160304',
          'Must be enrolled in USPS Ship Returns in order to create return labels',
          'Header: X-Payment-Authorization-Token',
        );
      }
      const body = toLabelRequest(
        returnRequest,
        dateAt(state.clock.now(), returnRequest.fromAddress.ZIPCode),
      );
      const label = purchaseOnce(state, version, owner, request, 'return', (key) =>
        purchaseDomestic(state, { owner, priceType, kind: 'return', body, request: request.body, key }),
      );
      if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
      const images = (await drawImages(label.drawing)).map((image): [string, object] => {
        const name = image.name === 'labelImage' ? 'returnLabelImage' : 'returnReceiptImage';
        return [name, image];
      });
      reply.code(state.switches.labelStatus);
      return sendParts(
        request,
        reply,
        [['returnLabelMetadata', label.metadata], ...images],
        'returnLabelMetadata',
      );
    },
  );
}
