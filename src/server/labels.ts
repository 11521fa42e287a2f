import type { FastifyInstance } from 'fastify';

import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import { contentTypes, openLabelLink } from '../domain/shipment.ts';
import type { Documents } from '../workflows/documents.ts';
import { isLabelDocument, type LabelDocuments } from '../workflows/label-documents/label-documents.ts';
import { sendDocument } from './send-document.ts';

export interface LabelOptions {
  readonly workflows: { readonly documents: Documents; readonly labelDocuments: LabelDocuments };
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** Adds `/labels/:token`, which serves labels, forms and documents of many labels. The signed link is the permission, until it expires. */
export function addLabels(app: FastifyInstance, { workflows, sealer, clock }: LabelOptions): void {
  app.get<{ Params: { token: string } }>('/labels/:token', async (request, reply) => {
    const link = openLabelLink(sealer, request.params.token);
    if (link === undefined) return reply.code(404).send({ error: 'there is no such label' });
    if (link.expiresAt <= clock.now()) {
      return reply.code(410).send({ error: 'this link has expired: read the shipment again for a new one' });
    }
    const { documents, labelDocuments } = workflows;
    const label = await (isLabelDocument(link.id) ? labelDocuments.read(link.id) : documents.read(link));
    if (label === 'voided') {
      return reply.code(410).send({ error: 'this label was voided and must not be used' });
    }
    if (label === 'redacted') {
      return reply.code(410).send({ error: 'this label was deleted at the end of its retention period' });
    }
    if (label === undefined) {
      return reply
        .code(503)
        .header('retry-after', '30')
        .send({ error: 'the provider does not return the label now; retry later' });
    }
    const { format, name } = label;
    const data = Buffer.from(label.data);
    const fileName = `${name}.${format.toLowerCase()}`;
    return sendDocument(request, reply.type(contentTypes[format]), { data, fileName });
  });
}
