import type { Context } from '../../auth/context.ts';
import { normalizeAddress } from '../../domain/address.ts';
import { InputError, outcome, ProviderError, throwIfInvalid } from '../../domain/errors.ts';
import { pickupErrors, type PickupStatus, type ScheduledPickup } from '../../domain/handover.ts';
import type { PickupScheduleInput, Resolvers } from '../../generated/resolvers-types.ts';
import type { StoredOperation } from '../../workflows/operations.ts';
import type { OperationStatus } from '../../storage/tables.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import { accountOrRemoved, requireCaller } from '../require-auth.ts';
import { withUserErrors } from '../errors.ts';
import { operationFailure, purchasedShipments } from './operations.ts';
import { keyErrors, idempotencyKeyOf } from '../idempotency-key.ts';
import type { Failure } from '../provider.ts';

const mutation = 'pickupSchedule';

const statuses: Record<OperationStatus, PickupStatus> = {
  OPEN: 'UNCERTAIN',
  DONE: 'SCHEDULED',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
  UNCERTAIN: 'UNCERTAIN',
};

export const pickupResolvers: Resolvers = {
  Query: {
    pickup: async (_, { id }, context) => (await byId(id, context)) ?? null,
  },
  Mutation: {
    pickupSchedule: async (_, { input }, context) =>
      withUserErrors(async () => {
        const pickup = await schedule(input, context);
        if ('error' in pickup) return { userErrors: [], failure: pickup };
        return { pickup, userErrors: [], failure: operationFailure(pickup, context) };
      }),
    pickupCancel: async (_, { input: { id } }, context) =>
      withUserErrors(async () => {
        const pickup = await byId(id, context);
        const field = ['input', 'id'];
        if (pickup === undefined) {
          throw new InputError([{ code: 'NOT_FOUND', field, message: 'is no pickup of yours' }]);
        }
        if (pickup.status === 'CANCELLED') return { pickup, userErrors: [] };
        if (pickup.status !== 'DONE') {
          const message = `is ${statuses[pickup.status]}: there is nothing to cancel`;
          throw new InputError([{ code: 'NOT_ALLOWED', field, message }]);
        }
        const account = accountOrRemoved(context, pickup.account_id, pickup);
        const answer = await outcome(() => cancel(pickup, context));
        if (!(answer instanceof ProviderError)) return { pickup: answer, userErrors: [] };
        return { pickup, userErrors: [], failure: { error: answer, account } };
      }),
  },
  Pickup: {
    __resolveReference: async ({ id }, context) => (await byId(id, context)) ?? null,
    account: (pickup, _, context) => accountOrRemoved(context, pickup.account_id, pickup),
    status: ({ status }) => statuses[status],
    confirmation: (pickup) => scheduled(pickup)?.confirmation ?? null,
    date: (pickup) => scheduled(pickup)?.date ?? (pickup.asked as { date: string }).date,
    price: (pickup) => scheduled(pickup)?.price ?? null,
    failure: (pickup, _, context) => operationFailure(pickup, context),
  },
};

async function schedule(input: PickupScheduleInput, context: Context): Promise<StoredOperation | Failure> {
  const { operations, shipments } = context.ledger;
  const { date, shipmentIds, readyFrom, readyUntil, packageLocation, instructions, maxPrice } = input;
  const address = normalizeAddress(input.address);
  requireCaller(context);
  throwIfInvalid([
    ...keyErrors(input.idempotencyKey),
    ...pickupErrors({ ...input, address }, context.clock.now(), ['input']),
  ]);
  const key = idempotencyKeyOf(mutation, input, context);
  const known = await operations.find(key);
  if (known) return known;

  const { account } = await purchasedShipments(shipmentIds, input.accountId, context);
  if (account.adapter.pickups === undefined)
    return { error: unsupported(account, 'schedule pickups'), account };
  return operations.run({
    ...key,
    by: context,
    account,
    input: { date, shipmentIds },
    request: {
      address,
      date,
      readyFrom: readyFrom ?? undefined,
      readyUntil: readyUntil ?? undefined,
      packageLocation: packageLocation ?? undefined,
      instructions: instructions?.trim() || undefined,
      maxPrice: maxPrice ?? undefined,
      parcels: await shipments.labelled(key.tenantId, shipmentIds),
    },
  });
}

async function cancel(pickup: StoredOperation, context: Context): Promise<StoredOperation> {
  const account = accountOrRemoved(context, pickup.account_id, pickup);
  const desk = account.adapter.pickups;
  if (desk === undefined) throw unsupported(account, 'cancel pickups');
  if (scheduled(pickup)!.providerRef === null) {
    throw new ProviderError('NOT_SUPPORTED', 'it was resolved by hand, so only its provider can cancel it', {
      hint: 'Cancel it at the provider.',
    });
  }
  await desk.cancel(scheduled(pickup)!, { signal: context.signal });
  return context.ledger.operations.update(pickup, { status: 'CANCELLED', event: 'CANCELLED', by: context });
}

const byId = (id: string, context: Context) =>
  context.ledger.operations.byId(requireCaller(context).tenant.id, mutation, id);

/** Undefined where nothing was scheduled. */
const scheduled = ({ result }: StoredOperation) => (result ?? undefined) as ScheduledPickup | undefined;
