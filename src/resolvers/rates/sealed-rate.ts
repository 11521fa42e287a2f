import { z } from 'zod';

import type { Account } from '../../accounts/account.ts';
import type { Context } from '../../auth/context.ts';
import type { UserError } from '../../domain/errors.ts';
import { rateLifetimeMs, type Offer, type RateRequest } from '../../domain/rate.ts';
import { requireCaller } from '../require-caller.ts';

/**
 * A rate with everything that its id contains in encrypted form, so that quoting writes nothing to the database. The fields of
 * its offer are its own too: `Rate` reads them without a resolver for each.
 */
export interface SealedRate extends Offer {
  /** Encrypts the rate when it is first called, since not every query selects it. */
  readonly id: () => string;
  readonly account: Pick<Account, 'id' | 'provider' | 'environment'>;
  readonly request: RateRequest;
  readonly offer: Offer;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** The most characters of a sealed request. A rate id stays below 8 KiB, since an offer takes less than a quarter of it. */
const maxSealedRequest = 6 * 1024;

/**
 * Returns a function that creates the rates of one request of the caller. Their ids expire `rateLifetimeMs` after they were
 * priced, `asOf` in epoch milliseconds.
 */
export function createRates(
  request: RateRequest,
  context: Context,
): (account: Account, offer: Offer, asOf: number) => SealedRate {
  const shared = { request };
  const seal = context.sealer.sealSharing('rate', requireCaller(context).tenant.id, shared);
  return ({ id, provider, environment }, offer, asOf) => {
    const own = { account: { id, provider, environment }, offer, expiresAt: asOf + rateLifetimeMs };
    let sealed: string | undefined;
    return { ...offer, ...shared, ...own, id: () => (sealed ??= seal(own)) };
  };
}

/** An id of an earlier version is rejected: its request has a single `parcel`, or its offer no `providerRef`. */
const rateSchema = z.object({
  account: z.object({ id: z.string(), provider: z.string(), environment: z.string() }),
  request: z.object({ parcels: z.array(z.unknown()) }).loose(),
  offer: z.record(z.string(), z.unknown()).refine((offer) => 'providerRef' in offer),
  expiresAt: z.number(),
});

/** Reads a rate from its id, even an expired one; undefined if the id was altered, or was not issued to the caller. */
export function openRate(id: string, context: Context): SealedRate | undefined {
  const { data } = rateSchema.safeParse(context.sealer.open('rate', requireCaller(context).tenant.id, id));
  // The seal proves that `createRates` wrote the content; the schema checks its version.
  return data && ({ ...data.offer, ...data, id: () => id } as unknown as SealedRate);
}

/** Validates that a rate id can contain the request; the error names the longest part of it. */
export function requestSizeErrors(request: RateRequest, { sealer }: Context): UserError[] {
  // Sealing compresses, and adds a third and a few bytes: a request of half the length always fits.
  if (Buffer.byteLength(JSON.stringify(request)) <= maxSealedRequest / 2) return [];
  const sealedLength = (content: unknown) => sealer.seal('rate', '', content).length;
  const length = sealedLength(request);
  if (length <= maxSealedRequest) return [];
  const parts = (['from', 'to', 'parcels', 'customs'] as const).map(
    (part) => [part, sealedLength(request[part] ?? '')] as const,
  );
  const [[longest]] = parts.sort(([, a], [, b]) => b - a) as [(typeof parts)[number]];
  const message = `is too long: the request takes ${length} of at most ${maxSealedRequest} characters in the id of a rate; shorten its texts`;
  return [{ code: 'INVALID', field: ['input', longest], message }];
}
