import type { FastifyInstance } from 'fastify';
import { sellDomestic } from './domestic-purchase.ts';
import { callerOf, guard } from '../oauth/gateway.ts';
import { drawImages, sendParts } from './label-response.ts';
import { paymentOf } from '../oauth/payments.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError, validated } from '../errors.ts';
import { returnForm, returnRequest } from './return-schema.ts';
import { soldOnce } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const version = '/labels/v3';

/** Labels for what comes back; they cannot be cancelled. */
export function returnLabelRoutes(app: FastifyInstance, world: UspsState) {
  app.post(
    '/labels/v3/return-label',
    { onRequest: guard(world, 'labels', version) },
    async (request, reply) => {
      const { owner, priceType } = paymentOf(world, version, request, '/return-label');
      const form = validated(version, returnForm, request.body);
      if (callerOf(request).withoutReturns) {
        throw businessError(
          version,
          '160304',
          'Must be enrolled in USPS Ship Returns in order to create return labels',
          'Header: X-Payment-Authorization-Token',
        );
      }
      const body = returnRequest(form, dateAt(world.clock.now(), form.fromAddress.ZIPCode));
      const label = soldOnce(world, version, owner, request, 'return', (key) =>
        sellDomestic(world, { owner, priceType, kind: 'return', body, request: request.body, key }),
      );
      if (label.idempotencyKey !== undefined) reply.header('X-Idempotency-Key', label.idempotencyKey);
      const images = (await drawImages(label.drawing)).map((image): [string, object] => {
        const name = image.name === 'labelImage' ? 'returnLabelImage' : 'returnReceiptImage';
        return [name, image];
      });
      reply.code(world.switches.labelStatus);
      return sendParts(
        request,
        reply,
        [['returnLabelMetadata', label.metadata], ...images],
        'returnLabelMetadata',
      );
    },
  );
}
