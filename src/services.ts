import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from 'pino';

import { createLedgerTenants, type LedgerTenants } from './accounts/ledger-tenants.ts';
import type { AccountDependencies } from './accounts/open-account.ts';
import { openAccounts, type Accounts } from './accounts/open-accounts.ts';
import type { OpenSandbox } from './accounts/sandbox.ts';
import { createCommandServer, type CommandServer } from './admin/command-server.ts';
import type { AppOptions } from './app-options.ts';
import { currentRequest, recordCall } from './auth/request-record.ts';
import type { Closing } from './closing.ts';
import type { Config } from './config/config.ts';
import type { TenantConfig } from './config/tenants.ts';
import { systemClock, type Clock } from './domain/clock.ts';
import { ProviderError } from './domain/errors.ts';
import { createSealer, type Sealer } from './domain/seal.ts';
import { createRecentCalls, type RecentCalls } from './server/console/recent-calls.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import { checkLedgerFolder } from './storage/ledger-folder.ts';
import { openStorage, type Storage } from './storage/storage.ts';
import { createQuotaCounter } from './transport/quota-counter.ts';
import { createWebhookTarget } from './transport/webhook-target.ts';
import type { OnApplied } from './workflows/received-webhooks.ts';
import { createWorkflows, type Workflows } from './workflows/workflows.ts';

/** Everything of the product but what listens and runs by itself. */
export interface Services {
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly accounts: Accounts;
  /** The tenants of the configuration, or of the sandbox. */
  readonly tenants: readonly TenantConfig[];
  readonly ledgerTenants: LedgerTenants;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly recentCalls: RecentCalls;
  /** Answers nothing until its commands are registered. */
  readonly commands: CommandServer;
  readonly sandbox?: OpenSandbox;
}

/** Opens the ledger, the accounts and the emulated providers. */
export async function openServices(config: Config, options: AppOptions, closing: Closing): Promise<Services> {
  const { log, clock = systemClock } = options;
  if ('folder' in config.storage) checkLedgerFolder(config.storage.folder, options.mustExist);
  const sealer = createSealer(config.secret ?? sandboxSecret(config.dataDir), config.previousSecret);
  const commands = await createCommandServer();
  const storage = await openLedger(config, options, sealer, commands);
  closing.add(() => storage.close());
  const quotas = createQuotaCounter(storage.quotas, clock);
  closing.add(() => quotas.release().catch(() => {}));
  const sandbox = config.sandbox && (await startSandbox(config.dataDir, config.sandbox, clock, sealer));
  if (sandbox) closing.add(() => sandbox.close());

  const tenants = sandbox ? (options.tenants?.(sandbox) ?? [sandbox.tenant]) : config.tenants;
  const metrics = createMetrics();
  const recentCalls = createRecentCalls(clock);
  const observers = observeCalls({
    metrics,
    recentCalls,
    usage: storage.usage,
    clock,
    onCall: options.onCall,
  });
  const accounts = openAccounts(tenants, { tokens: storage.tokens, quotas, clock, log, ...observers });
  closing.add(accounts.close);
  const ledgerTenants = createLedgerTenants({
    source: storage.tenants,
    accounts,
    configured: tenants,
    log,
    addSecrets: options.addSecrets,
  });
  await ledgerTenants.refresh();
  // A sandbox may send webhooks to a receiver on this machine.
  const target = createWebhookTarget(sandbox !== undefined);
  closing.add(target.close);
  const delivery = { sealer, target };
  const workflows = createWorkflows(storage, accounts.adapterOf, clock, delivery, logWebhook(log));
  return {
    storage,
    workflows,
    accounts,
    tenants,
    ledgerTenants,
    sealer,
    clock,
    log,
    metrics,
    recentCalls,
    commands,
    sandbox,
  };
}

const openLedger = (
  { storage }: Config,
  { wrapDialect, mustExist, onProgress = () => {} }: AppOptions,
  sealer: Sealer,
  { onRequest }: CommandServer,
): Promise<Storage> =>
  openStorage(storage, {
    sealer,
    wrapDialect,
    mustExist,
    onRequest,
    onFirstCreate: () => onProgress('Creating the ledger, which takes a few seconds once ...'),
  });

/** Counts the calls to providers: in metrics, for the console, in the usage of accounts and for the request that made them. */
function observeCalls({
  metrics,
  recentCalls,
  usage,
  clock,
  onCall,
}: Pick<AppOptions, 'onCall'> & {
  readonly metrics: Metrics;
  readonly recentCalls: RecentCalls;
  readonly usage: Storage['usage'];
  readonly clock: Clock;
}): Pick<AccountDependencies, 'onCall' | 'onFailure'> {
  return {
    onCall(account, call) {
      const attribution = currentRequest()?.attribution;
      metrics.onCall(account, call, attribution);
      recentCalls.onCall(account, call);
      usage.add({
        tenantId: account.tenant,
        accountId: account.id,
        api: call.api,
        at: clock.now(),
        ...attribution,
        calls: 1,
        failed: /^[23]/.test(call.outcome) ? 0 : 1,
      });
      recordCall(account.provider, call);
      onCall?.(account, call);
    },
    onFailure: (account, api, error) =>
      recentCalls.onFailure(account, api, error, currentRequest()?.requestId),
  };
}

/** Starts the emulated providers, whose code is loaded only here. */
async function startSandbox(
  dataDir: string,
  settings: NonNullable<Config['sandbox']>,
  clock: Clock,
  sealer: Sealer,
): Promise<OpenSandbox> {
  const { openSandbox } = await import('./accounts/sandbox.ts');
  return openSandbox(dataDir, settings, clock, sealer.deriveNames('sandbox webhook', '')[0]);
}

/** Logs what providers report: its kind, and neither numbers nor addresses. */
const logWebhook =
  (log: Logger): OnApplied =>
  ({ tenantId, accountId }, result) => {
    const account = { tenant: tenantId, account: accountId };
    if (result instanceof ProviderError)
      log.warn({ ...account, reason: result.message }, 'webhook could not be parsed'); // prettier-ignore
    else log.info({ ...account, event: result.type, trackings: result.trackings.length }, 'webhook accepted');
  };

/** The sandbox's own secret, created once and kept beside its ledger, readable by its owner alone. */
function sandboxSecret(folder: string): string {
  const file = join(folder, 'secret');
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
