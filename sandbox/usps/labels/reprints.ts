import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { guard } from '../oauth/gateway.ts';
import { drawImages, sendParts } from './label-response.ts';
import { imageInfo } from './label-schema.ts';
import { paymentOf, type Role } from '../oauth/payments.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError, validated } from '../errors.ts';
import { labelOf, labelOfKey, requiredKey, type Label } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const reprintLimit = 3;

const {
  labelType,
  suppressPostage,
  suppressMailDate,
  brandingImageFormat,
  brandingImageUUIDs,
  packageNumber,
  totalPackages,
} = imageInfo.shape;
const domestic = z.strictObject({
  imageInfo: z
    .looseObject({
      imageType: z
        .enum(['PDF', 'TIFF', 'JPG', 'PNG', 'GIF', 'SVG', 'ZPL203DPI', 'ZPL300DPI', 'EPL300DPI'])
        .default('PDF'),
      labelType,
      suppressPostage,
      suppressMailDate,
      brandingImageFormat,
      brandingImageUUIDs,
      packageNumber,
      totalPackages,
    })
    .prefault({}),
});
const international = z.strictObject({
  imageInfo: z
    .strictObject({
      imageType: z.enum(['PDF', 'TIFF', 'ZPL203DPI', 'ZPL300DPI']).default('PDF'),
      labelType: z.enum(['4X6LABEL']).default('4X6LABEL'),
      suppressPostage: z.boolean().default(false),
    })
    .prefault({}),
});

/** The same label once more, three times at most and until it is mailed. */
export function reprintRoutes(app: FastifyInstance, world: UspsState) {
  for (const [api, version, resource, form] of [
    ['labels', '/labels/v3', 'label-reprint', domestic],
    ['international-labels', '/international-labels/v3/', 'international-label-reprint', international],
  ] as const) {
    const onRequest = guard(world, api, version);
    const base = `/${api}/v3/${resource}`;
    const isTheirs = (label: Label | undefined) =>
      (label?.kind === 'international') === (api === 'international-labels');
    const again = async (
      request: FastifyRequest,
      reply: FastifyReply,
      owner: Role,
      label: Label | undefined,
    ) => {
      const { imageInfo: image } = validated<{ imageInfo: { imageType: string } }>(
        version,
        form,
        request.body,
      );
      return reprint(
        world,
        version,
        request,
        reply,
        owner,
        isTheirs(label) ? label : undefined,
        image.imageType,
      );
    };

    app.post<{ Params: { number: string } }>(`${base}/:number`, { onRequest }, async (request, reply) => {
      const { owner } = paymentOf(world, version, request, `/${resource}/{trackingNumber}`);
      return again(request, reply, owner, labelOf(world, request.params.number));
    });
    app.post(base, { onRequest }, async (request, reply) => {
      const { owner } = paymentOf(world, version, request, `/${resource}`);
      return again(
        request,
        reply,
        owner,
        labelOfKey(world, owner, requiredKey(version, `/${resource}`, request)),
      );
    });
  }
}

async function reprint(
  world: UspsState,
  version: string,
  request: FastifyRequest,
  reply: FastifyReply,
  owner: Role,
  label: Label | undefined,
  imageType: string,
) {
  const refuse = (code: string, detail: string, parameter = 'trackingNumber') =>
    businessError(version, code, detail, parameter);
  if (label === undefined) {
    throw refuse('160378', 'Tracking number not found for a mailing date within the last 45 days');
  }
  if (label.crid !== owner.CRID) {
    throw refuse(
      '160383',
      'The trackingNumber is not associated with your mailer profile',
      'trackingNumber, mailerId',
    );
  }
  if (label.status === 'CANCELED') throw refuse('160379', 'Canceled labels are unavailable for reprint');
  if (label.status === 'DISPUTED') throw refuse('160380', 'Disputed labels are unavailable for reprint');
  if (dateAt(world.clock.now(), label.origin) > label.mailingDate) {
    throw refuse('160381', 'Labels past their mailingDate are unavailable for reprint');
  }
  const drawn = ['PDF', 'ZPL203DPI', 'ZPL300DPI', ...(label.customs ? [] : ['PNG'])];
  if (!drawn.includes(imageType)) {
    throw refuse(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
  const reprintNumber = (label.reprints ?? 0) + 1;
  if (reprintNumber > reprintLimit) {
    throw refuse(
      '160382',
      `This label has reached the reprint limit of ${reprintLimit} reprints`,
      'reprintInfo.reprintCount',
    );
  }
  world.store.put<Label>('usps.label', label.trackingNumber, { ...label, reprints: reprintNumber });
  const [image] = await drawImages({ ...label.drawing, imageType, receiptOption: 'NONE' });
  const [metadata, picture] =
    label.kind === 'return' ? ['returnLabelMetadata', 'returnLabelImage'] : ['labelMetadata', 'labelImage'];
  return sendParts(request, reply, [
    [metadata, label.metadata],
    [picture, image!],
    ['reprintInfo', { reprintNumber, reprintLimit }],
  ]);
}
