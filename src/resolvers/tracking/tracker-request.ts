import { requireAccount } from '../../accounts/select-account.ts';
import type { Context } from '../../auth/context.ts';
import { readParcelNumber } from '../../carriers/carrier-names.ts';
import type { TrackingNumberInput } from '../../generated/resolvers-types.ts';
import type { TrackerRequest } from '../../loaders/trackers.ts';
import { requireCaller } from '../require-caller.ts';

/** Reads a parcel to track, whose input is at `path`. Throws an `InputError` for an account that is not the caller's. */
export function toTrackerRequest(
  number: TrackingNumberInput,
  path: readonly string[],
  maxAgeSeconds: number | null | undefined,
  context: Context,
): TrackerRequest {
  return {
    parcel: readParcelNumber(number.trackingNumber, number.carrier),
    account: number.accountId
      ? requireAccount(requireCaller(context), number.accountId, [...path, 'accountId'])
      : undefined,
    maxAgeSeconds: maxAgeSeconds ?? undefined,
  };
}
