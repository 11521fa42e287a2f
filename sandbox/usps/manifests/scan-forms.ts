import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf, guard } from '../oauth/gateway.ts';
import { drawImages, sendParts, wantsVendorJson } from '../labels/label-response.ts';
import { addressFields, mid, zip } from '../labels/label-schema.ts';
import { labelAddress } from '../labels/label-request.ts';
import { uspsTrackingNumber } from '../tracking/tracking-numbers.ts';
import { entryFacilities } from '../prices/shipping-options.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError, calendarDate, validated } from '../errors.ts';
import { labelsFor } from './scan-form-labels.ts';
import { nextSerial, putIntoForm } from '../labels/purchased-labels.ts';
import type { UspsState } from '../state.ts';

const version = '/scan-forms/v3';

const { phone: _, email: __, ZIPPlus4: ___, ...fields } = addressFields;
const images = ['PDF', 'TIFF', 'JPG', 'PNG', 'GIF', 'SVG'] as const;

/** Closed; of the shipment's three kinds there is exactly one. */
const scanFormRequest = z.strictObject({
  imageInfo: z
    .looseObject({
      imageType: z.enum([...images, 'ZPL203DPI', 'ZPL300DPI', 'NONE']).optional(),
      labelType: z.enum(['8.5X11LABEL', '4X6LABEL']).optional(),
    })
    .optional(),
  form: z.enum(['5630']).optional(),
  imageType: z.enum([...images, 'NONE']).optional(),
  labelType: z.enum(['8.5x11LABEL']).optional(),
  mailingDate: z.string().refine(calendarDate.test, 'String is invalid against requested format date'),
  overwriteMailingDate: z.boolean().default(false),
  entryFacilityZIPCode: zip,
  destinationEntryFacilityType: z.enum(entryFacilities),
  shipment: z.union([
    z.strictObject({ trackingNumbers: z.array(z.string()).min(1).max(40_000) }),
    z.strictObject({ MID: mid.unwrap() }),
    z.strictObject({ manifestMID: mid.unwrap() }),
  ]),
  fromAddress: z.looseObject({
    ...fields,
    ZIPPlus4: z.string().regex(/^\d{4}$/).optional(), // prettier-ignore
  }),
});
export type ScanFormRequest = z.infer<typeof scanFormRequest>;

/** One barcode for all the labels of a mailing, so that one scan accepts them. */
export function scanFormRoutes(app: FastifyInstance, world: UspsState) {
  app.post(
    '/scan-forms/v3/scan-form',
    { onRequest: guard(world, 'scan-forms', version) },
    async (request, reply) => {
      const body = validated(version, scanFormRequest, request.body);
      const client = callerOf(request);
      const { fromAddress: from } = body;
      checkDate(world, body);
      if (!from.firm && !(from.firstName && from.lastName)) {
        throw businessError(
          version,
          '160168',
          'must provide either first and last name or firm',
          'firstName/lastName/firm',
        );
      }
      const imageType = body.imageInfo?.imageType ?? body.imageType ?? 'PDF';
      if (!['PDF', 'PNG', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(imageType)) {
        // Guess: the workbook has this only for labels.
        throw businessError(
          version,
          '160024',
          'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
          'imageInfo.imageType',
        );
      }
      const labels = labelsFor(world, version, client, body);
      const address = labelAddress(from, 'fromAddress', version);
      const { manifestMid } = labels[0]!;
      const manifestNumber = uspsTrackingNumber(nextSerial(world), manifestMid, '750');
      const trackingNumbers = labels.map((label) => label.trackingNumber);
      for (const label of labels)
        putIntoForm(world, { ...label, mailingDate: body.mailingDate }, manifestNumber);
      const { fromAddress: ____, ...asked } = body;
      const metadata = { ...asked, fromAddress: address, manifestNumber, trackingNumbers };
      world.store.put('usps.scan-form', manifestNumber, metadata);

      const [image] = await drawImages({
        imageType,
        receiptOption: 'NONE',
        receipt: [],
        design: {
          title: 'SCAN FORM 5630',
          from: [
            address.firm ?? '',
            address.streetAddress,
            `${address.city} ${address.state} ${address.ZIPCode}`,
          ],
          to: [`${trackingNumbers.length} pieces`, `Mailing date ${body.mailingDate}`],
          trackingNumber: manifestNumber,
          details: trackingNumbers.slice(0, 6),
        },
      });
      if (world.switches.documentMode || wantsVendorJson(request)) {
        return sendParts(
          request,
          reply,
          [
            ['SCANFormMetaData', metadata],
            ...(image === undefined ? [] : [['SCANFormImage', image] as [string, object]]),
          ],
          'SCANFormMetaData',
        );
      }
      return sendParts(request, reply, [
        ['Scan Form Response', recorded(metadata, address)],
        ...(image === undefined ? [] : [['label', { ...image, file: 'label' }] as [string, object]]),
      ]);
    },
  );
}

/** As recorded: the address lies a step deeper, with a country and small letters in its ZIP Codes. */
function recorded(metadata: object, address: ReturnType<typeof labelAddress>) {
  const { firstName, lastName, firm, ignoreBadAddress: _, ZIPCode, ZIPPlus4, ...rest } = address;
  return {
    ...metadata,
    fromAddress: {
      ...(firstName === undefined ? {} : { firstName }),
      ...(lastName === undefined ? {} : { lastName }),
      ...(firm === undefined ? {} : { firm }),
      address: {
        ...rest,
        country: 'United States',
        countryISOCode: '840',
        zipCode: ZIPCode,
        zipPlus4: ZIPPlus4 ?? '',
      },
    },
  };
}

function checkDate(world: UspsState, { mailingDate, entryFacilityZIPCode }: ScanFormRequest) {
  const now = world.clock.now();
  const first = dateAt(now, entryFacilityZIPCode);
  const last = dateAt(now + 30 * 86_400_000, entryFacilityZIPCode);
  if (first <= mailingDate && mailingDate <= last) return;
  throw businessError(
    version,
    '160034',
    'cannot be in the past or more than 30 days in the future',
    '[trackingNumbers, manifestMID, MID]',
  );
}
