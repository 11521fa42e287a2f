import { z } from 'zod';
import {
  address,
  customsForm,
  imageInfo,
  packageDescription,
  packageOptions,
  senderAddress,
} from './label-schema.ts';
import type { LabelRequest } from './label-request.ts';

const {
  weight,
  weightUOM,
  length,
  width,
  height,
  dimensionsUOM,
  girth,
  hasNonstandardCharacteristics,
  processingCategory,
  customerReference,
  extraServices,
  destinationEntryFacilityAddress,
  inductionZIPCode,
} = packageDescription.shape;

const indicators = 'CP DN DR E4 E6 FA FB FE FP FS OS P5 P6 P7 P8 P9 PA PL PM Q6 Q7 Q8 Q9 Q0 SP'.split(' ');

const { packageNumber: _, totalPackages: __, ...image } = imageInfo.shape;
const { returnReceiptTracking: ___, originalPackage: ____, ...options } = packageOptions.shape;

/** A return label request: without a mailing date, and with an optional customs form of optional fields. */
export const returnLabelSchema = z.strictObject({
  imageInfo: z
    .looseObject({ ...image, receiptOption: z.enum(['SAME_PAGE', 'SEPARATE_PAGE', 'NONE']).default('NONE') })
    .prefault({}),
  toAddress: address,
  fromAddress: address,
  senderAddress: senderAddress.optional(),
  returnAddress: address.optional(),
  packageDescription: z.looseObject({
    weight,
    weightUOM,
    length,
    width,
    height,
    dimensionsUOM,
    girth,
    hasNonstandardCharacteristics,
    processingCategory,
    customerReference,
    extraServices,
    destinationEntryFacilityAddress,
    inductionZIPCode,
    mailClass: z.enum([
      'FIRST-CLASS_PACKAGE_RETURN_SERVICE',
      'GROUND_RETURN_SERVICE',
      'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE',
      'PRIORITY_MAIL_RETURN_SERVICE',
      'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
    ]),
    packageOptions: z.looseObject(options).optional(),
    shipperVisibilityMethod: z.enum(['SENDER_INFORMATION']).optional(),
    rateIndicator: z.enum(indicators).optional(),
    shape: packageDescription.shape.shape,
    packagingType: z
      .enum([
        'VARIABLE',
        '5-DIGIT_PRESORT',
        'BASIC_PRESORT',
        'FLAT_RATE_ENVELOPE',
        'LEGAL_FLAT_RATE_ENVELOPE',
        'PADDED_FLAT_RATE_ENVELOPE',
        'SM_FLAT_RATE_BOX',
        'MD_FLAT_RATE_BOX',
        'LG_FLAT_RATE_BOX',
        'CUBIC_PARCELS',
        'CUBIC_SOFT_PACK',
      ])
      .optional(),
  }),
  customsForm: z
    .looseObject({
      ...customsForm.shape,
      customsContentType: customsForm.shape.customsContentType.optional(),
      contents: z.array(returnItem()).min(1).max(30).optional(),
    })
    .optional(),
});
export type ReturnLabelRequest = z.infer<typeof returnLabelSchema>;

function returnItem() {
  const item = customsForm.shape.contents.element.shape;
  return z.looseObject({
    ...item,
    itemDescription: item.itemDescription.optional(),
    itemQuantity: item.itemQuantity.optional(),
    itemTotalValue: item.itemTotalValue.optional(),
    itemTotalWeight: item.itemTotalWeight.optional(),
    weightUOM: item.weightUOM.optional(),
  });
}

/** Converts the request of a return label to that of a label mailed on the given day. */
export function toLabelRequest(request: ReturnLabelRequest, today: string): LabelRequest {
  const { packageDescription: piece, customsForm: customs, imageInfo: image } = request;
  return {
    imageInfo: { ...image, suppressPostage: true, suppressMailDate: true, returnLabel: false },
    toAddress: request.toAddress,
    fromAddress: request.fromAddress,
    packageDescription: {
      ...piece,
      destinationEntryFacilityType: 'NONE',
      mailingDate: today,
    },
    customsForm: customs && {
      ...customs,
      contents: (customs.contents ?? []).map((item) => ({
        ...item,
        itemDescription: item.itemDescription ?? '',
        itemQuantity: item.itemQuantity ?? 1,
        itemTotalValue: item.itemTotalValue ?? 0,
        itemTotalWeight: item.itemTotalWeight ?? 0,
        weightUOM: 'lb' as const,
      })),
    },
  };
}
