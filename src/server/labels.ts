import { createHash } from 'node:crypto';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import parseRange from 'range-parser';

import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import { contentTypes, openLabelLink } from '../domain/shipment.ts';
import type { Ledger } from '../workflows/ledger.ts';

export interface LabelOptions {
  readonly ledger: Ledger;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** The link is the permission: whoever has it may print the label until it ends. */
export function addLabels(app: FastifyInstance, { ledger, sealer, clock }: LabelOptions): void {
  app.get<{ Params: { token: string } }>('/labels/:token', async (request, reply) => {
    const link = openLabelLink(sealer, request.params.token);
    if (link === undefined) return reply.code(404).send({ error: 'there is no such label' });
    if (link.expiresAt <= clock.now()) {
      return reply.code(410).send({ error: 'this link has ended: ask the shipment for a new one' });
    }
    const label = await ledger.labels.read(link);
    if (label === 'given back') {
      return reply.code(410).send({ error: 'this label was given back, and must not be used' });
    }
    if (label === 'deleted') {
      return reply.code(410).send({ error: 'this label was deleted: labels are kept for a time only' });
    }
    if (label === undefined) {
      return reply
        .code(503)
        .header('retry-after', '30')
        .send({ error: 'the provider does not hand out the label now' });
    }
    return sendDocument(request, reply.type(contentTypes[label.format]), Buffer.from(label.data));
  });
}

/** A document that never changes under its link: whole, as the part that is asked for, or not again. */
function sendDocument(request: FastifyRequest, reply: FastifyReply, data: Buffer): FastifyReply {
  const etag = `"${createHash('sha256').update(data).digest('base64url')}"`;
  reply.headers({ etag, 'cache-control': 'private, max-age=86400, immutable', 'accept-ranges': 'bytes' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const { range, 'if-range': ifRange } = request.headers;
  if (range === undefined || (ifRange !== undefined && ifRange !== etag)) return reply.send(data);
  const ranges = parseRange(data.length, range, { combine: true });
  if (ranges === -1) {
    return reply.code(416).header('content-range', `bytes */${data.length}`).send();
  }
  // Of several parts, and of what is no range, nobody is promised more than the whole.
  if (ranges === -2 || ranges.length !== 1 || ranges.type !== 'bytes') return reply.send(data);
  const { start, end } = ranges[0]!;
  return reply
    .code(206)
    .header('content-range', `bytes ${start}-${end}/${data.length}`)
    .send(data.subarray(start, end + 1));
}
