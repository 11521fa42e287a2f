import type { LabelApi } from '../carriers/adapter.ts';
import { outcome, ProviderError } from '../domain/errors.ts';
import type { Money } from '../domain/money.ts';
import type { PreparedRequest } from '../domain/prepared-request.ts';
import { groupParcels } from '../storage/purchases/groups.ts';
import type { OperationRow, ShipmentRow, WebhookDeliveryRow, WebhookEndpointRow } from '../storage/tables.ts';
import { currentPlan, followedBy, possibly } from '../transport/call-plan.ts';
import type { ApiKeyChanges } from './api-keys.ts';
import type { WorkflowDependencies } from './dependencies.ts';
import { requireSameInput } from './idempotency.ts';
import { operationApi, type Operations } from './operations.ts';
import { createDocuments } from './documents.ts';
import { createLabelDocumentPlan, type LabelDocuments } from './label-documents/label-documents.ts';
import { createManifests, type Manifests } from './manifests.ts';
import type { Purchases } from './purchases/purchases.ts';
import { preparedRequest } from './purchases/send.ts';
import { labelReference, type Refunds } from './refunds.ts';
import type { Reprints } from './reprints.ts';
import type { Watches } from './watches.ts';
import type { EndpointWithSecret, Webhooks } from './webhooks.ts';

/** What resolvers perform. */
export interface MutationWorkflows {
  readonly purchases: Pick<Purchases, 'find' | 'buy'>;
  readonly operations: Pick<Operations, 'find' | 'run'>;
  readonly refunds: Pick<Refunds, 'void'>;
  readonly manifests: Manifests;
  readonly reprints: Reprints;
  readonly labelDocuments: Pick<LabelDocuments, 'create'>;
  readonly webhooks: PlannedWebhooks;
  readonly watches: Watches;
  readonly apiKeys: ApiKeyChanges;
}

/** What mutations do to the webhooks that are sent to the tenant: nothing in a plan. */
interface PlannedWebhooks {
  create(...endpoint: Parameters<Webhooks['create']>): Promise<Partial<EndpointWithSecret>>;
  rotate(endpoint: WebhookEndpointRow): Promise<Partial<EndpointWithSecret>>;
  delete(endpoint: WebhookEndpointRow): Promise<void>;
  test(endpoint: WebhookEndpointRow): Promise<WebhookDeliveryRow | undefined>;
  redeliver(delivery: WebhookDeliveryRow): Promise<WebhookDeliveryRow | undefined>;
}

/** No call is sent, so none is aborted. */
const call = { signal: new AbortController().signal };
const stillUnknown = 'the outcome is still unknown';

/**
 * Creates what resolvers perform within a `CallPlan`: the steps of the adapters in their order, of which no call is sent,
 * and no step of the ledger. Where a call is planned they throw its `NotSent`.
 */
