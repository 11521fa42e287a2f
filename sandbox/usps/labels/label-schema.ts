import { z } from 'zod';
import { statePattern } from '../addresses/states.ts';
import { labelServiceCodes } from '../prices/extra-services.ts';
import { entryFacilities, mailingDateSchema } from '../prices/price-schemas.ts';

export const positive = z.number().gt(0);
export const optionalText = (max: number, min = 0) => z.string().min(min).max(max).optional();
export const flag = z.boolean().optional();
export const mid = z.string().regex(/^(\d{6}|\d{9})$/).optional(); // prettier-ignore
export const zip = z.string().regex(/^\d{5}$/);

const placeFields = {
  streetAddress: z.string().min(1).max(50),
  secondaryAddress: optionalText(50),
  city: z.string().min(1).max(28),
  state: z.string().regex(statePattern),
  ZIPCode: zip,
  ZIPPlus4: z.string().regex(/^\d{4}$/).nullish(), // prettier-ignore
  urbanization: optionalText(96),
};
export const place = z.looseObject(placeFields).partial();
export const addressFields = {
  ...placeFields,
  firstName: optionalText(50, 1),
  lastName: optionalText(50, 1),
  firm: optionalText(50),
  phone: z.string().regex(/^\+?[1-9][0-9]{7,14}$|^[0-9]{6,15}$/).optional(), // prettier-ignore
  email: z
    .string()
    .max(50)
    .regex(/^[a-zA-Z0-9_+&*-]+(?:\.[a-zA-Z0-9_+&*-]+)*@(?:[a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}$/)
    .optional(),
  ignoreBadAddress: flag,
};
export const address = z.looseObject(addressFields);
export const senderAddress = z.looseObject({ ...addressFields, platformUserId: optionalText(30) });
/** The address fields are optional, since a parcel locker needs none; a business rule requires them elsewhere. */
const destinationAddress = z.looseObject({
  ...addressFields,
  ...place.shape,
  parcelLockerDelivery: flag,
  holdForPickup: flag,
  facilityId: optionalText(7),
});

export const imageInfo = z.looseObject({
  imageType: z
    .enum([
      'PDF',
      'TIFF',
      'JPG',
      'PNG',
      'GIF',
      'SVG',
      'ZPL203DPI',
      'ZPL300DPI',
      'EPL300DPI',
      'LABEL_BROKER',
      'NONE',
    ])
    .default('PDF'),
  labelType: z.enum(['4X4LABEL', '4X5LABEL', '4X6LABEL', '6X4LABEL', '2X7LABEL']).default('4X6LABEL'),
  shipInfo: flag,
  receiptOption: z.enum(['SAME_PAGE', 'SEPARATE_PAGE', 'NONE']).default('SAME_PAGE'),
  brandingImageFormat: z.enum(['ONE_SQUARE', 'TWO_SQUARES', 'RECTANGLE', 'NONE']).optional(),
  brandingImageUUIDs: z.array(z.string().regex(/^[A-Fa-f0-9]{8}-([A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}$/)).max(2).optional(), // prettier-ignore
  includeLabelBrokerPDF: flag,
  addZPLComments: flag,
  addImageComments: flag,
  suppressPostage: z.boolean().default(true),
  suppressMailDate: z.boolean().default(true),
  returnLabel: z.boolean().default(false),
  packageNumber: z.int().min(1).max(9999).optional(),
  totalPackages: z.int().min(1).max(9999).optional(),
});

const indicators =
  '3D 3N 3R 5D BA BB CP CM DC DE DF DN DR E4 E6 FA FB FE FP FS LC LF LL LO LS NP OS P5 P6 P7 P8 P9 Q6 Q7 Q8 Q9 Q0 PA PL PM PR SN SP SR'.split(
    ' ',
  );

const container = z.strictObject({
  containerID: z.string().max(34),
  sortType: z.enum([
    'TRUCK_BEDLOAD',
    'OPEN_DISTRIBUTION_FULL_POSTAL_PAKS',
    'OPEN_DISTRIBUTE_EMM_TRAY_BOX',
    'OPEN_DISTRIBUTE_FULL_TRAY_BOX',
    'OPEN_DISTRIBUTE_HALF_TRAY_BOX',
    'OPEN_DISTRIBUTE_HALF_POSTAL_PAKS',
    'OPEN_DISTRIBUTE_PALLET',
    'OPEN_DISTRIBUTE_FLAT_TUB_TRAY_BOX',
    'PALLET',
    'RECEPTACLE',
    'SACK',
  ]),
});
export const packageOptions = z.looseObject({
  packageValue: z.number().min(0).optional(),
  nonDeliveryOption: z.enum(['RETURN', 'REDIRECT', 'ABANDON']).optional(),
  omas: z.looseObject({ chargebackCode: z.string().regex(/^[A-Za-z0-9]{1,6}$/).optional() }).optional(), // prettier-ignore
  redirectAddress: address.optional(),
  contentType: z
    .enum([
      'HAZMAT',
      'CREMATED_REMAINS',
      'BEES',
      'DAY_OLD_POULTRY',
      'ADULT_BIRDS',
      'OTHER_LIVES',
      'PERISHABLE',
      'PHARMACEUTICALS',
      'MEDICAL_SUPPLIES',
      'FRUITS',
      'VEGETABLES',
      'LIVE_PLANTS',
    ])
    .optional(),
  generateGXEvent: flag,
  immediateManifest: flag,
  containers: z.array(container).max(3).optional(),
  ancillaryServiceEndorsements: z
    .enum([
      'CHANGE_SERVICE_REQUESTED',
      'ADDRESS_SERVICE_REQUESTED',
      'ELECTRONIC_SERVICE_REQUESTED',
      'RETURN_SERVICE_REQUESTED',
      'TEMP_RETURN_SERVICE_REQUESTED',
      'FORWARDING_SERVICE_REQUESTED',
    ])
    .optional(),
  returnReceiptTracking: flag,
  originalPackage: z
    .looseObject({
      originalTrackingNumber: z.string().min(22).max(34),
      originalConstructCode: z.string().length(3),
    })
    .optional(),
});

export const packageDescription = z.looseObject({
  mailClass: z.enum([
    'PARCEL_SELECT',
    'PARCEL_SELECT_LIGHTWEIGHT',
    'USPS_CONNECT_LOCAL',
    'USPS_CONNECT_REGIONAL',
    'USPS_CONNECT_MAIL',
    'USPS_GROUND_ADVANTAGE',
    'PRIORITY_MAIL_EXPRESS',
    'PRIORITY_MAIL',
    'FIRST-CLASS_PACKAGE_SERVICE',
    'LIBRARY_MAIL',
    'MEDIA_MAIL',
    'BOUND_PRINTED_MATTER',
  ]),
  processingCategory: z.enum([
    'LETTERS',
    'FLATS',
    'MACHINABLE',
    'IRREGULAR',
    'NON_MACHINABLE',
    'NONSTANDARD',
  ]),
  destinationEntryFacilityType: z.enum(entryFacilities),
  destinationEntryFacilityAddress: place.optional(),
  mailingDate: mailingDateSchema,
  weight: positive,
  weightUOM: z.enum(['lb']).default('lb'),
  length: positive,
  width: positive,
  height: positive,
  dimensionsUOM: z.enum(['in']).default('in'),
  girth: positive.optional(),
  hasNonstandardCharacteristics: flag,
  rateIndicator: z.enum(indicators).optional(),
  shape: z.enum(['RECTANGULAR', 'NON_RECTANGULAR']).optional(),
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
      'CONNECT_LOCAL_FLAT_RATE_BOX',
      'CONNECT_LOCAL_SMALL_FLAT_RATE_BAG',
      'CONNECT_LOCAL_LARGE_FLAT_RATE_BAG',
    ])
    .optional(),
  extraServices: z.array(z.literal(labelServiceCodes)).max(5).default([]),
  packageOptions: packageOptions.optional(),
  customerReference: z
    .array(z.looseObject({ referenceNumber: optionalText(30, 1), printReferenceNumber: flag }))
    .max(4)
    .optional(),
  carrierRelease: flag,
  physicalSignatureRequired: flag,
  inductionZIPCode: zip.optional(),
  serialNumberFormat: z.enum(['STANDARD', 'EXTENDED']).optional(),
  shipperVisibilityMethod: z.enum(['SENDER_INFORMATION', 'MID_INFORMATION']).optional(),
  mailOwnerMID: mid,
  logisticsManagerMID: mid,
});

