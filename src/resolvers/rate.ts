import { z } from 'zod';

import type { Account } from '../accounts/account.ts';
import type { Context } from '../auth/context.ts';
import { normalizeAddress } from '../domain/address.ts';
import { dateAt } from '../domain/calendar.ts';
import { carrierWord } from '../domain/carriers.ts';
import { outcome, ProviderError, throwIfInvalid, type UserError } from '../domain/errors.ts';
import {
  compareOffers,
  offerKey,
  packagingOf,
  rateErrors,
  rateLifetimeMs,
  type Offer,
  type Quote,
  type RateRequest,
} from '../domain/rate.ts';
import type { RatesInput, Resolvers } from '../generated/resolvers-types.ts';
import { accountOrRemoved, requireCaller, requireAccount } from './require-auth.ts';
import { unwrapFailure } from './errors.ts';
import type { Failure } from './provider.ts';

/** A rate as its id carries it: all that showing and buying it needs, and no row in the ledger. */
export interface OpenRate {
  readonly id: string;
  readonly account: Pick<Account, 'id' | 'provider' | 'environment'>;
  readonly request: RateRequest;
  readonly offer: Offer;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** A rate's id carries what was asked for and stays below 8 KiB; what an account offers takes less than a quarter of it. */
const longestRequest = 6 * 1024;
const defaultDeadlineMs = 15_000;
const longestDeadlineMs = 60_000;

export const rateResolvers: Resolvers = {
  Query: {
    async rates(_, { input }, context) {
      const caller = requireCaller(context);
      const from = normalizeAddress(input.from);
      const today = dateAt(from, context.clock.now());
      throwIfInvalid([
        ...rateErrors({ ...input, from, to: normalizeAddress(input.to) }, today, ['input']),
        ...deadlineErrors(input),
        ...carrierErrors(input),
        ...emptyErrors(input),
      ]);
      const request: RateRequest = {
        from,
        to: normalizeAddress(input.to),
        parcels: input.parcels,
        shipDate: input.shipDate ?? today,
        customs: input.customs ?? undefined,
        options: input.options ?? undefined,
      };
      const carriers = input.carriers?.flatMap((carrier) => carrierWord(carrier) ?? []);
      throwIfInvalid(sizeErrors(request, context));
      const accounts = input.accountIds
        ? [...new Set(input.accountIds)].map((id) => requireAccount(caller, id, ['input', 'accountIds']))
        : caller.accounts.filter((account) => account.adapter.quote);
      const deadline = AbortSignal.any([
        context.signal,
        AbortSignal.timeout(input.deadlineMs ?? defaultDeadlineMs),
      ]);
      const answers = await Promise.all(
        accounts.map(async (account) => ({
          account,
          quote: await onlyOf(carriers, account, () =>
            quoteOf(account, { ...request, carriers }, deadline, context),
          ),
        })),
      );
      const failures: Failure[] = answers.flatMap(({ account, quote }) =>
        quote.failures.map((error) => ({ account, error })),
      );
      if (accounts.length === 0) failures.push({ error: noQuotingAccount() });
      return {
        rates: answers
          .flatMap(({ account, quote }) => quote.offers.map((offer) => ({ account, offer })))
          .sort((a, b) => compareOffers(a.offer, b.offer))
          .map(({ account, offer }) => sealRate(account, request, offer, context)),
        failures,
        pending: [],
      };
    },
  },
  Rate: {
    __resolveReference: ({ id }, context) => {
      requireCaller(context);
      return openRate(id, context) ?? null;
    },
    offerKey: ({ account, offer, request }) => offerKey(account.id, offer, packagingOf(request.parcels)),
    packaging: ({ request }) => packagingOf(request.parcels) ?? null,
    account: ({ account }, _, context) => accountOrRemoved(context, account.id, account),
    carrier: ({ offer }) => offer.carrier,
    service: ({ offer }) => offer.service,
    price: ({ offer }) => offer.price,
    charges: ({ offer }) => offer.charges,
    listPrice: ({ offer }) => offer.listPrice ?? null,
    retailPrice: ({ offer }) => offer.retailPrice ?? null,
    priceType: ({ offer }) => offer.priceType ?? null,
    estimatedDays: ({ offer }) => offer.estimatedDays ?? null,
    estimatedDeliveryDate: ({ offer }) => offer.estimatedDeliveryDate ?? null,
    guaranteed: ({ offer }) => offer.guaranteed,
    zone: ({ offer }) => offer.zone ?? null,
    transitTimes: async ({ account, offer }, _, context) => {
      const own = accountOrRemoved(context, account.id, account);
      const times = await unwrapFailure(own, context, () =>
        context.loaders.transitTimes(own).load(offer.providerRef),
      );
      return times ?? null;
    },
    expiresAt: ({ expiresAt }) => new Date(expiresAt).toISOString(),
  },
};

/** What is offered of the carriers that are wanted, all when left out; who sells none of them is not asked. */
async function onlyOf(
  wanted: readonly string[] | undefined,
  account: Account,
  ask: () => Promise<Quote>,
): Promise<Quote> {
  if (wanted === undefined) return ask();
  const isWanted = (carrier: string) => wanted.includes(carrier);
  const none = new ProviderError(
    'REJECTED',
    `${account.name} offers nothing of ${wanted.join(', ')} for this`,
    {
      hint: 'Leave carriers out to see what it offers.',
    },
  );
  if (account.carriers && !account.carriers.some(isWanted)) return { offers: [], failures: [none] };
  const quote = await ask();
  const offers = quote.offers.filter(({ carrier }) => isWanted(carrier));
  if (offers.length > 0 || (quote.offers.length === 0 && quote.failures.length > 0))
    return { ...quote, offers };
  return { offers, failures: [...quote.failures, none] };
}

/** What an account offers, by the caller's deadline; whoever is late is a failure, and the others are not kept waiting. */
async function quoteOf(
  account: Account,
  request: RateRequest,
  deadline: AbortSignal,
  context: Context,
): Promise<Quote> {
  const late = Promise.withResolvers<never>();
  const leave = () =>
    late.reject(
      new ProviderError('TIMEOUT', `${account.name} did not answer by the deadline`, {
        hint: 'Ask again, or allow more with deadlineMs.',
      }),
    );
  deadline.addEventListener('abort', leave, { once: true });
  const answer = await outcome(() =>
    Promise.race([context.loaders.quote(account).load(request), late.promise]),
  );
  deadline.removeEventListener('abort', leave);
  return answer instanceof ProviderError ? { offers: [], failures: [answer] } : answer;
}

function deadlineErrors({ deadlineMs }: RatesInput): UserError[] {
  if (deadlineMs == null || (deadlineMs >= 1 && deadlineMs <= longestDeadlineMs)) return [];
  return [
    { code: 'INVALID', field: ['input', 'deadlineMs'], message: `is between 1 and ${longestDeadlineMs}` },
  ];
}

function sizeErrors(request: RateRequest, { sealer }: Context): UserError[] {
  const sizeOf = (content: unknown) => sealer.seal('rate', '', content).length;
  if (sizeOf(request) <= longestRequest) return [];
  const parts = (['from', 'to', 'parcels', 'customs'] as const).map(
    (part) => [part, sizeOf(request[part] ?? '')] as const,
  );
  const [[longest]] = parts.sort(([, a], [, b]) => b - a) as [(typeof parts)[number]];
  const message = 'says more than the id of a rate can carry: say it in fewer words';
  return [{ code: 'INVALID', field: ['input', longest], message }];
}

/** Left out means all; a list of none is a mistake of whoever made it. */
function emptyErrors(input: RatesInput): UserError[] {
  return (['accountIds', 'carriers'] as const)
    .filter((list) => input[list]?.length === 0)
    .map((list) => ({
      code: 'REQUIRED',
      field: ['input', list],
      message: 'names none: leave it out for all',
    }));
}

function carrierErrors({ carriers }: RatesInput): UserError[] {
  return (carriers ?? []).flatMap((carrier, index) => {
    if (carrierWord(carrier) !== undefined) return [];
    const message = `unknown carrier ${JSON.stringify(carrier.slice(0, 40))}; write it as USPS, UPS, FedEx, DHL ...`;
    return [{ code: 'INVALID' as const, field: ['input', 'carriers', String(index)], message }];
  });
}

function noQuotingAccount(): ProviderError {
  return new ProviderError('CREDENTIALS_MISSING', 'no account of yours quotes rates', {
    hint: 'Add an account of a provider that does.',
  });
}

function sealRate(account: Account, request: RateRequest, offer: Offer, context: Context): OpenRate {
  const { sealer, clock } = context;
  const { id, provider, environment } = account;
  const content = {
    account: { id, provider, environment },
    request,
    offer,
    expiresAt: clock.now() + rateLifetimeMs,
  };
  return { id: sealer.seal('rate', requireCaller(context).tenant.id, content), ...content };
}

const sealedRate = z.object({
  account: z.object({ id: z.string(), provider: z.string(), environment: z.string() }),
  // Once it was of one parcel, and can't be bought any more.
  request: z.object({ parcels: z.array(z.unknown()) }).loose(),
  offer: z.object({}).loose(),
  expiresAt: z.number(),
});

/** Reads a rate back, also past its expiry; undefined where it was altered or made for another tenant. */
export function openRate(id: string, context: Context): OpenRate | undefined {
  const content = sealedRate.safeParse(context.sealer.open('rate', requireCaller(context).tenant.id, id));
  // Sealed by us under this purpose, it holds what `sealRate` put there.
  return content.success ? ({ id, ...content.data } as unknown as OpenRate) : undefined;
}
