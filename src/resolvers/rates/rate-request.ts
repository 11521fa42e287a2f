import type { Context } from '../../auth/context.ts';
import { normalizeAddress } from '../../domain/address.ts';
import { dateAt } from '../../domain/calendar.ts';
import { findCarrier, validateCarrier } from '../../carriers/carrier-names.ts';
import { throwIfInvalid, type UserError } from '../../domain/errors.ts';
import { validateRateRequest, type RateRequest } from '../../domain/rate.ts';
import type { RatesInput } from '../../generated/resolvers-types.ts';
import { maxAgeErrors } from '../max-age.ts';
import { requestSizeErrors } from './sealed-rate.ts';

const maxDeadlineMs = 60_000;

/** Normalizes the shipment to quote; throws an `InputError` with every error found in the input. */
export function toRateRequest(input: RatesInput, context: Context): RateRequest {
  const from = normalizeAddress(input.from);
  const today = dateAt(from, context.clock.now());
  const request: RateRequest = {
    from,
    to: normalizeAddress(input.to),
    parcels: input.parcels,
    shipDate: input.shipDate ?? today,
    customs: input.customs ?? undefined,
    options: input.options ?? undefined,
  };
  throwIfInvalid([
    ...validateRateRequest(request, today, ['input']),
    ...deadlineErrors(input),
    ...maxAgeErrors(input.maxAgeSeconds, ['input']),
    ...carrierErrors(input),
    ...emptyListErrors(input),
  ]);
  throwIfInvalid(requestSizeErrors(request, context));
  return request;
}

/** The requested carriers in the API's own spelling; undefined for all. */
export function toCarriers({ carriers }: RatesInput): string[] | undefined {
  return carriers?.flatMap((carrier) => findCarrier(carrier) ?? []);
}

function deadlineErrors({ deadlineMs }: RatesInput): UserError[] {
  if (deadlineMs == null || (deadlineMs >= 1 && deadlineMs <= maxDeadlineMs)) return [];
  return [{ code: 'INVALID', field: ['input', 'deadlineMs'], message: `is between 1 and ${maxDeadlineMs}` }];
}

function carrierErrors({ carriers }: RatesInput): UserError[] {
  return (carriers ?? []).flatMap((carrier, index) =>
    validateCarrier(carrier, ['input', 'carriers', String(index)]),
  );
}

/** A list that is left out means all; an empty one is an error. */
function emptyListErrors(input: RatesInput): UserError[] {
  return (['accountIds', 'carriers'] as const)
    .filter((list) => input[list]?.length === 0)
    .map((list) => ({
      code: 'REQUIRED',
      field: ['input', list],
      message: 'is empty: leave it out for all',
    }));
}
