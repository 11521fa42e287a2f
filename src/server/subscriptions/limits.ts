import { GraphQLError } from 'graphql';

import { withHint } from '../../resolvers/error-codes.ts';

/** The limits of subscriptions in one process. */
export interface SubscriptionLimits {
  /** Subscriptions of one connection. Default: 100. */
  readonly perConnection: number;
  /** Subscriptions, and WebSocket connections, of one tenant. Default: 10,000 of each. */
  readonly perTenant: number;
  /** The milliseconds within which a client takes a message from its connection; one that is slower is dropped. Default: 30,000. */
  readonly deliveryMs: number;
}

export const defaultLimits: SubscriptionLimits = {
  perConnection: 100,
  perTenant: 10_000,
  deliveryMs: 30_000,
};

/** The error of a subscription beyond a limit, sent with HTTP status 429. */
export const tooManySubscriptions = (limit: number, scope: 'connection' | 'tenant') =>
  new GraphQLError(`this ${scope} has ${limit} subscriptions open, which is the most`, {
    extensions: {
      ...withHint('TOO_MANY_SUBSCRIPTIONS'),
      http: { status: 429 },
    },
  });
