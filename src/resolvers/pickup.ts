import type { Context } from '../context.ts';
import { tidyAddress } from '../domain/address.ts';
import { InputError, outcome, ProviderError, refuse } from '../domain/errors.ts';
import { pickupErrors, type PickupStatus, type ScheduledPickup } from '../domain/handover.ts';
import type { PickupScheduleInput, Resolvers } from '../generated/resolvers-types.ts';
import type { StoredErrand } from '../ledger/errands.ts';
import type { ErrandStatus } from '../ledger/tables.ts';
import { lacking } from '../loaders/abilities.ts';
import { accountOr, callerOf } from './caller.ts';
import { orUserErrors } from './errors.ts';
import { errandFailure, handedOver } from './handover.ts';
import { keyErrors, keyOf } from './keys.ts';
import type { Failure } from './provider.ts';

const mutation = 'pickupSchedule';

const statuses: Record<ErrandStatus, PickupStatus> = {
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
      orUserErrors(async () => {
        const pickup = await schedule(input, context);
        if ('error' in pickup) return { userErrors: [], failure: pickup };
        return { pickup, userErrors: [], failure: errandFailure(pickup, context) };
      }),
    pickupCancel: async (_, { input: { id } }, context) =>
      orUserErrors(async () => {
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
        const account = accountOr(context, pickup.account_id, pickup);
        const answer = await outcome(() => cancel(pickup, context));
        if (!(answer instanceof ProviderError)) return { pickup: answer, userErrors: [] };
        return { pickup, userErrors: [], failure: { error: answer, account } };
      }),
  },
  Pickup: {
    __resolveReference: async ({ id }, context) => (await byId(id, context)) ?? null,
    account: (pickup, _, context) => accountOr(context, pickup.account_id, pickup),
    status: ({ status }) => statuses[status],
    confirmation: (pickup) => scheduled(pickup)?.confirmation ?? null,
    date: (pickup) => scheduled(pickup)?.date ?? (pickup.asked as { date: string }).date,
    price: (pickup) => scheduled(pickup)?.price ?? null,
    failure: (pickup, _, context) => errandFailure(pickup, context),
  },
};

async function schedule(input: PickupScheduleInput, context: Context): Promise<StoredErrand | Failure> {
  const { errands, shipments } = context.ledger;
  const { date, shipmentIds, readyFrom, readyUntil, packageLocation, instructions, maxPrice } = input;
  const address = tidyAddress(input.address);
  callerOf(context);
  refuse([
    ...keyErrors(input.idempotencyKey),
    ...pickupErrors({ ...input, address }, context.clock.now(), ['input']),
  ]);
  const key = keyOf(mutation, input, context);
  const known = await errands.find(key);
  if (known) return known;

  const { account } = await handedOver(shipmentIds, input.accountId, context);
  if (account.carrier.pickups === undefined) return { error: lacking(account, 'schedule pickups'), account };
  return errands.run({
    ...key,
    by: context,
    account,
    asked: { date, shipmentIds },
    order: {
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

async function cancel(pickup: StoredErrand, context: Context): Promise<StoredErrand> {
  const account = accountOr(context, pickup.account_id, pickup);
  const desk = account.carrier.pickups;
  if (desk === undefined) throw lacking(account, 'cancel pickups');
  if (scheduled(pickup)!.ticket === null) {
    throw new ProviderError('NOT_SUPPORTED', 'it was resolved by hand, so only its provider can cancel it', {
      hint: 'Cancel it at the provider.',
    });
  }
  await desk.cancel(scheduled(pickup)!, { signal: context.signal });
  return context.ledger.errands.update(pickup, { status: 'CANCELLED', event: 'CANCELLED', by: context });
}

const byId = (id: string, context: Context) =>
  context.ledger.errands.byId(callerOf(context).tenant.id, mutation, id);

/** Undefined where nothing was scheduled. */
const scheduled = ({ result }: StoredErrand) => (result ?? undefined) as ScheduledPickup | undefined;
