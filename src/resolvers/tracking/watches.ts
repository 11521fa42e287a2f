import type { Account } from '../../accounts/account.ts';
import { noAccountTracks, requireAccount, selectForTracking } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { readParcelNumber, validateParcelNumber } from '../../carriers/carrier-names.ts';
import { InputError, throwIfInvalid, type UserError } from '../../domain/errors.ts';
import type { ParcelNumber } from '../../domain/tracking.ts';
import type { Resolvers, TrackingNumberInput } from '../../generated/resolvers-types.ts';
import { fromLedger } from '../../loaders/trackers.ts';
import { withUserErrors } from '../errors.ts';
import { createOperationLimit } from '../operation-limit.ts';
import { requireCaller } from '../require-caller.ts';

const countNumbers = createOperationLimit(1000, 'numbers');
const defaultLimit = 100_000;

export const watchResolvers: Resolvers = {
  Mutation: {
    trackerWatch: (_, { input: { numbers } }, context) =>
      withUserErrors(async () => {
        const { tenant } = requireCaller(context);
        countNumbers(context, numbers.length);
        const parcels = readNumbers(numbers);
        const accounts = await selectAccounts(numbers, parcels, context);
        const watches = parcels.map((parcel, index) => ({ ...parcel, accountId: accounts[index]!.id }));
        await context.workflows.watches.add(tenant.id, watches, tenant.watch?.limit ?? defaultLimit);
        return { trackers: await readTrackers(parcels, context), userErrors: [] };
      }),
    trackerUnwatch: (_, { input: { numbers } }, context) =>
      withUserErrors(async () => {
        const { tenant } = requireCaller(context);
        countNumbers(context, numbers.length);
        const parcels = readNumbers(numbers);
        await context.workflows.watches.remove(tenant.id, parcels);
        return { trackers: await readTrackers(parcels, context), userErrors: [] };
      }),
  },
};

const pathOf = (index: number) => ['input', 'numbers', String(index)];

function readNumbers(numbers: readonly TrackingNumberInput[]): readonly ParcelNumber[] {
  throwIfInvalid(numbers.flatMap((number, index) => validateParcelNumber(number, pathOf(index))));
  return numbers.map(({ trackingNumber, carrier }) => readParcelNumber(trackingNumber, carrier));
}

/** Selects the account that is asked for each parcel; throws an `InputError` with the reasons where none can be. */
async function selectAccounts(
  numbers: readonly TrackingNumberInput[],
  parcels: readonly ParcelNumber[],
  context: Context,
): Promise<readonly Account[]> {
  const caller = requireCaller(context);
  const trackingNumbers = parcels.map(({ trackingNumber }) => trackingNumber);
  const purchasedWith = await context.storage.shipments.accountIdsByNumber(caller.tenant.id, trackingNumbers);
  const errors: UserError[] = [];
  const selected = parcels.flatMap((parcel, index) => {
    const path = pathOf(index);
    try {
      const { accountId } = numbers[index]!;
      const account = accountId
        ? requireAccount(caller, accountId, [...path, 'accountId'])
        : selectForTracking(caller, parcel, purchasedWith.get(parcel.trackingNumber))[0];
      if (account?.adapter.track) return account;
      const { message, hint } = noAccountTracks(parcel);
      const field = [...path, accountId ? 'accountId' : 'trackingNumber'];
      const reason = accountId ? 'cannot track parcels' : [message, hint].filter(Boolean).join('. ');
      errors.push({ code: 'NOT_ALLOWED', field, message: reason });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(...error.errors);
    }
    return [];
  });
  throwIfInvalid(errors);
  return selected;
}

/** Returns what the ledger knows of each parcel. No provider is asked: a poll does that. */
async function readTrackers(parcels: readonly ParcelNumber[], context: Context) {
  const caller = requireCaller(context);
  const stored = await context.storage.trackers.read(caller.tenant.id, parcels);
  return parcels.map((parcel, index) => fromLedger(parcel, stored[index], caller));
}
