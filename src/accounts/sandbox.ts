import { join } from 'node:path';

import { sandboxAccess, startSandbox, type Sandbox } from '../../sandbox/index.ts';
import { providers } from '../carriers/registry.ts';
import { hashKey, type AccountConfig, type TenantConfig } from '../config/config.ts';
import { sandboxKey } from '../auth/authenticate.ts';
import { systemClock, type Clock } from '../domain/clock.ts';
import type { KnownNumbers } from '../server/examples.ts';

/** The emulated providers in this process, and the tenant that may call them. */
export interface OpenSandbox {
  readonly providers: Sandbox;
  readonly tenant: TenantConfig;
  readonly numbers: KnownNumbers;
  close(): Promise<void>;
}

/** Trying things out never runs dry; SANDBOX_QUOTA gives the real figure. */
const wideQuota = 1_000_000;

export async function openSandbox(
  dataDir: string,
  { quota = wideQuota }: { readonly quota?: number },
  clock: Clock,
  webhookSecret: string,
): Promise<OpenSandbox> {
  // A clock that a test moves has its webhooks delivered when the test says so.
  const deliverEvery = clock === systemClock ? 2_000 : undefined;
  const sandbox = await startSandbox({ clock, folder: join(dataDir, 'sandbox'), quota, deliverEvery });
  const { usps, easypostKey, easypostConnect: connect, numbers } = sandboxAccess;
  const account = (id: string, baseUrl: string, credentials: object, options: object = {}): AccountConfig => {
    const provider = providers.find((each) => each.id === id)!;
    return {
      id,
      provider,
      name: `${provider.name} sandbox`,
      environment: 'SANDBOX',
      baseUrl,
      credentials: provider.credentials.parse(credentials),
      options: provider.options.parse(options),
      quota: { default: quota },
    };
  };
  return {
    providers: sandbox,
    numbers,
    tenant: {
      id: 'sandbox',
      name: 'Sandbox',
      apiKeyHashes: [hashKey(sandboxKey)],
      accounts: [
        account('usps', sandbox.usps.url, {
          clientId: usps.id,
          clientSecret: usps.secret,
          crid: usps.crid,
          mid: usps.mid,
          manifestMid: usps.manifestMid,
          accountType: 'EPS',
          accountNumber: usps.accountNumber,
        }),
        account('easypost', sandbox.easypost.url, { apiKey: easypostKey, webhookSecret }),
        account(
          'easypost-connect',
          sandbox.easypostConnect.url,
          {
            clientId: connect.id,
            clientSecret: connect.secret,
            apiKey: connect.apiKey,
            ...sandbox.easypostConnect.client,
          },
          { oauthUrl: sandbox.easypostConnect.oauth.url },
        ),
      ],
    },
    close: () => sandbox.close(),
  };
}
