import { isUspsNumber } from '../../domain/tracking-number.ts';
import { bearer } from '../../transport/bearer-token.ts';
import { counters, quota, quotasLeft } from '../../transport/quota.ts';
import { retry } from '../../transport/retry.ts';
import type { Provider } from '../adapter.ts';
import { verifyAddresses } from './addresses/verification.ts';
import { oauth, paymentAuthorization } from './auth.ts';
import { diagnose } from './diagnostics.ts';
import { apis, createUsps } from './client.ts';
import { uspsCredentials, uspsOptions, type UspsCredentials, type UspsOptions } from './credentials.ts';
import { createLabelApi } from './labels/labels.ts';
import { findLocations } from './locations/locations.ts';
import { createManifestApi } from './manifests/manifests.ts';
import { createPickupApi } from './pickups/pickups.ts';
import type { Pricing } from './rates/shipping-options.ts';
import { quoteRates } from './rates/rates.ts';
import { places } from './rates/direction.ts';
import { track } from './tracking/tracking.ts';

/** A contract's prices are those of the account that pays. */
function pricingOf(
  { accountType, accountNumber, permitNumber }: UspsCredentials,
  { priceType }: UspsOptions,
): Pricing {
  const number = accountNumber ?? permitNumber;
  if (priceType !== 'CONTRACT' || !accountType || !number) return { priceType };
  return { priceType, paymentAccount: { accountType, accountNumber: number } };
}

/** The United States Postal Service, by its REST APIs. */
export const usps: Provider<UspsCredentials, UspsOptions> = {
  id: 'usps',
  name: 'USPS',
  credentials: uspsCredentials,
  options: uspsOptions,
  hosts: {
    TEST: 'https://apis-tem.usps.com',
    PRODUCTION: 'https://apis.usps.com',
    retired: {
      'api.usps.com': 'https://apis.usps.com',
      'api-cat.usps.com': 'https://apis-tem.usps.com',
      'secure.shippingapis.com': 'https://apis.usps.com',
    },
  },
  variables: {
    USPS_CLIENT_ID: 'credentials.clientId',
    USPS_CLIENT_SECRET: 'credentials.clientSecret',
    USPS_CRID: 'credentials.crid',
    USPS_MID: 'credentials.mid',
    USPS_MANIFEST_MID: 'credentials.manifestMid',
    USPS_ACCOUNT_TYPE: 'credentials.accountType',
    USPS_ACCOUNT_NUMBER: 'credentials.accountNumber',
    USPS_PERMIT_NUMBER: 'credentials.permitNumber',
    USPS_PERMIT_ZIP: 'credentials.permitZip',
    USPS_ENVIRONMENT: 'environment',
    USPS_BASE_URL: 'baseUrl',
  },
  carriers: ['USPS'],
  verifiesCountries: ['US', ...places],
  clientId: (credentials) => credentials.clientId,
  tracks: (parcel) =>
    parcel.carrier === 'USPS' && isUspsNumber(parcel.trackingNumber) ? 'directly' : undefined,

  createAdapter(account, { send, tokens, quotas, clock }) {
    const { key, clientKey, environment, baseUrl, credentials, options, quota: limits } = account;
    const counted = counters(clientKey, { windowSeconds: 3600, default: 60, ...limits });
    const withToken = bearer({ key: `${key} oauth`, tokens, ...oauth(baseUrl, credentials, options, clock) })(
      quota(quotas, clock, counted)(send),
    );
    const wire = retry(clock)(withToken);
    const withPayment = bearer({
      key: `${key} payment ${options.priceType}`,
      tokens,
      ...paymentAuthorization(baseUrl, credentials, options, clock),
    })(wire);
    const api = createUsps(baseUrl, wire, clock);
    const ask = quoteRates(api, pricingOf(credentials, options));
    const mids = [credentials.mid, credentials.manifestMid].filter((mid) => mid !== undefined);
    const left = () => quotasLeft(quotas, clock, apis.map(counted));
    return {
      verify: verifyAddresses(api),
      quote: ask,
      track: track(api, options, mids),
      locations: findLocations(api),
      labels: createLabelApi(createUsps(baseUrl, withPayment, clock), ask),
      pickups: createPickupApi(api),
      // The document declares the bearer alone.
      manifests: createManifestApi(api),
      quotas: left,
      diagnose: diagnose({
        environment,
        credentials,
        token: withToken,
        payment: withPayment,
        // Asked once: a repeated call would only count again.
        usps: createUsps(baseUrl, withToken, clock),
        quotas: left,
      }),
    };
  },
};
