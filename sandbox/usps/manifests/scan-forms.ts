import type { FastifyInstance } from 'fastify';
import { clientOf, authorizeRequest } from '../oauth/gateway.ts';
import { acceptsVendorJson, drawPages, sendParts, type Parts } from '../labels/label-response.ts';
import { grouped } from '../../printing/number-groups.ts';
import { formPages, type FormDesign } from '../../printing/forms.ts';
import { addressLines, labelAddress } from '../labels/label-address.ts';
import type { LabelAddress } from '../labels/label-request.ts';
import { uspsTrackingNumber } from '../tracking/tracking-numbers.ts';
import { dateAt } from '../addresses/places.ts';
import { businessError } from '../errors.ts';
import { validateBody } from '../validation.ts';
import { eligibleLabels } from './scan-form-labels.ts';
import { scanFormSchema, type ScanFormRequest } from './scan-form-schema.ts';
import { addToScanForm, nextSerial, type Label } from '../labels/purchased-labels.ts';
import type { UspsState } from '../state.ts';

const version = '/scan-forms/v3';

/** `POST /scan-forms/v3/scan-form`: one barcode for all labels of a mailing, so that one scan accepts them. */
export function scanFormRoutes(app: FastifyInstance, state: UspsState) {
  const onRequest = authorizeRequest(state, 'scan-forms', version);
  app.post('/scan-forms/v3/scan-form', { onRequest }, async (request, reply) => {
    const body = validateBody(version, scanFormSchema, request.body);
    checkDate(state, body);
    checkName(body);
    const imageType = imageTypeOf(body);
    const labels = eligibleLabels(state, version, clientOf(request), body);
    const address = labelAddress(body.fromAddress, 'fromAddress', version);
    const metadata = createScanForm(state, body, labels, address);
    const [image] = await drawPages(formPages(designOf(metadata, address)), imageType);
    if (state.switches.documentMode || acceptsVendorJson(request)) {
      const images: Parts = image === undefined ? [] : [['SCANFormImage', image]];
      return sendParts(request, reply, [['SCANFormMetaData', metadata], ...images], 'SCANFormMetaData');
    }
    const images: Parts = image === undefined ? [] : [['label', { ...image, file: 'label' }]];
    return sendParts(request, reply, [
      ['Scan Form Response', recordedMetadata(metadata, address)],
      ...images,
    ]);
  });
}

function checkName({ fromAddress: from }: ScanFormRequest) {
  if (from.firm || (from.firstName && from.lastName)) return;
  throw businessError(
    version,
    '160168',
    'must provide either first and last name or firm',
    'firstName/lastName/firm',
  );
}

/** The requested image type. Throws when the sandbox does not draw it. Guess: the workbook has this error for labels only. */
function imageTypeOf(body: ScanFormRequest): string {
  const imageType = body.imageInfo?.imageType ?? body.imageType ?? 'PDF';
  if (['PDF', 'PNG', 'ZPL203DPI', 'ZPL300DPI', 'NONE'].includes(imageType)) return imageType;
  throw businessError(
    version,
    '160024',
    'currently only PDF, TIFF, ZPL300DPI, ZPL203DPI and NONE are supported.',
    'imageInfo.imageType',
  );
}

/** Assigns the labels to a new form and stores it; returns its metadata. */
function createScanForm(state: UspsState, body: ScanFormRequest, labels: Label[], address: LabelAddress) {
  const manifestNumber = uspsTrackingNumber(nextSerial(state), labels[0]!.manifestMid, '750');
  for (const label of labels) {
    addToScanForm(state, { ...label, mailingDate: body.mailingDate }, manifestNumber);
  }
  const trackingNumbers = labels.map((label) => label.trackingNumber);
  const metadata = { ...body, fromAddress: address, manifestNumber, trackingNumbers };
  state.store.put('usps.scan-form', manifestNumber, metadata);
  return metadata;
}

/** PS Form 5630: the sender and every number, and no receiver. */
const designOf = (
  form: { manifestNumber: string; trackingNumbers: string[]; mailingDate: string },
  address: LabelAddress,
): FormDesign => ({
  title: 'SCAN FORM 5630',
  blocks: [
    { heading: 'SHIPPED FROM', lines: addressLines(address) },
    {
      heading: 'SHIPMENT',
      lines: [`${form.trackingNumbers.length} pieces`, `Mailing date ${form.mailingDate}`],
    },
  ],
  barcode: { type: 'gs1-128', number: form.manifestNumber },
  table: {
    columns: [
      { heading: '#', share: 1 },
      { heading: 'Tracking number', share: 9 },
    ],
    rows: form.trackingNumbers.map((number, index) => [String(index + 1), grouped(number)]),
  },
});

/** The recorded metadata: the address is nested one level deeper, and has a country and lower-case ZIP fields. */
function recordedMetadata(metadata: object, address: LabelAddress) {
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

/** Throws unless the mailing date is today to 30 days ahead, by the calendar of the facility. */
function checkDate(state: UspsState, { mailingDate, entryFacilityZIPCode }: ScanFormRequest) {
  const now = state.clock.now();
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
