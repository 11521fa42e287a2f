import type { Sealer } from '../domain/seal.ts';
import type { TokenStore } from '../transport/bearer.ts';
import type { QuotaStore } from '../transport/quota.ts';
import { openDatabase, type OpenDatabase, type Storage } from './database.ts';
import { createPurchases, type Purchases } from './purchases.ts';
import { createQuotaStore } from './quotas.ts';
import { createShipments, type Shipments } from './shipments.ts';
import { createTokenStore } from './tokens.ts';
import { createTrackerStore, type TrackerStore } from './trackers.ts';

/** Our durable record. */
export interface Ledger {
  readonly purchases: Purchases;
  readonly shipments: Shipments;
  readonly trackers: TrackerStore;
  readonly tokens: TokenStore;
  readonly quotas: QuotaStore;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
  readonly answer: OpenDatabase['answer'];
  close(): Promise<void>;
}

export async function openLedger(
  storage: Storage,
  sealer: Sealer,
  onFirstMaking?: () => void,
): Promise<Ledger> {
  const { db, answer, close } = await openDatabase(storage, onFirstMaking);
  return {
    purchases: createPurchases(db),
    shipments: createShipments(db),
    trackers: createTrackerStore(db),
    tokens: createTokenStore(db, sealer),
    quotas: createQuotaStore(db),
    ping: async () => void (await db.selectFrom('shipments').select('id').limit(1).execute()),
    answer,
    close,
  };
}
