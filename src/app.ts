import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from 'pino';

import { createLedgerTenants } from './accounts/ledger-tenants.ts';
import type { AccountDependencies } from './accounts/open-account.ts';
import { openAccounts, type Accounts } from './accounts/open-accounts.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { exampleNumbers } from './carriers/example-numbers.ts';
import { sandboxKey } from './config/api-key.ts';
import { createContextFactory } from './auth/context.ts';
import { currentRequest, recordCall } from './auth/request-record.ts';
import { importRequest } from './workflows/import.ts';
import { createCommandServer, type CommandServer } from './admin/command-server.ts';
import { maintenanceRequest, runMaintenance } from './admin/maintenance.ts';
import { createPolling } from './jobs/polling.ts';
import { followTenants } from './jobs/tenant-changes.ts';
import { startBackgroundJobs } from './jobs/background-jobs.ts';
import type { Config } from './config/config.ts';
import type { TenantConfig } from './config/tenants.ts';
import { systemClock, type Clock } from './domain/clock.ts';
import { ProviderError } from './domain/errors.ts';
import { createSealer, type Sealer } from './domain/seal.ts';
import { diagnoseAccounts } from './admin/diagnostics.ts';
import { replayRequest, replayWebhooks } from './admin/webhook-replay.ts';
import { runWebhookAction, webhookActions } from './admin/webhook-registration.ts';
import { checkLedgerFolder } from './storage/ledger-folder.ts';
import { openStorage, type Storage, type StorageOptions } from './storage/storage.ts';
import { createSharedRequests } from './loaders/shared-requests.ts';
import { createWatchedParcels } from './loaders/watched-parcels.ts';
import type { OnApplied } from './workflows/received-webhooks.ts';
import { createTenantChanges } from './workflows/tenant-changes.ts';
import { createWorkflows, type Workflows } from './workflows/workflows.ts';
import type { OpenSandbox } from './accounts/sandbox.ts';
import { createWebhookTarget } from './transport/webhook-target.ts';
import { createTrackerFeed } from './loaders/tracker-feed.ts';
import type { AdmissionOptions } from './server/admission.ts';
import { createRecentCalls, type RecentCalls } from './server/console/recent-calls.ts';
import { createMetrics, type Metrics } from './server/metrics.ts';
import type { SubscriptionLimits } from './server/subscriptions/limits.ts';
import type { Tracer } from './transport/tracing.ts';
import { createQuotaCounter } from './transport/quota-counter.ts';

/** Everything of the product but what listens and runs by itself; `listen` adds those. */
export interface App {
  readonly storage: Storage;
  readonly workflows: Workflows;
  readonly accounts: Accounts;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly sandbox?: OpenSandbox;
  /** Starts the HTTP server, the background jobs and the commands; returns the server's URL. */
  listen(): Promise<string>;
  /** Stops listening, completes what is under way, then closes the ledger. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Receives a line about each step that takes seconds. */
  readonly onProgress?: (line: string) => void;
  readonly onCall?: AccountDependencies['onCall'];
  /** Receives the credentials of accounts that are set at run time, which the log must not show. */
  readonly addSecrets?: (secrets: Iterable<string>) => void;
  /** Wraps the ledger's database driver, for fault injection. */
  readonly wrapDialect?: StorageOptions['wrapDialect'];
  /** Refuses a data directory without a ledger instead of creating one. Default: false. */
  readonly mustExist?: boolean;
  /** Limits of subscriptions that differ from the defaults. */
  readonly subscriptionLimits?: Partial<SubscriptionLimits>;
  /** Has the emulated providers send webhooks to this server. Default: false. */
  readonly sandboxWebhooks?: boolean;
  /** The requests that are served at a time. Default: `Admission`'s. */
  readonly admission?: AdmissionOptions;
  /** The tenants of a sandbox. Default: its own tenant. */
  readonly tenants?: (sandbox: OpenSandbox) => readonly TenantConfig[];
}

