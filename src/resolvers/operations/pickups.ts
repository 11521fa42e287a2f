import type { AccountFailure } from '../../accounts/account.ts';
import { accountOrRemoved } from '../../accounts/select-account.ts';
import { unsupported } from '../../accounts/unsupported.ts';
import type { Context } from '../../auth/context.ts';
import { normalizeAddress } from '../../domain/address.ts';
import { addDays } from '../../domain/calendar.ts';
import { InputError, outcome, ProviderError, throwIfInvalid } from '../../domain/errors.ts';
import { validatePickup, type PickupStatus, type ScheduledPickup } from '../../domain/pickup.ts';
import type { PickupScheduleInput, Resolvers } from '../../generated/resolvers-types.ts';
import type { OperationStatus } from '../../domain/operation.ts';
import type { StoredOperation } from '../../storage/records/operations.ts';
import { withUserErrors } from '../errors.ts';
import { idempotencyKeyErrors, toIdempotencyKey } from '../idempotency-key.ts';
import { requireCaller } from '../require-caller.ts';
import { operationFailure } from './operation-failure.ts';
import { operationPage } from './operation-page.ts';
import { accountOfShipments } from './purchased-shipments.ts';

const kind = 'PICKUP';

const statuses: Record<OperationStatus, PickupStatus> = {
  PENDING: 'UNCERTAIN',
  DONE: 'SCHEDULED',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
  UNCERTAIN: 'UNCERTAIN',
};

export const pickupResolvers: Resolvers = {
  Query: {
    pickup: async (_, { id }, context) => (await read(id, context)) ?? null,
    pickups: (_, args, context) => operationPage(args, kind, context),
  },
  Mutation: {
    pickupSchedule: async (_, { input }, context) =>
      withUserErrors(async () => {
        const result = await schedule(input, context);
        if ('error' in result) return { userErrors: [], failure: result };
        return { pickup: result, userErrors: [], failure: operationFailure(result, context) };
      }),
    pickupCancel: async (_, { input: { id } }, context) =>
      withUserErrors(async () => {
        const pickup = await requireCancellable(id, context);
        if (pickup.status === 'CANCELLED') return { pickup, userErrors: [] };
        const result = await outcome(() => cancel(pickup, context));
        if (!(result instanceof ProviderError)) return { pickup: result, userErrors: [] };
        return { pickup, userErrors: [], failure: { error: result, account: accountOf(pickup, context) } };
      }),
  },
  PickupConnection: { totalCount: ({ count }) => count() },
  Pickup: {
    __resolveReference: async ({ id }, context) => (await read(id, context)) ?? null,
    account: (pickup, _, context) => accountOf(pickup, context),
    status: ({ status }) => statuses[status],
    confirmation: (pickup) => scheduled(pickup)?.confirmation ?? null,
    date: (pickup) => scheduled(pickup)?.date ?? (pickup.input as { date: string }).date,
    price: (pickup) => scheduled(pickup)?.price ?? null,
    failure: (pickup, _, context) => operationFailure(pickup, context),
  },
};

async function schedule(
  input: PickupScheduleInput,
  context: Context,
): Promise<StoredOperation | AccountFailure> {
  const { operations } = context.workflows;
  const { date, shipmentIds, readyFrom, readyUntil, packageLocation, instructions, maxPrice } = input;
  const address = normalizeAddress(input.address);
  requireCaller(context);
  throwIfInvalid([
    ...idempotencyKeyErrors(input.idempotencyKey),
    ...validatePickup({ ...input, address }, context.clock.now(), ['input']),
  ]);
  const key = toIdempotencyKey(kind, input, context);
  const earlier = await operations.find(key);
  if (earlier) return earlier;

  const account = await accountOfShipments(shipmentIds, input.accountId, context);
  if (account.adapter.pickups === undefined)
    return { error: unsupported(account, 'schedule pickups'), account };
  return operations.run({
    ...key,
    by: context,
    account,
    input: { date, shipmentIds },
    // After its day, parcels can be picked up again, since the carrier may not have come.
    shipments: {
      shipmentIds,
      heldSince: addDays(-1, new Date(context.clock.now()).toISOString().slice(0, 10)),
    },
    request: {
      address,
      date,
      readyFrom: readyFrom ?? undefined,
      readyUntil: readyUntil ?? undefined,
      packageLocation: packageLocation ?? undefined,
      instructions: instructions?.trim() || undefined,
      maxPrice: maxPrice ?? undefined,
      parcels: await context.storage.shipments.labelled(key.tenantId, shipmentIds),
    },
  });
}

/** Returns a pickup that is scheduled, or cancelled already; throws an `InputError` otherwise. */
async function requireCancellable(id: string, context: Context): Promise<StoredOperation> {
  const pickup = await read(id, context);
  const field = ['input', 'id'];
  if (pickup === undefined) {
    throw new InputError([{ code: 'NOT_FOUND', field, message: 'is no pickup of yours' }]);
  }
  if (pickup.status !== 'DONE' && pickup.status !== 'CANCELLED') {
    const message = `is ${statuses[pickup.status]}: there is nothing to cancel`;
    throw new InputError([{ code: 'NOT_ALLOWED', field, message }]);
  }
  return pickup;
}

async function cancel(pickup: StoredOperation, context: Context): Promise<StoredOperation> {
  const account = accountOf(pickup, context);
  const { pickups } = account.adapter;
  if (pickups === undefined) throw unsupported(account, 'cancel pickups');
  if (scheduled(pickup)!.providerRef === null) {
    throw new ProviderError(
      'NOT_SUPPORTED',
      'the pickup was resolved by hand and can only be cancelled at its provider',
      { hint: 'Cancel it on the website of the provider.' },
    );
  }
  await pickups.cancel(scheduled(pickup)!, { signal: context.signal });
  return context.storage.operations.update(pickup, { status: 'CANCELLED', event: 'CANCELLED', by: context });
}

const read = (id: string, context: Context) =>
  context.storage.operations.byId(requireCaller(context).tenant.id, kind, id);

const accountOf = (pickup: StoredOperation, context: Context) =>
  accountOrRemoved(context.caller, pickup.account_id, pickup);

/** Undefined if no pickup was scheduled. */
const scheduled = ({ result }: StoredOperation) => (result ?? undefined) as ScheduledPickup | undefined;
