import { z } from 'zod';
import { extraServiceCodes, internationalServiceCodes } from '../prices/extra-services.ts';
import { entryFacilities, mailingDateSchema } from '../prices/price-schemas.ts';

const zip = z.string().regex(/^\d{5}(?:[-\s]\d{4})?$/);
const positive = z.number().gt(0);
const size = {
  weight: positive,
  length: positive,
  width: positive,
  height: positive,
  girth: positive.optional(),
  hasNonstandardCharacteristics: z.boolean().optional(),
};
const packageExtras = {
  extraServices: z.array(z.literal(extraServiceCodes)).max(5).optional(),
  packageValue: z.number().min(0).optional(),
  mailingDate: mailingDateSchema.optional(),
};
const paymentAccount = z.looseObject({
  accountType: z.enum(['EPS', 'PERMIT', 'METER', 'MID']).optional(),
  accountNumber: z.string().optional(),
  CRID: z.string().optional(),
});
/** `shippingOptions` is a field of the response; the document allows it in the request too. */
const pricingOption = z.strictObject({
  priceType: z.enum(['RETAIL', 'COMMERCIAL', 'CONTRACT']).default('COMMERCIAL'),
  paymentAccount: paymentAccount.optional(),
  shippingOptions: z.array(z.unknown()).optional(),
});
const domesticClasses = [
  'PARCEL_SELECT',
  'PARCEL_SELECT_LIGHTWEIGHT',
  'USPS_CONNECT_LOCAL',
  'USPS_CONNECT_REGIONAL',
  'USPS_CONNECT_MAIL',
  'USPS_GROUND_ADVANTAGE',
  'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  'PRIORITY_MAIL_EXPRESS',
  'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE',
  'PRIORITY_MAIL',
  'PRIORITY_MAIL_RETURN_SERVICE',
  'FIRST-CLASS_PACKAGE_SERVICE',
  'LIBRARY_MAIL',
  'MEDIA_MAIL',
  'BOUND_PRINTED_MATTER',
  'ALL',
  'ALL_OUTBOUND',
  'ALL_RETURNS',
] as const;
/** Closed, while the package and the payment account are open. */
export const domesticSchema = z.strictObject({
  pricingOptions: z.array(pricingOption).min(1),
  originZIPCode: zip,
  destinationZIPCode: zip,
  destinationEntryFacilityType: z.enum(entryFacilities).default('NONE'),
  packageDescription: z.looseObject({ ...size, mailClass: z.enum(domesticClasses), ...packageExtras }),
  shippingFilter: z.enum(['PRICE', 'SERVICE_STANDARDS']).optional(),
});

export const internationalSchema = z.strictObject({
  pricingOptions: z.array(pricingOption).min(1),
  originZIPCode: zip,
  foreignPostalCode: z.string().max(11).optional(),
  destinationCountryCode: z.string().regex(/^[A-Z]{2}$/),
  packageDescription: z.looseObject({
    ...size,
    mailClass: z.enum([
      'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
      'PRIORITY_MAIL_INTERNATIONAL',
      'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
      'GLOBAL_EXPRESS_GUARANTEED',
      'ALL',
    ]),
    ...packageExtras,
    extraServices: z.array(z.literal(internationalServiceCodes)).max(5).optional(),
  }),
  shippingFilter: z.enum(['PRICE']).optional(),
  requestDutiesTaxesFees: z.boolean().optional(),
  destinationCity: z.string().min(1).max(28).optional(),
  destinationState: z
    .string()
    .regex(/^\w{2}$/)
    .optional(),
  items: z
    .array(
      z.looseObject({
        itemId: z.string().regex(/^\w{1,20}$/),
        itemValue: z.number().min(0.01).max(999999.99),
        itemQuantity: z.number().min(1),
        itemWeight: z.number().min(0.001).optional(),
        countryOfOrigin: z.string().regex(/[A-Z]{2}/).optional(), // prettier-ignore
        HSTariffNumber: z.string().min(6).max(14).optional(),
      }),
    )
    .max(30)
    .optional(),
});

export type DomesticRequest = z.infer<typeof domesticSchema>;
export type InternationalRequest = z.infer<typeof internationalSchema>;
export type PricingOption = z.infer<typeof pricingOption>;
