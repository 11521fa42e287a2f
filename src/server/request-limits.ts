import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

import type { Caller } from '../accounts/account.ts';
import { currentRequest } from '../auth/request-record.ts';
import { withHint } from '../resolvers/error-codes.ts';
import { Counter } from './counter.ts';

/** The requests of a tenant at a time, where its `limits` say nothing. */
const defaultConcurrentRequests = 1000;
/** The requests in a minute from one address without a valid key: introspection, and guesses of keys. */
const anonymousPerMinute = 1000;

/** Counts the requests of each tenant in this process; each replica counts its own. */
export interface RequestLimits {
  /** Admits a request, and returns the function to call when it has ended. Throws TOO_MANY_REQUESTS, with status 429. */
  admit(caller: Caller | undefined, remoteAddress: string | undefined): Promise<() => void>;
}

export function createRequestLimits(): RequestLimits {
  /** By the limit, whose value a tenant's configuration may change. */
  const limiters = new Map<number, RateLimiterMemory>();
  const running = new Counter();

  async function countRequest(key: string, points: number, whose: string): Promise<void> {
    const limiter = limiters.get(points) ?? new RateLimiterMemory({ points, duration: 60 });
    limiters.set(points, limiter);
    try {
      await limiter.consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const seconds = Math.ceil(refused.msBeforeNext / 1000);
      throw tooManyRequests(`${whose} ${points} requests in a minute`, 'requestsPerMinute', points, seconds);
    }
  }

  function start(tenant: string, limit: number): () => void {
    const end = running.open(tenant, limit);
    if (end === undefined)
      throw tooManyRequests(`this tenant may have ${limit} requests at a time`, 'concurrentRequests', limit, 1); // prettier-ignore
    return end;
  }

  async function admit(caller: Caller | undefined, remoteAddress = ''): Promise<() => void> {
    if (caller === undefined) {
      await countRequest(`address ${remoteAddress}`, anonymousPerMinute, 'an address without a valid API key may send'); // prettier-ignore
      return () => {};
    }
    const { id, limits: { requestsPerMinute, concurrentRequests = defaultConcurrentRequests } = {} } = caller.tenant; // prettier-ignore
    if (requestsPerMinute !== undefined)
      await countRequest(`tenant ${id}`, requestsPerMinute, 'this tenant may send');
    return start(id, concurrentRequests);
  }

  return { admit: (caller, remoteAddress) => admit(caller, remoteAddress).catch(recordRefusal(caller)) };
}

/** Names the tenant and the code in the log, as plugins do for an operation that was admitted. */
const recordRefusal = (caller: Caller | undefined) => (error: unknown) => {
  const record = currentRequest();
  if (record && error instanceof GraphQLError) {
    record.tenant = caller?.tenant.id;
    record.errors = [String(error.extensions.code)];
  }
  throw error;
};

function tooManyRequests(message: string, limit: string, allowed: number, retryAfterSeconds: number) {
  // Apollo Server asks for its own kind of map, which the type of extensions does not know.
  const map: unknown = new HeaderMap([['retry-after', String(retryAfterSeconds)]]);
  const headers = map as Record<string, string>;
  return new GraphQLError(message, {
    extensions: {
      ...withHint('TOO_MANY_REQUESTS'),
      retryAfterSeconds,
      limit,
      allowed,
      http: { status: 429, headers },
    },
  });
}
