import { z } from 'zod';
import { internationalLabelServiceCodes } from '../prices/extra-services.ts';
import {
  address,
  customsForm as domesticCustoms,
  customsItem,
  flag,
  mid,
  place,
  positive,
  senderAddress,
  optionalText,
  zip,
} from '../labels/label-schema.ts';
import { calendarDate } from '../validation.ts';

const twoLetters = z.string().regex(/^([a-zA-Z]){2}/);
const recipient = z.looseObject({
  firstName: optionalText(50, 1),
  lastName: optionalText(50, 1),
  firm: optionalText(50),
  phone: address.shape.phone,
  streetAddress: z.string().min(1).max(50),
  secondaryAddress: optionalText(50),
  city: z.string().min(1).max(28),
  postalCode: optionalText(11),
  province: optionalText(40),
  provinceISOAlpha2Code: twoLetters.min(2).max(2).optional(),
  country: z.string().min(1),
  countryISOAlpha2Code: twoLetters,
});

const date = z.string().refine(calendarDate.test, 'String is invalid against requested format date');

/** Closed, although the document closes only one part of its `allOf`, which would allow no field of the other part. */
const packageDescription = z.strictObject({
  weightUOM: z.enum(['lb']).default('lb'),
  weight: positive,
  dimensionsUOM: z.enum(['in']).default('in'),
  length: positive,
  width: positive,
  height: positive,
  girth: positive.optional(),
  destinationEntryFacilityAddress: place.optional(),
  mailClass: z.enum([
    'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
    'PRIORITY_MAIL_INTERNATIONAL',
    'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
  ]),
  rateIndicator: z.enum(['E4', 'E6', 'FA', 'FB', 'FE', 'FP', 'FS', 'PA', 'PL', 'SP']).optional(),
  packagingType: z
    .enum([
      'FLAT_RATE_ENVELOPE',
      'LEGAL_FLAT_RATE_ENVELOPE',
      'PADDED_FLAT_RATE_ENVELOPE',
      'SM_FLAT_RATE_BOX',
      'MD_FLAT_RATE_BOX',
      'LG_FLAT_RATE_BOX',
      'VARIABLE',
    ])
    .optional(),
  diameter: z.number().min(0).optional(),
  shape: z.enum(['RECTANGLE']).optional(),
  processingCategory: z.enum(['LETTERS', 'FLATS', 'MACHINABLE', 'NON_MACHINABLE', 'NONSTANDARD']),
  destinationEntryFacilityType: z.enum(['NONE', 'INTERNATIONAL_SERVICE_CENTER']),
  mailingDate: date,
  packageOptions: z
    .strictObject({
      packageValue: z.number().min(0).optional(),
      nonDeliveryOption: z.enum(['RETURN', 'REDIRECT', 'ABANDON']).optional(),
      omas: z.looseObject({ chargebackCode: z.string().max(6).optional() }).optional(),
      redirectAddress: address.optional(),
      originalPackage: z
        .looseObject({
          originalTrackingNumber: z.string().length(13),
          originalConstructCode: z.enum(['G01', 'I01']),
        })
        .optional(),
      generateGXEvent: flag,
      immediateManifest: flag,
    })
    .optional(),
  customerReference: z
    .array(z.looseObject({ referenceNumber: optionalText(30, 1) }))
    .max(2)
    .optional(),
  extraServices: z.array(z.literal(internationalLabelServiceCodes)).max(3).default([]),
  inductionZIPCode: zip.optional(),
  mailOwnerMID: mid,
  logisticsManagerMID: mid,
  prepayDutiesTaxesFees: flag,
});

const reference = z.strictObject({
  referenceType: z.enum(['TAX_CODE', 'VAT_NUMBER', 'IMPORTER_CODE']).optional(),
  reference: optionalText(28, 1),
  contact: z
    .looseObject({
      phone: address.shape.phone,
      fax: address.shape.phone,
      email: address.shape.email,
    })
    .optional(),
});
const {
  contentComments,
  restrictionType,
  restrictionComments,
  AESITN,
  invoiceNumber,
  licenseNumber,
  certificateNumber,
} = domesticCustoms.shape;
const { itemTotalValue, itemTotalWeight, weightUOM, countryofOrigin, ...item } = customsItem.shape;

const customsForm = z.strictObject({
  contentComments,
  restrictionType,
  restrictionComments,
  AESITN: AESITN.unwrap(),
  invoiceNumber,
  licenseNumber,
  certificateNumber,
  customsContentType: z.enum([
    ...domesticCustoms.shape.customsContentType.options,
    'CREMATED_REMAINS',
    'NON_NEGOTIABLE_DOCUMENT',
    'MEDICAL_SUPPLIES',
    'PHARMACEUTICALS',
  ]),
  importersReference: reference.optional(),
  exportersReference: reference.optional(),
  contents: z
    .array(
      z.strictObject({
        ...item,
        itemTotalValue: itemTotalValue.optional(),
        itemTotalWeight: itemTotalWeight.optional(),
        weightUOM: weightUOM.default('lb'),
        countryofOrigin: countryofOrigin.unwrap(),
      }),
    )
    .min(1)
    .max(30),
});

export const internationalLabelSchema = z.strictObject({
  imageInfo: z
    .strictObject({
      imageType: z.enum(['LABEL_BROKER', 'PDF', 'TIFF', 'ZPL203DPI', 'ZPL300DPI', 'NONE']).default('PDF'),
      labelType: z.enum(['4X6LABEL']).default('4X6LABEL'),
      holdForManifest: flag,
      suppressPostage: z.boolean().default(false),
      includeLabelBrokerPDF: flag,
      addZPLComments: flag,
    })
    .prefault({}),
  toAddress: recipient,
  fromAddress: address,
  senderAddress: senderAddress.optional(),
  packageDescription,
  customsForm,
});
export type InternationalLabelRequest = z.infer<typeof internationalLabelSchema>;
