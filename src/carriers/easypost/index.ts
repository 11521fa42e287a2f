import { z } from 'zod';

import { retry } from '../../transport/retry.ts';
import type { Provider } from '../carrier.ts';
import { verify } from './addresses.ts';
import { checkup } from './checkup.ts';
import { createEasyPost } from './client.ts';
import { easypostCredentials, type EasyPostCredentials } from './credentials.ts';
import { labelDesk } from './labels.ts';
import { manifestDesk } from './manifests.ts';
import { pickupDesk } from './pickups.ts';
import { quote } from './quotes.ts';
import { followed, heard } from './followed.ts';
import { track } from './tracking.ts';
import { transit } from './transit.ts';
import { webhookDesk } from './webhooks.ts';

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
  clientOf: (credentials) => credentials.apiKey,
  environmentOf,
  tracks: () => 'through',

  open({ baseUrl, credentials, environment }, { send, clock }) {
    // Three tries, as EasyPost's own example does: nothing is counted, and its limiter recovers fast.
    const wire = retry(clock, { attempts: 3 })(send);
    const api = createEasyPost(baseUrl, credentials.apiKey, wire, clock);
    return {
      verify: verify(api),
      quote: quote(api),
      transit: transit(api),
      track: track(api),
      labels: labelDesk(api),
      pickups: pickupDesk(api),
      manifests: manifestDesk(api),
      webhooks: credentials.webhookSecret
        ? webhookDesk(api, credentials.webhookSecret, environment)
        : undefined,
      followed: followed(api),
      heard: heard(api),
      checkup: checkup(
        createEasyPost(baseUrl, credentials.apiKey, send, clock),
        environment,
        environmentOf(credentials),
      ),
    };
  },
};
