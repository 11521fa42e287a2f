import type { Caller } from '../accounts/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Records } from '../storage/storage.ts';
import type { AdapterOf } from './dependencies.ts';
import { createDocuments, type Documents } from './documents.ts';
import { importNextPage, type ImportProgress, type ImportRequest } from './import.ts';
import { createLabelDocuments, type LabelDocuments } from './label-documents/label-documents.ts';
import { createManifests, type Manifests } from './manifests.ts';
import { createOperations, type Operations } from './operations.ts';
import { createPlannedWorkflows, type MutationWorkflows } from './planned.ts';
import { createPurchases, type Purchases } from './purchases/purchases.ts';
import { createReceivedWebhooks, type OnApplied, type ReceivedWebhooks } from './received-webhooks.ts';
import { createRedaction, type Redaction } from './redaction.ts';
import { createRefunds, type Refunds } from './refunds.ts';
import { createReprints, type Reprints } from './reprints.ts';
import { createUnresolvedWork, type UnresolvedWork } from './unresolved.ts';
import { createWatchWorkflow, type Watches } from './watches.ts';
import { createApiKeyChanges, type ApiKeyChanges } from './api-keys.ts';
import { createWebhooks, type WebhookDependencies, type Webhooks } from './webhooks.ts';

/** Everything that calls providers in several steps and survives a crash between them. */
export interface Workflows {
  readonly purchases: Purchases;
  readonly operations: Operations;
  readonly manifests: Manifests;
  readonly refunds: Refunds;
  readonly reprints: Reprints;
  readonly documents: Documents;
  readonly labelDocuments: LabelDocuments;
  readonly unresolved: UnresolvedWork;
  readonly redaction: Redaction;
  /** What takes the place of the other workflows in a plan. */
  readonly planned: MutationWorkflows;
  readonly webhooks: Webhooks;
  readonly watches: Watches;
  readonly receivedWebhooks: ReceivedWebhooks;
  readonly apiKeys: ApiKeyChanges;
  /** Imports the next page of tracked parcels and shipments of the callers' accounts. */
  importNextPage(callers: readonly Caller[], request: ImportRequest): Promise<ImportProgress>;
  /** Resolves when no purchase and no operation of this process is in progress; none is reconciled from then on. */
  drain(): Promise<void>;
}

/** Creates the workflows. `adapterOf` is called when a workflow calls a provider, not before. */
export function createWorkflows(
  storage: Records,
  adapterOf: AdapterOf,
  clock: Clock,
  webhooks: Pick<WebhookDependencies, 'sealer' | 'target'>,
  onWebhook?: OnApplied,
): Workflows {
  const dependencies = { storage, adapterOf, clock };
  const documents = createDocuments(dependencies);
  const purchases = createPurchases(dependencies);
  const operations = createOperations(dependencies);
  const refunds = createRefunds(dependencies);
  return {
    purchases,
    operations,
    manifests: createManifests(dependencies),
    refunds,
    reprints: createReprints(dependencies),
    documents,
    labelDocuments: createLabelDocuments(dependencies, documents),
    unresolved: createUnresolvedWork(dependencies, purchases, operations),
    redaction: createRedaction(dependencies),
    planned: createPlannedWorkflows(dependencies),
    receivedWebhooks: createReceivedWebhooks(dependencies, refunds, onWebhook),
    watches: createWatchWorkflow(storage.watches, clock),
    webhooks: createWebhooks({ storage, clock, ...webhooks }),
    apiKeys: createApiKeyChanges(storage.apiKeys),
    importNextPage: (callers, request) => importNextPage(callers, storage, refunds, request, clock.now),
    async drain() {
      await purchases.drain();
      await operations.drain();
    },
  };
}
