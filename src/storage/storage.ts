import { sql } from 'kysely';

import type { Sealer } from '../domain/seal.ts';
import type { TokenStore } from '../transport/bearer-token.ts';
import type { QuotaStore } from '../transport/quota-counter.ts';
import { openDatabase, type Database, type DatabaseLocation, type OpenDatabase, type OpenOptions } from './database.ts'; // prettier-ignore
import { createApiKeys, type ApiKeys } from './records/api-keys.ts';
import { createDocumentRecords, type DocumentRecords } from './records/documents.ts';
import { createHistory, type History } from './history.ts';
import { createLabelDocumentRecords, type LabelDocumentRecords } from './records/label-documents.ts';
import { createImports, type Imports } from './records/imports.ts';
import { createOperationRecords, type OperationRecords } from './records/operations.ts';
import { createPurchaseRecords, type PurchaseRecords } from './purchases/records.ts';
import { createQuotaStore } from './quotas.ts';
import { createRateCardStore, type RateCardStore } from './rate-cards.ts';
import { createRateQuoteStore, type RateQuoteStore } from './rate-quotes.ts';
import { createRedactionRecords, type RedactionRecords } from './records/redaction.ts';
import { createRefundRecords, type RefundRecords } from './records/refunds.ts';
import { createReprintRecords, type ReprintRecords } from './records/reprints.ts';
import { createShipments, type Shipments } from './shipments.ts';
import { resealAll } from './reseal.ts';
import { createTenants, type Tenants } from './records/tenants.ts';
import { createTokenStore } from './tokens.ts';
import { withFallback } from './unavailable.ts';
import { createTrackerStore, type TrackerStore } from './trackers.ts';
import { createUsageStore, type UsageStore } from './usage.ts';
import { createWatches, type Watches } from './watches.ts';
import { createWebhookDeliveries, type WebhookDeliveries } from './webhooks/deliveries.ts';
import { createWebhookEndpoints, type WebhookEndpoints } from './webhooks/endpoints.ts';
import { createReceivedWebhooks, type ReceivedWebhooks } from './webhooks/received.ts';
import { createUnresolvedRecords, type UnresolvedRecords } from './records/unresolved.ts';

/** The tables of the ledger, each through the statements that are needed of it. */
export interface Records {
  readonly purchases: PurchaseRecords;
  readonly operations: OperationRecords;
  readonly refunds: RefundRecords;
  readonly documents: DocumentRecords;
  readonly labelDocuments: LabelDocumentRecords;
  readonly reprints: ReprintRecords;
  readonly unresolved: UnresolvedRecords;
  readonly redaction: RedactionRecords;
  readonly shipments: Shipments;
  readonly history: History;
  readonly trackers: TrackerStore;
  readonly watches: Watches;
  readonly imports: Imports;
  readonly webhookEndpoints: WebhookEndpoints;
  readonly webhookDeliveries: WebhookDeliveries;
  readonly receivedWebhooks: ReceivedWebhooks;
  readonly apiKeys: ApiKeys;
}

/** The open ledger. */
export interface Storage extends Records, Pick<OpenDatabase, 'notifications' | 'upkeep'> {
  readonly tokens: TokenStore;
  readonly quotas: QuotaStore;
  readonly usage: UsageStore;
  readonly rateQuotes: RateQuoteStore;
  readonly rateCards: RateCardStore;
  readonly tenants: Tenants;
  /** Seals with the present secret what the previous one has sealed for good; returns how many values that were. */
  reseal(): Promise<number>;
  /** Throws where the database does not respond, or accepts no writes. */
  ping(): Promise<void>;
  /** Writes the usage that is still counted in memory, and closes the database. */
  close(): Promise<void>;
}

export interface StorageOptions extends Pick<
  OpenOptions,
  'onFirstCreate' | 'onRequest' | 'wrapDialect' | 'mustExist'
> {
  readonly sealer: Sealer;
}

export function createRecords(db: Database): Records {
  return {
    purchases: createPurchaseRecords(db),
    operations: createOperationRecords(db),
    refunds: createRefundRecords(db),
    documents: createDocumentRecords(db),
    labelDocuments: createLabelDocumentRecords(db),
    reprints: createReprintRecords(db),
    unresolved: createUnresolvedRecords(db),
    redaction: createRedactionRecords(db),
    shipments: createShipments(db),
    history: createHistory(db),
    trackers: createTrackerStore(db),
    watches: createWatches(db),
    imports: createImports(db),
    webhookEndpoints: createWebhookEndpoints(db),
    webhookDeliveries: createWebhookDeliveries(db),
    receivedWebhooks: createReceivedWebhooks(db),
    apiKeys: createApiKeys(db),
  };
}

/** Opens the ledger and migrates its tables. */
export async function openStorage(location: DatabaseLocation, options: StorageOptions): Promise<Storage> {
  const { db, notifications, upkeep, close } = await openDatabase(location, options);
  const usage = createUsageStore(db);
  return {
    ...createRecords(db),
    notifications,
    upkeep,
    tokens: createTokenStore(db, options.sealer),
    quotas: createQuotaStore(db),
    usage,
    rateQuotes: createRateQuoteStore(db, options.sealer),
    rateCards: createRateCardStore(db, options.sealer),
    tenants: createTenants(db, options.sealer),
    reseal: () => resealAll(db, options.sealer),
    // Changes no row, and fails where none may be changed.
    ping: async () => void (await sql`update tokens set key = key where false`.execute(db)),
    async close() {
      await withFallback(usage.flush, () => {});
      await close();
    },
  };
}
