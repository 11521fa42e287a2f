import { sql } from 'kysely';

import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { TokenStore } from '../transport/bearer.ts';
import type { QuotaStore } from '../transport/quota.ts';
import { createAttention, type Attention } from './attention.ts';
import { openDatabase, type OpenDatabase, type OpenOptions, type Storage } from './database.ts';
import { createErrands, type Errands } from './errands.ts';
import { createHistory, type History } from './history.ts';
import { createImports, type Imports } from './imports.ts';
import { createLabels, type Labels } from './labels.ts';
import { createPurchases, type CarrierOf, type Purchases } from './purchases.ts';
import { createQuotaStore } from './quotas.ts';
import { createRetention, type Retention } from './retention.ts';
import { createRefunds, type Refunds } from './refunds.ts';
import { createShipments, type Shipments } from './shipments.ts';
import { createTokenStore } from './tokens.ts';
import { createTrackerStore, type TrackerStore } from './trackers.ts';

/** Our durable record. */
export interface Ledger {
  readonly purchases: Purchases;
  readonly shipments: Shipments;
  readonly labels: Labels;
  readonly refunds: Refunds;
  readonly errands: Errands;
  readonly history: History;
  readonly trackers: TrackerStore;
  readonly imports: Imports;
  readonly attention: Attention;
  readonly retention: Retention;
  readonly tokens: TokenStore;
  readonly quotas: QuotaStore;
  /** Throws where the database does not answer, or takes no changes. */
  ping(): Promise<void>;
  readonly answer: OpenDatabase['answer'];
  close(): Promise<void>;
}

/** What the ledger stands on; `carrierOf` is asked only when something is bought or looked after. */
export interface LedgerOptions extends Pick<OpenOptions, 'onFirstMaking' | 'between'> {
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly carrierOf: CarrierOf;
}

export async function openLedger(storage: Storage, options: LedgerOptions): Promise<Ledger> {
  const { sealer, clock, carrierOf } = options;
  const { db, answer, close } = await openDatabase(storage, options);
  const purchases = createPurchases(db, carrierOf, clock);
  const errands = createErrands(db, carrierOf);
  return {
    purchases,
    shipments: createShipments(db),
    labels: createLabels(db, carrierOf),
    refunds: createRefunds(db, carrierOf, clock),
    errands,
    history: createHistory(db),
    trackers: createTrackerStore(db),
    imports: createImports(db),
    attention: createAttention(db, purchases, errands, carrierOf),
    retention: createRetention(db, carrierOf),
    tokens: createTokenStore(db, sealer),
    quotas: createQuotaStore(db),
    // Changes nothing, and fails where nothing may be changed.
    ping: async () => void (await sql`update tokens set key = key where false`.execute(db)),
    answer,
    close,
  };
}