const dollars = z.number().min(0.01).max(999_999.99);
export const customsItem = z.looseObject({
  itemDescription: z.string().min(1).max(30),
  itemQuantity: z.int().min(1).max(9999),
  itemValue: dollars.optional(),
  itemTotalValue: dollars,
  weightUOM: z.enum(['lb']),
  itemWeight: positive.optional(),
  itemTotalWeight: positive,
  HSTariffNumber: optionalText(14, 6),
  countryofOrigin: z.string().regex(/[A-Z]{2}/).optional(), // prettier-ignore
  itemCategory: z.string().optional(),
  itemSubcategory: z.string().optional(),
});
export const customsForm = z.looseObject({
  contentComments: optionalText(25),
  restrictionType: z
    .enum(['QUARANTINE', 'SANITARY_INSPECTION', 'PHYTOSANITARY_INSPECTION', 'OTHER'])
    .optional(),
  restrictionComments: optionalText(25),
  AESITN: optionalText(35, 1),
  invoiceNumber: optionalText(15, 1),
  licenseNumber: optionalText(16, 1),
  certificateNumber: optionalText(12, 1),
  customsContentType: z.enum([
    'MERCHANDISE',
    'GIFT',
    'DOCUMENT',
    'COMMERCIAL_SAMPLE',
    'RETURNED_GOODS',
    'OTHER',
    'HUMANITARIAN_DONATIONS',
    'DANGEROUS_GOODS',
  ]),
  importersReference: optionalText(40),
  importersContact: optionalText(30),
  exportersReference: optionalText(40),
  exportersContact: optionalText(30),
  contents: z.array(customsItem).min(1).max(30),
});

/** A label request. As documented, only its top level and its containers are closed. */
export const labelSchema = z.strictObject({
  imageInfo: imageInfo.prefault({}),
  toAddress: destinationAddress,
  fromAddress: address,
  senderAddress: senderAddress.optional(),
  returnAddress: address.optional(),
  packageDescription,
  customsForm: customsForm.optional(),
});
export type LabelSchema = z.infer<typeof labelSchema>;
