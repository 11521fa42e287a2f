import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { authorizeRequest } from '../oauth/gateway.ts';
import { drawImages, sendParts } from './label-response.ts';
import { imageInfo } from './label-schema.ts';
import type { Role } from '../payments/payment-roles.ts';
import { paymentAuthorizationOf } from '../payments/payments.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import { validateBody } from '../validation.ts';
import { labelOf, labelOfKey, requiredKey, type Label } from './purchased-labels.ts';
import type { UspsState } from '../state.ts';

const reprintLimit = 3;

interface ReprintImage {
  imageType: string;
  suppressPostage: boolean;
}

const {
  labelType,
  suppressPostage,
  suppressMailDate,
  brandingImageFormat,
  brandingImageUUIDs,
  packageNumber,
  totalPackages,
} = imageInfo.shape;
const domesticSchema = z.strictObject({
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
const internationalSchema = z.strictObject({
  imageInfo: z
    .strictObject({
      imageType: z.enum(['PDF', 'TIFF', 'ZPL203DPI', 'ZPL300DPI']).default('PDF'),
      labelType: z.enum(['4X6LABEL']).default('4X6LABEL'),
      suppressPostage: z.boolean().default(false),
    })
    .prefault({}),
});

/** Reprints of domestic and international labels: three at most, until the mailing date. */
export function reprintRoutes(app: FastifyInstance, state: UspsState) {
  for (const [api, version, resource, schema] of [
    ['labels', '/labels/v3', 'label-reprint', domesticSchema],
    ['international-labels', '/international-labels/v3/', 'international-label-reprint', internationalSchema],
  ] as const) {
    const onRequest = authorizeRequest(state, api, version);
    const base = `/${api}/v3/${resource}`;
    const isOfApi = (label: Label | undefined) =>
      (label?.kind === 'international') === (api === 'international-labels');
    const sendReprint = async (
      request: FastifyRequest,
      reply: FastifyReply,
      owner: Role,
      label: Label | undefined,
    ) => {
      const { imageInfo: image } = validateBody<{ imageInfo: ReprintImage }>(version, schema, request.body);
      return reprint(state, version, request, reply, owner, isOfApi(label) ? label : undefined, image);
    };

    app.post<{ Params: { number: string } }>(`${base}/:number`, { onRequest }, async (request, reply) => {
      const { owner } = await paymentAuthorizationOf(
        state,
        version,
        request,
        `/${resource}/{trackingNumber}`,
      );
      return sendReprint(request, reply, owner, labelOf(state, request.params.number));
    });
    app.post(base, { onRequest }, async (request, reply) => {
      const { owner } = await paymentAuthorizationOf(state, version, request, `/${resource}`);
      return sendReprint(
        request,
        reply,
        owner,
        labelOfKey(state, owner, requiredKey(version, `/${resource}`, request)),
      );
    });
  }
}

async function reprint(
  state: UspsState,
  version: string,
  request: FastifyRequest,
  reply: FastifyReply,
  owner: Role,
  label: Label | undefined,
  { imageType, suppressPostage }: ReprintImage,
) {
  const error = (code: string, detail: string, parameter = 'trackingNumber') =>
    businessError(version, code, detail, parameter);
  if (label === undefined) {
    throw error('160378', 'Tracking number not found for a mailing date within the last 45 days');
  }
  if (label.crid !== owner.CRID) {
    throw error(
      '160383',
      'The trackingNumber is not associated with your mailer profile',
      'trackingNumber, mailerId',
    );
  }
  if (label.status === 'CANCELED') throw error('160379', 'Canceled labels are unavailable for reprint');
  if (label.status === 'DISPUTED') throw error('160380', 'Disputed labels are unavailable for reprint');
  if (dateAt(state.clock.now(), label.origin) > label.mailingDate) {
    throw error('160381', 'Labels past their mailingDate are unavailable for reprint');
  }
  const imageTypes = ['PDF', 'ZPL203DPI', 'ZPL300DPI', ...(label.customs ? [] : ['PNG'])];
  if (!imageTypes.includes(imageType)) {
    throw error(
      '160024',
      'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
      'imageInfo.imageType',
    );
  }
  const reprintNumber = (label.reprints ?? 0) + 1;
  if (reprintNumber > reprintLimit) {
    throw error(
      '160382',
      `This label has reached the reprint limit of ${reprintLimit} reprints`,
      'reprintInfo.reprintCount',
    );
  }
  state.store.put<Label>('usps.label', label.trackingNumber, { ...label, reprints: reprintNumber });
  const [image] = await drawImages({ ...label.drawing, imageType, suppressPostage, receiptOption: 'NONE' });
  const [metadataName, imageName] =
    label.kind === 'return' ? ['returnLabelMetadata', 'returnLabelImage'] : ['labelMetadata', 'labelImage'];
  return sendParts(request, reply, [
    [metadataName, label.metadata],
    [imageName, image!],
    ['reprintInfo', { reprintNumber, reprintLimit }],
  ]);
}