export function createPlannedWorkflows(dependencies: WorkflowDependencies): MutationWorkflows {
  const { storage, adapterOf } = dependencies;
  const readShipment = async (tenantId: string, id: string) =>
    (await storage.shipments.byIds(tenantId, [id]))[0]!;
  return {
    purchases: {
      async find(key) {
        const row = await storage.purchases.find(key);
        if (row === undefined || row.status === 'FAILED') return undefined;
        requireSameInput(row, key);
        if (storage.purchases.rows.isOpen(row)) await planReconciliation(dependencies, row);
        return readShipment(key.tenantId, row.id);
      },
      async buy({ tenantId, account, request }) {
        currentPlan()?.charge(account.id, request.maxPrice);
        const labels = adapterOf(tenantId, account.id)!.labels!;
        const before = currentPlan()?.callsAtMost;
        const prepared = [...new Set(await labels.prepare(request, call))];
        const isAsked = currentPlan()?.callsAtMost !== before;
        const buy = () => planCalls(prepared, (each) => buyOne(labels, each));
        return isAsked ? possibly('the price is not above the maximum', buy) : buy();
      },
    },
    operations: {
      async find(key) {
        const row = await storage.operations.find(key);
        if (row === undefined || row.status === 'FAILED') return undefined;
        requireSameInput(row, key);
        if (storage.operations.rows.isOpen(row)) await planOperationReconciliation(dependencies, row);
        return row;
      },
      async run(intent) {
        const { tenantId, account, kind } = intent;
        const { maxPrice } = intent.request as { readonly maxPrice?: Money };
        currentPlan()?.charge(account.id, maxPrice);
        const api = operationApi(dependencies, { tenant_id: tenantId, account_id: account.id, kind })!;
        return planCalls([await api.prepare(intent.request, call)], (prepared) =>
          api.perform(prepared, call),
        );
      },
    },
    refunds: {
      async void(tenantId, shipmentId) {
        const row = await storage.refunds.shipment(shipmentId);
        const labels = adapterOf(tenantId, row.account_id)?.labels;
        const parcels = await storage.refunds.purchasedParcels(shipmentId);
        await planEach(parcels, async (parcel) =>
          parcel.refund?.status === 'REQUESTED'
            ? labels?.refund?.(labelReference(parcel), call)
            : labels?.void?.(labelReference(parcel), call),
        );
        return readShipment(tenantId, shipmentId);
      },
    },
    // A manifest without an answer of its provider is left as it is.
    manifests: createManifests(dependencies),
    reprints: {
      async reprint({ tenantId, shipmentId, format, reprint }) {
        await planEach(await storage.refunds.purchasedParcels(shipmentId), async (parcel) => {
          if (await storage.reprints.has(parcel, format)) return;
          await reprint(labelReference(parcel), format, call);
        });
        return readShipment(tenantId, shipmentId);
      },
    },
    watches: { add: async () => {}, remove: async () => {} },
    apiKeys: { create: async () => ({}), rotate: async () => ({}), delete: async () => {} },
    labelDocuments: createLabelDocumentPlan(dependencies, createDocuments(dependencies)),
    webhooks: {
      create: async () => ({}),
      rotate: async () => ({}),
      delete: async () => {},
      test: async () => undefined,
      redeliver: async () => undefined,
    },
  };
}

/** Plans a step for each item, and throws the first failure. */
async function planEach<Item>(items: readonly Item[], plan: (item: Item) => Promise<unknown>): Promise<void> {
  const outcomes = await Promise.all(items.map((item) => outcome(() => plan(item))));
  const failure = outcomes.find((result) => result instanceof ProviderError);
  if (failure) throw failure;
}

/** Plans steps that each send a call, so that there is no result to return. */
async function planCalls<Item>(
  items: readonly Item[],
  plan: (item: Item) => Promise<unknown>,
): Promise<never> {
  await planEach(items, plan);
  throw new TypeError('an adapter has a result without a call');
}

const buyOne = (labels: LabelApi, prepared: PreparedRequest) =>
  followedBy(labels.buy(prepared, call), {
    calls: labels.void ? 1 : 0,
    when: 'the label costs more than is allowed, or another one of the shipment is refused',
  });

/** Plans what completes a purchase of unknown outcome: another process may do so first. */
async function planReconciliation(
  { storage, adapterOf }: WorkflowDependencies,
  row: ShipmentRow,
): Promise<void> {
  const labels = adapterOf(row.tenant_id, row.account_id)?.labels;
  if (labels === undefined) return;
  for (const group of groupParcels(await storage.purchases.parcels(row.id))) {
    const { state } = group.parcels[0]!;
    if (state !== 'SENT' && state !== 'PENDING') continue;
    const prepared = preparedRequest(group);
    await possibly(stillUnknown, () =>
      outcome(() => (state === 'SENT' ? labels.reconcile(prepared, call) : buyOne(labels, prepared))),
    );
  }
}

async function planOperationReconciliation(
  dependencies: WorkflowDependencies,
  row: OperationRow,
): Promise<void> {
  const api = operationApi(dependencies, row);
  if (row.sent_at === null || api?.reconcile === undefined) return;
  const prepared = { attemptId: row.attempt_id!, request: row.request };
  await possibly(stillUnknown, () => outcome(async () => api.reconcile!(prepared, call)));
}
