import { carrierWord } from '../../domain/carriers.ts';
import type { ShippingService } from '../../domain/rate.ts';

/** EasyPost's service names of USPS products, which every seller of USPS calls by one code with us. */
const uspsProducts: Record<string, readonly [code: string, name: string]> = {
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

/** EasyPost's carrier in our words; one that we have no word for keeps its own. */
export function fromCarrier(carrier: string): string {
  return carrierWord(carrier) ?? carrier;
}

/** The product by a code that does not depend on the seller, and a name that a person can read. */
export function fromService(carrier: string, service: string): ShippingService {
  const product = carrier === 'USPS' ? uspsProducts[service] : undefined;
  if (product) return { code: product[0], name: product[1], providerCode: service };
  // "DPD10:00", "DPDCLASSIC", "UPSSaver", "FEDEX_GROUND": some repeat their carrier.
  const repeats = service.toUpperCase().startsWith(carrier.toUpperCase());
  const bare = (repeats && service.slice(carrier.length)) || service;
  const words = bare
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

/** What EasyPost's trackers want a carrier to be called; ours without blanks where it is not listed. */
const trackerCarriers: Record<string, string> = {
  DHL: 'DHLExpress',
  'DHL eCommerce': 'DhlEcs',
  LaserShip: 'LaserShipV2',
  Loomis: 'LoomisExpress',
};

export function toTrackerCarrier(carrier: string): string {
  return trackerCarriers[carrier] ?? carrier.replace(/[^A-Za-z0-9]/g, '');
}
