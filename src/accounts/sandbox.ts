import { join } from 'node:path';

import { startSandbox, type Sandbox, type SandboxAccount } from '../../sandbox/index.ts';
import type { ExampleNumber } from '../carriers/example-numbers.ts';
import { providers } from '../carriers/registry.ts';
import type { AccountConfig } from '../config/account.ts';
import { sandboxKey, toApiKeyConfig } from '../config/api-key.ts';
import type { TenantConfig } from '../config/tenants.ts';
import { accountOfVariables } from '../config/variables.ts';
import { systemClock, type Clock } from '../domain/clock.ts';
import { permissions } from '../domain/permission.ts';

/** Emulated providers in this process, and the tenant that calls them. */
export interface OpenSandbox {
  readonly providers: Sandbox;
  readonly tenant: TenantConfig;
  readonly exampleNumbers: readonly ExampleNumber[];
  close(): Promise<void>;
}

/** Calls an hour: so many that trying things out never exhausts them. SANDBOX_QUOTA sets another figure. */
const defaultQuota = 1_000_000;

/** Starts the emulated providers, with an account for each. Their state is kept in `dataDir`. */
export async function openSandbox(
  dataDir: string,
  { quota = defaultQuota, speed }: { readonly quota?: number; readonly speed?: number },
  clock: Clock,
  webhookSecret: string,
): Promise<OpenSandbox> {
  const sandbox = await startSandbox({
    clock,
    folder: join(dataDir, 'sandbox'),
    quota,
    speed,
    // With a clock that a test moves, webhooks are delivered when the test asks for it.
    deliverEvery: clock === systemClock ? 2_000 : undefined,
    webhookSecret,
  });
  return {
    providers: sandbox,
    exampleNumbers: sandbox.accounts.flatMap(({ name, exampleNumber }) =>
      exampleNumber === undefined ? [] : [{ provider: name, trackingNumber: exampleNumber }],
    ),
    tenant: {
      id: 'sandbox',
      name: 'Sandbox',
      trackingLinks: true,
      apiKeys: [toApiKeyConfig({ key: sandboxKey, permissions: [...permissions] })],
      accounts: sandbox.accounts.map((account) => toAccountConfig(account, quota)),
    },
    close: () => sandbox.close(),
  };
}

/** Builds the account as the single tenant's are built: from environment variables, by the provider's own schemas. */
function toAccountConfig({ provider: providerId, variables }: SandboxAccount, quota: number): AccountConfig {
  const provider = providers.find(({ id }) => id === providerId)!;
  const { id, credentials, baseUrl, ...settings } = accountOfVariables(provider, variables);
  return {
    id,
    provider,
    name: `${provider.name} sandbox`,
    environment: 'SANDBOX',
    baseUrl: String(baseUrl),
    credentials: provider.credentials.parse(credentials),
    options: provider.options.parse(settings),
    quota: { default: quota },
    rateCacheMs: (provider.rateCacheSeconds ?? 0) * 1000,
  };
}
