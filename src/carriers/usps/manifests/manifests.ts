import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import type { CreatedManifest } from '../../../domain/manifest.ts';
import { parseJson } from '../../../domain/json.ts';
import type { HttpResponse } from '../../../transport/http.ts';
import type { ManifestApi } from '../../adapter.ts';
import { isOk, type Usps } from '../client.ts';
import { failureOf, unreadable } from '../errors.ts';
import { decodeDocument, readMultipart } from '../multipart.ts';
import { toScanFormRequest } from './manifest-request.ts';

const metadataSchema = z.object({ manifestNumber: z.string().min(1) });
const documentSchema = z.object({ SCANFormMetaData: z.unknown().optional(), SCANFormImage: z.string().min(1) }); // prettier-ignore
const preparedSchema = z.object({ body: z.string() });

/**
 * Creates SCAN forms. There is no `reconcile`: USPS has no endpoint that reads a form, and no idempotency key. A label
 * that is refused because it is on a form (160040) does not tell which form that is.
 */
export function createManifestApi(usps: Usps): ManifestApi {
  return {
    prepare: async (manifest) => ({
      attemptId: randomUUID(),
      request: { body: JSON.stringify(toScanFormRequest(manifest, usps.clock.now())) },
    }),
    async perform(prepared, call) {
      const { body } = preparedSchema.parse(prepared.request);
      const response = await usps.send(
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
      if (!isOk(response)) throw failureOf(response, usps.clock.now(), inputPaths);
      return fromScanFormResponse(response);
    },
  };
}

/** Every fault is about one of the labels, which the message names. */
const inputPaths = {
  mailingDate: ['shipmentIds'],
  status: ['shipmentIds'],
  scanFormEfn: ['shipmentIds'],
  entryFacilityZipCode: ['shipmentIds'],
  destinationEntryFacilityType: ['shipmentIds'],
  imageType: ['shipmentIds'],
  parcelLockerDelivery: ['shipmentIds'],
  carrierPickup: ['shipmentIds'],
} as const;

/** Reads a form from a MIME message, or from one JSON document with the image in Base64. */
async function fromScanFormResponse(response: HttpResponse): Promise<CreatedManifest> {
  const contentType = String(response.headers['content-type'] ?? '');
  const { metadata, image } = contentType.startsWith('multipart/')
    ? await readMultipart(contentType, response.body)
    : readJson(response.body);
  const parsed = metadataSchema.safeParse(metadata);
  if (!parsed.success || image === undefined) throw unreadable('a SCAN form', parsed.error);
  const { manifestNumber } = parsed.data;
  return {
    reference: manifestNumber,
    form: { format: 'PDF', data: image },
    providerRef: { manifestNumber },
  };
}

function readJson(body: Buffer) {
  const json = parseJson(body.toString('utf8'));
  const document = documentSchema.safeParse(json).data;
  return {
    metadata: document?.SCANFormMetaData ?? json,
    image: document && decodeDocument(Buffer.from(document.SCANFormImage)),
  };
}
