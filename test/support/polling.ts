import { pino } from 'pino';

import { openStore } from '../../sandbox/store.ts';
import { startUsps, uspsSandboxClient, uspsTrackingNumber } from '../../sandbox/usps/index.ts';
import type { Account, Caller } from '../../src/accounts/account.ts';
import { openAccounts } from '../../src/accounts/open-accounts.ts';
import { usps } from '../../src/carriers/usps/index.ts';
import type { AccountConfig } from '../../src/config/account.ts';
import type { Clock } from '../../src/domain/clock.ts';
import { createSealer } from '../../src/domain/seal.ts';
import type { ParcelNumber } from '../../src/domain/tracking.ts';
import { createPolling, type Polling } from '../../src/jobs/polling.ts';
import { createLoaders, type Loaders } from '../../src/loaders/loaders.ts';
import { createSharedRequests } from '../../src/loaders/shared-requests.ts';
import { createWatchedParcels } from '../../src/loaders/watched-parcels.ts';
import type { Database } from '../../src/storage/database.ts';
import { createQuotaStore } from '../../src/storage/quotas.ts';
import { createRecords, type Records, type Storage } from '../../src/storage/storage.ts';
import { createTokenStore } from '../../src/storage/tokens.ts';
import { createQuotaCounter } from '../../src/transport/quota-counter.ts';
import { memoryRateQuotes } from './stores.ts';

/** One process of a server with an account at USPS: its polls, and the loaders of a request. */
export interface PollingReplica {
  readonly records: Records;
  readonly polling: Polling;
  readonly account: Account;
  loaders(): Loaders;
}

export const pollingTenant = 'acme';

/** An account at an emulated USPS, of 60 calls an hour unless `quota` says otherwise, and a replica on each database. */
export async function openPolling(
  databases: readonly Database[],
  clock: Clock,
  { quota = 60, policy }: { quota?: number; policy?: AccountConfig['policy'] } = {},
) {
  const emulator = await startUsps({ clock, store: openStore(), quota });
  const opened = databases.map((db) => openReplica(db, clock, emulator.url, quota, policy));
  return {
    emulator,
    replicas: opened.map(({ replica }) => replica),
    /** The calls to the Tracking API so far. */
    calls: () => emulator.count('POST', /tracking$/),
    async close() {
      await Promise.all(opened.map(({ close }) => close()));
      await emulator.close();
    },
  };
}

function openReplica(
  db: Database,
  clock: Clock,
  baseUrl: string,
  quota: number,
  policy: AccountConfig['policy'],
) {
  const log = pino({ level: 'silent' });
  const records = createRecords(db);
  const { id: clientId, secret: clientSecret, mid, crid } = uspsSandboxClient;
  const counter = createQuotaCounter(createQuotaStore(db), clock);
  const accounts = openAccounts(
    [
      {
        id: pollingTenant,
        name: 'Acme',
        apiKeys: [],
        accounts: [
          {
            id: 'usps',
            provider: usps,
            name: 'USPS',
            environment: 'TEST',
            baseUrl,
            credentials: usps.credentials.parse({ clientId, clientSecret, mid, crid }),
            options: usps.options.parse({}),
            quota: { default: quota },
            policy,
          },
        ],
      },
    ],
    { tokens: createTokenStore(db, createSealer('a secret of more than thirty-two characters')), quotas: counter, clock, log }, // prettier-ignore
  );
  const [caller] = accounts.callers() as [Caller];
  const storage = { ...records, rateQuotes: memoryRateQuotes() } as unknown as Storage;
  const watched = createWatchedParcels(accounts, { storage, clock });
  const shared = createSharedRequests({ storage, clock, watched });
  const { signal } = new AbortController();
  const replica: PollingReplica = {
    records,
    polling: createPolling({ accounts, shared, watched, watches: records.watches, clock, log }),
    account: caller.accounts[0]!,
    loaders: () => createLoaders({ caller, storage, clock, log, signal, shared }),
  };
  const close = async () => {
    await counter.release();
    await accounts.close();
  };
  return { replica, close };
}

/** Parcels of the account's mailer, from a serial number on. */
export const ownParcels = (count: number, from = 1000): ParcelNumber[] =>
  Array.from({ length: count }, (_, index) => ({
    trackingNumber: uspsTrackingNumber(from + index),
    carrier: 'USPS',
  }));

export const watchAll = ({ records }: PollingReplica, parcels: readonly ParcelNumber[], now: number) =>
  records.watches.add(
    pollingTenant,
    parcels.map((parcel) => ({ ...parcel, accountId: 'usps' })),
    now,
    1_000_000,
  );
