import { findCarrier } from './carrier-names.ts';
import type { ShippingService } from '../../domain/rate.ts';

/** EasyPost's names of USPS services, with the code and name that all providers of USPS share. */
const uspsServices: Record<string, readonly [code: string, name: string]> = {
  First: ['FIRST_CLASS_PACKAGE_SERVICE', 'First-Class Package Service'],
  Priority: ['PRIORITY_MAIL', 'Priority Mail'],
  Express: ['PRIORITY_MAIL_EXPRESS', 'Priority Mail Express'],
  GroundAdvantage: ['USPS_GROUND_ADVANTAGE', 'USPS Ground Advantage'],
  LibraryMail: ['LIBRARY_MAIL', 'Library Mail'],
  MediaMail: ['MEDIA_MAIL', 'Media Mail'],
  ParcelSelect: ['PARCEL_SELECT', 'Parcel Select'],
  FirstClassMailInternational: ['FIRST_CLASS_MAIL_INTERNATIONAL', 'First-Class Mail International'],
  FirstClassPackageInternationalService: [
    'FIRST_CLASS_PACKAGE_INTERNATIONAL_SERVICE',
    'First-Class Package International Service',
  ],
  PriorityMailInternational: ['PRIORITY_MAIL_INTERNATIONAL', 'Priority Mail International'],
  ExpressMailInternational: ['PRIORITY_MAIL_EXPRESS_INTERNATIONAL', 'Priority Mail Express International'],
};

/** Maps a carrier to our name of it; an unknown carrier keeps its own. */
export function fromCarrier(carrier: string): string {
  return findCarrier(carrier) ?? carrier;
}

/** Maps a service to a code that does not depend on the provider, and a name for people. */
export function fromService(carrier: string, service: string): ShippingService {
  const known = carrier === 'USPS' ? uspsServices[service] : undefined;
  if (known) return { code: known[0], name: known[1], providerCode: service };
  // Some services begin with their carrier: "DPD10:00", "DPDCLASSIC", "UPSSaver", "FEDEX_GROUND".
  const hasPrefix = service.toUpperCase().startsWith(carrier.toUpperCase());
  const words = ((hasPrefix && service.slice(carrier.length)) || service)
    .replace(/[_-]+/g, ' ')
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .replace(/(\d(?:st|nd|rd|th)?)([A-Z][a-z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .trim()
    .split(' ');
  const name = words.map((word) => (/^[A-Z]{3,}$/.test(word) ? word[0] + word.slice(1).toLowerCase() : word));
  const code = words.join('_').toUpperCase().replace(/\W+/g, '_');
  return { code, name: `${carrier} ${name.join(' ')}`, providerCode: service };
}

/** Names of carriers that trackers of EasyPost expect. An unlisted carrier keeps its name, without blanks. */
const trackerCarriers: Record<string, string> = {
  DHL: 'DHLExpress',
  'DHL eCommerce': 'DhlEcs',
  LaserShip: 'LaserShipV2',
  Loomis: 'LoomisExpress',
};

export function toTrackerCarrier(carrier: string): string {
  return trackerCarriers[carrier] ?? carrier.replace(/[^A-Za-z0-9]/g, '');
}
