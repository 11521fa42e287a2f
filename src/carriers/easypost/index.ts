import { z } from 'zod';

import { expectedForm } from '../../domain/tracking-number.ts';
import { retry } from '../../transport/retry.ts';
import type { Provider } from '../provider.ts';
import { verifyAddresses } from './addresses/addresses.ts';
import { carrierNames } from './carrier-names.ts';
import { api, createClient } from './client.ts';
import { easypostCredentials, type EasyPostCredentials } from './credentials.ts';
import { diagnose } from './diagnostics.ts';
import { publishedErrors } from './error-codes.ts';
import { externalShipments, listExternal } from './import/import.ts';
import { toProviderError } from './errors.ts';
import { createLabelApi } from './labels/labels.ts';
import { createManifestApi } from './manifests/manifests.ts';
import { createPickupApi } from './pickups/pickups.ts';
import { pricesHoldUntil } from '../price-changes.ts';
import { priceFactors, quoteRates } from './rates/rates.ts';
import { fetchTransitTimes } from './rates/transit-times.ts';
import { track } from './tracking/tracking.ts';
import { createWebhookApi } from './tracking/webhooks.ts';

/** Returns the environment that a key is for by its prefix; undefined for any other prefix. */
const environmentOf = ({ apiKey }: EasyPostCredentials) =>
  apiKey.startsWith('EZTK') ? 'TEST' : apiKey.startsWith('EZAK') ? 'PRODUCTION' : undefined;

/** EasyPost's own numbers of the test environment, which it reports as parcels of USPS. */
const isTestNumber = (trackingNumber: string) => /^EZ\d{10}$/.test(trackingNumber);

/** EasyPost (easypost.com), which sells labels of many carriers. */
export const easypost: Provider<EasyPostCredentials, Record<never, never>> = {
  id: 'easypost',
  name: 'EasyPost',
  credentials: easypostCredentials,
  options: z.object({}),
  // Both environments share a host: the key selects one.
  hosts: { TEST: 'https://api.easypost.com', PRODUCTION: 'https://api.easypost.com' },
  variables: {
    EASYPOST_API_KEY: 'credentials.apiKey',
    EASYPOST_BASE_URL: 'baseUrl',
    EASYPOST_WEBHOOK_SECRET: 'credentials.webhookSecret',
  },
  clientId: (credentials) => credentials.apiKey,
  environmentOf,
  tracks: ({ carrier, trackingNumber }) =>
    expectedForm(carrier, trackingNumber) === undefined || isTestNumber(trackingNumber)
      ? 'through'
      : undefined,
  carrierNames,
  errors: publishedErrors,
  exampleNumber: 'EZ4000000004',
  toError: (_, response, now) => toProviderError(response, now),

  createAdapter({ baseUrl, credentials, environment, rateCacheMs }, { send, guard, clock }) {
    // Three attempts, as in EasyPost's own example: calls have no quota, and the rate limiter recovers fast.
    const sendWithRetry = retry(clock, { attempts: 3 })(guard(send));
    const client = createClient(baseUrl, credentials.apiKey, sendWithRetry, clock);
    // A quote creates the shipment that is bought, so it serves one request unless the account allows otherwise.
    const shared = rateCacheMs ? true : undefined;
    return {
      verify: verifyAddresses(client),
      quote: quoteRates(client, shared),
      quoteSharing: shared && { priceFactors, pricesHoldUntil },
      transitTimes: fetchTransitTimes(client),
      track: track(client),
      products: { verify: api, quote: api, track: api },
      labels: createLabelApi(client),
      pickups: createPickupApi(client),
      manifests: createManifestApi(client),
      webhooks: credentials.webhookSecret
        ? createWebhookApi(client, credentials.webhookSecret, environment)
        : undefined,
      listExternal: listExternal(client),
      externalShipments: externalShipments(client),
      diagnose: diagnose(
        createClient(baseUrl, credentials.apiKey, send, clock),
        environment,
        environmentOf(credentials),
      ),
    };
  },
};
