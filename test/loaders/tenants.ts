import { pino } from 'pino';

import { openStore } from '../../sandbox/store.ts';
import { startUsps, uspsSandboxClient, type UspsClient, type UspsSandbox } from '../../sandbox/usps/index.ts';
import type { Caller } from '../../src/accounts/account.ts';
import { openAccounts } from '../../src/accounts/open-accounts.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import { createLoaders, type Loaders } from '../../src/loaders/loaders.ts';
import { createSharedRequests } from '../../src/loaders/shared-requests.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { uspsCredentials } from '../support/adapters.ts';
import { memoryQuotas, memoryRateCards, memoryRateQuotes, memoryTokens } from '../support/stores.ts';
import { testClock } from '../support/test-server.ts';

/** Tenants with an account of their own at one emulated USPS, and the loaders of their requests. */
export interface OpenTenants {
  readonly emulator: UspsSandbox;
  readonly clock: ReturnType<typeof testClock>;
  readonly callers: readonly Caller[];
  /** The loaders of a new request. */
  loadersOf(caller: Caller, signal?: AbortSignal): Loaders;
  close(): Promise<void>;
}

/** The client of a tenant, which may track the parcels of its own mailer id only. */
export const clientOf = (tenant: number): UspsClient => ({
  ...uspsSandboxClient,
  id: `client-${tenant}`,
  secret: `secret-${tenant}`,
  mid: String(900_000_000 + tenant),
});

/** No tracker is stored, so that each request asks. */
const withoutLedger = {
  trackers: { read: async () => [], save: async () => [] },
  shipments: { accountIdsByNumber: async () => new Map() },
} as unknown as Storage;

/** Opens tenants whose accounts have these options of USPS. */
export async function openTenants(count: number, options: object = {}): Promise<OpenTenants> {
  const clock = testClock('2026-11-18T18:00:00Z');
  const clients = Array.from({ length: count }, (_, tenant) => clientOf(tenant));
  const emulator = await startUsps({ clock, store: openStore(), clients, quota: 100_000 });
  const log = pino({ level: 'silent' });
  const storage = { ...withoutLedger, rateQuotes: memoryRateQuotes(), rateCards: memoryRateCards() };
  const tenants = clients.map((client, tenant) => ({
    id: `tenant-${tenant}`,
    name: `Tenant ${tenant}`,
    apiKeys: [],
    accounts: [
      {
        id: 'usps',
        provider: usps,
        name: 'USPS',
        environment: 'TEST' as const,
        baseUrl: emulator.url,
        credentials: uspsCredentials(client),
        options: usps.options.parse(options),
        quota: { default: 100_000 },
        rateCacheMs: 15 * 60_000,
      },
    ],
  }));
  const accounts = openAccounts(tenants, {
    tokens: memoryTokens(),
    quotas: memoryQuotas(clock),
    clock,
    log,
  });
  const shared = createSharedRequests({ storage, clock });
  return {
    emulator,
    clock,
    callers: accounts.callers(),
    loadersOf: (caller, signal = new AbortController().signal) =>
      createLoaders({ caller, storage, clock, log, signal, shared }),
    async close() {
      await accounts.close();
      await emulator.close();
    },
  };
}
