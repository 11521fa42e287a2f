import { z } from 'zod';
import { calendarDate } from '../validation.ts';

const zip = z.string().regex(/^\d{5}(?:[-\s]\d{4})?$/);
const mailingDate = z
  .string()
  .refine(calendarDate.test, 'String is invalid against requested format date')
  .optional();
const digits = z.string().regex(/^\d+$/).optional();

export const measures = { weight: z.number(), length: z.number(), width: z.number(), height: z.number() };
export const domesticFields = { originZIPCode: zip, destinationZIPCode: zip };
export const accountFields = {
  mailingDate,
  accountType: z.enum(['EPS', 'PERMIT', 'METER', 'MID']).optional(),
  accountNumber: digits,
};
export const internationalFields = {
  originZIPCode: zip,
  foreignPostalCode: z.string().optional(),
  destinationCountryCode: z.string().regex(/^[A-Z]{2}$/),
  mailingDate,
  accountType: z.enum(['EPS', 'PERMIT', 'METER']).optional(),
  accountNumber: digits,
};

export const mailClasses = [
  'PARCEL_SELECT',
  'PARCEL_SELECT_LIGHTWEIGHT',
  'PRIORITY_MAIL_EXPRESS',
  'PRIORITY_MAIL',
  'FIRST-CLASS_PACKAGE_SERVICE',
  'LIBRARY_MAIL',
  'MEDIA_MAIL',
  'BOUND_PRINTED_MATTER',
  'USPS_CONNECT_LOCAL',
  'USPS_CONNECT_MAIL',
  'USPS_CONNECT_REGIONAL',
  'USPS_GROUND_ADVANTAGE',
  'USPS_GROUND_ADVANTAGE_RETURN_SERVICE',
  'GROUND_RETURN_SERVICE',
  'FIRST-CLASS_PACKAGE_RETURN_SERVICE',
  'PRIORITY_MAIL_RETURN_SERVICE',
  'PRIORITY_MAIL_EXPRESS_RETURN_SERVICE',
  'USPS_RETAIL_GROUND',
] as const;
export const internationalClasses = [
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
  'PRIORITY_MAIL_INTERNATIONAL',
  'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
  'GLOBAL_EXPRESS_GUARANTEED',
] as const;
export const rateIndicators =
  '3D 3N 3R 5D BA BB BM C1 C2 C3 C4 C5 CP CM DC DE DF DN DR E4 E6 E7 FA FB FE FP FS LC LF LL LO LS NP O1 O2 O3 O4 O5 O6 O7 OS P5 P6 P7 P8 P9 Q6 Q7 Q8 Q9 Q0 PA PL PM PR SB SN SP SR'.split(
    ' ',
  );

export const entryFacilities = [
  'NONE',
  'DESTINATION_NETWORK_DISTRIBUTION_CENTER',
  'DESTINATION_SECTIONAL_CENTER_FACILITY',
  'DESTINATION_DELIVERY_UNIT',
  'DESTINATION_SERVICE_HUB',
  'DESTINATION_REGIONAL_PROCESSING_DISTRIBUTION_CENTER',
] as const;

/** A date or an ISO 8601 date and time, as labels and shipping options accept it. */
export const mailingDateSchema = z
  .string()
  .refine((text) => calendarDate.test(text.slice(0, 10)), 'String is invalid against requested format date')
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/);
