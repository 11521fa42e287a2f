import { join } from 'node:path';

import { sandboxAccess, startSandbox, type Sandbox } from '../sandbox/index.ts';
import { providers } from './carriers/registry.ts';
import { hashKey, type AccountConfig, type TenantConfig } from './config.ts';
import { sandboxKey } from './context.ts';
import type { Clock } from './domain/clock.ts';
import type { KnownNumbers } from './server/examples.ts';

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
): Promise<OpenSandbox> {
  const sandbox = await startSandbox({ clock, folder: join(dataDir, 'sandbox'), quota });
  const { usps, easypostKey, numbers } = sandboxAccess;
  const account = (id: string, baseUrl: string, credentials: object): AccountConfig => {
    const provider = providers.find((each) => each.id === id)!;
    return {
      id,
      provider,
      name: `${provider.name} sandbox`,
      environment: 'SANDBOX',
      baseUrl,
      credentials: provider.credentials.parse(credentials),
      options: provider.options.parse({}),
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
        account('easypost', sandbox.easypost.url, { apiKey: easypostKey }),
      ],
    },
    close: () => sandbox.close(),
  };
}
