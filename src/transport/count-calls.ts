import { currentPlan, NotSent, possibly } from './call-plan.ts';
import { currentCalls } from './call-record.ts';
import type { Clock } from '../domain/clock.ts';
import type { Token, TokenStore } from './bearer-token.ts';
import type { Layer } from './http.ts';
import type { QuotaCounter } from './quota-counter.ts';

/**
 * Adds each call of an account to the record of the operation that causes it, before it is sent. In a plan, fails it with
 * `NotSent` instead of sending it.
 */
export const countCalls =
  (account: string): Layer =>
  (next) =>
  async (request, signal) => {
    currentCalls()?.add(account, request.api, 'calls');
    const plan = currentPlan();
    if (plan) throw new NotSent(plan, account, request.api);
    return next(request, signal);
  };

/** Wraps a counter so that a plan takes no call: what it lacks is compared with the quota afterwards. */
export const withoutPlannedCalls = (quotas: QuotaCounter): QuotaCounter => ({
  ...quotas,
  take: async (api, signal) => (currentPlan() ? 0 : quotas.take(api, signal)),
});

/** A planned token has no value, covers every scope, and outlasts its plan. */
const plannedLifetimeMs = 60 * 60_000;

/** Wraps a store so that a plan counts the calls for tokens, and fetches and stores none. */
export const withoutPlannedTokens = (tokens: TokenStore, clock: Clock): TokenStore => {
  const planToken = async (stale: Token | undefined, fetchToken: () => Promise<Token>): Promise<Token> => {
    const now = clock.now();
    const isValid = stale !== undefined && stale.expiresAt > now;
    const count = () =>
      fetchToken().catch((error: unknown) => {
        if (!(error instanceof NotSent)) throw error;
      });
    await (isValid ? possibly('no other request renews the token first', count) : count());
    return isValid ? stale : { value: '', receivedAt: now, expiresAt: now + plannedLifetimeMs };
  };
  return {
    ...tokens,
    renew(key, stale, fetchToken) {
      const plan = currentPlan();
      return plan ? plan.once(key, () => planToken(stale, fetchToken)) : tokens.renew(key, stale, fetchToken);
    },
  };
};
