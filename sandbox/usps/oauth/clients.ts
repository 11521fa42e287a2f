/** The APIs that one gateway guards; each has a quota of its own (contract, 1.4). */
export type Api =
  | 'oauth'
  | 'addresses'
  | 'shipments'
  | 'payments'
  | 'labels'
  | 'international-labels'
  | 'tracking'
  | 'prices'
  | 'international-prices'
  | 'scan-forms'
  | 'pickup'
  | 'locations'
  | 'service-standards';

/** Scopes that open an API: tokens and documents disagree on some spellings (contract, section 2). */
export const scopesFor: Partial<Record<Api, string[]>> = {
  prices: ['prices', 'domestic-prices'],
  'scan-forms': ['scan-forms', 'scan-form'],
  pickup: ['pickup', 'carrier-pickup'],
  'service-standards': ['service-standards', 'service-delivery-standards'],
};

/** `TEST` is the Testing Environment for Mailers (apis-tem), whose tokens production does not know. */
export type Environment = 'TEST' | 'PRODUCTION';

/** An app of the developer portal, with what its owner holds at USPS. */
export interface UspsClient {
  /** "Consumer Key". */
  id: string;
  /** "Consumer Secret". */
  secret: string;
  environment: Environment;
  /** Granted scopes. */
  scopes: string[];
  /** APIs in the app's product; every one when left out. Another API answers 401 whatever the scopes say. */
  products?: Api[];
  /** Which tracking product it has: v3r2 is a product of its own, v3 is open to both. */
  tracking: 'v3r2' | 'v3';
  /** Enrolled in USPS Ship Outbound, without which no payment is authorised. */
  enrolled: boolean;
  crid: string;
  mid: string;
  manifestMid: string;
  /** Mailers whose parcels it may track; its own `mid` when left out. */
  mids?: string[];
  /** Number of its Enterprise Payment System account. */
  accountNumber: string;
  /** Number of an account whose contract prices it may ask for; without one, contract prices are refused. */
  contractAccount?: string;
  /** Not enrolled in USPS Ship Returns, without which there are no return labels. */
  withoutReturns?: boolean;
  /** What is wrong with the account: not active, no payment method, a card, or no money. */
  accountTrouble?: AccountTrouble;
  /** Sells postage to others, who pay by meter: nobody else may. */
  pcPostage?: boolean;
  /** A code of the error workbook that every payment authorization is refused with, whatever it asks. */
  paymentRefusal?: string;
}

export type AccountTrouble =
  | 'inactive'
  | 'no-payment-method'
  | 'inactive-payment-method'
  | 'card-not-validated'
  | 'card-refused'
  | 'insufficient-funds';

/** The client that a sandbox has when it is given none. */
export const uspsSandboxClient: UspsClient = {
  id: 'parcelgraph-sandbox',
  secret: 'parcelgraph-sandbox-secret',
  environment: 'TEST',
  // As tokens spell them.
  scopes: [
    'addresses',
    'shipments',
    'payments',
    'labels',
    'international-labels',
    'tracking',
    'domestic-prices',
    'international-prices',
    'scan-forms',
    'pickup',
    'locations',
    'service-standards',
  ],
  tracking: 'v3r2',
  enrolled: true,
  crid: '12345678',
  mid: '903456789',
  manifestMid: '903456780',
  accountNumber: '1000000001',
  contractAccount: '1000000001',
};

/** Numbers are readable by the mailers they belong to (contract, 8.5). */
export const mayTrack = (client: UspsClient, mid: string) => (client.mids ?? [client.mid]).includes(mid);
