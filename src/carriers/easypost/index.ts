import { z } from 'zod';

import { retry } from '../../transport/retry.ts';
import type { Provider } from '../adapter.ts';
import { verifyAddresses } from './addresses/verification.ts';
import { diagnose } from './diagnostics.ts';
import { createEasyPost } from './client.ts';
import { easypostCredentials, type EasyPostCredentials } from './credentials.ts';
import { createLabelApi } from './labels/labels.ts';
import { createManifestApi } from './manifests/manifests.ts';
import { createPickupApi } from './pickups/pickups.ts';
import { quoteRates } from './rates/rates.ts';
import { listExternal, externalShipments } from './import/import.ts';
import { track } from './tracking/tracking.ts';
import { fetchTransitTimes } from './rates/transit-times.ts';
import { createWebhookApi } from './tracking/webhooks.ts';

/** Keys of the two environments begin differently. */
const environmentOf = ({ apiKey }: EasyPostCredentials) =>
  apiKey.startsWith('EZTK') ? 'TEST' : apiKey.startsWith('EZAK') ? 'PRODUCTION' : undefined;

/** EasyPost (easypost.com), which sells the labels of many carriers. */
export const easypost: Provider<EasyPostCredentials, Record<never, never>> = {
  id: 'easypost',
  name: 'EasyPost',
  credentials: easypostCredentials,
  options: z.object({}),
  // One host: the key decides the environment.
  hosts: { TEST: 'https://api.easypost.com', PRODUCTION: 'https://api.easypost.com' },
  variables: {
    EASYPOST_API_KEY: 'credentials.apiKey',
    EASYPOST_BASE_URL: 'baseUrl',
    EASYPOST_WEBHOOK_SECRET: 'credentials.webhookSecret',
  },
  clientId: (credentials) => credentials.apiKey,
  environmentOf,
  tracks: () => 'through',

  createAdapter({ baseUrl, credentials, environment }, { send, clock }) {
    // Three tries, as EasyPost's own example does: nothing is counted, and its limiter recovers fast.
    const wire = retry(clock, { attempts: 3 })(send);
    const api = createEasyPost(baseUrl, credentials.apiKey, wire, clock);
    return {
      verify: verifyAddresses(api),
      quote: quoteRates(api),
      transitTimes: fetchTransitTimes(api),
      track: track(api),
      labels: createLabelApi(api),
      pickups: createPickupApi(api),
      manifests: createManifestApi(api),
      webhooks: credentials.webhookSecret
        ? createWebhookApi(api, credentials.webhookSecret, environment)
        : undefined,
      listExternal: listExternal(api),
      externalShipments: externalShipments(api),
      diagnose: diagnose(
        createEasyPost(baseUrl, credentials.apiKey, send, clock),
        environment,
        environmentOf(credentials),
      ),
    };
  },
};
