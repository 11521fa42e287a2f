import { packagings } from './packaging.ts';

const names: Readonly<Record<string, string>> = {
  USPS_GROUND_ADVANTAGE: 'USPS Ground Advantage',
  USPS_GROUND_ADVANTAGE_RETURN_SERVICE: 'USPS Ground Advantage Return',
  PRIORITY_MAIL: 'Priority Mail',
  PRIORITY_MAIL_RETURN_SERVICE: 'Priority Mail Return',
  PRIORITY_MAIL_EXPRESS: 'Priority Mail Express',
  PRIORITY_MAIL_EXPRESS_RETURN_SERVICE: 'Priority Mail Express Return',
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE': 'First-Class Package International Service',
  PRIORITY_MAIL_INTERNATIONAL: 'Priority Mail International',
  PRIORITY_MAIL_EXPRESS_INTERNATIONAL: 'Priority Mail Express International',
};

/** Returns the name of a mail class, followed by that of the USPS packaging; undefined for a class without a name here. */
export function serviceName(mailClass: string, packaging?: string | null): string | undefined {
  const packagingName = packaging ? packagings[packaging]?.name : undefined;
  return names[mailClass] && [names[mailClass], packagingName].filter(Boolean).join(' ');
}

/** Returns our code of a mail class. A return service has the code of its product. */
export const serviceCode = (mailClass: string) =>
  mailClass.replace(/_RETURN_SERVICE$/, '').replaceAll('-', '_');

/** International classes that have labels. Global Express Guaranteed has prices only. */
export const internationalClasses: ReadonlySet<string> = new Set([
  'FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE',
  'PRIORITY_MAIL_INTERNATIONAL',
  'PRIORITY_MAIL_EXPRESS_INTERNATIONAL',
]);

/** Classes that may be quoted with insurance, and are refused a label with it (160053). */
export const uninsuredClasses: ReadonlySet<string> = new Set(['FIRST-CLASS_PACKAGE_INTERNATIONAL_SERVICE']);

/** Classes for certain contents only (books, library loans), or for entry at a USPS plant. */
export const restrictedClasses =
  /^(MEDIA_MAIL|LIBRARY_MAIL|BOUND_PRINTED_MATTER|PARCEL_SELECT|USPS_CONNECT_)/;
