import { sql } from 'kysely';

import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { TokenStore } from '../transport/bearer-token.ts';
import type { QuotaStore } from '../transport/quota.ts';
import { createUnresolvedWork, type UnresolvedWork } from './unresolved.ts';
import { openDatabase, type OpenDatabase, type OpenOptions, type Storage } from '../storage/database.ts';
import { createOperations, type Operations } from './operations.ts';
import { createHistory, type History } from '../storage/history.ts';
import { createImports, type Imports } from '../storage/imports.ts';
import { createLabels, type Labels } from './documents.ts';
import { createPurchases, type AdapterOf, type Purchases } from './purchases.ts';
import { createQuotaStore } from '../storage/quotas.ts';
import { createRetention, type Retention } from '../storage/retention.ts';
import { createRefunds, type Refunds } from './refunds.ts';
import { createShipments, type Shipments } from '../storage/shipments.ts';
import { createTokenStore } from '../storage/tokens.ts';
import { createTrackerStore, type TrackerStore } from '../storage/trackers.ts';

/** Our durable record. */
export interface Ledger {
  readonly purchases: Purchases;
  readonly shipments: Shipments;
  readonly labels: Labels;
  readonly refunds: Refunds;
  readonly operations: Operations;
  readonly history: History;
  readonly trackers: TrackerStore;
  readonly imports: Imports;
  readonly unresolved: UnresolvedWork;
  readonly retention: Retention;
  readonly tokens: TokenStore;
  readonly quotas: QuotaStore;
  /** Throws where the database does not answer, or takes no changes. */
  ping(): Promise<void>;
  readonly onCommand: OpenDatabase['onCommand'];
  close(): Promise<void>;
}

/** What the ledger stands on; `carrierOf` is asked only when something is bought or looked after. */
export interface LedgerOptions extends Pick<OpenOptions, 'onFirstCreate' | 'wrapDialect'> {
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly adapterOf: AdapterOf;
}

export async function openLedger(storage: Storage, options: LedgerOptions): Promise<Ledger> {
  const { sealer, clock, adapterOf } = options;
  const { db, onCommand, close } = await openDatabase(storage, options);
  const purchases = createPurchases(db, adapterOf, clock);
  const errands = createOperations(db, adapterOf);
  return {
    purchases,
    shipments: createShipments(db),
    labels: createLabels(db, adapterOf),
    refunds: createRefunds(db, adapterOf, clock),
    operations: errands,
    history: createHistory(db),
    trackers: createTrackerStore(db),
    imports: createImports(db),
    unresolved: createUnresolvedWork(db, purchases, errands, adapterOf),
    retention: createRetention(db, adapterOf),
    tokens: createTokenStore(db, sealer),
    quotas: createQuotaStore(db),
    // Changes nothing, and fails where nothing may be changed.
    ping: async () => void (await sql`update tokens set key = key where false`.execute(db)),
    onCommand,
    close,
  };
}
