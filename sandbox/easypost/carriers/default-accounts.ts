import type { CarrierAccount } from './carrier-account.ts';
import { fedexDomestic, fedexInternational } from './fedex-services.ts';
import { upsDomestic, upsInternational } from './ups-services.ts';
import { uspsDomestic, uspsFlatRates, uspsInternational } from './usps-services.ts';

/**
 * The default carrier accounts of every user. `UPSDAP` and `FedExDefault` are the accounts that EasyPost itself
 * provides; `DhlEcs` fails on purpose, with a recorded message that says so. Sizes and weights are the carriers' own limits.
 */
export const defaultAccounts: readonly CarrierAccount[] = [
  {
    id: 'ca_00000000000000000000000000000001',
    carrier: 'USPS',
    type: 'UspsAccount',
    readable: 'USPS',
    billing: 'easypost',
    maxOunces: 70 * 16,
    maxLength: 108,
    maxLengthAndGirth: 130,
    servesMilitary: true,
    inchesPerPound: 166,
    domestic: uspsDomestic,
    international: uspsInternational,
    flat: uspsFlatRates,
    confirmations: { SIGNATURE: '3.70', ADULT_SIGNATURE: '9.35', ADULT_SIGNATURE_RESTRICTED: '9.65' },
  },
  {
    id: 'ca_00000000000000000000000000000002',
    carrier: 'UPSDAP',
    type: 'UpsDapAccount',
    readable: 'UPS',
    billing: 'easypost',
    maxOunces: 150 * 16,
    maxLength: 108,
    maxLengthAndGirth: 165,
    servesMilitary: false,
    inchesPerPound: 139,
    domestic: upsDomestic,
    international: upsInternational,
    flat: {},
    confirmations: { SIGNATURE: '6.55', INDIRECT_SIGNATURE: '6.55', ADULT_SIGNATURE: '8.10' },
  },
  {
    id: 'ca_00000000000000000000000000000003',
    carrier: 'FedExDefault',
    type: 'FedexDefaultAccount',
    readable: 'FedEx',
    billing: 'easypost',
    maxOunces: 150 * 16,
    maxLength: 119,
    maxLengthAndGirth: 165,
    servesMilitary: false,
    inchesPerPound: 139,
    domestic: fedexDomestic,
    international: fedexInternational,
    flat: {},
    confirmations: { SIGNATURE: '6.70', INDIRECT_SIGNATURE: '6.70', ADULT_SIGNATURE: '8.35' },
  },
  {
    id: 'ca_00000000000000000000000000000004',
    carrier: 'DhlEcs',
    type: 'DhlEcsAccount',
    readable: 'DHL eCommerce',
    billing: 'carrier',
    maxOunces: 25 * 16,
    maxLength: 27,
    maxLengthAndGirth: 84,
    servesMilitary: false,
    inchesPerPound: 166,
    domestic: [],
    international: [],
    flat: {},
    confirmations: {},
    failure: 'Invalid credentials (sandbox: this carrier always fails, to show a failure beside rates)',
  },
];
