import { hasUspsForm } from '../../domain/tracking-number.ts';
import { bearer } from '../../transport/bearer-token.ts';
import { meteredApis, quota, remainingQuotas } from '../../transport/quota.ts';
import { backgroundCalls, type Quota } from '../../transport/quota-window.ts';
import { retry } from '../../transport/retry.ts';
import type { Provider } from '../provider.ts';
import { verifyAddresses } from './addresses/addresses.ts';
import { oauth, paymentAuthorization } from './auth.ts';
import { diagnose } from './diagnostics.ts';
import { apis, createUsps } from './client.ts';
import { publishedErrors } from './error-codes.ts';
import { errorStatus } from './error-status.ts';
import { uspsCredentials, uspsOptions, type UspsCredentials, type UspsOptions } from './credentials.ts';
import { createLabelApi } from './labels/labels.ts';
import { failureOf, namesQuota, paymentFailureOf } from './errors.ts';
import { findLocations } from './locations/locations.ts';
import { createManifestApi } from './manifests/manifests.ts';
import { createPickupApi } from './pickups/pickups.ts';
import { pricesHoldUntil } from '../price-changes.ts';
import { pricingOf } from './rates/pricing.ts';
import { rateCard } from './rates/rate-card.ts';
import { priceFactors, quoteRates } from './rates/rates.ts';
import { territories } from '../../domain/us-address.ts';
import { batchSize, track } from './tracking/tracking.ts';
import { createWebhookApi } from './tracking/webhooks.ts';

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
    USPS_WEBHOOK_SECRET: 'credentials.webhookSecret',
    USPS_ENVIRONMENT: 'environment',
    USPS_BASE_URL: 'baseUrl',
  },
  errors: publishedErrors,
  rateCacheSeconds: 15 * 60,
  carriers: ['USPS'],
  verifiesCountries: ['US', ...territories],
  clientId: (credentials) => credentials.clientId,
  // Whoever names USPS is believed, though the check digit be wrong; a number of another form would fail its whole batch.
  tracks: ({ carrier, trackingNumber }) =>
    carrier === 'USPS' && hasUspsForm(trackingNumber) ? 'directly' : undefined,
  toError: (api, response, now) =>
    api === 'payments' ? paymentFailureOf(response, now) : failureOf(response, now),

  createAdapter(account, { send, guard, tokens, quotas, clock }) {
    const { key, clientKey, environment, baseUrl, credentials, options, quota: limits } = account;
    const countersOf = meteredApis(clientKey, { windowSeconds: 3600, default: 60, ...limits });
    const withToken = bearer({ key: `${key} oauth`, tokens, ...oauth(baseUrl, credentials, options, clock) })(
      guard(quota(quotas, clock, countersOf, namesQuota)(errorStatus(send))),
    );
    const withRetry = retry(clock)(withToken);
    const withPayment = bearer({
      key: `${key} payment ${options.priceType}`,
      tokens,
      ...paymentAuthorization(baseUrl, credentials, options, clock),
    })(withRetry);
    const client = createUsps(baseUrl, withRetry, clock);
    const pricing = pricingOf(credentials, options);
    const quote = quoteRates(client, pricing);
    const { limit, windowMs } = countersOf('shipping-options');
    const mids = [credentials.mid, credentials.manifestMid].filter((mid) => mid !== undefined);
    const readQuotas = () => remainingQuotas(quotas, clock, apis.map(countersOf));
    const trackingQuotaLeft = async () => {
      const [{ remaining, limit }] = (await remainingQuotas(quotas, clock, [countersOf('tracking')])) as [
        Quota,
      ];
      return remaining / limit;
    };
    return {
      verify: verifyAddresses(client),
      quote,
      quoteSharing: { priceFactors: priceFactors(pricing), pricesHoldUntil },
      rateCard: options.rateCard && rateCard(pricing, windowMs / (limit * options.rateCard.spotCheckShare)),
      track: track(client, options, mids),
      trackBatching:
        options.tracking === 'v3' ? undefined : { size: batchSize, quotaLeft: trackingQuotaLeft },
      backgroundTrackCalls: async (policy) => {
        const api = countersOf('tracking');
        return backgroundCalls(await quotas.read(api), api, clock.now(), policy);
      },
      locations: findLocations(client),
      products: { verify: 'addresses', quote: 'shipping-options', track: 'tracking' },
      labels: createLabelApi(createUsps(baseUrl, withPayment, clock), quote),
      pickups: createPickupApi(client),
      // SCAN forms require the bearer token alone.
      manifests: createManifestApi(client),
      webhooks: credentials.webhookSecret ? createWebhookApi(credentials.webhookSecret) : undefined,
      quotas: readQuotas,
      expiries: async () => ({ token: (await withToken.tokenState()).token?.expiresAt }),
      diagnose: diagnose({
        environment,
        credentials,
        token: withToken,
        payment: withPayment,
        usps: createUsps(baseUrl, withToken, clock),
        quotas: readQuotas,
      }),
    };
  },
};
