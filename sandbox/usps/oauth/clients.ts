/** The APIs behind the gateway; each has a quota of its own (contract, 1.4). */
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

/** The scopes that give access to an API, where tokens and documents spell it differently (contract, section 2). */
export const scopesFor: Partial<Record<Api, string[]>> = {
  prices: ['prices', 'domestic-prices'],
  'scan-forms': ['scan-forms', 'scan-form'],
  pickup: ['pickup', 'carrier-pickup'],
  'service-standards': ['service-standards', 'service-delivery-standards'],
};

/** `TEST` is the Testing Environment for Mailers (apis-tem). A token is valid in its own environment only. */
export type Environment = 'TEST' | 'PRODUCTION';

/** An app of the developer portal, with its owner's accounts and enrollments at USPS. */
export interface UspsClient {
  /** "Consumer Key". */
  id: string;
  /** "Consumer Secret". */
  secret: string;
  environment: Environment;
  /** Granted scopes. */
  scopes: string[];
  /** The APIs of the app's product. Default: all. Any other API responds with 401, whatever the scopes. */
  products?: Api[];
  /** The tracking product: `v3r2` includes v3. */
  tracking: 'v3r2' | 'v3';
  /**
   * The Addresses API behind one path: 3.2.3 (`standard`) or 3.3.1 (`enhanced`). Since 2026-07-12 both need a license, and
   * USPS refuses an app without one (USPS/api-examples#117 and #118).
   */
  addresses: 'standard' | 'enhanced' | 'unlicensed';
  /** Enrolled in USPS Ship Outbound, which payment authorizations require. */
  enrolled: boolean;
  crid: string;
  mid: string;
  manifestMid: string;
  /** The mailers whose parcels it may track. Default: its own `mid`. */
  mids?: string[];
  /** The number of its Enterprise Payment System account. */
  accountNumber: string;
  /** The account with contract prices. Without one, a request for contract prices fails. */
  contractAccount?: string;
  /** Not enrolled in USPS Ship Returns, which return labels require. */
  withoutReturns?: boolean;
  /** A problem of the payment account, with which every payment authorization fails. */
  accountProblem?: AccountProblem;
  /** A PC Postage provider; only those may pay by meter. */
  pcPostage?: boolean;
  /** The code of the error workbook with which every payment authorization fails. */
  paymentErrorCode?: string;
}

export type AccountProblem =
  | 'inactive'
  | 'no-payment-method'
  | 'inactive-payment-method'
  | 'card-not-validated'
  | 'card-refused'
  | 'insufficient-funds';

/** The default client of a sandbox. */
export const uspsSandboxClient: UspsClient = {
  id: 'parcelgraph-sandbox',
  secret: 'parcelgraph-sandbox-secret',
  environment: 'TEST',
  // Spelled as in tokens.
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
  addresses: 'standard',
  enrolled: true,
  crid: '12345678',
  mid: '903456789',
  manifestMid: '903456780',
  accountNumber: '1000000001',
  contractAccount: '1000000001',
};

/** Apps of the same owner that differ in their license of the Addresses API. */
const otherApps = (['enhanced', 'unlicensed'] as const).map((addresses): UspsClient => {
  const id = `${uspsSandboxClient.id}-${addresses}`;
  return { ...uspsSandboxClient, id, secret: `${id}-secret`, addresses };
});

/** The apps of a sandbox. */
export const uspsSandboxClients: UspsClient[] = [uspsSandboxClient, ...otherApps];

/** A mailer may track its own parcels only (contract, 8.5). */
export const mayTrack = (client: UspsClient, mid: string) => (client.mids ?? [client.mid]).includes(mid);
