/** The words for those who haul parcels: read in any spelling, written in one. */

/** Our words; each is also found under its spelling without blanks, dots and case. */
const words = [
  'Accurate', 'Amazon', 'APC', 'Asendia', 'Australia Post', 'Better Trucks', 'Bluestreak', 'Canada Post', 'Canpar',
  'CDL Last Mile', 'Chronopost', 'Cirro', 'CloudSort', 'Courier Express', 'Couriers Please', 'CS Logistics',
  'DAI Post', 'Deliver-It', 'Deutsche Post', 'DHL', 'DHL eCommerce', 'DHL Paket', 'DoorDash', 'DPD', 'ePost Global',
  'Estafeta', 'Evri', 'Fastway', 'FedEx', 'First Choice', 'FirstMile', 'Flexport', 'GIO', 'GLS', 'GSO', 'Hailify',
  'Henry', 'Interlink Express', 'Jet', 'Jitsu', 'Japan Post', 'Yamato', 'La Poste', 'LaserShip', 'Loomis', 'LSO',
  'Maergo', 'Newgistics', 'OnTrac', 'Optima', 'OSM Worldwide', 'Pandion', 'Parcelforce', 'Parcll', 'Passport',
  'PostNL', 'Purolator', 'Quick', 'Royal Mail', 'SEKO', 'Sendle', 'SF Express', 'SmartKargo', 'Sonic', 'Spee-Dee',
  'Swyft', 'TCC', 'TForce', 'Toll', 'UDS', 'UPS', 'UPS Mail Innovations', 'USPS', 'Veho', 'Yanwen',
] as const; // prettier-ignore

export type CarrierWord = (typeof words)[number];

/** Other names of the same haulers: contracts, resold accounts and older spellings of providers. */
const otherNames: Record<string, CarrierWord> = {
  amazonmws: 'Amazon',
  amazonshipping: 'Amazon',
  asendiausa: 'Asendia',
  cdllastmilesolutions: 'CDL Last Mile',
  cirroecommerce: 'Cirro',
  deutschepostuk: 'Deutsche Post',
  dhlecommerceasia: 'DHL eCommerce',
  dhlecommercesolutions: 'DHL eCommerce',
  dhlecs: 'DHL eCommerce',
  dhlexpress: 'DHL',
  dhlglobalmail: 'DHL eCommerce',
  dpdnl: 'DPD',
  dpduk: 'DPD',
  epostglobalv2: 'ePost Global',
  fedexcrossborder: 'FedEx',
  fedexdefault: 'FedEx',
  fedexgroundeconomy: 'FedEx',
  fedexsmartpost: 'FedEx',
  jppost: 'Japan Post',
  kuronekoyamato: 'Yamato',
  lasershipv2: 'LaserShip',
  loomisexpress: 'Loomis',
  passportglobal: 'Passport',
  sekoomniparcel: 'SEKO',
  tforcelogistics: 'TForce',
  upsdap: 'UPS',
  upsiparcel: 'UPS',
  uspsreturns: 'USPS',
  uspsship: 'USPS',
};

const bySpelling = new Map<string, string>([
  ...words.map((word) => [spelling(word), word] as const),
  ...Object.entries(otherNames),
]);

/** Our word for a carrier, or undefined where the name says nothing to us. */
export function carrierWord(name: string): string | undefined {
  return bySpelling.get(spelling(name));
}

function spelling(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The carrier's public page about one number, where there is one. */
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
