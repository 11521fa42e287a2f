import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { dateAt } from '../../../domain/calendar.ts';
import { ProviderError } from '../../../domain/errors.ts';
import { shareOrigin, type CreatedManifest } from '../../../domain/handover.ts';
import { parseJson } from '../../../domain/json.ts';
import type { Response } from '../../../transport/http.ts';
import type { ManifestApi, ManifestRequest } from '../../adapter.ts';
import { isOk, type Usps } from '../client.ts';
import { failureOf, unreadable } from '../errors.ts';
import { toLabelAddress } from '../labels/label-address.ts';
import { fromBase64, fromMultipart } from '../labels/label-response.ts';
import { atHome } from '../rates/direction.ts';

const metadataSchema = z.object({ manifestNumber: z.string().min(1) });
const flatSchema = z.object({ SCANFormMetaData: z.unknown().optional(), SCANFormImage: z.string().min(1) });
const preparedRequest = z.object({ body: z.string() });

/**
 * SCAN forms. There is no `recall`: USPS has no endpoint that reads a form, nor a key that tells an order sent again,
 * and a label that is refused because it is part of a form (160040) may be part of anybody's.
 */
export function createManifestApi(usps: Usps): ManifestApi {
  return {
    prepare: async (order) => ({
      attemptId: randomUUID(),
      request: { body: JSON.stringify(toScanFormRequest(order, usps.clock.now())) },
    }),
    async perform(prepared, call) {
      const { body } = preparedRequest.parse(prepared.request);
      const answer = await usps.send(
        {
          api: 'scan-forms',
          method: 'POST',
          path: '/scan-forms/v3/scan-form',
          body,
          headers: { 'content-type': 'application/json' },
          timeoutMs: 60_000,
        },
        call.signal,
      );
      if (!isOk(answer)) throw failureOf(answer, usps.clock.now(), fields);
      return fromScanForm(answer);
    },
  };
}

/** What USPS faults is one of the labels; its message says which. */
const fields = {
  mailingDate: ['shipmentIds'],
  status: ['shipmentIds'],
  scanFormEfn: ['shipmentIds'],
  entryFacilityZipCode: ['shipmentIds'],
  destinationEntryFacilityType: ['shipmentIds'],
  imageType: ['shipmentIds'],
  parcelLockerDelivery: ['shipmentIds'],
  carrierPickup: ['shipmentIds'],
} as const;

/**
 * One form for labels of one place and one day, domestic and international. Moving labels to another day
 * (`overwriteMailingDate`) is left to who printed them.
 */
function toScanFormRequest({ parcels }: ManifestRequest, now: number) {
  const refuse = (message: string, hint: string) => {
    throw new ProviderError('REJECTED', message, { field: ['shipmentIds'], hint });
  };
  if (!shareOrigin(parcels)) {
    refuse('the parcels leave from several addresses', 'Make one manifest for each address.');
  }
  const dates = [...new Set(parcels.map(({ shipDate }) => shipDate))];
  if (dates.length > 1) {
    refuse(`the labels are dated ${dates.sort().join(', ')}`, 'Make one manifest for each date.');
  }
  const { from, shipDate } = parcels[0]!;
  if (shipDate < dateAt(from, now)) {
    refuse(
      `the labels are dated ${shipDate}, which is past`,
      'USPS has heard of such labels: they need no form.',
    );
  }
  if (parcels.some(({ isReturn }) => isReturn)) {
    refuse('labels of returns have no place in a SCAN form', 'Leave the returns out.');
  }
  const { phone: _, email: __, ...fromAddress } = toLabelAddress(atHome(from));
  return {
    imageInfo: { imageType: 'PDF', labelType: '8.5X11LABEL' },
    mailingDate: shipDate,
    entryFacilityZIPCode: fromAddress.ZIPCode,
    destinationEntryFacilityType: 'NONE',
    shipment: { trackingNumbers: parcels.map(({ trackingNumber }) => trackingNumber) },
    fromAddress,
  };
}

/** Reads a form as it comes: parts of a MIME message, or one flat document with the image in Base64. */
async function fromScanForm(answer: Response): Promise<CreatedManifest> {
  const contentType = String(answer.headers['content-type'] ?? '');
  const { metadata, image } = contentType.startsWith('multipart/')
    ? await fromMultipart(contentType, answer.body)
    : fromFlat(answer.body);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success || image === undefined) throw unreadable('a SCAN form', parsed.error);
  const { manifestNumber } = parsed.data;
  return {
    reference: manifestNumber,
    form: { format: 'PDF', data: image },
    providerRef: { manifestNumber },
  };
}

function fromFlat(body: Buffer) {
  const document = parseJson(body.toString('utf8'));
  const flat = flatSchema.safeParse(document).data;
  return {
    metadata: flat?.SCANFormMetaData ?? document,
    image: flat && fromBase64(Buffer.from(flat.SCANFormImage)),
  };
}
