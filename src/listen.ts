import type { Logger } from 'pino';

import { diagnoseAccounts } from './admin/diagnostics.ts';
import { maintenanceRequest, runMaintenance } from './admin/maintenance.ts';
import { runWebhookAction, webhookActions } from './admin/webhook-registration.ts';
import { replayRequest, replayWebhooks } from './admin/webhook-replay.ts';
import type { AppOptions } from './app-options.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { createContextFactory } from './auth/context.ts';
import { exampleNumbers } from './carriers/example-numbers.ts';
import type { Closing } from './closing.ts';
import { sandboxKey } from './config/api-key.ts';
import type { Config } from './config/config.ts';
import { startBackgroundJobs } from './jobs/background-jobs.ts';
import { createPolling } from './jobs/polling.ts';
import { followTenants } from './jobs/tenant-changes.ts';
import { createSharedRequests } from './loaders/shared-requests.ts';
import { createTrackerFeed } from './loaders/tracker-feed.ts';
import { createWatchedParcels } from './loaders/watched-parcels.ts';
import type { Services } from './services.ts';
import type { Tracer } from './transport/tracing.ts';
import { importRequest } from './workflows/import.ts';
import { createTenantChanges } from './workflows/tenant-changes.ts';

/** Starts the HTTP server, the background jobs and the commands; returns the server's URL. */
export async function listen(
  services: Services,
  config: Config,
  options: AppOptions,
  closing: Closing,
): Promise<string> {
  const { storage, workflows, accounts, tenants, ledgerTenants, sealer, clock, log, sandbox } = services;
  let { publicUrl = '' } = config;
  const trackerFeed = createTrackerFeed({ storage, log });
  closing.add(trackerFeed.close);
  const watched = createWatchedParcels(accounts, { storage, clock });
  const shared = createSharedRequests({ storage, clock, watched });
  const polling = createPolling({ accounts, shared, watched, watches: storage.watches, clock, log });
  closing.add(followTenants({ notifications: storage.notifications, ledgerTenants, log }));
  closing.add(startBackgroundJobs({ ...services, polling, retentionDays: config.retentionDays }));
  const tracer = config.traces && (await startTracing(config.traces, log));
  if (tracer) closing.add(tracer.close);
  // Imported here, since it takes longer to load than all else, and commands do not listen.
  const { createServer } = await import('./server/server.ts');
  const forRequests = {
    ...services,
    tenantChanges: createTenantChanges({ ...storage, accounts, ledgerTenants, clock }),
    trackerFeed,
    shared,
    publicUrl: () => publicUrl,
  };
  const { apiKeys } = storage;
  const { tokenIssuer } = config;
  const server = await createServer({
    ...forRequests,
    authenticate: createAuthenticator({ tenants, accounts, clock, log, apiKeys, tokenIssuer }),
    createContext: createContextFactory(forRequests),
    admission: options.admission,
    exampleNumbers: sandbox?.exampleNumbers ?? exampleNumbers,
    apiKey: sandbox && sandboxKey,
    sandbox: sandbox?.providers,
    subscriptionLimits: options.subscriptionLimits,
    tracer,
    corsOrigins: config.corsOrigins ?? [],
    operationTimeoutMs: config.operationTimeoutMs ?? 60_000,
  });
  closing.add(async () => {
    await server.close();
    await workflows.drain();
  });
  const url = await server.listen({ host: config.host, port: config.port });
  publicUrl ||= url;
  if (sandbox && options.sandboxWebhooks)
    await runWebhookAction('register', accounts.callers(), sealer, publicUrl);
  registerCommands(services, forRequests.publicUrl);
  return url;
}

/** Starts sending traces, by code that is loaded only here. */
async function startTracing(traces: NonNullable<Config['traces']>, log: Logger): Promise<Tracer> {
  const { createOtlpTracer } = await import('./transport/otlp.ts');
  return createOtlpTracer({ ...traces, onError: (err) => log.warn({ err }, 'traces could not be sent') });
}

/** Registers the commands that other processes send to a running server. */
function registerCommands(
  { commands, workflows, accounts, sealer }: Services,
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
