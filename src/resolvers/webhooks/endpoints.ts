import type { Context } from '../../auth/context.ts';
import { InputError, throwIfInvalid } from '../../domain/errors.ts';
import type { Resolvers, WebhookEndpointCreateInput } from '../../generated/resolvers-types.ts';
import type { WebhookDeliveryRow, WebhookEndpointRow } from '../../storage/tables.ts';
import { withUserErrors } from '../errors.ts';
import { ledgerConnection, toPageRequest, type LedgerConnection } from '../pagination.ts';
import { requireCaller } from '../require-caller.ts';

/** The source of `WebhookDeliveryConnection`. */
export type DeliveryConnectionSource = LedgerConnection<WebhookDeliveryRow>;

const maxEndpoints = 20;

export const webhookResolvers: Resolvers = {
  Query: {
    webhookEndpoints: (_, __, context) =>
      context.storage.webhookEndpoints.list(requireCaller(context).tenant.id),
  },
  Mutation: {
    webhookEndpointCreate: (_, { input }, context) =>
      withUserErrors(async () => ({ ...(await create(input, context)), userErrors: [] })),
    webhookEndpointRotate: (_, { input }, context) =>
      withUserErrors(async () => {
        const endpoint = await requireEndpoint(input.id, context);
        return { ...(await context.workflows.webhooks.rotate(endpoint)), userErrors: [] };
      }),
    webhookEndpointDelete: (_, { input }, context) =>
      withUserErrors(async () => {
        const endpoint = await requireEndpoint(input.id, context);
        await context.workflows.webhooks.delete(endpoint);
        return { endpoint, userErrors: [] };
      }),
    webhookEndpointTest: (_, { input }, context) =>
      withUserErrors(async () => {
        const endpoint = await requireEndpoint(input.id, context);
        return { delivery: await context.workflows.webhooks.test(endpoint), userErrors: [] };
      }),
    webhookRedeliver: (_, { input }, context) =>
      withUserErrors(async () => {
        const delivery = await requireDelivery(input.deliveryId, context);
        return { delivery: await context.workflows.webhooks.redeliver(delivery), userErrors: [] };
      }),
  },
  WebhookEndpoint: {
    createdAt: ({ created_at }) => created_at.toISOString(),
    async deliveries({ id }, args, { storage: { webhookDeliveries } }) {
      const failedOnly = args.failedOnly ?? false;
      const page = await webhookDeliveries.page(id, failedOnly, toPageRequest(args));
      return ledgerConnection(page, () => webhookDeliveries.count(id, failedOnly));
    },
  },
  WebhookDelivery: {
    lastStatusCode: ({ last_status_code }) => last_status_code,
    lastError: ({ last_error }) => last_error,
    nextAttemptAt: ({ next_attempt_at }) => next_attempt_at?.toISOString() ?? null,
    createdAt: ({ created_at }) => created_at.toISOString(),
  },
  WebhookDeliveryConnection: { totalCount: ({ count }) => count() },
};

async function create({ url, events }: WebhookEndpointCreateInput, context: Context) {
  const { tenant } = requireCaller(context);
  const kinds = [...new Set(events)];
  const field = ['input', 'events'];
  throwIfInvalid(
    kinds.length === 0 ? [{ code: 'REQUIRED', field, message: 'names at least one event' }] : [],
  );
  const existing = await context.storage.webhookEndpoints.list(tenant.id);
  if (existing.length >= maxEndpoints) {
    const message = `a tenant has at most ${maxEndpoints} endpoints; delete one that is not used`;
    throw new InputError([{ code: 'TOO_MANY', field: ['input'], message }]);
  }
  return context.workflows.webhooks.create(tenant.id, new URL(url), kinds);
}

async function requireEndpoint(id: string, context: Context): Promise<WebhookEndpointRow> {
  const endpoint = await context.storage.webhookEndpoints.find(requireCaller(context).tenant.id, id);
  if (endpoint) return endpoint;
  throw new InputError([{ code: 'NOT_FOUND', field: ['input', 'id'], message: 'is no webhook endpoint of yours' }]); // prettier-ignore
}

async function requireDelivery(id: string, context: Context): Promise<WebhookDeliveryRow> {
  const delivery = await context.storage.webhookDeliveries.find(requireCaller(context).tenant.id, id);
  if (delivery) return delivery;
  throw new InputError([{ code: 'NOT_FOUND', field: ['input', 'deliveryId'], message: 'is no delivery of yours' }]); // prettier-ignore
}
