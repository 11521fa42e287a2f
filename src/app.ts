import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Logger } from 'pino';

import { openAccounts, type AccountDependencies, type Accounts } from './accounts/open-accounts.ts';
import { createAuthenticator, sandboxKey } from './auth/authenticate.ts';
import { createContextFactory } from './auth/context.ts';
import { importNextPage, importRequest } from './workflows/import.ts';
import { adminRequest, handleAdminRequest } from './admin/admin-requests.ts';
import { startBackgroundJobs } from './jobs/background-jobs.ts';
import type { Config, TenantConfig } from './config/config.ts';
import { systemClock, type Clock } from './domain/clock.ts';
import { createSealer, type Sealer } from './domain/seal.ts';
import { diagnoseAccounts } from './admin/diagnostics.ts';
import { runWebhookAction, webhookActions } from './admin/webhook-registration.ts';
import { openLedger, type Ledger, type LedgerOptions } from './workflows/ledger.ts';
import { openSandbox, type OpenSandbox } from './accounts/sandbox.ts';
import { createMetrics } from './server/metrics.ts';
import { createServer } from './server/server.ts';

/** Everything of the product but what listens and runs by itself; `listen` adds those. */
export interface App {
  readonly ledger: Ledger;
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
  /** Wraps the ledger's database driver, for fault injection. */
  readonly wrapDialect?: LedgerOptions['wrapDialect'];
  /** The tenants of a sandbox. Default: its own tenant. */
  readonly tenants?: (sandbox: OpenSandbox) => readonly TenantConfig[];
}

/** Creates the app; where a step fails, everything that was opened before is closed again. */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, clock = systemClock, onProgress = () => {}, onCall, wrapDialect } = options;
  const metrics = createMetrics();
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
    const sealer = createSealer(config.secret ?? sandboxSecret(config.dataDir), config.previousSecret);
    const ledger = await openLedger(config.storage, {
      sealer,
      clock,
      // The accounts are open before the first purchase.
      adapterOf: (tenantId, accountId) => accounts.adapterOf(tenantId, accountId),
      wrapDialect,
      onFirstCreate: () => onProgress('Creating the ledger, which takes a few seconds once ...'),
    });
    closing.push(() => ledger.close());
    const sandbox =
      config.sandbox &&
      (await openSandbox(config.dataDir, config.sandbox, clock, sealer.names('sandbox webhook', '')[0]));
    if (sandbox) closing.push(() => sandbox.close());

    const tenants = sandbox ? (options.tenants?.(sandbox) ?? [sandbox.tenant]) : config.tenants;
    const accounts: Accounts = openAccounts(tenants, {
      tokens: ledger.tokens,
      quotas: ledger.quotas,
      clock,
      log,
      onCall(provider, call) {
        metrics.onCall(provider, call);
        onCall?.(provider, call);
      },
    });
    closing.push(accounts.close);

    const listen = () =>
      closeOnError(async () => {
        let { publicUrl = '' } = config;
        const services = { ledger, sealer, clock, log, publicUrl: () => publicUrl };
        closing.push(startBackgroundJobs({ ...services, retentionDays: config.retentionDays }));
        const server = await createServer({
          ...services,
          callers: accounts.callers,
          authenticate: createAuthenticator(tenants, accounts.callers),
          createContext: createContextFactory(services),
          metrics,
          numbers: sandbox?.numbers ?? knownNumbers,
          apiKey: sandbox && sandboxKey,
        });
        closing.push(async () => {
          await server.close();
          await ledger.purchases.drain();
          await ledger.operations.drain();
        });
        const url = await server.listen({ host: config.host, port: config.port });
        publicUrl ||= url;
        registerCommands({ ledger, accounts, sealer, clock }, services.publicUrl);
        return url;
      });
    return { ledger, accounts, sealer, clock, sandbox, listen, close };
  });
}

/** What commands ask of a running server. */
function registerCommands(
  { ledger, accounts: { callers }, sealer, clock }: Pick<App, 'ledger' | 'accounts' | 'sealer' | 'clock'>,
  publicUrl: () => string,
): void {
  ledger.onCommand('admin', (input) => handleAdminRequest(ledger, adminRequest.parse(input)));
  ledger.onCommand('doctor', () => diagnoseAccounts(callers));
  for (const action of webhookActions) {
    ledger.onCommand(`webhook ${action}`, () => runWebhookAction(action, callers, sealer, publicUrl()));
  }
  ledger.onCommand('import', (input) => importNextPage(callers, ledger, importRequest.parse(input), clock.now)); // prettier-ignore
}

/** The sandbox's own secret, created once and kept beside its ledger, readable by its owner alone. */
function sandboxSecret(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'secret');
  try {
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}

/** Test numbers of the providers themselves, for the pages of a server without sandbox. */
const knownNumbers = { usps: '9434611206217011894085', easypost: 'EZ4000000004' };