/** Creates the app; where a step fails, everything that was opened before is closed again. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = systemClock, onProgress = () => {}, onCall, wrapDialect, mustExist } = options;
  const metrics = createMetrics();
  const recentCalls = createRecentCalls(clock);
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  const closeOnError = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      await close();
      throw error;
    }
  };

  return closeOnError(async () => {
    if ('folder' in config.storage) checkLedgerFolder(config.storage.folder, mustExist);
    const sealer = createSealer(config.secret ?? sandboxSecret(config.dataDir), config.previousSecret);
    const commands = await createCommandServer();
    const storage = await openStorage(config.storage, {
      sealer,
      wrapDialect,
      mustExist,
      onRequest: commands.onRequest,
      onFirstCreate: () => onProgress('Creating the ledger, which takes a few seconds once ...'),
    });
    closing.push(() => storage.close());
    const quotas = createQuotaCounter(storage.quotas, clock);
    closing.push(() => quotas.release().catch(() => {}));
    const sandbox = config.sandbox && (await startSandbox(config.dataDir, config.sandbox, clock, sealer));
    if (sandbox) closing.push(() => sandbox.close());

    const tenants = sandbox ? (options.tenants?.(sandbox) ?? [sandbox.tenant]) : config.tenants;
    const accounts = openAccounts(tenants, {
      tokens: storage.tokens,
      quotas,
      clock,
      log,
      ...observeCalls({ metrics, recentCalls, usage: storage.usage, clock, onCall }),
    });
    closing.push(accounts.close);
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
    closing.push(target.close);
    const workflows = createWorkflows(
      storage,
      accounts.adapterOf,
      clock,
      { sealer, target },
      logWebhook(log),
    );

    const listen = () =>
      closeOnError(async () => {
        let { publicUrl = '' } = config;
        const trackerFeed = createTrackerFeed({ storage, log });
        closing.push(trackerFeed.close);
        const watched = createWatchedParcels(accounts, { storage, clock });
        const shared = createSharedRequests({ storage, clock, watched });
        const services = {
          storage,
          workflows,
          tenantChanges: createTenantChanges({ ...storage, accounts, ledgerTenants, clock }),
          trackerFeed,
          sealer,
          clock,
          log,
          publicUrl: () => publicUrl,
          accounts,
          shared,
        };
        const polling = createPolling({ accounts, shared, watched, watches: storage.watches, clock, log });
        closing.push(followTenants({ notifications: storage.notifications, ledgerTenants, log }));
        closing.push(startBackgroundJobs({ ...services, polling, retentionDays: config.retentionDays }));
        // Imported here, since it takes longer to load than all else, and commands do not listen.
        const tracer = config.traces && (await startTracing(config.traces, log));
        if (tracer) closing.push(tracer.close);
        const { createServer } = await import('./server/server.ts');
        const server = await createServer({
          ...services,
          authenticate: createAuthenticator({
            tenants,
            accounts,
            clock,
            log,
            apiKeys: storage.apiKeys,
            tokenIssuer: config.tokenIssuer,
          }),
          createContext: createContextFactory(services),
          metrics,
          recentCalls,
          admission: options.admission,
          exampleNumbers: sandbox?.exampleNumbers ?? exampleNumbers,
          apiKey: sandbox && sandboxKey,
          sandbox: sandbox?.providers,
          subscriptionLimits: options.subscriptionLimits,
          tracer,
          corsOrigins: config.corsOrigins ?? [],
          operationTimeoutMs: config.operationTimeoutMs ?? 60_000,
        });
        closing.push(async () => {
          await server.close();
          await workflows.drain();
        });
        const url = await server.listen({ host: config.host, port: config.port });
        publicUrl ||= url;
        if (sandbox && options.sandboxWebhooks) {
          await runWebhookAction('register', accounts.callers(), sealer, publicUrl);
        }
        registerCommands(commands, { workflows, accounts, sealer }, services.publicUrl);
        return url;
      });
    return { storage, workflows, accounts, sealer, clock, sandbox, listen, close };
  });
}

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

/** Starts sending traces, by code that is loaded only here. */
async function startTracing(traces: NonNullable<Config['traces']>, log: Logger): Promise<Tracer> {
  const { createOtlpTracer } = await import('./transport/otlp.ts');
  return createOtlpTracer({ ...traces, onError: (err) => log.warn({ err }, 'traces could not be sent') });
}

/** Registers the commands that other processes send to a running server. */
function registerCommands(
  commands: CommandServer,
  { workflows, accounts, sealer }: Pick<App, 'workflows' | 'accounts' | 'sealer'>,
  publicUrl: () => string,
): void {
  commands.register('maintenance', (input) => runMaintenance(workflows, maintenanceRequest.parse(input)));
  commands.register('doctor', () => diagnoseAccounts(accounts.callers()));
  for (const action of webhookActions) {
    commands.register(`webhook ${action}`, () =>
      runWebhookAction(action, accounts.callers(), sealer, publicUrl()),
    );
  }
  commands.register('webhook replay', (input) => replayWebhooks(workflows, replayRequest.parse(input)));
  commands.register('import', (input) => workflows.importNextPage(accounts.callers(), importRequest.parse(input))); // prettier-ignore
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
