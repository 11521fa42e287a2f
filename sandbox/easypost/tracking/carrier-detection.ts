/** The carriers that EasyPost tracks. Guess: the complete list has some hundred more. */
const trackedCarriers = new Set([
  'USPS',
  'UPS',
  'UPSDAP',
  'UPSMailInnovations',
  'FedEx',
  'FedExDefault',
  'FedExSmartPost',
  'DhlEcs',
  'DHLExpress',
  'CanadaPost',
  'Canpar',
  'DPD',
  'DPDUK',
  'OnTrac',
  'LaserShip',
  'LaserShipV2',
  'AmazonMws',
  'AustraliaPost',
  'RoyalMail',
  'Purolator',
  'LSO',
  'GSO',
  'Veho',
  'Estafeta',
  'OSMWorldwide',
  'Asendia',
  'APC',
  'GlobalPost',
]);

export const isTracked = (carrier: string) => trackedCarriers.has(carrier);

/** The forms of tracking codes that identify their carrier. */
const codePatterns: readonly (readonly [pattern: RegExp, carrier: string])[] = [
  [/^EZ[1-7]0{8}[1-7]$/, 'USPS'],
  [/^1Z[0-9A-Z]{16}$/, 'UPS'],
  [/^(9\d{21}|9\d{25}|420\d{5}(\d{4})?9\d{21}|[A-Z]{2}\d{9}US)$/, 'USPS'],
  [/^(\d{12}|\d{15})$/, 'FedEx'],
  [/^(\d{10}|JJD\d{16,18})$/, 'DHLExpress'],
];

/** Returns the carrier that a tracking code identifies; undefined where none does. */
export const detectCarrier = (code: string): string | undefined =>
  codePatterns.find(([pattern]) => pattern.test(code))?.[1];
