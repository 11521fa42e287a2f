/** Our names of carriers: the companies that haul parcels. */
const names = [
  'Accurate', 'Amazon', 'APC', 'Asendia', 'Australia Post', 'Better Trucks', 'Bluestreak', 'Canada Post', 'Canpar',
  'CDL Last Mile', 'Chronopost', 'Cirro', 'CloudSort', 'Courier Express', 'Couriers Please', 'CS Logistics',
  'DAI Post', 'Deliver-It', 'Deutsche Post', 'DHL', 'DHL eCommerce', 'DHL Paket', 'DoorDash', 'DPD', 'ePost Global',
  'Estafeta', 'Evri', 'Fastway', 'FedEx', 'First Choice', 'FirstMile', 'Flexport', 'GIO', 'GLS', 'GSO', 'Hailify',
  'Henry', 'Interlink Express', 'Jet', 'Jitsu', 'Japan Post', 'Yamato', 'La Poste', 'LaserShip', 'Loomis', 'LSO',
  'Maergo', 'Newgistics', 'OnTrac', 'Optima', 'OSM Worldwide', 'Pandion', 'Parcelforce', 'Parcll', 'Passport',
  'PostNL', 'Purolator', 'Quick', 'Royal Mail', 'SEKO', 'Sendle', 'SF Express', 'SmartKargo', 'Sonic', 'Spee-Dee',
  'Swyft', 'TCC', 'TForce', 'Toll', 'UDS', 'UPS', 'UPS Mail Innovations', 'USPS', 'Veho', 'Yanwen',
] as const; // prettier-ignore

export type CarrierName = (typeof names)[number];

/**
 * Returns a function that finds our name of a carrier, in any case and with or without blanks and punctuation. It
 * returns undefined for an unknown carrier. Our own names take precedence over the others.
 *
 * @param otherNames further names in lower case without punctuation, each with ours
 */
export function createCarrierFinder(
  ...otherNames: readonly Readonly<Record<string, string>>[]
): (name: string) => string | undefined {
  const bySpelling = new Map<string, string>([
    ...otherNames.flatMap((names) => Object.entries(names)),
    ...names.flatMap((name) => [[spelling(name), name] as const, [name, name] as const]),
  ]);
  return (name) => bySpelling.get(name) ?? bySpelling.get(spelling(name));
}

function spelling(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Returns the carrier's public tracking page of a number; undefined where we know none. */
export function trackingUrl(carrier: string | undefined, number: string): string | undefined {
  const page = carrier === undefined ? undefined : publicPages.get(carrier);
  return page && page + encodeURIComponent(number);
}

const publicPages = new Map<string, string>(
  Object.entries({
    USPS: 'https://tools.usps.com/go/TrackConfirmAction?tLabels=',
    UPS: 'https://www.ups.com/track?tracknum=',
    FedEx: 'https://www.fedex.com/fedextrack/?trknbr=',
    DHL: 'https://www.dhl.com/en/express/tracking.html?AWB=',
    'Canada Post': 'https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor=',
    'Royal Mail': 'https://www.royalmail.com/track-your-item#/tracking-results/',
  }),
);
